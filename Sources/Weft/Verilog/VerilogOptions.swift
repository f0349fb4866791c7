/// What may differ in the Verilog of one design. No option changes what the hardware does.
public struct VerilogOptions: Hashable, Sendable {
  /// The folder put before the names of memory images in `$readmemh`, for a simulator that runs elsewhere;
  /// `nil` for bare file names.
  public var imageDirectory: String?
  /// Whether comments name the place in the Swift source that each declaration and statement comes from.
  public var includesPlaces: Bool
  /// Whether the models of black boxes stand in for them, for a simulator that does not have their sources.
  public var usesModels: Bool

  /// Whether assertions and assumptions are checked by the Verilog itself, in a simulator that runs elsewhere: one that
  /// fails prints its sentence and place. Synthesisers, which define `SYNTHESIS`, pass over the checks. Without it, the
  /// Verilog is the same as if the properties, and all that they alone read, had not been written.
  public var includesProperties: Bool

  /// Options; by default bare image names, no places, no properties, and black boxes left to their own sources.
  public init(
    imageDirectory: String? = nil, includesPlaces: Bool = false, usesModels: Bool = false,
    includesProperties: Bool = false
  ) {
    self.imageDirectory = imageDirectory
    self.includesPlaces = includesPlaces
    self.usesModels = usesModels
    self.includesProperties = includesProperties
  }
}
