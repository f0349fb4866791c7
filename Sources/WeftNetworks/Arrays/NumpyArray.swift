import Foundation

/// An array in NumPy's `.npy` format: a shape, an element type and the elements in row-major order.
public struct NumpyArray: Hashable, Sendable {
  /// The element types that are read and written, little-endian.
  public enum ElementType: String, Hashable, Sendable, CaseIterable {
    /// Truth values of a byte.
    case bool = "|b1"
    /// Signed numbers of 8 bits.
    case int8 = "|i1"
    /// Unsigned numbers of 8 bits.
    case uint8 = "|u1"
    /// Signed numbers of 16 bits.
    case int16 = "<i2"
    /// Unsigned numbers of 16 bits.
    case uint16 = "<u2"
    /// Signed numbers of 32 bits.
    case int32 = "<i4"
    /// Signed numbers of 64 bits.
    case int64 = "<i8"
    /// Real numbers of single precision.
    case float32 = "<f4"
    /// Real numbers of double precision.
    case float64 = "<f8"

    /// Bytes of one element.
    public var size: Int {
      switch self {
      case .bool, .int8, .uint8: 1
      case .int16, .uint16: 2
      case .int32, .float32: 4
      case .int64, .float64: 8
      }
    }

    /// Whether elements are whole numbers.
    public var isInteger: Bool { self != .float32 && self != .float64 }
  }

  /// Sizes of the dimensions, outermost first; empty for a single number.
  public let shape: [Int]
  /// Type of the elements.
  public let type: ElementType
  /// The elements, little-endian, in row-major order.
  public let bytes: Data

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }

  private init(shape: [Int], type: ElementType, bytes: Data) {
    self.shape = shape
    self.type = type
    self.bytes = bytes
  }

  /// Creates an array of whole numbers.
  ///
  /// - Throws: ``NetworkError`` if their count does not fit the shape, or one does not fit the type.
  public init(shape: [Int], type: ElementType, integers: some Collection<Int64>)
    throws(NetworkError)
  {
    guard let count = product(shape, limit: 1 << 40), count == integers.count else {
      throw NetworkError("array", "\(integers.count) elements do not fill the shape \(shape)")
    }
    var bytes = Data(capacity: count * type.size)
    for value in integers {
      let fits =
        switch type {
        case .bool: (0...1).contains(value)
        case .int8: Int8(exactly: value) != nil
        case .uint8: UInt8(exactly: value) != nil
        case .int16: Int16(exactly: value) != nil
        case .uint16: UInt16(exactly: value) != nil
        case .int32: Int32(exactly: value) != nil
        case .int64, .float32, .float64: true
        }
      guard fits else { throw NetworkError("array", "\(value) does not fit \(type)") }
      switch type {
      case .float32: bytes.append(littleEndian: Float(value).bitPattern)
      case .float64: bytes.append(littleEndian: Double(value).bitPattern)
      case .bool, .int8, .uint8: bytes.append(UInt8(truncatingIfNeeded: value))
      case .int16, .uint16: bytes.append(littleEndian: UInt16(truncatingIfNeeded: value))
      case .int32: bytes.append(littleEndian: UInt32(truncatingIfNeeded: value))
      case .int64: bytes.append(littleEndian: UInt64(bitPattern: value))
      }
    }
    self.init(shape: shape, type: type, bytes: bytes)
  }

  /// Creates an array of float32.
  ///
  /// - Throws: ``NetworkError`` if the count of the reals does not fit the shape.
  public init(shape: [Int], reals: some Collection<Float>) throws(NetworkError) {
    guard let count = product(shape, limit: 1 << 40), count == reals.count else {
      throw NetworkError("array", "\(reals.count) elements do not fill the shape \(shape)")
    }
    var bytes = Data(capacity: count * 4)
    for value in reals { bytes.append(littleEndian: value.bitPattern) }
    self.init(shape: shape, type: .float32, bytes: bytes)
  }

  /// The elements as float32, rounded to the nearest where they are wider.
  public var reals: [Float] {
    switch type {
    case .float32: words(UInt32.self).map { Float(bitPattern: $0) }
    case .float64: words(UInt64.self).map { Float(Double(bitPattern: $0)) }
    default: (integers ?? []).map { Float($0) }
    }
  }

  /// The elements as whole numbers; nil for an array of reals.
  public var integers: [Int64]? {
    switch type {
    case .bool, .uint8: words(UInt8.self).map { Int64($0) }
    case .int8: words(Int8.self).map { Int64($0) }
    case .int16: words(Int16.self).map { Int64($0) }
    case .uint16: words(UInt16.self).map { Int64($0) }
    case .int32: words(Int32.self).map { Int64($0) }
    case .int64: words(Int64.self)
    case .float32, .float64: nil
    }
  }

  private func words<T: FixedWidthInteger>(_: T.Type) -> [T] {
    bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / MemoryLayout<T>.size).map { index in
        T(
          littleEndian: buffer.loadUnaligned(
            fromByteOffset: index * MemoryLayout<T>.size, as: T.self))
      }
    }
  }
}

extension NumpyArray {
  private static let magic = Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59])

  /// Reads an array from the bytes of a file, of format version 1, 2 or 3.
  ///
  /// - Throws: ``NetworkError`` if the header is damaged, the element type or order is not
  ///   supported, or the elements do not fill the shape.
  public init(npy data: Data) throws(NetworkError) {
    let data = Data(data)
    let place = "array"
    guard data.count >= 10, data.prefix(6) == Self.magic else {
      throw NetworkError(place, "this is not a .npy file", cure: "write it with numpy.save")
    }
    guard (1...3).contains(data[6]) else {
      throw NetworkError(place, "the .npy format version \(data[6]) is not known")
    }
    var start = 10
    var length = Int(data[8]) | Int(data[9]) << 8
    if data[6] > 1 {
      guard data.count >= 12 else { throw NetworkError(place, "the .npy header is cut short") }
      length |= Int(data[10]) << 16 | Int(data[11]) << 24
      start = 12
    }
    guard length <= 1 << 16, data.count >= start + length else {
      throw NetworkError(place, "the .npy header is cut short")
    }
    let header = String(decoding: data[start..<start + length], as: UTF8.self)
    guard let description = Self.value(of: "descr", in: header),
      let order = Self.value(of: "fortran_order", in: header),
      let dimensions = Self.value(of: "shape", in: header)
    else {
      throw NetworkError(place, "the .npy header lacks descr, fortran_order or shape")
    }
    let name = description.trimmingCharacters(in: CharacterSet(charactersIn: "'\""))
    // One byte has no order, so that "<i1" and "=i1" are "|i1".
    guard
      let type = ElementType(rawValue: name) ?? ElementType(rawValue: "|" + name.dropFirst())
    else {
      throw NetworkError(
        place, "elements of type \(quoted(name)) are not supported",
        cure: "use int8, uint8, int16, uint16, int32, int64, float32, float64 or bool,"
          + " little-endian")
    }
    let shape = dimensions.split(separator: ",").map { Int($0.filter { $0 != " " }) }
    let sizes = shape.compactMap(\.self)
    guard sizes.count == shape.count, sizes.count <= 32, sizes.allSatisfy({ $0 >= 0 }),
      let count = product(sizes, limit: 1 << 40)
    else { throw NetworkError(place, "the .npy header's shape (\(quoted(dimensions))) is damaged") }
    guard order == "False" || (order == "True" && sizes.count(where: { $0 > 1 }) <= 1) else {
      throw NetworkError(
        place, "the array is in Fortran order",
        cure: "save numpy.ascontiguousarray of it")
    }
    let bytes = data[(start + length)...]
    guard bytes.count == count * type.size else {
      throw NetworkError(
        place, "\(bytes.count) bytes do not fill the shape \(sizes) of \(type)")
    }
    self.init(shape: sizes, type: type, bytes: Data(bytes))
  }

  /// Reads a `.npy` file.
  ///
  /// - Throws: ``NetworkError`` naming the file, as ``init(npy:)-(Data)`` or if it cannot be read.
  public init(npy url: URL) throws(NetworkError) {
    let place = "array \(quoted(url.path))"
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw NetworkError(place, "the file cannot be read")
    }
    do {
      try self.init(npy: data)
    } catch {
      throw NetworkError(place, error.reason, cure: error.cure)
    }
  }

  /// The bytes of a `.npy` file of format version 1.
  public var npy: Data {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header =
      "{'descr': '\(type.rawValue)', 'fortran_order': False, 'shape': (\(sizes)), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var data = Self.magic + Data([1, 0])
    data.append(littleEndian: UInt16(header.utf8.count))
    data.append(contentsOf: header.utf8)
    return data + bytes
  }

  /// Writes a `.npy` file, beside its place and then renamed.
  ///
  /// - Throws: ``NetworkError`` if the file cannot be written.
  public func write(npy url: URL) throws(NetworkError) {
    do {
      try npy.write(to: url, options: .atomic)
    } catch {
      throw NetworkError("array \(quoted(url.path))", "the file cannot be written (\(error))")
    }
  }

  /// The text of one value of the header's dictionary.
  private static func value(of key: String, in header: String) -> String? {
    guard
      let found = header.range(of: "'\(key)'") ?? header.range(of: "\"\(key)\""),
      let colon = header[found.upperBound...].firstIndex(of: ":")
    else { return nil }
    let rest = header[header.index(after: colon)...].drop { $0 == " " }
    if rest.first == "(" {
      guard let end = rest.firstIndex(of: ")") else { return nil }
      return String(rest[rest.index(after: rest.startIndex)..<end])
    }
    return rest.firstIndex { $0 == "," || $0 == "}" }.map {
      rest[..<$0].trimmingCharacters(in: .whitespaces)
    }
  }
}

extension Data {
  mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
