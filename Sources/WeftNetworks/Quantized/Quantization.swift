/// How integer codes stand for real numbers: real = scale x (code - zeroPoint).
///
/// Codes are those of the hardware, always two's complement. A file or a user may see another
/// ``Storage``: uint8 is recentred by -128 on its way in and by +128 on its way out, and codes of any width from 4 to
/// 16 bits lie in the storage that has room for them.
public struct Quantization: Hashable, Sendable {
  /// The integer type that files and users see.
  public enum Storage: String, Hashable, Sendable, Codable, CaseIterable {
    /// Two's complement of 8 bits.
    case int8
    /// Unsigned, of 8 bits.
    case uint8
    /// Two's complement of 16 bits.
    case int16

    /// Width of a code in bits.
    public var bits: Int { self == .int16 ? 16 : 8 }

    /// What is added to a hardware code to get the stored integer: 128 for uint8, else 0.
    public var offset: Int { self == .uint8 ? 128 : 0 }
  }

  /// The real step between neighbouring codes; finite and above zero.
  public var scale: Float
  /// The hardware code that stands for 0.
  public var zeroPoint: Int
  /// The integer type that files and users see.
  public let storage: Storage
  /// Width of a hardware code in bits, at most that of the storage.
  public let bits: Int

  /// Creates a quantisation; `zeroPoint` is a hardware code.
  ///
  /// - Parameter bits: width of a hardware code; nil for that of the storage.
  /// - Precondition: the codes fit the storage.
  public init(scale: Float, zeroPoint: Int, storage: Storage, bits: Int? = nil) {
    let bits = bits ?? storage.bits
    precondition((1...storage.bits).contains(bits), "\(storage) has no codes of \(bits) bits")
    self.scale = scale
    self.zeroPoint = zeroPoint
    self.storage = storage
    self.bits = bits
  }

  /// Creates a quantisation to codes of so many bits, at most 16: up to 8 are stored as int8, more as int16.
  public init(scale: Float, zeroPoint: Int, bits: Int) {
    self.init(scale: scale, zeroPoint: zeroPoint, storage: bits > 8 ? .int16 : .int8, bits: bits)
  }

  /// All hardware codes.
  public var codes: ClosedRange<Int> { -(1 << (bits - 1))...(1 << (bits - 1)) - 1 }

  /// The codes in words, for errors: those of the storage, or a number of bits.
  var codeDescription: String { bits == storage.bits ? storage.rawValue : "\(bits) bits" }

  /// The reals between which a file has to limit values before it rounds them to its storage, which has more codes; nil
  /// where the storage has no more.
  var limits: ClosedRange<Float>? {
    bits == storage.bits ? nil : real(codes.lowerBound)...real(codes.upperBound)
  }

  /// The integer that a file holds for a hardware code.
  public func stored(_ code: Int) -> Int { code + storage.offset }

  /// The hardware code of an integer that a file holds.
  public func code(stored value: Int) -> Int { value - storage.offset }

  /// ONNX `DequantizeLinear` in float32.
  public func real(_ code: Int) -> Float { Float(code - zeroPoint) * scale }

  /// ONNX `QuantizeLinear` in float32: rounded half to even, then saturated. A NaN gives the zero
  /// point.
  public func code(_ real: Float) -> Int {
    let quotient = (real / scale).rounded(.toNearestOrEven)
    guard !quotient.isNaN else { return zeroPoint }
    let limit: Float = 0x1p20
    let bounded = Int(min(max(quotient, -limit), limit)) + zeroPoint
    return min(max(bounded, codes.lowerBound), codes.upperBound)
  }
}
