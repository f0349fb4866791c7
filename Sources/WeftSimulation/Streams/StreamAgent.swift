/// Something that takes part in a simulation at one end of a stream. ``StreamBench`` runs agents cycle by cycle.
public protocol StreamAgent: AnyObject {
  /// Sets what the agent drives in this cycle, before the logic settles.
  func drive()

  /// Notes what passes in this cycle, once the logic has settled and before the clock rises.
  ///
  /// - Throws: `SimulationError` where the hardware breaks the rules of a stream.
  func observe(cycle: Int) throws(SimulationError)

  /// What the agent did and waits for, and the seed of its stalls: for messages.
  var status: String { get }
}

extension Stalls {
  /// The seed as part of a message.
  var note: String { seed.map { ", stalls seeded with \($0)" } ?? "" }
}
