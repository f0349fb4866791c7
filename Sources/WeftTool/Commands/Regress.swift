import ArgumentParser
import WeftAccelerators
import WeftNetworks
import WeftVerification

/// `weft regress`.
struct Regress: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verifies accelerators for random networks, each with a random plan, under random stalls.",
    discussion: """
      Three different frames each. In three of four networks every layer has 4 to 16 bits of its own for weights and for \
      results. A network is reproduced by --seed and --networks 1.
      """)

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
        let random = RandomNetwork(seed: seed)
        let network = try random.quantized(random.mixedBits())
        var generator = SeededGenerator(seed: ~seed)
        let plan = Plan(randomFor: network, largest: 9, using: &generator)
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
