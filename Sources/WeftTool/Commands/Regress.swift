import ArgumentParser
import WeftAccelerators
import WeftNetworks
import WeftVerification

/// `weft regress`.
struct Regress: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verifies accelerators for random networks, each with random factors, under random stalls.",
    discussion: "Three different frames each. A network is reproduced by --seed and --networks 1.")

  @Option(help: "How many networks.") var networks = 200
  @Option(help: "The seed of the first; the next ones follow.") var seed: UInt64 = 1
  @Option(
    name: .long, parsing: .singleValue,
    help: "What simulates: \(Engine.allValueStrings.joined(separator: " or ")); repeats (default: both).")
  var engine: [Engine] = []

  func run() throws {
    var console = Console()
    var (failures, values) = (0, 0)
    for seed in seed..<seed + UInt64(max(networks, 0)) {
      do {
        let network = try RandomNetwork(seed: seed).quantized()
        var generator = SeededGenerator(seed: ~seed)
        let plan = Plan(
          network: network.name,
          stages: network.layers.map { Plan.Stage(name: $0.name, unit: .random(for: $0, using: &generator)) })
        let grid = try ElasticGrid(network, plan: plan)
        let frames = RandomFrames(seed: seed).codes(of: network, count: 3)
        for engine in engine.isEmpty ? Engine.allCases : engine {
          let report = try Verification(
            of: grid, against: network, frames: frames, engine: engine.kind, stalls: seed
          ).report
          values += report.comparedValues
          guard !report.bitExact else { continue }
          failures += 1
          console.note(
            "seed \(seed), \(engine): \(report.mismatches) of \(report.comparedValues) values differ, first "
              + (report.firstMismatch?.description ?? "unknown"))
        }
      } catch {
        failures += 1
        console.note("seed \(seed): \(error)")
      }
      if (seed - self.seed + 1).isMultiple(of: 10) { console.note("\(seed - self.seed + 1) of \(networks) networks") }
    }
    print("\(networks) random networks, \(values) values compared, \(failures) failures")
    if failures > 0 { throw ExitCode(1) }
  }
}

extension UnitConfiguration {
  /// Any factors, divisors or not, `h` beyond the map's height among them, of at most 64 multipliers.
  fileprivate static func random(for layer: QuantizedLayer, using generator: inout SeededGenerator) -> Self {
    while true {
      let unit = UnitConfiguration(
        cpf: .random(in: 1...9, using: &generator), kpf: .random(in: 1...9, using: &generator),
        h: .random(in: 1...min(layer.outputShape.height + 2, 12), using: &generator))
      if unit.multipliers <= 64 { return unit }
    }
  }
}
