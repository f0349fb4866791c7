import Foundation
import Testing
import Weft
import WeftLint
import WeftStreams

/// What is written from a map.
@Suite struct RegisterWriterTests {
  /// Descriptions that would mean something in one of the languages.
  private static let hostile = RegisterMap("hostile", "Ends */ and /* begins ??/\nnext \"line\" <% print 1 %> \\") {
    Register("control", "\"\"\" + 1 `include \"x\" 'a' & <b>bold</b>\\", count: 2) {
      RegisterField("mode", .signed(3), reset: -2, values: ["low": -4, "high": 3], "*/ int x; /*\u{0}\u{202e}")
    }
    Register("command") { RegisterField("go", .bits(2), .writePulse, "\\\"") }
  }

  @Test func header() throws {
    #expect(try Self.hostile.cHeader() == expectedHeader)
    #expect(Self.hostile.cHeaderName == "hostile_registers.h")
  }

  @Test func pythonMap() throws {
    let text = try Self.hostile.pythonMap()
    let (head, rest) = (text.prefix { $0 != "\n" }, try #require(text.range(of: "class ControlMode")))
    #expect(head == expectedPythonTitle)
    #expect(text[rest.lowerBound...] == expectedPythonClasses)
    #expect(Self.hostile.pythonMapName == "hostile_registers.py")
  }

  @Test func systemRDL() throws {
    #expect(try Self.hostile.systemRDL() == expectedSystemRDL)
    #expect(Self.hostile.systemRDLName == "hostile.rdl")
  }

  @Test func page() throws {
    let text = try Self.hostile.html()
    let body = try #require(text.range(of: "<body>"))
    #expect(text[body.lowerBound...] == expectedPage)
    #expect(Self.hostile.htmlName == "hostile_registers.html")
  }

  /// Every field of every kind goes into a word and out of it as it has to, in C and in C++.
  @Test(arguments: [32, 64]) func compilersTakeTheHeader(wordWidth: Int) throws {
    let map = DeviceRegisters.map(wordWidth: wordWidth)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for one in [map, Self.hostile] {
      try one.cHeader().write(to: folder.appendingPathComponent(one.cHeaderName), atomically: true, encoding: .utf8)
    }
    let program = """
      #include "device_registers.h"
      #include "hostile_registers.h"

      int main(void)
      {
        uint\(wordWidth)_t block[64] = {0}, word = DEVICE_CONTROL_RESET;
        if (device_control_scale_get(word) != -3 || device_control_pace_get(word) != DEVICE_CONTROL_PACE_FAST) return 1;
        word = device_control_scale_set(word, -2048);
        if (device_control_scale_get(word) != -2048 || device_control_enable_get(word) != 1) return 2;
        device_limits_write(block, 2, device_limits_threshold_set(0, DEVICE_LIMITS_THRESHOLD_HIGH));
        if (block[(DEVICE_LIMITS_OFFSET + 2 * DEVICE_LIMITS_STRIDE) / sizeof *block] != 0xf00) return 3;
        return device_limits_threshold_get(device_limits_read(block, 2)) == 0xf00 ? 0 : 4;
      }

      """
    try program.write(to: folder.appendingPathComponent("main.c"), atomically: true, encoding: .utf8)
    let warnings = "-Wall -Wextra -Wconversion -pedantic -Werror -fsanitize=undefined -fno-sanitize-recover=all"
    for (compiler, options) in [("cc", "-std=c99"), ("c++", "-x c++ -std=c++11")] where LintTools.has(compiler) {
      let outcome = LintTools.run("\(compiler) \(options) \(warnings) main.c -o program && ./program", in: folder)
      #expect(outcome.status == 0, "\(compiler): \(outcome.output)")
    }
  }
}

private let expectedHeader = #"""
  /*
   * The registers of hostile.
   *
   * Ends * / and / * begins ? ?/
   * next "line" <% print 1 %> \
   */

  #ifndef HOSTILE_REGISTERS_H
  #define HOSTILE_REGISTERS_H

  #include <stdint.h>

  #ifdef __cplusplus
  extern "C" {
  #endif

  /* The bytes from the first to behind the last register. */
  #define HOSTILE_SIZE 0xcu

  /* How a word is read and written; defined before this is included, where it is no memory that is mapped. */
  #ifndef HOSTILE_READ_WORD
  #define HOSTILE_READ_WORD(base, offset) ((base)[(offset) / 4u])
  #define HOSTILE_WRITE_WORD(base, offset, word) ((base)[(offset) / 4u] = (word))
  #endif

  /* control: """ + 1 `include "x" 'a' & <b>bold</b>\ */
  #define HOSTILE_CONTROL_OFFSET 0x0u
  #define HOSTILE_CONTROL_COUNT 2u
  #define HOSTILE_CONTROL_STRIDE 0x4u
  #define HOSTILE_CONTROL_RESET 0x00000006u

  /* mode (read and write): * / int x; / *�� */
  #define HOSTILE_CONTROL_MODE_SHIFT 0u
  #define HOSTILE_CONTROL_MODE_MASK 0x00000007u
  #define HOSTILE_CONTROL_MODE_RESET 0x6u
  #define HOSTILE_CONTROL_MODE_LOW 0x4u
  #define HOSTILE_CONTROL_MODE_HIGH 0x3u

  static inline uint32_t hostile_control_read(const volatile uint32_t *base, uint32_t index)
  {
    return HOSTILE_READ_WORD(base, (HOSTILE_CONTROL_OFFSET + HOSTILE_CONTROL_STRIDE * index));
  }

  static inline void hostile_control_write(volatile uint32_t *base, uint32_t index, uint32_t word)
  {
    HOSTILE_WRITE_WORD(base, (HOSTILE_CONTROL_OFFSET + HOSTILE_CONTROL_STRIDE * index), word);
  }

  static inline int32_t hostile_control_mode_get(uint32_t word)
  {
    const uint32_t bits = (word & HOSTILE_CONTROL_MODE_MASK) >> HOSTILE_CONTROL_MODE_SHIFT;
    return bits > 0x3u ? -(int32_t)(0x7u - bits) - 1 : (int32_t)bits;
  }

  static inline uint32_t hostile_control_mode_set(uint32_t word, int32_t value)
  {
    return (word & ~HOSTILE_CONTROL_MODE_MASK)
      | (((uint32_t)value << HOSTILE_CONTROL_MODE_SHIFT) & HOSTILE_CONTROL_MODE_MASK);
  }

  /* command */
  #define HOSTILE_COMMAND_OFFSET 0x8u
  #define HOSTILE_COMMAND_RESET 0x00000000u

  /* go (write a pulse): \" */
  #define HOSTILE_COMMAND_GO_SHIFT 0u
  #define HOSTILE_COMMAND_GO_MASK 0x00000003u

  static inline void hostile_command_write(volatile uint32_t *base, uint32_t word)
  {
    HOSTILE_WRITE_WORD(base, HOSTILE_COMMAND_OFFSET, word);
  }

  static inline uint32_t hostile_command_go_set(uint32_t word, uint32_t value)
  {
    return (word & ~HOSTILE_COMMAND_GO_MASK)
      | ((value << HOSTILE_COMMAND_GO_SHIFT) & HOSTILE_COMMAND_GO_MASK);
  }

  #ifdef __cplusplus
  }
  #endif

  #endif

  """#
private let expectedPythonTitle = #"""
  "The registers of hostile. Ends */ and /* begins ??/\nnext \"line\" <% print 1 %> \\"
  """#
private let expectedPythonClasses = #"""
  class ControlMode(IntEnum):
      "*/ int x; /*��"
      LOW = -4
      HIGH = 3


  class ControlRegister(Register):
      "\"\"\" + 1 `include \"x\" 'a' & <b>bold</b>\\"
      OFFSET = 0x0
      COUNT = 2
      STRIDE = 4
      RESET = 0x6
      FIELDS = {
          "mode": Field(0, 3, "readWrite", reset=-2, signed=True),
      }

      @property
      def mode(self) -> ControlMode:
          "*/ int x; /*��"
          return ControlMode(self._get("mode"))

      @mode.setter
      def mode(self, value: int) -> None:
          self._set("mode", value)


  class CommandRegister(Register):
      OFFSET = 0x8
      RESET = 0x0
      FIELDS = {
          "go": Field(0, 2, "writePulse"),
      }

      def _set_go(self, value: int) -> None:
          self._set("go", value)

      go = property(None, _set_go, None, "\\\"")


  class Hostile:
      "Ends */ and /* begins ??/\nnext \"line\" <% print 1 %> \\"
      SIZE = 0xc

      def __init__(self, bus: Bus) -> None:
          self.control = tuple(
              ControlRegister(bus, ControlRegister.OFFSET + ControlRegister.STRIDE * index)
              for index in range(ControlRegister.COUNT)
          )
          self.command = CommandRegister(bus)

  """#
private let expectedSystemRDL = #"""
  addrmap hostile {
    desc = "Ends */ and /* begins ??/
  next \"line\" < % print 1 %> \\";
    littleendian;
    default regwidth = 32;
    default accesswidth = 32;

    reg {
      desc = "\"\"\" + 1 ` include \"x\" 'a' & <b>bold</b>\\";
      enum mode_values {
        low = 3'd4;
        high = 3'd3;
      };
      field {
        desc = "*/ int x; /*��";
        sw = rw;
        hw = r;
        encode = mode_values;
      } mode[2:0] = 3'd6;
    } control[2] @ 0x0000 += 0x4;

    reg {
      field {
        desc = "\\\"";
        sw = w;
        hw = r;
        swmod;
      } go[1:0] = 2'd0;
    } command @ 0x0008;
  };

  """#
private let expectedPage = #"""
  <body>
  <main>
  <h1>Registers of hostile</h1>
  <p>Ends */ and /* begins ??/
  next &quot;line&quot; &lt;% print 1 %&gt; \</p>
  <p>2 registers of 32 bits in 12 bytes.</p>
  <table>
  <tr><th>Offset</th><th>Register</th><th>What it is for</th></tr>
  <tr>
  <td>0x0000 to 0x0004, 2 × 4 bytes</td>
  <td><a href="#control">control</a></td>
  <td>&quot;&quot;&quot; + 1 `include &quot;x&quot; &#39;a&#39; &amp; &lt;b&gt;bold&lt;/b&gt;\</td>
  </tr>
  <tr>
  <td>0x0008</td>
  <td><a href="#command">command</a></td>
  <td></td>
  </tr>
  </table>
  <section id="control">
  <h2>control <span>0x0000 to 0x0004, 2 × 4 bytes</span></h2>
  <p>&quot;&quot;&quot; + 1 `include &quot;x&quot; &#39;a&#39; &amp; &lt;b&gt;bold&lt;/b&gt;\</p>
  <table class="word">
  <tr><td colspan="29"><div><i>31</i><i>3</i></div></td><td colspan="3"><div><i>2</i><i>0</i></div></td></tr>
  <tr><td colspan="29"></td><td colspan="3" class="field">mode</td></tr>
  </table>
  <table>
  <tr><th>Bits</th><th>Field</th><th>Software</th><th>Reset</th><th>What it means</th></tr>
  <tr>
  <td>2:0</td>
  <td>mode</td>
  <td>read and write</td>
  <td><code>-2</code></td>
  <td>*/ int x; /*��<ul><li><code>-4</code> low</li><li><code>3</code> high</li></ul></td>
  </tr>
  </table>
  </section>
  <section id="command">
  <h2>command <span>0x0008</span></h2>
  <table class="word">
  <tr><td colspan="30"><div><i>31</i><i>2</i></div></td><td colspan="2"><div><i>1</i><i>0</i></div></td></tr>
  <tr><td colspan="30"></td><td colspan="2" class="field">go</td></tr>
  </table>
  <table>
  <tr><th>Bits</th><th>Field</th><th>Software</th><th>Reset</th><th>What it means</th></tr>
  <tr>
  <td>1:0</td>
  <td>go</td>
  <td>write a pulse</td>
  <td></td>
  <td>\&quot;</td>
  </tr>
  </table>
  </section>
  </main>
  </body>
  </html>

  """#
