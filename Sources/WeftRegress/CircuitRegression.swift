import Foundation
import Synchronization
import Weft
import WeftRandom
import WeftSimulation

/// Runs random circuits on every tool and looks for differences.
///
/// The interpreter gives what is expected. Verilator runs all circuits, many in one model; every tenth, which is small
/// enough for gates, also runs in Icarus Verilog, as it is emitted and as Yosys synthesises it.
struct CircuitRegression: Sendable {
  /// The seeds of the circuits.
  let seeds: Range<UInt64>
  /// How many cycles each runs.
  var cycles = 100
  /// How many circuits share a model.
  var batch: UInt64 = 100
  /// What the interpreter is given in place of a circuit: itself, or something that differs, to show that it is found.
  var defect: @Sendable (Design) -> Design = { $0 }
  /// The command that runs Yosys.
  var yosys = "yosys"

  /// A circuit on which two tools differ.
  struct Difference: Sendable {
    var seed: UInt64
    var tool: String
  }

  /// Whether a circuit is small, and synthesised as well.
  static func isSynthesised(_ seed: UInt64) -> Bool { seed % 10 == 0 }

  /// The circuit of a seed.
  static func design(_ seed: UInt64) -> Design {
    let domains = Array(CircuitStimulus.domains.prefix(1 + Int(seed / 3 % 3)))
    return isSynthesised(seed)
      ? RandomDesign(domains: domains, size: 16, moduleCount: 2, widest: 10).make(seed: seed)
      : RandomDesign(
        domains: domains, size: 8 + Int(seed % 20), moduleCount: 1 + Int(seed % 3), widest: seed % 4 == 0 ? 150 : 40)
        .make(seed: seed)
  }

  /// One circuit with what it is fed with and what the interpreter computes.
  private struct Circuit {
    let seed: UInt64
    let design: Design
    let stimulus: CircuitStimulus
    let expected: [[BitVector]]
  }

  private func circuit(_ seed: UInt64, _ design: Design) throws -> Circuit {
    let stimulus = CircuitStimulus(design, seed: seed, cycles: cycles)
    let trace = try CircuitRun.trace(design, on: InterpreterEngine(defect(design)), stimulus)
    return Circuit(seed: seed, design: design, stimulus: stimulus, expected: trace)
  }

  // MARK: Tools

  /// A tool, and how it finds the seeds of the circuits on which it differs.
  private typealias Tool = (name: String, differ: ([Circuit]) throws -> [UInt64])

  private var tools: [Tool] {
    [
      ("Icarus Verilog", Self.icarus), ("Yosys and Icarus Verilog", synthesised), ("Verilator", Self.verilator),
    ]
  }

  private static func verilator(_ circuits: [Circuit]) throws -> [UInt64] {
    try Shell.withFolder { folder in
      let battery = RandomDesign.battery(circuits.map { ("seed\($0.seed)", $0.design) }, name: "Battery")
      let engine = try VerilatorEngine(
        battery,
        options: VerilatorOptions(isOptimised: false, cacheDirectory: cache(in: folder.deletingLastPathComponent())))
      let runs = try circuits.map { try CircuitRun($0.design, on: engine, prefix: "seed\($0.seed)_") }
      let clocks = SharedClocks(engine)
      var differing: Set<UInt64> = []
      func compare(_ step: Int) {
        for (circuit, run) in zip(circuits, runs) where run.values != circuit.expected[step] {
          differing.insert(circuit.seed)
        }
      }
      for (number, cycle) in (circuits.first?.stimulus.cycles ?? []).enumerated() {
        for (circuit, run) in zip(circuits, runs) { run.set(circuit.stimulus.cycles[number]) }
        clocks.reset(cycle.isReset)
        compare(2 * number)
        for domain in cycle.ticks { clocks.tick(domain) }
        compare(2 * number + 1)
      }
      return differing.sorted()
    }
  }

  /// The cache of compiled models, which belongs to one run.
  private static func cache(in folder: URL) -> String {
    folder.appendingPathComponent("weft-regress-\(ProcessInfo.processInfo.processIdentifier)").path
  }

  private static func icarus(_ circuits: [Circuit]) throws -> [UInt64] {
    try Shell.withFolder { folder in try icarus(circuits, files: emit(circuits, to: folder), in: folder) }
  }

  private func synthesised(_ circuits: [Circuit]) throws -> [UInt64] {
    try Shell.withFolder { folder in
      let battery = RandomDesign.battery(circuits.map { ("seed\($0.seed)", $0.design) }, name: "Battery")
      try battery.verilog().write(to: folder)
      let files = battery.modules.map { $0.name + ".v" }.joined(separator: " ")
      try Shell.run(
        "\(yosys) -q -p 'read_verilog \(files); synth -top Battery; write_verilog -noattr synthesised.v'", in: folder)
      return try Self.icarus(circuits, files: ["synthesised.v"], in: folder)
    }
  }

  private static func emit(_ circuits: [Circuit], to folder: URL) throws -> [String] {
    try circuits.flatMap { circuit in
      try circuit.design.verilog().write(to: folder)
      return circuit.design.modules.map { $0.name + ".v" }
    }
  }

  private static func icarus(_ circuits: [Circuit], files: [String], in folder: URL) throws -> [UInt64] {
    let run = IcarusRun(circuits.map { .init(design: $0.design, stimulus: $0.stimulus) })
    let lines = try run.lines(of: files, in: folder)
    let expected = IcarusRun.expected(circuits.map(\.expected))
    if lines.count != expected.count {
      throw SimulationError(
        "Icarus Verilog printed \(lines.count) lines where \(expected.count) were expected; the first is "
          + "'\(lines.first ?? "")'")
    }
    var differing: Set<UInt64> = []
    for (index, (line, right)) in zip(lines, expected).enumerated() where line != right {
      differing.insert(circuits[index % circuits.count].seed)
    }
    return differing.sorted()
  }

  // MARK: The run

  /// Runs all circuits, a batch on each core; `report` is told how far it is.
  func run(report: @Sendable (String) -> Void) throws -> [Difference] {
    defer { try? FileManager.default.removeItem(atPath: Self.cache(in: FileManager.default.temporaryDirectory)) }
    let starts = Array(stride(from: seeds.lowerBound, to: seeds.upperBound, by: Int(batch)))
    let progress = Mutex<(done: UInt64, found: [Difference], error: (any Error)?)>((0, [], nil))
    DispatchQueue.concurrentPerform(iterations: starts.count) { number in
      if progress.withLock({ $0.error != nil }) { return }
      let range = starts[number]..<min(starts[number] + batch, seeds.upperBound)
      let result = Result { try differences(range) }
      progress.withLock { progress in
        switch result {
        case .failure(let error): progress.error = error
        case .success(let differences):
          progress.done += UInt64(range.count)
          progress.found += differences
          for difference in differences {
            report("seed \(difference.seed): the interpreter and \(difference.tool) differ")
          }
          report("\(progress.done) of \(seeds.count) circuits: \(progress.found.count) differences so far")
        }
      }
    }
    let (_, found, error) = progress.withLock { $0 }
    if let error { throw error }
    return found.sorted { $0.seed < $1.seed }
  }

  private func differences(_ range: Range<UInt64>) throws -> [Difference] {
    let circuits = try range.map { try circuit($0, Self.design($0)) }
    let small = circuits.filter { Self.isSynthesised($0.seed) }
    return try tools.flatMap { name, differ in
      let candidates = name == "Verilator" ? circuits : small
      return candidates.isEmpty ? [] : try differ(candidates).map { Difference(seed: $0, tool: name) }
    }
  }

  /// The smallest circuit found on which a tool differs as on that of the seed.
  func shrunk(_ difference: Difference) -> Design {
    let quick = tools.first { $0.name == difference.tool }
    // What another simulator sees as well is shrunk with that, since it starts faster.
    let checks = [tools[0], quick ?? tools[0]]
    func fails(_ design: Design, _ check: Tool) -> Bool {
      guard let circuit = try? circuit(difference.seed, design) else { return false }
      return (try? !check.differ([circuit]).isEmpty) ?? false
    }
    let design = Self.design(difference.seed)
    guard let check = checks.first(where: { fails(design, $0) }) else { return design }
    var shrinker = CircuitShrinker(fails: { fails($0, check) })
    return shrinker.shrink(design)
  }
}
