/// What software may do with a field of a register, and what that does to it.
public enum RegisterAccess: String, Hashable, Sendable, CaseIterable {
  /// Software reads and writes what the hardware reads.
  case readWrite
  /// Software reads what the hardware says at that moment.
  case readOnly
  /// Software writes what the hardware reads; software reads zeros.
  case writeOnly
  /// Bits that the hardware sets and software clears, by writing ones.
  case writeOneToClear
  /// Bits that software sets, by writing ones, and the hardware clears.
  case writeOneToSet
  /// Bits that the hardware sets and that software clears as it reads them.
  case readToClear
  /// A command: the hardware sees what software wrote for one cycle, and zeros otherwise; software reads zeros.
  case writePulse
}

extension RegisterAccess {
  /// Whether software reads the field.
  public var isReadable: Bool { self != .writeOnly && self != .writePulse }
  /// Whether writing it has an effect.
  public var isWritable: Bool { self != .readOnly && self != .readToClear }
  /// Whether the field keeps a value, so that it has one after the reset.
  public var isStored: Bool { self != .readOnly && self != .writePulse }

  /// The access as a person says it.
  var title: String {
    switch self {
    case .readWrite: "read and write"
    case .readOnly: "read"
    case .writeOnly: "write"
    case .writeOneToClear: "write ones to clear"
    case .writeOneToSet: "write ones to set"
    case .readToClear: "read to clear"
    case .writePulse: "write a pulse"
    }
  }
}
