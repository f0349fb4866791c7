import Foundation

/// A constant while a model is read: an initialiser, or what constant folding makes of some.
struct ONNXTensor: Hashable, Sendable {
  /// ONNX element types, with their numbers in the format.
  enum ElementType: Int, Hashable, Sendable {
    case float32 = 1
    case uint8 = 2
    case int8 = 3
    case int16 = 5
    case int32 = 6
    case int64 = 7
    case bool = 9
    case float64 = 11

    /// Bytes of one element.
    var size: Int {
      switch self {
      case .uint8, .int8, .bool: 1
      case .int16: 2
      case .float32, .int32: 4
      case .int64, .float64: 8
      }
    }

    var isInteger: Bool { self != .float32 && self != .float64 }

    /// The codes of activations of this type, if it is one of those that are supported.
    var storage: Quantization.Storage? {
      switch self {
      case .int8: .int8
      case .uint8: .uint8
      case .int16: .int16
      default: nil
      }
    }
  }

  /// The values; those of float64 are held as float32.
  enum Values: Hashable, Sendable {
    case reals([Float])
    case integers([Int64])
    /// Integers minus their zero point, with the scales of equal blocks along axis `axis`.
    case quantized([Int32], scales: [Float], axis: Int)

    var count: Int {
      switch self {
      case .reals(let values): values.count
      case .integers(let values): values.count
      case .quantized(let values, _, _): values.count
      }
    }
  }

  var dimensions: [Int]
  var type: ElementType
  var values: Values

  var count: Int { values.count }

  /// The values as whole numbers, or nil for a tensor of reals.
  var integers: [Int64]? {
    if case .integers(let values) = values { values } else { nil }
  }

  /// The values as float32, dequantised where they are codes.
  var reals: [Float] {
    switch values {
    case .reals(let values): return values
    case .integers(let values): return values.map { Float($0) }
    case .quantized(let values, let scales, let axis):
      guard scales.count > 1 else { return values.map { Float($0) * (scales.first ?? 1) } }
      let inner = dimensions[(axis + 1)...].reduce(1, *)
      return values.indices.map { Float(values[$0]) * scales[$0 / inner % scales.count] }
    }
  }

  /// The values as a node holds them. Codes stay codes if their scales belong to `channelAxis`,
  /// with nothing but single elements before it.
  func parameter(channelAxis: Int) -> Parameter {
    if case .quantized(let values, let scales, let axis) = values,
      scales.count == 1
        || (axis == channelAxis && dimensions[..<axis].allSatisfy { $0 == 1 })
    {
      return .codes(values, scales: scales)
    }
    return .reals(reals)
  }
}

extension ONNXTensor {
  /// Reads a tensor of the file.
  ///
  /// - Throws: ``NetworkError`` naming `place` if its type is not supported, its data lies
  ///   elsewhere, or its data do not fill its shape.
  init(_ tensor: Onnx_TensorProto, at place: String) throws(NetworkError) {
    guard tensor.dataLocation == 0 else {
      throw NetworkError(
        place, "its data lie in another file",
        cure: "save the model with all data inside it (onnx.save with save_as_external_data off)")
    }
    guard let type = ElementType(rawValue: Int(tensor.dataType)) else {
      throw NetworkError(
        place, "element type \(tensor.dataType) is not supported",
        cure: "use float32, int8, uint8, int16, int32 or int64")
    }
    let dimensions = tensor.dims.map { Int(clamping: $0) }
    guard tensor.dims.count <= 8, dimensions.allSatisfy({ $0 >= 0 }),
      let count = product(dimensions, limit: 1 << 31)
    else { throw NetworkError(place, "its shape is not one of a tensor") }

    let values: Values
    let raw = tensor.rawData
    if !raw.isEmpty || count == 0 {
      guard raw.count == count * type.size else {
        throw NetworkError(
          place, "it holds \(raw.count) bytes where its shape asks for \(count * type.size)")
      }
      values = Self.values(of: raw, type: type)
    } else {
      let integers: [Int64]
      switch type {
      case .float32:
        values = .reals(tensor.floatData)
        integers = []
      case .float64:
        values = .reals(tensor.doubleData.map { Float($0) })
        integers = []
      case .int64:
        integers = tensor.int64Data
        values = .integers(integers)
      default:
        integers = tensor.int32Data.map { Int64($0) }
        values = .integers(integers)
      }
      guard values.count == count else {
        throw NetworkError(
          place, "it holds \(values.count) values where its shape asks for \(count)")
      }
      let range: ClosedRange<Int64>
      switch type {
      case .int8: range = -128...127
      case .uint8: range = 0...255
      case .bool: range = 0...1
      case .int16: range = -32768...32767
      default: range = .min ... .max
      }
      guard integers.allSatisfy(range.contains) else {
        throw NetworkError(place, "it holds a value that its element type does not")
      }
    }
    self.init(dimensions: dimensions, type: type, values: values)
  }

  private static func values(of raw: Data, type: ElementType) -> Values {
    raw.withUnsafeBytes { bytes in
      func integers<T: FixedWidthInteger>(_: T.Type) -> Values {
        .integers(
          (0..<bytes.count / MemoryLayout<T>.size).map { index in
            Int64(
              T(
                littleEndian: bytes.loadUnaligned(
                  fromByteOffset: index * MemoryLayout<T>.size, as: T.self)))
          })
      }
      func reals<T: FixedWidthInteger>(_: T.Type, _ real: (T) -> Float) -> Values {
        .reals(
          (0..<bytes.count / MemoryLayout<T>.size).map { index in
            real(T(littleEndian: bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self)))
          })
      }
      switch type {
      case .float32: return reals(UInt32.self) { Float(bitPattern: $0) }
      case .float64: return reals(UInt64.self) { Float(Double(bitPattern: $0)) }
      case .uint8, .bool: return integers(UInt8.self)
      case .int8: return integers(Int8.self)
      case .int16: return integers(Int16.self)
      case .int32: return integers(Int32.self)
      case .int64: return integers(Int64.self)
      }
    }
  }
}
