import WeftExploration

/// A board that designs are exported to, as data: its part, its clocks, its memory and its pins.
///
/// The boards that are known by name are in ``known``, a file each; another is a value of its own, or a JSON file with
/// the same fields.
public struct Board: Hashable, Sendable, Codable {
  /// The name by which it is asked for: small letters, digits and hyphens.
  public var name: String
  /// Its maker and model.
  public var title: String
  /// The part on it, as the tools of its family name it.
  public var part: String
  /// The tools' own description of the board, where they have one.
  public var boardPart: String?
  /// What kind of part it is, and so which tools build for it.
  public var family: BoardFamily
  /// The device's resources, the clock that is designed for and the memory that a design reaches.
  public var device: Device
  /// The oscillator that feeds the part's fabric; none where the processing system gives the clock.
  public var oscillator: Oscillator?
  /// How a design reaches external memory; none on boards without one, or whose memory has no controller in the part.
  public var memory: BoardMemory?
  /// The settings of the processing system for this board's memory and clocks, where the tools' own description is not
  /// installed.
  public var processorSettings: [String: String]
  /// The pins that a design may use, by name, such as `led0`.
  public var pins: [String: Pin]
  /// The edge in a host's slot, on boards that have no processor of their own.
  public var pciExpress: PCIExpress?

  /// A board.
  public init(
    name: String, title: String, part: String, boardPart: String? = nil, family: BoardFamily, device: Device,
    oscillator: Oscillator? = nil, memory: BoardMemory? = nil, processorSettings: [String: String] = [:],
    pins: [String: Pin] = [:], pciExpress: PCIExpress? = nil
  ) {
    self.name = name
    self.title = title
    self.part = part
    self.boardPart = boardPart
    self.family = family
    self.device = device
    self.oscillator = oscillator
    self.memory = memory
    self.processorSettings = processorSettings
    self.pins = pins
    self.pciExpress = pciExpress
  }

  /// The clock that is designed for, in megahertz, as scripts have it.
  var megahertz: String {
    let megahertz = device.clock / 1e6
    return megahertz == megahertz.rounded() ? "\(Int(megahertz))" : "\(megahertz)"
  }
}
