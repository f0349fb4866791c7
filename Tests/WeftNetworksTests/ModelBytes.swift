import Foundation

/// Builds ONNX files byte by byte, so that tests can write what the library would not.
struct ModelBytes {
  enum Attribute {
    case integer(Int)
    case integers([Int])
    case real(Float)
    case reals([Float])
    case string(String)
    case tensor(Data)
  }

  var opset = 17
  private var nodes: [Data] = []
  private var initializers: [Data] = []
  private var inputs: [Data] = []
  private var outputs: [Data] = []

  /// The file.
  var data: Data {
    var graph = Data()
    for node in nodes { graph.field(1, node) }
    graph.field(2, Data("graph".utf8))
    for initializer in initializers { graph.field(5, initializer) }
    for input in inputs { graph.field(11, input) }
    for output in outputs { graph.field(12, output) }
    var version = Data()
    version.field(2, opset)
    var model = Data()
    model.field(1, 8)
    model.field(7, graph)
    model.field(8, version)
    return model
  }

  mutating func node(
    _ type: String, _ inputs: [String], _ output: String, name: String? = nil,
    domain: String = "", _ attributes: [String: Attribute] = [:]
  ) {
    var node = Data()
    for input in inputs { node.field(1, Data(input.utf8)) }
    node.field(2, Data(output.utf8))
    node.field(3, Data((name ?? output).utf8))
    node.field(4, Data(type.utf8))
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
      var attribute = Data()
      attribute.field(1, Data(name.utf8))
      switch value {
      case .integer(let value): attribute.field(3, value)
      case .integers(let values): for value in values { attribute.field(8, value) }
      case .real(let value): attribute.field(2, value)
      case .reals(let values): for value in values { attribute.field(7, value) }
      case .string(let value): attribute.field(4, Data(value.utf8))
      case .tensor(let value): attribute.field(5, value)
      }
      node.field(5, attribute)
    }
    node.field(7, Data(domain.utf8))
    nodes.append(node)
  }

  static func tensor(_ name: String, _ dimensions: [Int], reals: [Float]) -> Data {
    var tensor = Data()
    for dimension in dimensions { tensor.field(1, dimension) }
    tensor.field(2, 1)
    for value in reals { tensor.field(4, value) }
    tensor.field(8, Data(name.utf8))
    return tensor
  }

  /// A tensor of integers, of int64 unless another element type is given.
  static func tensor(_ name: String, _ dimensions: [Int], integers: [Int], type: Int = 7) -> Data {
    var tensor = Data()
    for dimension in dimensions { tensor.field(1, dimension) }
    tensor.field(2, type)
    for value in integers { tensor.field(type == 7 ? 7 : 5, value) }
    tensor.field(8, Data(name.utf8))
    return tensor
  }

  mutating func constant(_ name: String, _ dimensions: [Int], reals: [Float]) {
    initializers.append(Self.tensor(name, dimensions, reals: reals))
  }

  mutating func constant(_ name: String, _ dimensions: [Int], integers: [Int], type: Int = 7) {
    initializers.append(Self.tensor(name, dimensions, integers: integers, type: type))
  }

  mutating func initializer(_ data: Data) { initializers.append(data) }

  mutating func input(_ name: String, _ dimensions: [Int], type: Int = 1) {
    inputs.append(Self.info(name, dimensions, type: type))
  }

  mutating func output(_ name: String) { outputs.append(Self.info(name, [], type: 1)) }

  /// Sizes below 0 are left open under a name.
  private static func info(_ name: String, _ dimensions: [Int], type: Int) -> Data {
    var shape = Data()
    for size in dimensions {
      var dimension = Data()
      if size < 0 { dimension.field(2, Data("open".utf8)) } else { dimension.field(1, size) }
      shape.field(1, dimension)
    }
    var tensor = Data()
    tensor.field(1, type)
    tensor.field(2, shape)
    var value = Data()
    value.field(1, tensor)
    var info = Data()
    info.field(1, Data(name.utf8))
    info.field(2, value)
    return info
  }

  /// A graph with the input x of 2x4x4, to which `body` adds what makes the output y.
  static func graph(_ body: (inout ModelBytes) -> Void) -> Data {
    var model = ModelBytes()
    model.input("x", [1, 2, 4, 4])
    model.output("y")
    body(&model)
    return model.data
  }
}

extension Data {
  fileprivate mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 127 {
      append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  fileprivate mutating func field(_ number: Int, _ value: Int) {
    varint(UInt64(number << 3))
    varint(UInt64(bitPattern: Int64(value)))
  }

  fileprivate mutating func field(_ number: Int, _ value: Float) {
    varint(UInt64(number << 3 | 5))
    for byte in 0..<4 { append(UInt8(truncatingIfNeeded: value.bitPattern >> (8 * byte))) }
  }

  fileprivate mutating func field(_ number: Int, _ value: Data) {
    varint(UInt64(number << 3 | 2))
    varint(UInt64(value.count))
    append(value)
  }
}
