/// A constant of a fixed number of bits, with the arithmetic that the netlist's nodes have.
///
/// The bits carry no sign of their own; operations that need one say so. All results are exact in the stated width.
public struct BitVector: Hashable, Sendable {
  /// The number of bits, at least one.
  public let width: Int
  /// The bits, least significant word first; bits beyond `width` are zero.
  public private(set) var words: [UInt64]

  /// The number of 64-bit words that `width` bits take.
  public static func wordCount(forWidth width: Int) -> Int { (width + 63) / 64 }

  /// All bits zero.
  public init(zero width: Int) {
    precondition(width > 0, "a bit vector has at least one bit")
    self.width = width
    words = [UInt64](repeating: 0, count: Self.wordCount(forWidth: width))
  }

  /// The low `width` bits of `value` in two's complement, sign-extended where `width` exceeds 64.
  public init(truncating value: Int, width: Int) {
    self.init(zero: width)
    let fill: UInt64 = value < 0 ? .max : 0
    for index in words.indices { words[index] = index == 0 ? UInt64(bitPattern: Int64(value)) : fill }
    clearUnusedBits()
  }

  /// The low `width` bits of `words`, least significant word first; missing words are zero.
  public init(words source: some Sequence<UInt64>, width: Int) {
    self.init(zero: width)
    for (index, word) in zip(words.indices, source) { words[index] = word }
    clearUnusedBits()
  }

  /// All bits one.
  public init(ones width: Int) { self.init(truncating: -1, width: width) }

  private mutating func clearUnusedBits() {
    let used = width & 63
    if used != 0 { words[words.count - 1] &= (1 << UInt64(used)) - 1 }
  }
}

// MARK: - Reading

extension BitVector {
  /// Bit `index`, counted from the least significant.
  public subscript(index: Int) -> Bool {
    get { words[index >> 6] >> UInt64(index & 63) & 1 != 0 }
    set {
      let mask: UInt64 = 1 << UInt64(index & 63)
      if newValue { words[index >> 6] |= mask } else { words[index >> 6] &= ~mask }
    }
  }

  /// Whether every bit is zero.
  public var isZero: Bool { words.allSatisfy { $0 == 0 } }

  /// Whether every bit is one.
  public var isAllOnes: Bool { self == BitVector(ones: width) }

  /// The most significant bit.
  public var signBit: Bool { self[width - 1] }

  /// The low 64 bits.
  public var lowWord: UInt64 { words[0] }

  /// The value read as two's complement, or `nil` where it does not fit an `Int`.
  public var signedValue: Int? {
    if width <= 64 {
      let shift = Int64(64 - width)
      return Int((Int64(bitPattern: words[0]) << shift) >> shift)
    }
    let low = Int(Int64(bitPattern: words[0]))
    return BitVector(truncating: low, width: width) == self ? low : nil
  }

  /// The value read as an unsigned number, or `nil` where it does not fit an `Int`.
  public var unsignedValue: Int? {
    words.dropFirst().allSatisfy { $0 == 0 } ? Int(exactly: words[0]) : nil
  }

  /// The bits as hexadecimal digits, as many as the width needs.
  public var hexadecimal: String {
    let digits = (width + 3) / 4
    return String(decoding: (0..<digits).reversed().map { digit -> UInt8 in
      let nibble = UInt8(truncatingIfNeeded: words[digit >> 4] >> UInt64((digit & 15) * 4) & 15)
      return nibble < 10 ? 48 + nibble : 87 + nibble
    }, as: UTF8.self)
  }

  /// The bits as binary digits, most significant first.
  public var binary: String {
    String(decoding: (0..<width).reversed().map { self[$0] ? UInt8(49) : 48 }, as: UTF8.self)
  }
}

extension BitVector: CustomStringConvertible {
  /// The width and the hexadecimal value, as Verilog writes them.
  public var description: String { "\(width)'h\(hexadecimal)" }
}

// MARK: - The netlist's operations

extension BitVector {
  /// `self + other`, modulo two to the width. Both widths are equal.
  public func adding(_ other: BitVector) -> BitVector {
    assert(width == other.width)
    var result = self
    var carry = false
    for index in words.indices {
      let (partial, first) = words[index].addingReportingOverflow(other.words[index])
      let (sum, second) = partial.addingReportingOverflow(carry ? 1 : 0)
      result.words[index] = sum
      carry = first || second
    }
    result.clearUnusedBits()
    return result
  }

  /// `self - other`, modulo two to the width. Both widths are equal.
  public func subtracting(_ other: BitVector) -> BitVector {
    adding(other.inverted).adding(BitVector(truncating: 1, width: width))
  }

  /// The product, as wide as both operands together.
  public func multiplied(by other: BitVector, signed: Bool) -> BitVector {
    let total = width + other.width
    let left = extended(to: total, signed: signed)
    let right = other.extended(to: total, signed: signed)
    var result = BitVector(zero: total)
    for i in left.words.indices where left.words[i] != 0 {
      var carry: UInt64 = 0
      for j in 0..<(result.words.count - i) {
        let (high, low) = left.words[i].multipliedFullWidth(by: right.words[j])
        let (first, firstOverflow) = low.addingReportingOverflow(result.words[i + j])
        let (second, secondOverflow) = first.addingReportingOverflow(carry)
        result.words[i + j] = second
        carry = high &+ (firstOverflow ? 1 : 0) &+ (secondOverflow ? 1 : 0)
      }
    }
    result.clearUnusedBits()
    return result
  }

  /// Every bit inverted.
  public var inverted: BitVector {
    var result = self
    for index in words.indices { result.words[index] = ~words[index] }
    result.clearUnusedBits()
    return result
  }

  /// The bits of both combined one by one. Both widths are equal.
  public func combined(with other: BitVector, _ operation: Netlist.BitwiseOperator) -> BitVector {
    assert(width == other.width)
    var result = self
    for index in words.indices {
      switch operation {
      case .and: result.words[index] &= other.words[index]
      case .or: result.words[index] |= other.words[index]
      case .xor: result.words[index] ^= other.words[index]
      }
    }
    return result
  }

  /// All bits combined into one.
  public func reduced(_ operation: Netlist.BitwiseOperator) -> Bool {
    switch operation {
    case .and: isAllOnes
    case .or: !isZero
    case .xor: words.reduce(0) { $0 + $1.nonzeroBitCount } % 2 == 1
    }
  }

  /// Whether `self` compares so with `other`. Both widths are equal.
  public func compares(_ comparison: Netlist.Comparison, _ other: BitVector) -> Bool {
    assert(width == other.width)
    switch comparison {
    case .equal: return self == other
    case .lessSigned where signBit != other.signBit: return signBit
    case .less, .lessSigned:
      for index in words.indices.reversed() where words[index] != other.words[index] {
        return words[index] < other.words[index]
      }
      return false
    }
  }

  /// Shifted by `amount` places; the width stays.
  public func shifted(_ direction: Netlist.ShiftDirection, by amount: Int) -> BitVector {
    let fill = direction == .rightArithmetic && signBit
    var result = fill ? BitVector(ones: width) : BitVector(zero: width)
    guard amount < width else { return result }
    for index in 0..<(width - amount) {
      if direction == .left { result[index + amount] = self[index] } else { result[index] = self[index + amount] }
    }
    return result
  }

  /// Bits `low ..< low + width`.
  public func slice(low: Int, width: Int) -> BitVector {
    precondition(low >= 0 && width > 0 && low + width <= self.width, "the slice lies outside the vector")
    var result = BitVector(zero: width)
    let wordShift = low >> 6
    let bitShift = UInt64(low & 63)
    for index in result.words.indices {
      var word = words[index + wordShift] >> bitShift
      if bitShift != 0, index + wordShift + 1 < words.count { word |= words[index + wordShift + 1] << (64 - bitShift) }
      result.words[index] = word
    }
    result.clearUnusedBits()
    return result
  }

  /// `parts` side by side, the first the most significant. There is at least one.
  public static func concatenating(_ parts: some BidirectionalCollection<BitVector>) -> BitVector {
    var result = BitVector(zero: parts.reduce(0) { $0 + $1.width })
    var low = 0
    for part in parts.reversed() {
      result.insert(part, at: low)
      low += part.width
    }
    return result
  }

  /// Puts `part` at bits `low ..< low + part.width`.
  public mutating func insert(_ part: BitVector, at low: Int) {
    precondition(low >= 0 && low + part.width <= width, "the part lies outside the vector")
    for (index, word) in part.words.enumerated() {
      let count = min(64, part.width - index * 64)
      let mask: UInt64 = count == 64 ? .max : (1 << UInt64(count)) - 1
      let start = low + index * 64
      let shift = UInt64(start & 63)
      words[start >> 6] = words[start >> 6] & ~(mask << shift) | word << shift
      if shift != 0, Int(shift) + count > 64 {
        let spilled = 64 - shift
        words[(start >> 6) + 1] = words[(start >> 6) + 1] & ~(mask >> spilled) | word >> spilled
      }
    }
  }

  /// `width` bits with zeros or copies of the sign bit above. `width` is at least this vector's.
  public func extended(to width: Int, signed: Bool) -> BitVector {
    var result = signed && signBit ? BitVector(ones: width) : BitVector(zero: width)
    result.insert(self, at: 0)
    return result
  }
}
