import Foundation

// Nodes whose inputs are all constants, and the shape of a map.
extension ONNXImporter {
  mutating func fold(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    let result: ONNXTensor
    switch node.type {
    case "Constant": result = try constantNode(node)
    case "Shape": result = try shape(node)
    case "Identity": result = try operand(0, of: node)
    case "Cast": result = try cast(node)
    case "Gather": result = try gather(node)
    case "Concat": result = try concatenate(node)
    case "Unsqueeze", "Squeeze", "Reshape": result = try reshape(node)
    case "Slice": result = try slice(node)
    case "Transpose": result = try transpose(node)
    case "ConstantOfShape": result = try constantOfShape(node)
    case "Add", "Sub", "Mul", "Div", "Pow": result = try arithmetic(node)
    case "Floor", "Ceil", "Sqrt": result = try eachElement(node)
    case "ReduceSum", "ReduceL2": result = try reduce(node)
    case "QuantizeLinear": result = try quantize(node)
    case "DequantizeLinear": result = try dequantize(node)
    default:
      throw node.error(
        "\(quoted(node.type)) of constants is not supported",
        cure: "fold constants when the model is exported")
    }
    try charge(result.count, to: node)
    return result
  }

  func operand(_ index: Int, of node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    guard let tensor = try constant(index, of: node, "input \(index)") else {
      throw node.error("input \(index) is missing")
    }
    return tensor
  }

  /// A whole-number input.
  private func integers(_ index: Int, of node: ONNXNode) throws(NetworkError) -> [Int]? {
    guard let tensor = try constant(index, of: node, "input \(index)") else { return nil }
    guard let integers = tensor.integers else {
      throw node.error("input \(index) must hold whole numbers")
    }
    return integers.map { Int(clamping: $0) }
  }

  private func constantNode(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    if let tensor = node.tensor("value") { return try ONNXTensor(tensor, at: node.place) }
    if node.has("value_float") {
      return ONNXTensor(
        dimensions: [], type: .float32, values: .reals([node.real("value_float", default: 0)]))
    }
    if node.has("value_int") {
      return ONNXTensor(
        dimensions: [], type: .int64,
        values: .integers([Int64(node.integer("value_int", default: 0))]))
    }
    if let reals = node.reals("value_floats"), !reals.isEmpty {
      return ONNXTensor(dimensions: [reals.count], type: .float32, values: .reals(reals))
    }
    if let integers = node.integers("value_ints") {
      return ONNXTensor(
        dimensions: [integers.count], type: .int64, values: .integers(integers.map { Int64($0) }))
    }
    throw node.error("it holds no value of numbers")
  }

  private func shape(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    var dimensions: [Int]
    switch try input(0, of: node) {
    case .constant(let tensor)?: dimensions = tensor.dimensions
    case .map(let source, _)?: dimensions = self.dimensions(of: source)
    case nil: throw node.error("input 0 is missing")
    }
    let rank = dimensions.count
    func position(_ value: Int) -> Int { min(max(value < 0 ? value + rank : value, 0), rank) }
    let start = position(node.integer("start", default: 0))
    let end = position(node.integer("end", default: rank))
    dimensions = Array(dimensions[start..<max(start, end)])
    return ONNXTensor(
      dimensions: [dimensions.count], type: .int64,
      values: .integers(dimensions.map { Int64($0) }))
  }

  private func cast(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    var tensor = try operand(0, of: node)
    guard let type = ONNXTensor.ElementType(rawValue: node.integer("to", default: 0)) else {
      throw node.error("it casts to an element type that is not supported")
    }
    tensor.type = type
    if type.isInteger {
      if tensor.integers == nil {
        let reals = tensor.reals
        guard reals.allSatisfy({ abs($0) < 0x1p62 }) else {
          throw node.error("a value is too large for an integer")
        }
        tensor.values = .integers(reals.map { Int64($0) })
      }
      let bits = type.size * 8
      let unsigned = type == .uint8 || type == .bool
      guard
        bits == 64
          || tensor.integers?.allSatisfy({ value in
            unsigned
              ? (0...255).contains(value)
              : (-(1 << Int64(bits - 1))...(1 << Int64(bits - 1)) - 1).contains(value)
          }) ?? true
      else { throw node.error("a value does not fit the type it is cast to") }
    } else {
      tensor.values = .reals(tensor.reals)
    }
    return tensor
  }

  private func axis(_ value: Int, rank: Int, _ node: ONNXNode) throws(NetworkError) -> Int {
    guard (-rank..<rank).contains(value) else {
      throw node.error("axis \(value) is out of range")
    }
    return value < 0 ? value + rank : value
  }

  /// Picks elements of a tensor, in order, into a new shape.
  private mutating func picking(
    _ indices: [Int], of tensor: ONNXTensor, into dimensions: [Int], _ node: ONNXNode
  ) throws(NetworkError) -> ONNXTensor {
    guard indices.allSatisfy({ (0..<tensor.count).contains($0) }) else {
      throw node.error("an index is out of range")
    }
    var result = tensor
    result.dimensions = dimensions
    switch tensor.values {
    case .reals(let values): result.values = .reals(indices.map { values[$0] })
    case .integers(let values): result.values = .integers(indices.map { values[$0] })
    case .quantized:
      let reals = tensor.reals
      result.values = .reals(indices.map { reals[$0] })
    }
    return result
  }

  private mutating func gather(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    let data = try operand(0, of: node)
    let indexTensor = try operand(1, of: node)
    guard let positions = indexTensor.integers else {
      throw node.error("its indices are not whole numbers")
    }
    let axis = try axis(node.integer("axis", default: 0), rank: data.dimensions.count, node)
    let size = data.dimensions[axis]
    let inner = data.dimensions[(axis + 1)...].reduce(1, *)
    let outer = data.dimensions[..<axis].reduce(1, *)
    guard let count = product([outer, positions.count, inner], limit: NetworkLimits.foldedElements)
    else { throw node.error("a computed constant is too large") }
    var indices: [Int] = []
    indices.reserveCapacity(count)
    for block in 0..<outer {
      for position in positions {
        guard (-Int64(size)..<Int64(size)).contains(position) else {
          throw node.error("the index \(position) is out of range")
        }
        let place = Int(position) < 0 ? Int(position) + size : Int(position)
        for element in 0..<inner { indices.append((block * size + place) * inner + element) }
      }
    }
    let dimensions = data.dimensions[..<axis] + indexTensor.dimensions
      + data.dimensions[(axis + 1)...]
    return try picking(indices, of: data, into: Array(dimensions), node)
  }

  private func concatenate(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    var parts: [ONNXTensor] = []
    for index in node.inputs.indices { parts.append(try operand(index, of: node)) }
    guard let first = parts.first, parts.allSatisfy({ $0.dimensions.count == 1 }) else {
      throw node.error("constants of one dimension can be joined")
    }
    let count = parts.reduce(0) { $0 + $1.count }
    let integers = parts.compactMap(\.integers)
    let values: ONNXTensor.Values =
      integers.count == parts.count
      ? .integers(Array(integers.joined())) : .reals(parts.flatMap(\.reals))
    guard parts.allSatisfy({ $0.type == first.type }) else {
      throw node.error("it joins constants of different types")
    }
    return ONNXTensor(dimensions: [count], type: first.type, values: values)
  }

  private func reshape(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    var tensor = try operand(0, of: node)
    if case .quantized = tensor.values { tensor.values = .reals(tensor.reals) }
    tensor.dimensions = try reshaped(tensor.dimensions, count: tensor.count, node)
    return tensor
  }

  private mutating func slice(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    let data = try operand(0, of: node)
    let rank = data.dimensions.count
    let starts = try integers(1, of: node) ?? node.integers("starts") ?? []
    let ends = try integers(2, of: node) ?? node.integers("ends") ?? []
    let given = try integers(3, of: node) ?? node.integers("axes") ?? Array(0..<starts.count)
    let axes = try normalized(given, rank: rank, node)
    let steps = try integers(4, of: node) ?? Array(repeating: 1, count: starts.count)
    guard starts.count == ends.count, starts.count == axes.count, steps.count == axes.count,
      steps.allSatisfy({ $0 != 0 && abs($0.clamped(to: -1 << 40 ... 1 << 40)) < 1 << 40 })
    else { throw node.error("its starts, ends, axes and steps do not fit") }
    var chosen = data.dimensions.map { Array(0..<$0) }
    for (index, axis) in axes.enumerated() {
      let size = data.dimensions[axis]
      let step = steps[index]
      func position(_ value: Int, _ range: ClosedRange<Int>) -> Int {
        (value < 0 ? value.clamped(to: -1 << 40 ... 0) + size : value).clamped(to: range)
      }
      guard size > 0 else { continue }
      chosen[axis] =
        step > 0
        ? Array(stride(from: position(starts[index], 0...size), to: position(ends[index], 0...size), by: step))
        : Array(stride(from: position(starts[index], 0...size - 1), to: position(ends[index], -1...size - 1), by: step))
    }
    var indices = [0]
    for (axis, choices) in chosen.enumerated() {
      indices = indices.flatMap { base in choices.map { base * data.dimensions[axis] + $0 } }
    }
    return try picking(indices, of: data, into: chosen.map(\.count), node)
  }

  private mutating func transpose(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    let data = try operand(0, of: node)
    let rank = data.dimensions.count
    let order = try normalized(
      node.integers("perm") ?? Array((0..<rank).reversed()), rank: rank, node)
    guard order.count == rank else { throw node.error("perm does not name every axis once") }
    var strides = Array(repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * data.dimensions[axis + 1]
    }
    var indices = data.count == 0 ? [] : [0]
    for axis in order {
      indices = indices.flatMap { base in
        (0..<data.dimensions[axis]).map { base + $0 * strides[axis] }
      }
    }
    return try picking(indices, of: data, into: order.map { data.dimensions[$0] }, node)
  }

  private mutating func constantOfShape(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    let dimensions = try integers(0, of: node) ?? []
    guard dimensions.count <= 8, dimensions.allSatisfy({ $0 >= 0 }),
      let count = product(dimensions, limit: NetworkLimits.foldedElements)
    else { throw node.error("its shape \(dimensions) is out of range") }
    var tensor = ONNXTensor(dimensions: [1], type: .float32, values: .reals([0]))
    if let value = node.tensor("value") { tensor = try ONNXTensor(value, at: node.place) }
    return try picking(Array(repeating: 0, count: count), of: tensor, into: dimensions, node)
  }

  private func arithmetic(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    let (left, right) = (try operand(0, of: node), try operand(1, of: node))
    let rank = max(left.dimensions.count, right.dimensions.count)
    func widened(_ tensor: ONNXTensor) -> [Int] {
      Array(repeating: 1, count: rank - tensor.dimensions.count) + tensor.dimensions
    }
    let (a, b) = (widened(left), widened(right))
    guard zip(a, b).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else {
      throw node.error("constants of the shapes \(left.dimensions) and \(right.dimensions) cannot be combined")
    }
    let dimensions = zip(a, b).map { $0 == 1 ? $1 : $0 }
    guard let count = product(dimensions, limit: NetworkLimits.foldedElements) else {
      throw node.error("a computed constant is too large")
    }
    let places = Self.places(count, in: a, across: dimensions)
    let others = Self.places(count, in: b, across: dimensions)
    if let a = left.integers, let b = right.integers, node.type != "Pow" {
      var results: [Int64] = []
      results.reserveCapacity(count)
      for index in 0..<count {
        let (x, y) = (a[places[index]], b[others[index]])
        let (value, overflow): (Int64, Bool)
        switch node.type {
        case "Add": (value, overflow) = x.addingReportingOverflow(y)
        case "Sub": (value, overflow) = x.subtractingReportingOverflow(y)
        case "Mul": (value, overflow) = x.multipliedReportingOverflow(by: y)
        default: (value, overflow) = x.dividedReportingOverflow(by: y)
        }
        guard !overflow else { throw node.error("its integers overflow") }
        results.append(value)
      }
      return ONNXTensor(dimensions: dimensions, type: .int64, values: .integers(results))
    }
    let (reals, factors) = (left.reals, right.reals)
    let results = (0..<count).map { index in
      let (x, y) = (reals[places[index]], factors[others[index]])
      return switch node.type {
      case "Add": x + y
      case "Sub": x - y
      case "Mul": x * y
      case "Pow": Float(pow(Double(x), Double(y)))
      default: x / y
      }
    }
    return ONNXTensor(dimensions: dimensions, type: .float32, values: .reals(results))
  }

  /// For each of `count` elements of a shape, the element of one with some dimensions of 1 that meets it.
  private static func places(_ count: Int, in given: [Int], across dimensions: [Int]) -> [Int] {
    var places = count == 0 ? [] : [0]
    for (size, wanted) in zip(given, dimensions) where wanted > 0 {
      var next: [Int] = []
      next.reserveCapacity(places.count * wanted)
      for place in places { for index in 0..<wanted { next.append(place * size + (size == 1 ? 0 : index)) } }
      places = next
    }
    return places
  }

  private func eachElement(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    var tensor = try operand(0, of: node)
    tensor.values = .reals(
      tensor.reals.map { value in
        switch node.type {
        case "Floor": value.rounded(.down)
        case "Ceil": value.rounded(.up)
        default: value.squareRoot()
        }
      })
    return tensor
  }

  /// Sums, or the roots of sums of squares, along axes.
  private func reduce(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    let tensor = try operand(0, of: node)
    let rank = tensor.dimensions.count
    let axes = try normalized(try integers(1, of: node) ?? node.integers("axes") ?? Array(0..<rank), rank: rank, node)
    let kept = tensor.dimensions.indices.map { axes.contains($0) ? 1 : tensor.dimensions[$0] }
    let places = Self.places(tensor.count, in: kept, across: tensor.dimensions)
    var sums = Array(repeating: 0.0, count: kept.reduce(1, *))
    let isNorm = node.type == "ReduceL2"
    for (place, value) in zip(places, tensor.reals) {
      sums[place] += isNorm ? Double(value) * Double(value) : Double(value)
    }
    let keepsRank = node.integer("keepdims", default: 1) != 0
    let dropped = tensor.dimensions.indices.filter { !axes.contains($0) }.map { tensor.dimensions[$0] }
    return ONNXTensor(
      dimensions: keepsRank ? kept : dropped, type: .float32,
      values: .reals(sums.map { Float(isNorm ? $0.squareRoot() : $0) }))
  }

  // MARK: Quantised constants

  /// The scales and zero points of a constant, and the axis that they belong to.
  private func scales(of node: ONNXNode, _ data: ONNXTensor) throws(NetworkError) -> (
    scales: [Float], zeroPoints: [Int64], axis: Int, type: ONNXTensor.ElementType?
  ) {
    let scales = try operand(1, of: node).reals
    guard !scales.isEmpty, scales.allSatisfy({ $0.isNormal && $0 > 0 }) else {
      throw node.error("a scale is not a positive number of ordinary size")
    }
    guard node.integer("block_size", default: 0) == 0 else {
      throw node.error("scales for blocks are not supported", cure: "use one for each channel")
    }
    var axis = 0
    if scales.count > 1 {
      axis = try self.axis(node.integer("axis", default: 1), rank: data.dimensions.count, node)
      guard scales.count == data.dimensions[axis] else {
        throw node.error("\(scales.count) scales do not fit the shape \(data.dimensions)")
      }
    }
    guard let zero = try constant(2, of: node, "zero point") else {
      return (scales, Array(repeating: 0, count: scales.count), axis, nil)
    }
    guard let zeroPoints = zero.integers, zeroPoints.count == scales.count,
      zeroPoints.allSatisfy({ abs(Int($0).clamped(to: -1 << 40 ... 1 << 40)) < 1 << 31 })
    else { throw node.error("its zero points do not fit its scales") }
    return (scales, zeroPoints, axis, zero.type)
  }

  private func dequantize(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    let data = try operand(0, of: node)
    guard let integers = data.integers else {
      throw node.error("it reads a constant of float32", cure: "give it integers")
    }
    let (scales, zeroPoints, axis, _) = try scales(of: node, data)
    let inner = data.dimensions.dropFirst(axis + 1).reduce(1, *)
    var values: [Int32] = []
    values.reserveCapacity(integers.count)
    for (index, integer) in integers.enumerated() {
      let zero = zeroPoints[scales.count == 1 ? 0 : index / inner % scales.count]
      let (difference, overflow) = integer.subtractingReportingOverflow(zero)
      guard !overflow, let value = Int32(exactly: difference) else {
        throw node.error("a value minus its zero point exceeds 32 bits")
      }
      values.append(value)
    }
    return ONNXTensor(
      dimensions: data.dimensions, type: .float32,
      values: .quantized(values, scales: scales, axis: axis))
  }

  private func quantize(_ node: ONNXNode) throws(NetworkError) -> ONNXTensor {
    let data = try operand(0, of: node)
    let (scales, zeroPoints, axis, type) = try scales(of: node, data)
    let storage = (type ?? .uint8).storage
    guard let storage else { throw node.error("codes of this type are not supported") }
    let inner = data.dimensions.dropFirst(axis + 1).reduce(1, *)
    let codes = data.reals.enumerated().map { index, real in
      let channel = scales.count == 1 ? 0 : index / inner % scales.count
      let quantization = Quantization(
        scale: scales[channel],
        zeroPoint: Int(zeroPoints[channel]).clamped(to: -1 << 16 ... 1 << 16) - storage.offset,
        storage: storage)
      return Int64(quantization.stored(quantization.code(real)))
    }
    return ONNXTensor(
      dimensions: data.dimensions, type: type ?? .uint8, values: .integers(codes))
  }
}

extension Comparable {
  /// The nearest value in a range.
  func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
