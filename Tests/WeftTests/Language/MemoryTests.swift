import Testing
import Weft
import WeftLint
import WeftSimulation

/// The memory of the page about memories.
struct Scratchpad: Module {
  var isWritten: Bit { input(.bit) }
  var address: Unsigned { input(.unsigned(10)) }
  var value: Unsigned { input(.unsigned(32)) }
  var bytes: Bits { input(.bits(4)) }
  var word: Unsigned { output(.unsigned(32)) }
  var words: Memory<Unsigned> { memory(depth: 1024, of: .unsigned(32), style: .block) }

  var body: Circuit {
    When(isWritten) { words.write(value, at: address, mask: bytes) }
    word <== words[address]
  }
}

/// A memory with two write ports, one of them with a mask, and a read port of every mode.
struct PortedMemory: Module {
  var writes: Bits { input(.bits(2)) }
  var addresses: Vector<Unsigned> { input(.vector(3, of: .unsigned(4))) }
  var values: Vector<Unsigned> { input(.vector(2, of: .unsigned(8))) }
  var mask: Bits { input(.bits(2)) }
  var enable: Bit { input(.bit) }
  var previous: Unsigned { output(.unsigned(8)) }
  var updated: Unsigned { output(.unsigned(8)) }
  var kept: Unsigned { output(.unsigned(8)) }
  var now: Unsigned { output(.unsigned(8)) }
  var words: Memory<Unsigned> { memory(depth: 12, of: .unsigned(8), contents: [BitVector(truncating: 7, width: 8)]) }
  var body: Circuit {
    When(writes[0]) { words.write(values[0], at: addresses[0], mask: mask) }
    When(writes[1]) { words.write(values[1], at: addresses[1], port: "second") }
    previous <== words.read(addresses[2], enable: enable, port: "word_before")
    updated <== words.read(addresses[2], enable: enable, mode: .writeFirst, port: "word_after")
    kept <== words.read(addresses[2], enable: enable, mode: .noChange, port: "kept_word")
    now <== words.asynchronousRead(addresses[2], port: "now_word")
  }
}

/// A memory that one clock writes and another one reads.
struct TwoClockMemory: Module {
  static let reader = Domain(clock: "read_clock", reset: "read_reset")
  var write: Bit { input(.bit) }
  var address: Unsigned { input(.unsigned(2)) }
  var value: Bits { input(.bits(4)) }
  var readAddress: Unsigned { input(.unsigned(2)) }
  var read: Bits { output(.bits(4)) }
  var words: Memory<Bits> { memory(depth: 4, of: .bits(4)) }
  var body: Circuit {
    When(write) { words.write(value, at: address) }
    read <== words.read(readAddress, port: "word", domain: Self.reader)
  }
}

/// A read port that promises what only the writes' own clock could keep.
struct ForeignReadMode: Mistake {
  static let report = """
    +3: error: the read port `word_read` has another clock than the writes to `words`, so that it can only be \
    `.readFirst` [memory-port] (in ForeignReadMode)
    +5: error: a mask of 3 bits does not divide the 8 bits of a word of `words` into equal parts [width] (in \
    ForeignReadMode)
    """
  static let (file, line) = (#fileID, #line)
  var value: Unsigned { output(.unsigned(8)) }
  var words: Memory<Unsigned> { memory(depth: 4, of: .unsigned(8)) }
  var word: Unsigned { wire(words.read(0, mode: .writeFirst, port: "word_read", domain: .pixel)) }
  var body: Circuit {
    words.write(1, at: 0, mask: Bits(5).extended(to: 3))
    value <== word
  }
}

@Suite struct MemoryTests {
  @Test(arguments: [EngineKind.interpreter, .verilator]) func everyPortKeepsItsPromise(engine: EngineKind) throws {
    let seed: UInt64 = 41
    var random = SplitMix64(seed: seed)
    let sim = try Simulation(PortedMemory(), engine: engine)
    var words = [7] + [Int](repeating: 0, count: 11)
    var (old, new, kept) = (0, 0, 0)
    for step in 0..<2000 {
      let (writes, mask) = (Int.random(in: 0..<4, using: &random), Int.random(in: 0..<4, using: &random))
      let addresses = (0..<3).map { _ in Int.random(in: 0..<(step % 2 == 0 ? 3 : 16), using: &random) }
      let values = (0..<2).map { _ in Int.random(in: 0..<256, using: &random) }
      let enable = Int.random(in: 0..<3, using: &random) > 0
      (sim.writes, sim.mask, sim.enable) = (writes, mask, enable ? 1 : 0)
      (sim.addresses, sim.values) = (addresses, values)
      func read() -> Int { addresses[2] < words.count ? words[addresses[2]] : 0 }
      #expect(sim.now == read(), "seed \(seed), step \(step)")
      if enable {
        old = read()
        if writes & 2 == 0, writes == 0 || mask == 0 { kept = read() }
      }
      if writes & 1 == 1, addresses[0] < words.count {
        let bits = (mask & 1) * 0x0f + (mask >> 1) * 0xf0
        words[addresses[0]] = words[addresses[0]] & ~bits | values[0] & bits
      }
      if writes & 2 == 2, addresses[1] < words.count { words[addresses[1]] = values[1] }
      if enable { new = read() }
      sim.step()
      #expect([sim.previous, sim.updated, sim.kept] == [old, new, kept], "seed \(seed), step \(step)")
    }
  }

  @Test func verilogIsReadableAndClean() throws {
    let design = try Design(PortedMemory())
    #expect(try LintTools.complaints(about: design).isEmpty)
    #expect(try LintTools.complaints(about: Design(TwoClockMemory())).isEmpty)
    #expect(try LintTools.complaints(about: Design(Scratchpad())).isEmpty)
    let text = design.verilog().modules[0].contents
    #expect(text.contains("words[addresses[3:0]][3:0] <= values[3:0];"), "\(text)")
    #expect(text.contains("words[addresses[3:0]][7:4] <= values[7:4];"), "\(text)")
  }

  @Test func imagesAreRead() throws {
    let image = try MemoryImage(hexadecimal: "0f // fifteen\n@3 1_0 /* two\nlines */ ff\n", width: 8)
    #expect(image.words.map(\.unsignedValue) == [15, 0, 0, 16, 255])
    for (text, message) in [
      ("1\n100", "line 2: '100' is no hexadecimal word of 8 bits"),
      ("@fffffffffff 1", "line 1: '@fffffffffff' is no address of a memory"),
      ("1 /* \n */ xx", "line 2: 'xx' is no hexadecimal word of 8 bits"),
    ] {
      let problem = #expect(throws: MemoryImage.Problem.self) { try MemoryImage(hexadecimal: text, width: 8) }
      #expect(problem?.description == message)
    }
  }

  @Test func twoClocksShareAMemory() throws {
    let text = try Design(TwoClockMemory()).verilog().modules[0].contents
    #expect(
      text == """
        // TwoClockMemory()
        module TwoClockMemory (
          input clock,
          input read_clock,
          input write,
          input [1:0] address,
          input [3:0] value,
          input [1:0] readAddress,
          output [3:0] read
        );
          reg [3:0] word = 4'd0;

          reg [3:0] words [0:3];
          initial begin
            words[0] = 4'd0;
            words[1] = 4'd0;
            words[2] = 4'd0;
            words[3] = 4'd0;
          end

          always @(posedge read_clock) begin
            word <= words[readAddress];
          end

          assign read = word;

          always @(posedge clock) begin
            if (write) begin
              words[address] <= value;
            end
          end
        endmodule

        """, "\(text)")
  }
}
