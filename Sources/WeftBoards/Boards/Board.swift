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

  /// A board.
  public init(
    name: String, title: String, part: String, boardPart: String? = nil, family: BoardFamily, device: Device,
    oscillator: Oscillator? = nil, memory: BoardMemory? = nil, processorSettings: [String: String] = [:],
    pins: [String: Pin] = [:]
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
  }
}

/// What feeds a clock from outside the part.
public struct Oscillator: Hashable, Sendable, Codable {
  /// Cycles a second.
  public var frequency: Double
  /// The pin, or the positive and the negative one of a pair.
  public var pins: [String]
  /// How the pins are driven, such as `LVCMOS33`.
  public var standard: String

  /// An oscillator at a pin, or at a pair.
  public init(frequency: Double, pins: [String], standard: String) {
    self.frequency = frequency
    self.pins = pins
    self.standard = standard
  }
}

/// A pin of the part.
public struct Pin: Hashable, Sendable, Codable {
  /// Where it is in the package.
  public var location: String
  /// How it is driven, such as `LVCMOS33`.
  public var standard: String

  /// A pin.
  public init(_ location: String, _ standard: String) {
    self.location = location
    self.standard = standard
  }
}

/// External memory as a design sees it.
public struct BoardMemory: Hashable, Sendable, Codable {
  /// What it is, such as `DDR3`.
  public var kind: String
  /// How many bytes it has.
  public var bytes: Int
  /// The ports that a design may be a manager at, the one to be taken first at the front.
  public var ports: [String]
  /// Bits of such a port's data.
  public var portBits: Int

  /// A memory.
  public init(kind: String, bytes: Int, ports: [String], portBits: Int) {
    self.kind = kind
    self.bytes = bytes
    self.ports = ports
    self.portBits = portBits
  }
}
