import Weft

/// What of a running design is out of date, kept by its engine in one byte.
@frozen
public struct Staleness: OptionSet, Sendable {
  /// The flags as bits.
  public let rawValue: UInt8
  /// Flags from bits.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Registers or memories changed and the logic that depends on them alone has not followed yet.
  public static var stateLogic: Staleness { Staleness(rawValue: 1) }
  /// The logic that depends on inputs has not followed yet.
  public static var inputLogic: Staleness { Staleness(rawValue: 2) }
  /// Ports were written, clocks and resets perhaps among them.
  public static var ports: Staleness { Staleness(rawValue: 4) }
  /// All flags.
  public static var all: Staleness { [.stateLogic, .inputLogic, .ports] }
}

/// Where the bits of a port or an internal signal lie: a handle that is resolved once and then read and written at the
/// cost of a memory access.
///
/// The memory is little-endian: one integer of 1, 2, 4 or 8 bytes for signals of up to 64 bits, a run of 32-bit words
/// beyond; unused bits are zero. The handle keeps its engine alive.
@frozen
public struct SignalStorage {
  /// The first byte.
  public let pointer: UnsafeMutableRawPointer
  /// The number of bits.
  public let width: Int
  /// The number of bytes that hold them.
  public let byteCount: Int
  /// The engine the signal belongs to.
  public let engine: any SimulationEngine
  @usableFromInline let staleness: UnsafeMutablePointer<UInt8>
  @usableFromInline let settlesFor: UInt8

  /// A handle to `width` bits at `pointer`.
  ///
  /// - Parameters:
  ///   - staleness: The engine's byte of ``Staleness`` flags.
  ///   - settlesFor: The flags under which a read has to settle the logic first.
  public init(
    pointer: UnsafeMutableRawPointer, width: Int, byteCount: Int, engine: any SimulationEngine,
    staleness: UnsafeMutablePointer<UInt8>, settlesFor: Staleness = .all
  ) {
    self.pointer = pointer
    self.width = width
    self.byteCount = byteCount
    self.engine = engine
    self.staleness = staleness
    self.settlesFor = settlesFor.rawValue
  }

  /// Settles the logic where this signal needs it.
  @inlinable @inline(__always)
  func settle() {
    if staleness.pointee & settlesFor != 0 { engine.settle(Staleness(rawValue: settlesFor)) }
  }

  /// Notes that an input changed.
  @inlinable @inline(__always)
  func touch() { staleness.pointee |= Staleness.ports.rawValue }
}

// MARK: - Up to 64 bits

extension SignalStorage {
  /// The low 64 bits, zero-extended. Writing keeps the bits that fit the signal and clears those above 64.
  @inlinable
  public var lowWord: UInt64 {
    get {
      settle()
      switch byteCount {
      case 1: return UInt64(pointer.load(as: UInt8.self))
      case 2: return UInt64(pointer.load(as: UInt16.self))
      case 4: return UInt64(pointer.load(as: UInt32.self))
      default: return pointer.loadUnaligned(as: UInt64.self)
      }
    }
    nonmutating set {
      touch()
      let value = width < 64 ? newValue & (1 &<< UInt64(width) &- 1) : newValue
      switch byteCount {
      case 1: pointer.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
      case 2: pointer.storeBytes(of: UInt16(truncatingIfNeeded: value), as: UInt16.self)
      case 4: pointer.storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
      case 8: pointer.storeBytes(of: value, as: UInt64.self)
      default:
        pointer.storeBytes(of: value, as: UInt64.self)
        (pointer + 8).initializeMemory(as: UInt8.self, repeating: 0, count: byteCount - 8)
      }
    }
  }

  /// The low 64 bits read as an unsigned number; the sign bit of the result is bit 63 of the signal.
  @inlinable
  public var unsignedValue: Int {
    get { Int(truncatingIfNeeded: lowWord) }
    nonmutating set { lowWord = UInt64(truncatingIfNeeded: newValue) }
  }

  /// The bits read as two's complement, for signals of up to 64 bits; of a wider one the low 64 bits. Writing
  /// sign-extends to any width.
  @inlinable
  public var signedValue: Int {
    get {
      let word = Int(truncatingIfNeeded: lowWord)
      guard width < 64 else { return word }
      let unused = 64 &- width
      return (word &<< unused) &>> unused
    }
    nonmutating set {
      if width <= 64 {
        lowWord = UInt64(truncatingIfNeeded: newValue)
      } else {
        value = BitVector(truncating: newValue, width: width)
      }
    }
  }
}

// MARK: - Any width

extension SignalStorage {
  /// All bits.
  public var value: BitVector {
    get {
      settle()
      return currentValue
    }
    nonmutating set {
      precondition(newValue.width == width, "a signal of \(width) bits was given a value of \(newValue.width)")
      if byteCount <= 8 {
        lowWord = newValue.lowWord
        return
      }
      touch()
      newValue.words.withUnsafeBytes { bytes in
        pointer.copyMemory(from: bytes.baseAddress ?? UnsafeRawPointer(pointer), byteCount: byteCount)
      }
    }
  }

  /// All bits as they lie in memory, without settling the logic first.
  var currentValue: BitVector {
    var words = [UInt64](repeating: 0, count: BitVector.wordCount(forWidth: width))
    words.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: byteCount)) }
    return BitVector(words: words, width: width)
  }

  /// Bits `low ..< low + width` of the signal, at most 64, zero-extended: one element of a vector.
  @inlinable
  public func bits(low: Int, width: Int) -> UInt64 {
    settle()
    precondition(low >= 0 && width > 0 && width <= 64 && low + width <= self.width, "the bits lie outside the signal")
    let mask = UInt64.max >> UInt64(64 - width)
    let shift = UInt64(low & 7)
    var result = loadBytes(from: low >> 3) >> shift
    if Int(shift) + width > 64 {
      result |= UInt64(pointer.load(fromByteOffset: (low >> 3) + 8, as: UInt8.self)) << (64 - shift)
    }
    return result & mask
  }

  /// Changes bits `low ..< low + width` of the signal, at most 64: one element of a vector.
  @inlinable
  public func setBits(low: Int, width: Int, _ newValue: UInt64) {
    touch()
    precondition(low >= 0 && width > 0 && width <= 64 && low + width <= self.width, "the bits lie outside the signal")
    var (byte, shift, remaining, source) = (low >> 3, low & 7, width, newValue)
    while remaining > 0 {
      let count = min(8 - shift, remaining)
      let mask = UInt8(truncatingIfNeeded: ((1 << count) - 1) << shift)
      let old = pointer.load(fromByteOffset: byte, as: UInt8.self)
      let part = UInt8(truncatingIfNeeded: source << UInt64(shift)) & mask
      pointer.storeBytes(of: old & ~mask | part, toByteOffset: byte, as: UInt8.self)
      source >>= UInt64(count)
      (byte, shift, remaining) = (byte + 1, 0, remaining - count)
    }
  }

  /// Up to eight bytes from `offset`, as many as the signal has.
  @inlinable @inline(__always)
  func loadBytes(from offset: Int) -> UInt64 {
    if offset + 8 <= byteCount { return pointer.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    var result: UInt64 = 0
    for index in offset..<byteCount {
      result |= UInt64(pointer.load(fromByteOffset: index, as: UInt8.self)) << UInt64((index - offset) * 8)
    }
    return result
  }
}
