/// What a port of a field is for.
enum RegisterPort {
  /// What the field holds; of a field that software only reads, what the hardware says.
  case value
  /// The bits that the hardware sets.
  case set
  /// The bits that the hardware clears.
  case clear

  /// The port through which the hardware changes what software changes too; `nil` where there is none.
  static func event(of access: RegisterAccess) -> RegisterPort? {
    switch access {
    case .writeOneToClear, .readToClear: .set
    case .writeOneToSet: .clear
    case .readWrite, .readOnly, .writeOnly, .writePulse: nil
    }
  }

  /// The name of the port.
  func name(_ register: Register, _ field: Register.Field) -> String {
    let name = "\(register.name)_\(field.name)"
    return switch self {
    case .value: name
    case .set: name + "_set"
    case .clear: name + "_clear"
    }
  }
}

extension RegisterMap {
  /// Every port and register of the hardware that is named after a field, and the field.
  var ports: [(name: String, owner: String)] {
    registers.flatMap { register in
      register.fields.flatMap { field in
        let roles = [RegisterPort.value] + [RegisterPort.event(of: field.access)].compactMap(\.self)
        let held = field.access == .readOnly ? [] : [field.heldName(register)]
        let names = roles.map { $0.name(register, field) } + held
        return names.map { (name: $0, owner: "\(register.name).\(field.name)") }
      }
    }
  }
}

extension Register.Field {
  /// The name of the register that holds the field.
  func heldName(_ register: Register) -> String { "held_\(register.name)_\(name)" }
}
