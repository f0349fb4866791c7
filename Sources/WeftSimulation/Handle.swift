import Weft

/// Bits of a running design: a scalar, or the elements of a vector.
@frozen
public struct SignalLocation {
  /// The signal that holds them.
  public let storage: SignalStorage
  /// The lowest bit within the signal.
  public let low: Int
  /// Bits of an element; of the scalar itself where there is one.
  public let elementWidth: Int
  /// The number of elements; one for a scalar.
  public let count: Int
  /// Whether elements are numbers in two's complement.
  public let isSigned: Bool
  /// How many bits of an element stand after its binary point.
  public let fractionBits: Int
  @usableFromInline let isWhole: Bool

  /// `count` elements of `elementWidth` bits from bit `low` of a signal.
  public init(
    storage: SignalStorage, low: Int, elementWidth: Int, count: Int, isSigned: Bool, fractionBits: Int = 0
  ) {
    self.storage = storage
    self.low = low
    self.elementWidth = elementWidth
    self.count = count
    self.isSigned = isSigned
    self.fractionBits = fractionBits
    isWhole = low == 0 && count == 1 && elementWidth == storage.width
  }

  /// Element `index` as a number of up to 64 bits.
  @inlinable
  public subscript(index: Int) -> Int {
    get {
      let word = storage.bits(low: low + index * elementWidth, width: elementWidth)
      let value = Int(truncatingIfNeeded: word)
      let unused = 64 &- elementWidth
      return isSigned ? (value &<< unused) &>> unused : value
    }
    nonmutating set {
      storage.setBits(low: low + index * elementWidth, width: elementWidth, UInt64(truncatingIfNeeded: newValue))
    }
  }

  /// The scalar as a number of up to 64 bits.
  @inlinable
  public var number: Int {
    get {
      if isWhole { return isSigned ? storage.signedValue : storage.unsignedValue }
      return self[0]
    }
    nonmutating set {
      if isWhole {
        if isSigned { storage.signedValue = newValue } else { storage.unsignedValue = newValue }
      } else {
        self[0] = newValue
      }
    }
  }

  /// All elements as numbers. As many are set as there are elements.
  public var numbers: [Int] {
    get { (0..<count).map { self[$0] } }
    nonmutating set {
      precondition(newValue.count == count, "a vector of \(count) elements was given \(newValue.count) values")
      for (index, value) in newValue.enumerated() { self[index] = value }
    }
  }

  /// All elements as fixed-point numbers, or the nearest that a `Double` holds. As many are set as there are elements,
  /// each a number that the elements hold exactly.
  public var fixedPointNumbers: [Double] {
    get {
      (0..<count).map {
        storage.value.slice(low: low + $0 * elementWidth, width: elementWidth)
          .fixedPointValue(fractionBits: fractionBits)
      }
    }
    nonmutating set {
      precondition(newValue.count == count, "a vector of \(count) elements was given \(newValue.count) values")
      let shape = Shape<Fixed>.fixed(elementWidth - fractionBits, fractionBits)
      bits = .concatenating(newValue.reversed().map { BitVector($0, as: shape) })
    }
  }

  /// All bits, the first element's in the lowest.
  public var bits: BitVector {
    get { storage.value.slice(low: low, width: elementWidth * count) }
    nonmutating set {
      var all = storage.value
      all.insert(newValue, at: low)
      storage.value = all
    }
  }
}

/// A signal of a running design, looked up once.
@frozen
public struct Handle<S: Signal> {
  /// Where its bits lie.
  public let location: SignalLocation

  @inlinable
  init(location: SignalLocation) { self.location = location }

  /// All bits.
  public var bits: BitVector {
    get { location.bits }
    nonmutating set { location.bits = newValue }
  }
}

extension Handle where S: Scalar, S.Sample == Int {
  /// The number, of up to 64 bits.
  @inlinable
  public var value: Int {
    get { location.number }
    nonmutating set { location.number = newValue }
  }
}

extension Handle where S: Scalar, S.Sample: Enumeration {
  /// The case; `nil` is never set, and read where the bits are no case's.
  public var value: S.Sample? {
    get { S.Sample.value(ofCode: bits) }
    nonmutating set { if let newValue { bits = newValue.code } }
  }
}

extension Handle where S == Fixed {
  /// The number, or the nearest that a `Double` holds; set to a number that the signal holds exactly.
  public var value: Double {
    get { location.fixedPointNumbers[0] }
    nonmutating set { location.fixedPointNumbers = [newValue] }
  }
}

extension Handle {
  /// The numbers of a vector, as many as it has; one for a scalar.
  public var values: [Int] {
    get { location.numbers }
    nonmutating set { location.numbers = newValue }
  }

  /// Element `index` of a vector.
  @inlinable
  public subscript(index: Int) -> Int {
    get { location[index] }
    nonmutating set { location[index] = newValue }
  }
}
