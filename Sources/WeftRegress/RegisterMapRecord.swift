import WeftStreams

/// What the files made of a register map have to hold, for a checker in another language.
struct RegisterMapRecord: Encodable {
  struct Register: Encodable {
    let name, description: String
    let offset, stride: Int
    let count: Int?
    let interruptEnable: String?
    let fields: [Field]
  }

  struct Field: Encodable {
    let name, description, access: String
    let low, width: Int
    let isSigned: Bool
    /// The bits after the reset, and the values that have names.
    let reset: UInt64
    let values: [Value]
  }

  struct Value: Encodable {
    let name: String
    let number: Int
  }

  let name, description: String
  let wordWidth, size: Int
  let registers: [Register]

  init(_ map: RegisterMap) {
    (name, description) = (map.name, map.description)
    (wordWidth, size) = (map.wordWidth, map.size)
    registers = map.registers.map { register in
      Register(
        name: register.name, description: register.description, offset: register.offset, stride: register.stride,
        count: register.count, interruptEnable: register.interruptEnable,
        fields: register.fields.map { field in
          Field(
            name: field.name, description: field.description, access: field.access.rawValue, low: field.lowBit,
            width: field.width, isSigned: field.isSigned, reset: field.access.isStored ? field.resetBits : 0,
            values: field.values.map { Value(name: $0.name, number: $0.number) })
        })
    }
  }
}
