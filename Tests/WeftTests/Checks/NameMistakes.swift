import Weft

/// A word of Verilog's own.
struct ReservedName: Mistake {
  static let report = """
    +2: error: `reg` is reserved in Verilog; choose another name [name] (in ReservedName)
    """
  static let (file, line) = (#fileID, #line)
  var value: Bit { input(.bit) }
  var reg: Bit { output(.bit) }
  var body: Circuit {
    reg <== value
  }
}

/// A letter that Verilog does not know.
struct ForeignName: Mistake {
  static let report = """
    +1: error: `größe` cannot stand in Verilog; a name has letters a to z, digits and underscores, and no digit \
    first [name] (in ForeignName)
    """
  static let (file, line) = (#fileID, #line)
  var größe: Bit { input(.bit) }
  var value: Bit { output(.bit) }
  var body: Circuit {
    value <== größe
  }
}

/// Registers without a name of their own.
struct NamelessRegister: Mistake {
  static let report = """
    +3: error: a signal made in a loop, in a body or in a function with parameters has no name of its own; give it \
    one with `named:` [name] (in NamelessRegister)
    """
  static let (file, line) = (#fileID, #line)
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
  static let report = """
    +3: error: `stage_valid` is declared here and at +2; names are unique in a module [duplicate-name] (in \
    NameTwice)
    """
  static let (file, line) = (#fileID, #line)
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
  static let report = """
    +4: error: `stage` is declared here and at +3; give one of them another name with `named:` [duplicate-name] (in \
    NameInTwoPlaces)
    +7: error: `stage` has a value already, which this statement would hide; remove one, or put this one under a \
    condition [driven-twice] (in NameInTwoPlaces)
    """
  static let (file, line) = (#fileID, #line)
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
  static let report = """
    +6: error: two things would both be called `late_delay1`; give one of them a name of its own [duplicate-name] \
    (in DelayTwice)
    """
  static let (file, line) = (#fileID, #line)
  var value: Bit { input(.bit) }
  var other: Bit { input(.bit) }
  var late: Vector<Bit> { output(.vector(2, of: .bit)) }
  var body: Circuit {
    late[0] <== value.delayed(by: 1, named: "late")
    late[1] <== other.delayed(by: 1, named: "late")
  }
}
