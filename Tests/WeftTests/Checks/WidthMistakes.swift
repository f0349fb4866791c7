import Weft

/// Eight bits for four.
struct WiderThanItsTarget: Mistake {
  static let report = """
    +4: error: `half` has 4 bits, but `value` has 8; say what is meant with `.truncated(to: 4)` or \
    `.saturated(to: 4)` [width] (in WiderThanItsTarget)
    """
  static let (file, line) = (#fileID, #line)
  var value: Unsigned { input(.unsigned(8)) }
  var half: Unsigned { output(.unsigned(4)) }
  var body: Circuit {
    half <== value
  }
}

/// A wire's value is wider than the port it is given to.
struct WiderSum: Mistake {
  static let report = """
    +4: error: `sum` has 8 bits, but a sum has 9; say what is meant with `.truncated(to: 8)` or `.saturated(to: 8)` \
    [width] (in WiderSum)
    """
  static let (file, line) = (#fileID, #line)
  var value: Unsigned { input(.unsigned(8)) }
  var sum: Unsigned { output(.unsigned(8)) }
  var body: Circuit {
    sum <== value + 1
  }
}

/// Streams of different payloads.
struct DifferentBundles: Mistake {
  static let report = """
    +4: error: `shown_red` has 9 bits, but `pixels_red` has 8; say what is meant with `.extended(to: 9)` [width] \
    (in DifferentBundles)
    +4: error: `shown_green` has 9 bits, but `pixels_green` has 8; say what is meant with `.extended(to: 9)` \
    [width] (in DifferentBundles)
    +4: error: `shown_blue` has 9 bits, but `pixels_blue` has 8; say what is meant with `.extended(to: 9)` [width] \
    (in DifferentBundles)
    """
  static let (file, line) = (#fileID, #line)
  var pixels: Pixel { input(.bundle(Pixel(bits: 8))) }
  var shown: Pixel { output(.bundle(Pixel(bits: 9))) }
  var body: Circuit {
    shown <== pixels
  }
}

/// Sizes that cannot be.
struct ImpossibleSizes: Mistake {
  static let report = """
    +1: error: `nothing` is declared as Unsigned(0), but a width is at least 1 [width] (in ImpossibleSizes)
    +2: error: `none` is declared as Vector(0, of: Bit), but a Vector has at least 1 element [width] (in \
    ImpossibleSizes)
    +3: error: `inner` is declared as Signed(-3), but a width is at least 1 [width] (in ImpossibleSizes)
    """
  static let (file, line) = (#fileID, #line)
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
  static let report = """
    +5: error: a value of 8 bits cannot be extended to 4; use `.truncated(to:)` or `.saturated(to:)` [width] (in \
    WrongResizing)
    +6: error: a value of 8 bits cannot be truncated to 12; use `.extended(to:)` [width] (in WrongResizing)
    """
  static let (file, line) = (#fileID, #line)
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
  static let report = """
    +6: error: values of 8 and 4 bits are combined bit by bit; give both one width with `.extended(to:)` or \
    `.truncated(to:)` [width] (in DifferentBits)
    +7: error: values of 8 and 4 bits are combined bit by bit; give both one width with `.extended(to:)` or \
    `.truncated(to:)` [width] (in DifferentBits)
    """
  static let (file, line) = (#fileID, #line)
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
  static let report = """
    +6: error: a selection between Vector(4, of: Bit) and Vector(3, of: Bit), which have different shapes [width] \
    (in DifferentChoices)
    """
  static let (file, line) = (#fileID, #line)
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
  static let report = """
    +6: error: a Vector cannot be made of no elements; give it at least one [width] (in OddVectors)
    +7: error: the elements of a Vector have one shape, but Unsigned(4) and Unsigned(8) were given [width] (in \
    OddVectors)
    """
  static let (file, line) = (#fileID, #line)
  var narrow: Unsigned { input(.unsigned(4)) }
  var broad: Unsigned { input(.unsigned(8)) }
  var empty: Bit { output(.bit) }
  var pair: Vector<Unsigned> { output(.vector(2, of: .unsigned(4))) }
  var body: Circuit {
    empty <== Vector<Bit>([])[0]
    pair <== Vector([narrow, broad])
  }
}

/// Memories whose contents, words or addresses do not fit.
struct OddMemories: Mistake {
  static let report = """
    +4: error: the memory `squares` has 2 words, but contents of 3 are given [width] (in OddMemories)
    +6: error: the memory `words` has words of 4 bits, but a word of 3 is given [width] (in OddMemories)
    +7: error: the memory `nothing` has 0 words; a memory has at least 1 [width] (in OddMemories)
    +13: error: a value of 5 bits is written to `words`, whose words have 4 [width] (in OddMemories)
    """
  static let (file, line) = (#fileID, #line)
  var address: Unsigned { input(.unsigned(2)) }
  var value: Unsigned { input(.unsigned(5)) }
  var squares: Memory<Unsigned> {
    memory(depth: 2, of: .unsigned(4), contents: (0..<3).map { BitVector(truncating: $0, width: 4) })
  }
  var words: Memory<Unsigned> { memory(depth: 4, of: .unsigned(4), contents: [BitVector(truncating: 1, width: 3)]) }
  var nothing: Memory<Unsigned> { memory(depth: 0, of: .unsigned(4)) }
  var read: Unsigned { output(.unsigned(4)) }
  var sum: Unsigned { output(.unsigned(5)) }
  var body: Circuit {
    read <== squares[address[0].asUnsigned]
    sum <== words[address] + nothing[0]
    words.write(value, at: address)
  }
}
