// Operators that join feature maps, and those that see their elements in another shape.
extension ONNXImporter {
  /// Those that may read several maps.
  static let joiningOperators: Set = ["Add", "Sum", "Concat"]

  /// A sum or a concatenation of maps.
  mutating func join(_ node: ONNXNode) throws(NetworkError) -> Value {
    var sources: [Network.Source] = []
    for index in node.inputs.indices {
      guard case .map(let source, let codes)? = try input(index, of: node) else {
        throw node.error("it joins feature maps with a constant", cure: "join maps, or add a constant to one map")
      }
      guard codes == nil else { throw node.error("it reads integer codes", cure: "put a DequantizeLinear before it") }
      sources.append(source)
    }
    guard node.type == "Concat" else { return try append(.sum, node, joining: sources) }
    let rank = network.isVector(sources[0]) ? 2 : 4
    let axis = node.integer("axis", default: 1)
    guard axis == 1 || axis == 1 - rank else {
      throw node.error("it joins along axis \(axis)", cure: "maps are joined along their channels, axis 1")
    }
    return sources.count == 1 ? .map(sources[0], codes: nil) : try append(.concatenate, node, joining: sources)
  }

  private mutating func append(_ operation: Network.Operation, _ node: ONNXNode, joining sources: [Network.Source])
    throws(NetworkError) -> Value
  {
    .map(try network.append(operation, named: node.name, joining: sources, at: node.place), codes: nil)
  }

  /// The dimensions of a map or a vector as files have them.
  func dimensions(of source: Network.Source) -> [Int] {
    let shape = network.shape(of: source)
    return network.isVector(source) ? [1, shape.channels] : [1, shape.channels, shape.height, shape.width]
  }

  /// Reshape, Flatten, Squeeze and Unsqueeze of a map.
  mutating func reshape(_ node: ONNXNode, _ source: Network.Source) throws(NetworkError) -> Value {
    let given = dimensions(of: source)
    let wanted: [Int]
    if node.type == "Flatten" {
      let axis = node.integer("axis", default: 1)
      guard (0...given.count).contains(axis < 0 ? axis + given.count : axis) else {
        throw node.error("axis \(axis) is out of range")
      }
      let split = axis < 0 ? axis + given.count : axis
      wanted = [given[..<split].reduce(1, *), given[split...].reduce(1, *)]
    } else {
      wanted = try reshaped(given, count: network.shape(of: source).count, node)
    }
    guard wanted != given else { return .map(source, codes: nil) }
    guard wanted.first == 1, wanted.count == 2 || wanted.count == 4 else {
      throw node.error(
        "it gives the shape \(wanted)",
        cure: "the batch stays 1, before channels, height and width, or before the elements of a vector")
    }
    return try append(
      wanted.count == 2 ? .flatten : .reshape(MapShape(channels: wanted[1], height: wanted[2], width: wanted[3])), node,
      source)
  }

  /// The dimensions that Reshape, Squeeze or Unsqueeze gives to `count` elements.
  func reshaped(_ given: [Int], count: Int, _ node: ONNXNode) throws(NetworkError) -> [Int] {
    let rank = given.count
    var dimensions = given
    let operand = try constant(1, of: node, "shape or axes")?.integers?.map { Int(clamping: $0) }
    switch node.type {
    case "Unsqueeze":
      let axes = operand ?? node.integers("axes") ?? []
      for axis in try normalized(axes, rank: rank + axes.count, node).sorted() { dimensions.insert(1, at: axis) }
    case "Squeeze":
      let all = dimensions.indices.filter { dimensions[$0] == 1 }
      let axes = try normalized(operand ?? node.integers("axes") ?? all, rank: rank, node)
      guard axes.allSatisfy({ given[$0] == 1 }) else {
        throw node.error("it removes an axis that has more than one element")
      }
      dimensions = given.indices.filter { !axes.contains($0) }.map { given[$0] }
    default:
      var wanted = operand ?? node.integers("shape") ?? []
      for (index, size) in wanted.enumerated() where size == 0 && index < rank { wanted[index] = given[index] }
      if let open = wanted.firstIndex(of: -1) {
        wanted[open] = 1
        guard let known = product(wanted, limit: 1 << 31), known > 0 else {
          throw node.error("its shape is out of range")
        }
        wanted[open] = count / known
      }
      dimensions = wanted
    }
    guard dimensions.count <= 8, dimensions.allSatisfy({ $0 >= 0 }), product(dimensions, limit: 1 << 31) == count else {
      throw node.error("\(count) elements do not fill the shape \(dimensions)")
    }
    return dimensions
  }
}
