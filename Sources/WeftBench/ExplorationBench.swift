import WeftExploration

/// Measures the exact search on a design space of the codec avatar decoder's size, for several devices.
enum ExplorationBench {
  /// The slowest search, and how many plans lack a proof that no faster one fits.
  static func figures() throws -> [Figure] {
    let problem = try DecoderSpace.problem()
    var (slowest, unproven) = (0.0, 0)
    for device in try ["Z7045", "ZU7EV", "ZU17EG", "ZU9EG", "VU9P"].map(Device.named) {
      let search = ExactSearch(problem, budget: device.budget)
      let best = try search.run()
      slowest = max(slowest, fastest(try (0..<3).map { _ in try measured { _ = try search.run() } }))
      do {
        try best.certificate.check(best.plan, problem: problem, budget: device.budget)
      } catch {
        unproven += 1
      }
    }
    let options = problem.stages.reduce(0) { $0 + $1.options.count }
    return [
      Figure(
        name: "exact plan of \(problem.stages.count) stages, \(options) options", value: slowest, unit: "s",
        bound: .atMost(1)),
      Figure(
        name: "plans whose bound is not their value", value: Double(unproven), unit: "", bound: .atMost(0)),
    ]
  }
}
