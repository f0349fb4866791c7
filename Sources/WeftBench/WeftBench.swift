import Foundation
import Weft
import WeftSimulation

/// Measures elaboration and simulation; `scripts/bench` calls it.
///
/// - `WeftBench emit DIRECTORY` writes the Verilog of the array that is simulated, for the C++ loop that it is measured
///   against.
/// - `WeftBench measure LOOP` prints the figures; `LOOP` is that C++ loop, compiled from `sim/BareLoop.cpp`.
@main
struct WeftBench {
  /// The array that is simulated.
  static let array = MultiplyAccumulateArray(size: 8, lanes: 4)

  static func main() {
    do {
      switch Array(CommandLine.arguments.dropFirst()) {
      case let arguments where arguments.count == 2 && arguments[0] == "emit":
        try Design(array).verilog().write(to: arguments[1])
      case let arguments where arguments.count == 3 && arguments[0] == "elaborate":
        let size = Int(arguments[1]) ?? 64
        let times = try (0..<(Int(arguments[2]) ?? 1)).map { _ in
          try seconds { _ = try Design(MultiplyAccumulateArray(size: size, lanes: 1)).verilog() }
        }
        print(fastest(times), times)
      case let arguments where arguments.count == 2 && arguments[0] == "measure":
        let figures = try [elaboration(), firstCycle(), interpreter()] + verilator(against: arguments[1])
        for figure in figures { print(figure.line) }
        if !figures.allSatisfy(\.passes) { exit(1) }
      default:
        throw SimulationError("usage: WeftBench emit DIRECTORY, or WeftBench measure LOOP; scripts/bench calls both")
      }
    } catch {
      FileHandle.standardError.write(Data("WeftBench: \(error)\n".utf8))
      exit(1)
    }
  }

  // Of several runs the fastest counts: what else the machine does only ever adds to a time.

  /// Seconds from a 64 x 64 array as a value to its Verilog.
  private static func elaboration() throws -> Figure {
    let times = try (0..<5).map { _ in
      try seconds { _ = try Design(MultiplyAccumulateArray(size: 64, lanes: 1)).verilog() }
    }
    return Figure(
      name: "64 x 64 int8 MAC array, elaboration and emission", value: fastest(times), unit: "s",
      bound: .atMost(0.3))
  }

  /// Seconds from an array of over 1,000 nodes as a value to the end of its first cycle, at worst: what a small test waits.
  private static func firstCycle() throws -> Figure {
    let times = try (1...5).map { lanes in
      try seconds { try Simulation(MultiplyAccumulateArray(size: 8, lanes: lanes)).step() }
    }
    return Figure(
      name: "8 x 8 int8 PE array of 1 to 5 lanes, first cycle on the interpreter", value: times.max() ?? .nan, unit: "s",
      bound: .atMost(0.05))
  }

  /// Cycles a second of the interpreter.
  private static func interpreter() throws -> Figure {
    let sim = try Simulation(array)
    let times = (0..<5).map { _ in
      let cycles = 20_000
      return seconds { _ = run(sim, cycles: cycles) } / Double(cycles)
    }
    return Figure(
      name: "8 x 8 int8 PE array of 4 lanes on the interpreter", value: 1 / fastest(times), unit: "cycles/s",
      bound: .atLeast(20_000))
  }

  /// What concerns compiled models: the speed against a C++ loop, each run beside one of the other, and opening a model
  /// that is in the cache.
  private static func verilator(against loop: String) throws -> [Figure] {
    let sim = try Simulation(array, engine: .verilator)
    let cycles = 400_000
    var (own, bare): ([Double], [Double]) = ([], [])
    for _ in 0..<25 {
      var sum = 0
      own.append(seconds { sum = run(sim, cycles: cycles) } / Double(cycles) * 1e9)
      let (time, bareSum) = try bareLoop(loop, cycles: cycles)
      bare.append(time)
      if bare.count == 1, sum != bareSum {
        throw SimulationError("Swift read sums of \(sum), the C++ loop of \(bareSum); they have to run the same model")
      }
    }
    let opening = try (0..<5).map { _ in try seconds { _ = try Simulation(array, engine: .verilator) } }
    return [
      Figure(
        name: "the same on Verilator, 3 writes and 1 read a cycle, to C++", value: fastest(bare) / fastest(own), unit: "x",
        bound: .atLeast(0.95)),
      Figure(name: "opening a compiled model", value: fastest(opening), unit: "s", bound: .atMost(0.1)),
    ]
  }

  /// Runs cycles with three writes and one read each; gives the sum of what was read, as 32-bit numbers.
  private static func run(_ sim: Simulation<MultiplyAccumulateArray>, cycles: Int) -> Int {
    let (enable, sums) = (sim[\.enable], sim[\.sums])
    guard let activations = sim.engine.storage(ofPort: "activations"), let weights = sim.engine.storage(ofPort: "weights")
    else { preconditionFailure("the array has the ports `activations` and `weights`") }
    var sum = 0
    for cycle in 0..<cycles {
      enable.value = 1
      activations.lowWord = UInt64(truncatingIfNeeded: cycle &* 77777)
      weights.lowWord = UInt64(truncatingIfNeeded: cycle &* 33333)
      sim.step()
      sum &+= sums[1] & 0xffff_ffff
    }
    return sum
  }

  /// Nanoseconds a cycle of the C++ loop, and the sum that it read.
  private static func bareLoop(_ path: String, cycles: Int) throws -> (nanoseconds: Double, sum: Int) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = [String(cycles)]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let parts = output.split(whereSeparator: \.isWhitespace)
    guard process.terminationStatus == 0, parts.count == 2, let time = Double(parts[0]), let sum = Int(parts[1]) else {
      throw SimulationError("\(path) printed '\(output)' where nanoseconds and a sum were expected")
    }
    return (time, sum)
  }
}
