/// What a case of a `Switch` over bits or an unsigned number stands for: a number, or binary digits with a `?` for each
/// bit that may be either, the highest first and underscores where they help: `Case("10?_0011")`.
public struct BitPattern: Hashable, Sendable, ExpressibleByStringLiteral {
  private enum Kind: Hashable {
    case number(Int)
    case digits(String)
  }
  private let kind: Kind

  /// The digits `0`, `1` and `?`, the highest first, as many as the subject has bits.
  public init(stringLiteral digits: String) { self.init(digits) }
  /// The digits `0`, `1` and `?`, the highest first, as many as the subject has bits.
  public init(_ digits: String) { kind = .digits(digits) }
  /// One number.
  public init(_ number: Int) { kind = .number(number) }

  /// The values of `width` bits that the pattern stands for, or what is wrong with it.
  func cube(width: Int) throws(Misfit) -> Cube {
    switch kind {
    case .number(let number):
      guard number >= 0, Operand.width(of: number, signed: false) <= width else {
        throw Misfit(message: "the case \(number) does not fit the \(width) bits of the subject of a Switch")
      }
      return Cube(BitVector(truncating: number, width: width))
    case .digits(let text):
      let digits = text.filter { $0 != "_" }
      guard digits.allSatisfy({ "01?".contains($0) }) else {
        throw Misfit(message: "the case \"\(text)\" of a Switch is made of other signs than `0`, `1`, `?` and `_`")
      }
      guard digits.count == width else {
        throw Misfit(
          message: "the case \"\(text)\" has \(digits.count) digits, but the subject of a Switch has \(width) bits")
      }
      var cube = Cube(any: width)
      for (index, digit) in digits.reversed().enumerated() where digit != "?" {
        cube.fix(index, digit == "1")
      }
      return cube
    }
  }

  /// Why a pattern stands for nothing.
  struct Misfit: Error {
    var message: String
  }
}

extension BitPattern: CustomStringConvertible {
  /// The number, or the digits in quotes.
  public var description: String {
    switch kind {
    case .number(let number): "\(number)"
    case .digits(let digits): "\"\(digits)\""
    }
  }
}

/// The values that agree with some bits and are free in the others.
struct Cube: Hashable {
  /// The bits that are fixed.
  private(set) var fixed: BitVector
  /// Their values; zero in the free bits.
  private(set) var value: BitVector

  /// One value.
  init(_ value: BitVector) { (fixed, self.value) = (BitVector(ones: value.width), value) }
  /// Every value of `width` bits.
  init(any width: Int) { (fixed, value) = (BitVector(zero: width), BitVector(zero: width)) }

  /// Whether it is one value.
  var isSingle: Bool { fixed.isAllOnes }

  mutating func fix(_ bit: Int, _ isOne: Bool) {
    fixed[bit] = true
    value[bit] = isOne
  }

  /// Whether some value is in both.
  func meets(_ other: Cube) -> Bool {
    value.combined(with: other.value, .xor).combined(with: fixed, .and).combined(with: other.fixed, .and).isZero
  }

  /// The values that are not in `other`, as cubes that do not meet.
  func subtracting(_ other: Cube) -> [Cube] {
    guard meets(other) else { return [self] }
    var (rest, result) = (self, [Cube]())
    for bit in 0..<fixed.width where other.fixed[bit] && !fixed[bit] {
      var outside = rest
      outside.fix(bit, !other.value[bit])
      result.append(outside)
      rest.fix(bit, other.value[bit])
    }
    return result
  }

  /// The runs of fixed bits, the highest first.
  var fixedRuns: [Range<Int>] {
    var runs: [Range<Int>] = []
    for bit in (0..<fixed.width).reversed() where fixed[bit] {
      if let last = runs.last, last.lowerBound == bit + 1 {
        runs[runs.count - 1] = bit..<last.upperBound
      } else {
        runs.append(bit..<(bit + 1))
      }
    }
    return runs
  }
}
