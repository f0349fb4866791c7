import Weft

/// Eight bits for four.
struct WiderThanItsTarget: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Unsigned { input(.unsigned(8)) }
  var half: Unsigned { output(.unsigned(4)) }
  var body: Circuit {
    half <== value
  }
}

/// A wire's value is wider than the port it is given to.
struct WiderSum: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Unsigned { input(.unsigned(8)) }
  var sum: Unsigned { output(.unsigned(8)) }
  var body: Circuit {
    sum <== value + 1
  }
}

/// Streams of different payloads.
struct DifferentBundles: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var pixels: Pixel { input(.bundle(Pixel(bits: 8))) }
  var shown: Pixel { output(.bundle(Pixel(bits: 9))) }
  var body: Circuit {
    shown <== pixels
  }
}

/// Sizes that cannot be.
struct ImpossibleSizes: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var nothing: Unsigned { input(.unsigned(0)) }
  var none: Vector<Bit> { input(.vector(0, of: .bit)) }
  var inner: Vector<Signed> { input(.vector(2, of: .signed(-3))) }
  var out: Unsigned { output(.unsigned(8)) }
  var body: Circuit {
    out <== nothing.extended(to: 4) + none.asBits.asUnsigned.extended(to: 4) + inner[0].asUnsigned.extended(to: 7)
  }
}

/// Narrower than the value and wider than the value.
struct WrongResizing: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Signed { input(.signed(8)) }
  var longer: Signed { output(.signed(4)) }
  var shorter: Signed { output(.signed(12)) }
  var body: Circuit {
    longer <== value.extended(to: 4)
    shorter <== value.truncated(to: 12).extended(to: 12)
  }
}

/// Bit by bit, but not equally many.
struct DifferentBits: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var mask: Bits { input(.bits(4)) }
  var value: Bits { input(.bits(8)) }
  var masked: Bits { output(.bits(8)) }
  var isEqual: Bit { output(.bit) }
  var body: Circuit {
    masked <== value & mask
    isEqual <== value == mask
  }
}

/// A choice between vectors of different lengths.
struct DifferentChoices: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var isLong: Bit { input(.bit) }
  var long: Vector<Bit> { input(.vector(4, of: .bit)) }
  var short: Vector<Bit> { input(.vector(3, of: .bit)) }
  var chosen: Vector<Bit> { output(.vector(4, of: .bit)) }
  var body: Circuit {
    chosen <== isLong.select(long, else: short)
  }
}

/// Vectors made of nothing and of unlike elements.
struct OddVectors: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var small: Unsigned { input(.unsigned(4)) }
  var large: Unsigned { input(.unsigned(8)) }
  var empty: Bit { output(.bit) }
  var pair: Vector<Unsigned> { output(.vector(2, of: .unsigned(4))) }
  var body: Circuit {
    empty <== Vector<Bit>([])[0]
    pair <== Vector([small, large])
  }
}

/// Memories whose contents, words or addresses do not fit.
struct OddMemories: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var address: Unsigned { input(.unsigned(2)) }
  var value: Unsigned { input(.unsigned(5)) }
  var table: Memory<Unsigned> {
    memory(depth: 2, of: .unsigned(4), contents: (0..<3).map { BitVector(truncating: $0, width: 4) })
  }
  var words: Memory<Unsigned> { memory(depth: 4, of: .unsigned(4), contents: [BitVector(truncating: 1, width: 3)]) }
  var nothing: Memory<Unsigned> { memory(depth: 0, of: .unsigned(4)) }
  var read: Unsigned { output(.unsigned(4)) }
  var sum: Unsigned { output(.unsigned(5)) }
  var body: Circuit {
    read <== table[address[0].asUnsigned]
    sum <== words[address] + nothing[0]
    words.write(value, at: address)
  }
}
