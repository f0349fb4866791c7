import Foundation
import SwiftProtobuf

/// An ONNX model that is written piece by piece: its constants go from the network's arrays straight to their place,
/// so that a file of any size takes no memory beside them.
struct ONNXFile {
  /// A constant of the graph.
  struct Constant {
    /// The elements.
    enum Values {
      case reals([Float])
      case codes([Int32])
      case integers([Int64])
    }

    var name: String
    var dimensions: [Int]
    var type: ONNXTensor.ElementType
    var values: Values

    /// Bytes of all elements.
    var size: Int { dimensions.reduce(1, *) * type.size }
  }

  /// The graph without its constants.
  var graph = Onnx_GraphProto()
  var constants: [Constant] = []
  var usesMicrosoftDomain = false

  // Numbers of fields whose values are bytes, as their tags have them.
  private static let graphField: UInt8 = 7 << 3 | 2
  private static let initializerField: UInt8 = 5 << 3 | 2
  private static let rawDataField: UInt8 = 9 << 3 | 2

  /// Writes the model.
  ///
  /// - Parameters:
  ///   - write: is given the file's bytes, in order.
  ///   - progress: is told how many of how many bytes are written.
  /// - Throws: ``NetworkError`` if the format cannot hold the model, and whatever `write` throws.
  func write(_ write: (UnsafeRawBufferPointer) throws -> Void, progress: (Int, Int) -> Void) throws {
    var model = Onnx_ModelProto()
    model.irVersion = 8
    model.producerName = "weft"
    model.opsetImport = [Self.operatorSet("", 17)]
    if usesMicrosoftDomain { model.opsetImport.append(Self.operatorSet("com.microsoft", 1)) }
    let head: Data = try model.serializedBytes()
    let nodes: Data = try graph.serializedBytes()
    let headers = try constants.map(Self.header)
    // A field's tag, its length, and what it holds.
    let sizes = zip(headers, constants).map { $0.count + 1 + Self.varint($1.size).count + $1.size }
    let graphSize = sizes.reduce(nodes.count) { $0 + 1 + Self.varint($1).count + $1 }
    let total = head.count + 1 + Self.varint(graphSize).count + graphSize
    guard total < NetworkLimits.fileBytes else {
      throw NetworkError("model", "it takes \(total) bytes", cure: "an ONNX file has less than 2 GiB")
    }
    var written = 0
    func put(_ data: Data) throws {
      try data.withUnsafeBytes { try write($0) }
      written += data.count
    }
    try put(head + [Self.graphField] + Self.varint(graphSize) + nodes)
    for (index, constant) in constants.enumerated() {
      try put([Self.initializerField] + Self.varint(sizes[index]) + headers[index])
      try put([Self.rawDataField] + Self.varint(constant.size))
      try constant.withBytes { bytes in
        // In pieces, so that progress shows.
        for start in stride(from: 0, to: bytes.count, by: 1 << 24) {
          let end = min(start + 1 << 24, bytes.count)
          try write(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
          progress(written + end, total)
        }
      }
      written += constant.size
    }
    progress(written, total)
  }

  private static func operatorSet(_ domain: String, _ version: Int64) -> Onnx_OperatorSetIdProto {
    var result = Onnx_OperatorSetIdProto()
    result.domain = domain
    result.version = version
    return result
  }

  /// A constant's tensor without its elements.
  private static func header(_ constant: Constant) throws -> Data {
    var tensor = Onnx_TensorProto()
    tensor.name = constant.name
    tensor.dims = constant.dimensions.map { Int64($0) }
    tensor.dataType = Int32(constant.type.rawValue)
    return try tensor.serializedBytes()
  }

  /// A number in protocol buffers' own coding.
  private static func varint(_ value: Int) -> Data {
    var rest = value
    var bytes = Data()
    while rest > 127 {
      bytes.append(UInt8(rest & 127 | 128))
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    return bytes
  }
}

extension ONNXFile.Constant {
  /// The elements as the file has them: of their type, little endian.
  fileprivate func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    switch values {
    case .reals(let values):
      #if _endian(little)
        try values.withUnsafeBytes { try body($0) }
      #else
        try values.map(\.bitPattern.littleEndian).withUnsafeBytes { try body($0) }
      #endif
    case .codes(let values): try Self.withBytes(values, type, body)
    case .integers(let values): try Self.withBytes(values, type, body)
    }
  }

  private static func withBytes<Value: FixedWidthInteger>(
    _ values: [Value], _ type: ONNXTensor.ElementType, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    switch type.size {
    case 1: try values.map { UInt8(truncatingIfNeeded: $0) }.withUnsafeBytes { try body($0) }
    case 2: try values.map { UInt16(truncatingIfNeeded: $0).littleEndian }.withUnsafeBytes { try body($0) }
    case 4: try values.map { UInt32(truncatingIfNeeded: $0).littleEndian }.withUnsafeBytes { try body($0) }
    default: try values.map { UInt64(truncatingIfNeeded: $0).littleEndian }.withUnsafeBytes { try body($0) }
    }
  }
}
