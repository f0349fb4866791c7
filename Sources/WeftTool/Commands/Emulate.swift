import ArgumentParser
import Foundation
import WeftAccelerators
import WeftBoards
import WeftSimulation
import WeftVerification

/// `weft emulate`.
struct Emulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulates an accelerator with its registers and memory, for drivers that run without a board.",
    discussion: """
      Reads requests from standard input, a line each with hexadecimal numbers, and answers each with a line that \
      begins with `ok`, or says what is wrong:

        memory                 where memory begins and ends
        read OFFSET            the word of a register
        write OFFSET WORD      changes a register
        load ADDRESS COUNT     bytes of memory, two digits each
        store ADDRESS BYTES    changes them
        run CYCLES             (decimal) runs until an interrupt, or for so long; 1 where one is pending
        time                   the nanoseconds (decimal) that have passed at the board's clock

      Of a board with a serial line alone it simulates that line, at \(Self.cyclesPerBit) cycles a bit:

        send BYTES             sends bytes, two hexadecimal digits each
        receive CYCLES         (decimal) runs until something comes, or for so long; the bytes that have come
        break                  breaks the line
        time                   the nanoseconds (decimal) that have passed at the board's clock

      The drivers that `weft export` writes have a platform, or a line, of their own for it.
      """)

  @OptionGroup var block: BlockOptions
  @Option(help: "What simulates: \(Engine.allValueStrings.joined(separator: " or ")).") var engine = Engine.verilator
  @Option(help: ArgumentHelp("Cycles from a request to memory to its first beat.", valueName: "N")) var latency = 100
  @Option(
    help: ArgumentHelp(
      "Where memory begins, a hexadecimal multiple of 4,096 (default: 10000000); it has 1,792 MB.", valueName: "ADDRESS"))
  var memoryAt: String?

  /// The bytes of memory.
  private static let memoryBytes = 0x7000_0000
  /// Where there is memory.
  private var addresses: Range<Int>? {
    guard let first = Int(memoryAt ?? "10000000", radix: 16), (0...(1 << 48)).contains(first), first % 4096 == 0 else {
      return nil
    }
    return first..<(first + Self.memoryBytes)
  }

  func validate() throws {
    if !(1...100_000).contains(latency) { throw ValidationError("--latency takes a number from 1 to 100000") }
    if addresses == nil {
      throw ValidationError("--memory-at takes a hexadecimal multiple of 4,096 (1000) up to 1000000000000")
    }
  }

  func run() throws {
    var console = Console()
    let (grid, _, board) = try block.grid(&console)
    if SerialProject.isMade(for: board) { return try runSerial(grid, board, &console) }
    let settings = try AcceleratorProject.settings(for: board, layout: block.layout)
    let accelerator = AcceleratorBlock(grid, settings: settings)
    guard let addresses, addresses.upperBound <= 1 << settings.addressWidth else {
      throw ToolError(
        "memory at \(memoryAt ?? "") ends beyond the addresses of \(settings.addressWidth) bits that the block on "
          + "'\(board.name)' has; give --memory-at a lower address, or choose a board with wider ones")
    }
    console.note("preparing the simulation on \(engine)")
    let simulation = try BlockSimulation(
      accelerator, engine: engine.kind, timing: MemoryTiming(latency: latency, outstanding: 16), isLoaded: false,
      addresses: addresses)
    console.note("ready")
    serve { try answer($0, simulation, clock: board.device.clock) }
  }

  /// Cycles of a bit of a simulated line: as few as it can have.
  private static let cyclesPerBit = 4

  private func runSerial(_ grid: ElasticGrid, _ board: Board, _ console: inout Console) throws {
    var settings = try SerialProject.settings(for: board, baud: block.baud ?? SerialProject.baud)
    settings.cyclesPerBit = Self.cyclesPerBit
    let accelerator = try SerialAccelerator(grid, settings: settings)
    console.note("preparing the simulation on \(engine)")
    let simulation = try SerialSimulation(accelerator, engine: engine.kind)
    console.note("ready")
    serve { try answer($0, simulation, clock: board.device.clock) }
  }

  /// Answers requests until there are no more.
  private func serve(_ answer: (String) throws -> String) {
    while let line = readLine() {
      do {
        print("ok \(try answer(line))")
      } catch {
        print("error: \(error)")
      }
      fflush(nil)
    }
  }

  /// The answer to a request to a serial line.
  private func answer<Unit: StageUnit>(
    _ line: String, _ simulation: SerialSimulation<Unit>, clock: Double
  ) throws -> String {
    let words = line.split(separator: " ").map(String.init)
    switch (words.first, words.count) {
    case ("send", 2):
      simulation.send(try Self.bytes(words[1]))
      return ""
    case ("receive", 2):
      guard let cycles = Int(words[1]), (1...1_000_000_000).contains(cycles) else {
        throw ToolError("'\(line)' lacks a number of cycles")
      }
      return Self.digits(simulation.receive(within: cycles))
    case ("break", 1):
      simulation.breakLine()
      return ""
    case ("time", 1): return "\(Int(Double(simulation.cycle) / clock * 1e9))"
    default: throw ToolError("'\(line)' is no request: send, receive, break or time, with their numbers")
    }
  }

  /// The answer to a request.
  private func answer<Unit: StageUnit>(
    _ line: String, _ simulation: BlockSimulation<Unit>, clock: Double
  ) throws -> String {
    let words = line.split(separator: " ").map(String.init)
    func number(_ index: Int) throws -> Int {
      guard index < words.count, let number = Int(words[index], radix: 16), number >= 0 else {
        throw ToolError("'\(line)' lacks a hexadecimal number at place \(index)")
      }
      return number
    }
    switch (words.first, words.count) {
    case ("memory", 1):
      let addresses = simulation.addresses
      return "\(String(addresses.lowerBound, radix: 16)) \(String(addresses.upperBound, radix: 16))"
    case ("read", 2):
      return String(try simulation.registers.read(at: try number(1), on: simulation.bench), radix: 16)
    case ("write", 3):
      try simulation.registers.write(try number(2), at: try number(1), on: simulation.bench)
      return ""
    case ("load", 3):
      let (address, count) = (try number(1), try number(2))
      guard count <= 1 << 30 else { throw ToolError("'\(line)' asks for more than a gigabyte") }
      return Self.digits(simulation.memory[address..<(address + count)])
    case ("store", 3):
      simulation.memory.write(try Self.bytes(words[2]), at: try number(1))
      return ""
    case ("run", 2):
      guard let cycles = Int(words[1]), (1...1_000_000_000).contains(cycles) else {
        throw ToolError("'\(line)' lacks a number of cycles")
      }
      return try simulation.runUntilInterrupt(cycles: cycles) ? "1" : "0"
    case ("time", 1): return "\(Int(Double(simulation.bench.cycle) / clock * 1e9))"
    default:
      throw ToolError("'\(line)' is no request: memory, read, write, load, store, run or time, with their numbers")
    }
  }

  private static func digits(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func bytes(_ text: String) throws -> [UInt8] {
    let nibbles = try text.utf8.map { byte in
      guard let value = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw ToolError("the bytes to store are not hexadecimal")
      }
      return UInt8(value)
    }
    guard nibbles.count.isMultiple(of: 2) else { throw ToolError("the bytes to store have an odd number of digits") }
    return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
  }
}
