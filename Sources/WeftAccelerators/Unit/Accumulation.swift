import Weft

/// Finished sums of products on their way to requantisation: one transfer of the stage's output.
public struct Accumulation: Bundle {
  /// The sums, without bias, in the order of the transfer's lanes.
  public var sums: Vector<Signed>
  /// The group of neighbouring output channels that they belong to.
  public var channelGroup: Unsigned

  /// Sums of a stage.
  public init(of geometry: StageGeometry) {
    let configuration = geometry.configuration
    let groups = geometry.layer.outputShape.channels / configuration.channelLanes
    sums = field(.vector(configuration.lanes, of: .signed(geometry.layer.accumulatorBits)))
    channelGroup = field(.unsigned(bitsFor(groups - 1)))
  }
}
