import Foundation
import Weft
import WeftSimulation

/// How fast both engines run. Of several runs the fastest counts.
enum SimulationBench {
  /// The array that is simulated.
  static let array = MultiplyAccumulateArray(size: 8, lanes: 4)

  /// Cycles a second of the interpreter.
  static func interpreter() throws -> [Figure] {
    let sim = try Simulation(array)
    let times = (0..<5).map { _ in
      let cycles = 20_000
      return measured { _ = run(sim, cycles: cycles) } / Double(cycles)
    }
    // From arrays of over 1,000 nodes as values to the end of their first cycle, at worst: what a small test waits.
    let starts = try (1...5).map { lanes in
      try measured { try Simulation(MultiplyAccumulateArray(size: 8, lanes: lanes)).step() }
    }
    return [
      Figure(
        name: "8 x 8 int8 PE array of 4 lanes on the interpreter", value: 1 / fastest(times), unit: "cycles/s",
        bound: .atLeast(20_000)),
      Figure(
        name: "8 x 8 int8 PE array of 1 to 5 lanes, first cycle on the interpreter", value: starts.max() ?? .nan,
        unit: "s", bound: .atMost(0.05)),
    ]
  }

  /// Cycles a second of the observed array, one write and one read in each.
  static func observedSpeed(on engine: EngineKind, cycles: Int) throws -> Double {
    let sim = try Simulation(ObservedArray(), engine: engine)
    let signature = sim[\.signature]
    guard let activations = sim.engine.storage(ofPort: "activations"),
      let weights = sim.engine.storage(ofPort: "weights")
    else { preconditionFailure("the array has the ports `activations` and `weights`") }
    sim.enable = 1
    weights.lowWord = 0x0123_4567_89ab_cdef
    var total = 0
    let times = (0..<5).map { _ in
      measured {
        for cycle in 0..<cycles {
          activations.lowWord = UInt64(truncatingIfNeeded: cycle &* 77777)
          sim.step()
          total &+= signature.value
        }
      }
    }
    guard total != 0 else { throw SimulationError("the array computed nothing") }
    return Double(cycles) / fastest(times)
  }

  /// What concerns compiled models: the speed against a C++ loop, each run beside one of the other, and opening a model
  /// that is in the cache.
  static func verilator(against loop: String) throws -> [Figure] {
    let sim = try Simulation(array, engine: .verilator)
    let cycles = 400_000
    var (own, bare): ([Double], [Double]) = ([], [])
    for _ in 0..<25 {
      var sum = 0
      own.append(measured { sum = run(sim, cycles: cycles) } / Double(cycles) * 1e9)
      let (time, bareSum) = try bareLoop(loop, cycles: cycles)
      bare.append(time)
      if bare.count == 1, sum != bareSum {
        throw SimulationError("Swift read sums of \(sum), the C++ loop of \(bareSum); they have to run the same model")
      }
    }
    let opening = try (0..<5).map { _ in try measured { _ = try Simulation(array, engine: .verilator) } }
    return [
      Figure(
        name: "the same on Verilator, 3 writes and 1 read a cycle, to C++", value: fastest(bare) / fastest(own),
        unit: "x",
        bound: .atLeast(0.95)),
      Figure(name: "opening a compiled model", value: fastest(opening), unit: "s", bound: .atMost(0.1)),
    ]
  }

  /// Runs cycles with three writes and one read each; gives the sum of what was read, as 32-bit numbers.
  private static func run(_ sim: Simulation<MultiplyAccumulateArray>, cycles: Int) -> Int {
    let (enable, sums) = (sim[\.enable], sim[\.sums])
    guard let activations = sim.engine.storage(ofPort: "activations"),
      let weights = sim.engine.storage(ofPort: "weights")
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
