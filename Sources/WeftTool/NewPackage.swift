/// The files of a package that begins with a counter.
struct NewPackage {
  /// The package's name, which is also that of its library.
  let name: String
  /// Where it finds Weft.
  let weft: WeftLocation

  /// The program that writes the module's Verilog.
  var program: String { "Emit\(name)" }

  /// A package.
  ///
  /// - Throws: `ToolError` where the name cannot be that of a Swift module, or is another module's.
  init(named name: String, weft: WeftLocation) throws {
    let isIdentifier = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isIdentifier, let first = name.first, first.isUppercase else {
      throw ToolError(
        "'\(name)' cannot name a Swift module; take a capital letter, then letters, digits and underscores")
    }
    guard !name.hasPrefix("Weft"), !Self.takenNames.contains(name) else {
      throw ToolError("'\(name)' names a module that the package uses; take another name")
    }
    self.name = name
    self.weft = weft
  }

  private static let takenNames: Set = [
    "ArgumentParser", "Foundation", "Swift", "SwiftProtobuf", "Testing", "XCTest",
  ]

  /// Every file, its path from the package's folder.
  var files: [(path: String, contents: String)] {
    [
      ("Package.swift", manifest),
      ("README.md", readme),
      (".gitignore", ".build/\n/verilog/\n/project/\n"),
      ("Sources/\(name)/Counter.swift", module),
      ("Sources/\(name)/CounterOnBoard.swift", board),
      ("Sources/\(program)/\(program).swift", emitter),
      ("Tests/\(name)Tests/CounterTests.swift", test),
    ]
  }

  private var manifest: String {
    """
    // swift-tools-version: 6.1
    import PackageDescription

    let package = Package(
      name: "\(name)",
      dependencies: [\(weft.dependency)],
      targets: [
        .target(name: "\(name)", dependencies: [.product(name: "Weft", package: "\(weft.packageName)")]),
        .executableTarget(
          name: "\(program)",
          dependencies: [
            "\(name)", .product(name: "Weft", package: "\(weft.packageName)"),
            .product(name: "WeftBoards", package: "\(weft.packageName)"),
          ]),
        .testTarget(
          name: "\(name)Tests",
          dependencies: ["\(name)", .product(name: "WeftSimulation", package: "\(weft.packageName)")]),
      ],
      swiftLanguageModes: [.v6]
    )

    """
  }

  private var module: String {
    """
    import Weft

    /// Counts the cycles in which `enable` is one, and begins again after the largest number.
    public struct Counter: Module {
      /// Bits of the count.
      public var bits: Int

      /// A counter of so many bits, at least one.
      public init(bits: Int = 8) { self.bits = bits }

      /// Whether this cycle counts.
      public var enable: Bit { input(.bit) }
      /// The cycles counted so far.
      public var count: Unsigned { output(.unsigned(bits)) }

      var value: Unsigned { register(.unsigned(bits), reset: 0) }

      public var body: Circuit {
        When(enable) { value <== value &+ 1 }
        count <== value
      }
    }

    """
  }

  private var board: String {
    """
    import Weft

    /// The counter on a board: the pin `led0` is the highest bit of the cycles.
    public struct CounterOnBoard: Module {
      /// The counter on a board.
      public init() {}

      /// A light, by the name that boards have for its pin.
      public var led0: Bit { output(.bit) }

      var counter: Instance<Counter> { instance(Counter(bits: 24)) }

      public var body: Circuit {
        counter.enable <== 1
        led0 <== counter.count[23]
      }
    }

    """
  }

  private var test: String {
    """
    import \(name)
    import Testing
    import WeftSimulation

    /// The counter on the embedded interpreter; `engine: .verilator` runs the same test on Verilator.
    @Suite struct CounterTests {
      @Test func countsWhileEnabled() throws {
        let sim = try Simulation(Counter(bits: 4), engine: .interpreter)
        sim.reset()
        sim.enable = 1
        sim.step(3)
        #expect(sim.count == 3)
        sim.enable = 0
        sim.step(5)
        #expect(sim.count == 3)
        sim.enable = 1
        sim.step(13)
        #expect(sim.count == 0)
      }
    }

    """
  }

  private var emitter: String {
    """
    import Foundation
    import \(name)
    import Weft
    import WeftBoards

    /// Writes the counter's Verilog, or a project that builds it for a board:
    /// `swift run \(program) DIRECTORY [--board NAME]`. `weft boards` lists the boards.
    @main
    struct \(program) {
      static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
          switch arguments.count {
          case 1: try Design(Counter()).verilog().write(to: arguments[0])
          case 3 where arguments[1] == "--board":
            try BoardProject(Design(CounterOnBoard()), for: .named(arguments[2])).write(to: arguments[0])
          default: fail("usage: \(program) DIRECTORY [--board NAME]")
          }
        } catch {
          // Mistakes in the hardware read `file:line: error: ...`, one a line.
          fail("\\(error)")
        }
      }

      private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\\n").utf8))
        exit(1)
      }
    }

    """
  }

  private var readme: String {
    """
    # \(name)

    Hardware written in Swift with Weft.

    ```sh
    swift test                     # runs the module on the embedded interpreter
    swift run \(program) verilog   # writes verilog/*.v and their list, verilog/files.f
    swift run \(program) project --board ulx3s   # writes a project that `make` builds into a bitstream
    ```

    | file | what it holds |
    |---|---|
    | `Sources/\(name)/Counter.swift` | the module: its parameters, its signals and its body |
    | `Sources/\(name)/CounterOnBoard.swift` | the module with the pins of a board |
    | `Tests/\(name)Tests/CounterTests.swift` | its test |
    | `Sources/\(program)/\(program).swift` | the program that writes its Verilog, or a project for a board |

    A mistake in the hardware is reported with its file and line when the module is elaborated, in a test as in the
    program. Where the compiler takes long over an expression, give its parts names with `wire(...)`.

    """
  }
}
