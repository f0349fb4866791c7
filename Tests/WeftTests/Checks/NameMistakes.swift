import Weft

/// A word of Verilog's own.
struct ReservedName: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Bit { input(.bit) }
  var reg: Bit { output(.bit) }
  var body: Circuit {
    reg <== value
  }
}

/// A letter that Verilog does not know.
struct ForeignName: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var größe: Bit { input(.bit) }
  var value: Bit { output(.bit) }
  var body: Circuit {
    value <== größe
  }
}

/// Registers without a name of their own.
struct NamelessRegister: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Bit { input(.bit) }
  var late: Bit { output(.bit) }
  func stage(_ input: Bit) -> Bit { register(.bit) }
  var body: Circuit {
    stage(value) <== value
    late <== stage(value)
  }
}

/// One name for two.
struct NameTwice: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Bit { input(.bit) }
  var stage_valid: Bit { wire(value) }
  var stage: Stream<Bit> { source(.bit) }
  var body: Circuit {
    stage.payload <== value
    stage.valid <== stage_valid
  }
}

/// Two registers of one name made in two places.
struct NameInTwoPlaces: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Bit { input(.bit) }
  var late: Bit { output(.bit) }
  var first: Bit { register(.bit, named: "stage") }
  var second: Bit { register(.bit, named: "stage") }
  var body: Circuit {
    first <== value
    second <== first
    late <== second
  }
}

/// Two delays of one name.
struct DelayTwice: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Bit { input(.bit) }
  var other: Bit { input(.bit) }
  var late: Vector<Bit> { output(.vector(2, of: .bit)) }
  var body: Circuit {
    late[0] <== value.delayed(by: 1, named: "late")
    late[1] <== other.delayed(by: 1, named: "late")
  }
}
