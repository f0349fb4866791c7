import WeftNetworks

/// A queue on a link of a grid: holds what a map's reader cannot take yet because another map that it joins comes
/// later.
public struct LinkQueue: Hashable, Sendable {
  /// What fills it.
  public let source: LayerSource
  /// The stage that it feeds, by its layer, and which of the stage's inputs.
  public let reader, input: Int
  /// The transfers that it holds at most, at least two.
  public let depth: Int
  /// Bits of a transfer.
  public let width: Int

  /// The queues of a network's stages.
  package static func queues(of network: QuantizedNetwork, _ stages: [StageGeometry]) -> [LinkQueue] {
    GridSchedule(network, stages).queues
  }

  /// What the transfers lie in, all but the one that is offered.
  package var memory: MemoryShape { MemoryShape(depth: depth - 1, width: width) }

  /// The same queue with another depth, at least two.
  func holding(_ depth: Int) -> LinkQueue {
    LinkQueue(source: source, reader: reader, input: input, depth: max(2, depth), width: width)
  }
}
