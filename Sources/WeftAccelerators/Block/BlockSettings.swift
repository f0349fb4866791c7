/// What an accelerator block is like on the side of its buses.
public struct BlockSettings: Hashable, Sendable {
  /// The bits of the address of a byte: 32, or up to 48.
  public var addressWidth: Int
  /// The bits of a beat of the buses to memory: 32, 64, 128, 256 or 512.
  public var dataWidth: Int
  /// How inputs and outputs lie in memory.
  public var layout: TensorFormat.Layout
  /// The most frames that are started and not done: two or more, so that the next frame is under way while software
  /// sees to the last.
  public var framesInFlight: Int
  /// The beats of the queue of each data mover.
  public var buffer: Int

  /// Settings.
  public init(
    addressWidth: Int = 32, dataWidth: Int = 64, layout: TensorFormat.Layout = .nchw, framesInFlight: Int = 4,
    buffer: Int = 512
  ) {
    self.addressWidth = addressWidth
    self.dataWidth = dataWidth
    self.layout = layout
    self.framesInFlight = framesInFlight
    self.buffer = buffer
  }
}

extension BlockSettings {
  /// The most beats of a burst, which AXI3 has too.
  static let longestBurst = 16
  /// The most bursts on their way.
  static let outstanding = 16
}
