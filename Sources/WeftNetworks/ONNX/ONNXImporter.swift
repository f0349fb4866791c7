import Foundation
import SwiftProtobuf

/// Reads a model: walks its nodes in order, folds what is constant, and turns the rest into the
/// nodes of a ``Network``.
struct ONNXImporter {
  /// A value of the graph while it is read.
  enum Value {
    case constant(ONNXTensor)
    /// A feature map: of float32, or of codes of some integer type.
    case map(Network.Source, codes: Quantization.Storage?)
  }

  var network: Network
  private var values: [String: Value] = [:]
  private var foldedElements = 0
  /// How many nodes and outputs read each value.
  private var readers: [String: Int] = [:]
  private let graph: Onnx_GraphProto
  private let sizes: [String: ImageSize]
  let opset: Int

  /// Decodes a model; `sizes` take the place of those that inputs declare.
  init(_ data: Data, sizes: [String: ImageSize] = [:]) throws(NetworkError) {
    self.sizes = sizes
    guard data.count <= NetworkLimits.fileBytes else {
      throw NetworkError("model", "the file is larger than 2 GiB")
    }
    let model: Onnx_ModelProto
    do {
      model = try Onnx_ModelProto(serializedBytes: data)
    } catch {
      throw NetworkError("model", "this is not an ONNX file, or a damaged one (\(error))")
    }
    guard model.hasGraph else { throw NetworkError("model", "the file holds no graph") }
    graph = model.graph
    network = Network(name: graph.name, inputs: [])
    let opsets = model.opsetImport.filter { ["", "ai.onnx"].contains($0.domain) }
    let version = opsets.map(\.version).max() ?? 1
    guard (7...1000).contains(version) else {
      throw NetworkError(
        "model", "operator set \(version) is not supported",
        cure: "export the model with operator set 11 or later")
    }
    opset = Int(version)
  }

  /// Reads the graph.
  mutating func run() throws(NetworkError) -> Network {
    guard graph.node.count <= NetworkLimits.nodes else {
      throw NetworkError("model", "\(graph.node.count) nodes are more than \(NetworkLimits.nodes)")
    }
    let needed = try neededNodes()
    for index in needed.nodes {
      for input in graph.node[index].input { readers[input, default: 0] += 1 }
    }
    for output in graph.output { readers[output.name, default: 0] += 1 }
    try readInitializers(used: needed.inputs)
    try readInputs(used: needed.inputs)
    for index in needed.nodes {
      let proto = graph.node[index]
      let node = ONNXNode(proto)
      guard
        ["", "ai.onnx"].contains(proto.domain)
          || (proto.domain == "com.microsoft"
            && ["QuantizeLinear", "DequantizeLinear"].contains(proto.opType))
      else {
        throw node.error(
          "operators of the domain \(quoted(proto.domain)) are not supported",
          cure: "export with ONNX's own operators")
      }
      let value = try value(of: node)
      guard let output = node.outputs.first, !output.isEmpty else {
        throw node.error("the node has no output")
      }
      guard values.updateValue(value, forKey: output) == nil else {
        throw node.error("the name \(quoted(output)) is given to two values")
      }
    }
    try readOutputs()
    try checkWork()
    if let name = sizes.keys.sorted().first(where: { name in !network.inputs.contains { $0.name == name } }) {
      throw NetworkError("input \(quoted(name))", "the network has no such input to give a size")
    }
    return network
  }

  // MARK: Values

  /// The value of a node's input, or nil where it is left out.
  func input(_ index: Int, of node: ONNXNode) throws(NetworkError) -> Value? {
    guard index < node.inputs.count, !node.inputs[index].isEmpty else { return nil }
    guard let value = values[node.inputs[index]] else {
      throw node.error(
        "it reads \(quoted(node.inputs[index])), which nothing before it makes: the graph is cyclic"
          + " or out of order",
        cure: "a graph's nodes stand in the order of the data")
    }
    return value
  }

  /// A constant input of a node, or nil where it is left out.
  func constant(_ index: Int, of node: ONNXNode, _ meaning: String) throws(NetworkError)
    -> ONNXTensor?
  {
    switch try input(index, of: node) {
    case nil: return nil
    case .constant(let tensor): return tensor
    case .map:
      throw node.error("its \(meaning) depends on the network's input", cure: "make it a constant")
    }
  }

  /// The map that a node reads.
  func map(_ index: Int, of node: ONNXNode) throws(NetworkError) -> (
    source: Network.Source, codes: Quantization.Storage?, shape: MapShape
  ) {
    guard case .map(let source, let codes)? = try input(index, of: node) else {
      throw node.error("input \(index) must be a feature map, not a constant")
    }
    return (source, codes, network.shape(of: source))
  }

  /// Counts the elements of a constant that was computed.
  mutating func charge(_ elements: Int, to node: ONNXNode) throws(NetworkError) {
    guard elements <= NetworkLimits.foldedElements else {
      throw node.error("a computed constant of \(elements) elements is too large")
    }
    foldedElements += elements
    guard foldedElements <= NetworkLimits.foldedTotal else {
      throw node.error("the computed constants are too large altogether")
    }
  }

  private mutating func value(of node: ONNXNode) throws(NetworkError) -> Value {
    var maps = 0
    for index in node.inputs.indices {
      if case .map? = try input(index, of: node) { maps += 1 }
    }
    if maps == 0 || node.type == "Shape" { return .constant(try fold(node)) }
    if Self.joiningOperators.contains(node.type), maps > 1 || node.type == "Concat" { return try join(node) }
    if maps > 1 {
      throw node.error(
        "it reads \(maps) feature maps, which is not supported",
        cure: "Add, Sum and Concat join maps; other operators read one map and constants")
    }
    return try operation(node)
  }

  /// Whether nothing but this node reads one of its inputs.
  func isExclusive(_ index: Int, of node: ONNXNode) -> Bool { readers[node.inputs[index]] == 1 }

  // MARK: The graph's ends

  /// The nodes that the outputs depend on, in order, and the names that these and the outputs read.
  private func neededNodes() throws(NetworkError) -> (nodes: [Int], inputs: Set<String>) {
    var producers: [String: Int] = [:]
    for (index, node) in graph.node.enumerated() {
      for output in node.output where !output.isEmpty {
        guard producers.updateValue(index, forKey: output) == nil else {
          throw NetworkError("model", "the name \(quoted(output)) is given to two values")
        }
      }
    }
    var names = Set(graph.output.map(\.name))
    var nodes: Set<Int> = []
    var open = Array(names)
    while let name = open.popLast() {
      guard let index = producers[name], nodes.insert(index).inserted else { continue }
      for input in graph.node[index].input where names.insert(input).inserted { open.append(input) }
    }
    return (nodes.sorted(), names)
  }

  private mutating func readInitializers(used: Set<String>) throws(NetworkError) {
    for initializer in graph.initializer where used.contains(initializer.name) {
      let tensor = try ONNXTensor(initializer, at: "initialiser \(quoted(initializer.name))")
      guard values.updateValue(.constant(tensor), forKey: initializer.name) == nil else {
        throw NetworkError(
          "model", "the name \(quoted(initializer.name)) is given to two values")
      }
    }
  }

  private mutating func readInputs(used: Set<String>) throws(NetworkError) {
    for input in graph.input where used.contains(input.name) {
      // Old files list their initialisers among the inputs.
      if case .constant? = values[input.name] { continue }
      let place = "input \(quoted(input.name))"
      let type = ONNXTensor.ElementType(rawValue: Int(input.type.tensorType.elemType))
      guard let type, type == .float32 || type.storage != nil else {
        throw NetworkError(place, "its element type is not supported", cure: "use float32 or int8")
      }
      let dimensions = input.type.tensorType.shape.dim
      guard dimensions.count == 4 || dimensions.count == 2 else {
        throw NetworkError(
          place, "it has \(dimensions.count) dimensions",
          cure: "inputs have four, batch, channels, height, width, or two, batch and elements")
      }
      if case .dimValue(let batch)? = dimensions[0].value, batch != 1 {
        throw NetworkError(
          place, "its batch is \(batch)", cure: "the batch must be 1 or left open; frames are given"
            + " when the network is run")
      }
      var sizes: [Int] = []
      for dimension in dimensions.dropFirst() {
        guard case .dimValue(let size)? = dimension.value, size > 0 else {
          throw NetworkError(
            place, "its channels, height or width are left open",
            cure: "export the model with a fixed size")
        }
        sizes.append(Int(clamping: size))
      }
      let isVector = sizes.count == 1
      if isVector { sizes += [1, 1] }
      if let size = self.sizes[input.name] {
        guard !isVector else {
          throw NetworkError(place, "it is a vector, which has no height and width", cure: "give no size for it")
        }
        sizes.replaceSubrange(1..., with: [size.height, size.width])
      }
      guard sizes.allSatisfy({ $0 > 0 }), product(sizes, limit: NetworkLimits.mapElements) != nil else {
        throw NetworkError(place, "its shape is empty or too large")
      }
      network.inputs.append(
        Network.Input(
          name: input.name,
          shape: MapShape(channels: sizes[0], height: sizes[1], width: sizes[2]),
          storage: type.storage, isVector: isVector))
      let value = Value.map(.input(network.inputs.count - 1), codes: type.storage)
      guard values.updateValue(value, forKey: input.name) == nil else {
        throw NetworkError("model", "the name \(quoted(input.name)) is given to two values")
      }
    }
  }

  private mutating func readOutputs() throws(NetworkError) {
    guard !graph.output.isEmpty else { throw NetworkError("model", "the graph has no output") }
    for output in graph.output {
      let place = "output \(quoted(output.name))"
      switch values[output.name] {
      case .map(let source, _)?:
        guard !network.outputs.contains(where: { $0.name == output.name }) else {
          throw NetworkError(place, "two outputs have this name")
        }
        network.outputs.append(Network.Output(name: output.name, source: source))
      case .constant?: throw NetworkError(place, "it does not depend on any input")
      case nil: throw NetworkError(place, "nothing makes it")
      }
    }
  }

  private func checkWork() throws(NetworkError) {
    var total = 0
    for node in network.nodes {
      guard let macs = node.boundedMACs(reading: network.shape(of: node.source)),
        case let sum = total + macs, sum <= NetworkLimits.macs
      else { throw NetworkError("model", "the network asks for too many operations") }
      total = sum
    }
  }
}

extension Network.Node {
  /// Multiply-accumulates of one frame, or nil where they are beyond the limits.
  func boundedMACs(reading input: MapShape) -> Int? {
    switch operation {
    case .convolution(_, _, let window, let groups):
      product(
        [shape.count, input.channels / groups, window.kernelHeight, window.kernelWidth], limit: NetworkLimits.macs)
    case .fullyConnected: product([shape.count, input.count], limit: NetworkLimits.macs)
    default: 0
    }
  }
}

extension Network {
  /// Reads an ONNX model.
  ///
  /// Initialisers and shape chains are folded, nodes that no output needs are dropped, and with
  /// them the inputs that nothing reads.
  ///
  /// - Parameter sizes: for inputs by name, another height and width than the file declares; a
  ///   fully convolutional network computes maps of any size.
  /// - Throws: ``NetworkError`` for a damaged file and for whatever is not supported; it names the
  ///   node, the reason and the nearest supported form.
  public init(onnx data: Data, sizes: [String: ImageSize] = [:]) throws(NetworkError) {
    var importer = try ONNXImporter(data, sizes: sizes)
    self = try importer.run()
  }

  /// Reads an ONNX file.
  ///
  /// - Throws: ``NetworkError`` if the file cannot be read, and as ``init(onnx:sizes:)-(Data,_)``.
  public init(onnx url: URL, sizes: [String: ImageSize] = [:]) throws(NetworkError) {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw NetworkError("model \(quoted(url.path))", "the file cannot be read")
    }
    try self.init(onnx: data, sizes: sizes)
    if name.isEmpty { name = url.deletingPathExtension().lastPathComponent }
  }
}
