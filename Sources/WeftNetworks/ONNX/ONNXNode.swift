/// A node while a model is read: its operator, its attributes and how errors call it.
struct ONNXNode {
  let name: String
  let type: String
  let inputs: [String]
  let outputs: [String]
  private let attributes: [String: Onnx_AttributeProto]

  /// How an error names the node: its operator and name, or its first output where it has none.
  var place: String { "\(type) \(quoted(name))" }

  init(_ proto: Onnx_NodeProto) {
    type = proto.opType
    name = proto.name.isEmpty ? proto.output.first ?? "" : proto.name
    inputs = proto.input
    outputs = proto.output
    attributes = Dictionary(proto.attribute.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
  }

  func error(_ reason: String, cure: String = "") -> NetworkError {
    NetworkError(place, reason, cure: cure)
  }

  func has(_ attribute: String) -> Bool { attributes[attribute] != nil }

  func integer(_ attribute: String, default value: Int) -> Int {
    attributes[attribute].map { Int(clamping: $0.i) } ?? value
  }

  func integers(_ attribute: String) -> [Int]? {
    attributes[attribute].map { $0.ints.map { Int(clamping: $0) } }
  }

  func real(_ attribute: String, default value: Float) -> Float { attributes[attribute]?.f ?? value }

  func reals(_ attribute: String) -> [Float]? { attributes[attribute]?.floats }

  func string(_ attribute: String, default value: String) -> String {
    attributes[attribute].map { String(decoding: $0.s, as: UTF8.self) } ?? value
  }

  func tensor(_ attribute: String) -> Onnx_TensorProto? {
    attributes[attribute].flatMap { $0.hasT ? $0.t : nil }
  }
}
