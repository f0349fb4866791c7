/// What may differ in the Verilog of one design. No option changes what the hardware does.
public struct VerilogOptions: Hashable, Sendable {
  /// The folder put before the names of memory images in `$readmemh`, for a simulator that runs elsewhere;
  /// `nil` for bare file names.
  public var imageDirectory: String?
  /// Whether comments name the place in the Swift source that each declaration and statement comes from.
  public var includesPlaces: Bool

  /// Options; by default bare image names and no places.
  public init(imageDirectory: String? = nil, includesPlaces: Bool = false) {
    self.imageDirectory = imageDirectory
    self.includesPlaces = includesPlaces
  }
}
