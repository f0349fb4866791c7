/// What a Verilator model can do beyond running. Each choice makes it slower, so that the default has none.
public struct VerilatorOptions: Hashable, Sendable {
  /// Whether internal signals and memories are kept and can be read by name.
  public var keepsInternals: Bool
  /// The kind of waves that the model can record, if any.
  public var waves: WaveFormat?
  /// Whether black boxes that have both run from their sources rather than by their models.
  public var runsBlackBoxSources: Bool
  /// Whether the model is compiled for speed. A model that runs few cycles is ready sooner without.
  public var isOptimised: Bool
  /// The folder of the model cache; by default that of the environment variable `WEFT_CACHE`, else `~/.cache/weft`.
  public var cacheDirectory: String?
  /// The folders, separated by colons, in which Verilator and compilers are looked for; by default those of the
  /// environment variable `PATH`.
  public var toolPath: String?

  /// Options; by default those of the fastest model.
  public init(
    keepsInternals: Bool = false, waves: WaveFormat? = nil, runsBlackBoxSources: Bool = false,
    isOptimised: Bool = true, cacheDirectory: String? = nil, toolPath: String? = nil
  ) {
    self.keepsInternals = keepsInternals
    self.waves = waves
    self.runsBlackBoxSources = runsBlackBoxSources
    self.isOptimised = isOptimised
    self.cacheDirectory = cacheDirectory
    self.toolPath = toolPath
  }
}
