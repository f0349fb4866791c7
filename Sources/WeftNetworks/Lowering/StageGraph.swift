/// A network as convolution stages: operations on single values are fused to the convolution before
/// them, upsampling and padding to the one after; whatever is left over becomes a stage of its own
/// that passes its channels on. Maps that are joined become one stage's several sources, their sum a convolution of
/// one element over all their channels; a reshape only says how the next stage sees the elements.
struct StageGraph {
  /// The value of a network as the stages give it.
  private struct Tap {
    /// Maps whose channels follow each other.
    var parts: [Stage.Part]
    /// Upsampling that the next stage will do as it reads.
    var upsampling = Upsampling.none
    /// Padding, after that upsampling, that the next stage will do.
    var padding: Padding?
    /// Whether the stage's result goes nowhere else, so that more may be fused to it.
    var isExclusive: Bool

    /// The shape before upsampling and padding.
    var shape: MapShape {
      var shape = parts[0].shape
      shape.channels = parts.reduce(0) { $0 + $1.shape.channels }
      return shape
    }
    /// The value, where there is but one and the next stage does nothing to it as it reads.
    var isPlain: Bool { upsampling == .none && padding == nil }
    /// The only source.
    var source: Stage.Source? { parts.count == 1 ? parts[0].source : nil }
  }

  private(set) var stages: [Stage] = []
  /// The shape in which the stages see each input: its own, or that of the reshape through which all of them read it.
  var inputShapes: [MapShape] {
    network.inputs.indices.map { index in
      let seen = Set(stages.flatMap(\.parts).filter { $0.source == .input(index) }.map(\.shape))
      return seen.count == 1 ? seen.first ?? network.inputs[index].shape : network.inputs[index].shape
    }
  }
  /// The stage of each of the network's outputs.
  private(set) var outputs: [Int] = []
  /// The quantisation of each of the network's inputs, where the network has one.
  private(set) var inputQuantizations: [Quantization?]
  private let network: Network
  private let isQuantized: Bool
  private var names: Set<String> = []
  /// Weights of all the stages that pass their channels on.
  private var passedWeights = 0
  private var taps: [Network.Source: Tap] = [:]
  private var uses: [Network.Source: Int] = [:]

  init(_ network: Network) throws(NetworkError) {
    self.network = network
    isQuantized = network.isQuantized
    inputQuantizations = network.inputs.map { _ in nil }
    for (index, input) in network.inputs.enumerated() {
      taps[.input(index)] = Tap(parts: [Stage.Part(source: .input(index), shape: input.shape)], isExclusive: false)
    }
    for node in network.nodes { for source in node.sources { uses[source, default: 0] += 1 } }
    for output in network.outputs { uses[output.source, default: 0] += 1 }
    for (index, node) in network.nodes.enumerated() {
      let read = node.sources.compactMap { taps[$0] }
      guard read.count == node.sources.count else { throw error(node, "it reads a value that comes later") }
      taps[.node(index)] = read.count == 1 ? try value(of: node, reading: read[0]) : try joined(read, by: node)
    }
    for output in network.outputs { try add(output) }
  }

  private func error(_ node: Network.Node, _ reason: String, cure: String = "") -> NetworkError {
    NetworkError("\(node.operation.operatorName) \(quoted(node.name))", reason, cure: cure)
  }

  private mutating func value(of node: Network.Node, reading given: Tap) throws(NetworkError) -> Tap
  {
    var tap = given
    tap.isExclusive = tap.isExclusive && uses[node.source] == 1
    switch node.operation {
    case .convolution(let weights, let bias, var window, let groups):
      if let added = tap.padding {
        window.padding.top += added.top
        window.padding.left += added.left
        window.padding.bottom += added.bottom
        window.padding.right += added.right
      }
      try requireCodes(tap, node)
      var stage = stage(named: node.name, reading: tap, outputShape: node.shape)
      stage.window = window
      stage.weights = try dense(weights, groups: groups, shape: stage.inputShape, node)
      stage.biases = bias.map { [$0] } ?? []
      return append(stage)
    case .fullyConnected(let weights, let bias):
      // A convolution whose window is the whole map.
      if !tap.isPlain { tap = try settle(tap, for: node) }
      try requireCodes(tap, node)
      if let source = tap.source { tap.parts[0].shape = shape(of: source) }
      var stage = stage(named: node.name, reading: tap, outputShape: node.shape)
      stage.window = ConvolutionWindow(kernelHeight: tap.shape.height, kernelWidth: tap.shape.width)
      stage.weights = weights
      stage.biases = bias.map { [$0] } ?? []
      return append(stage)
    case .maximum(let window):
      if tap.padding != nil { tap = try settle(tap, for: node) }
      try requireCodes(tap, node)
      // Each channel is pooled for itself, so that maps that are joined may be pooled one by one.
      var parts: [Stage.Part] = []
      for part in tap.parts {
        var (map, shape) = (tap, node.shape)
        (map.parts, shape.channels) = ([part], part.shape.channels)
        var stage = stage(named: node.name, reading: map, outputShape: shape)
        stage.window = window
        stage.reduction = .maximum
        stage.quantization = codes(of: tap)
        parts += append(stage).parts
      }
      return Tap(parts: parts, isExclusive: parts.count == 1)
    case .reshape, .flatten:
      if !tap.isPlain || tap.parts.count > 1 { tap = try settle(tap, for: node) }
      tap.parts[0].shape = node.shape
      tap.isExclusive = false
      return tap
    case .sum, .concatenate: return tap
    case .upsample(let factors):
      if tap.padding != nil { tap = try settle(tap, for: node) }
      tap.upsampling.vertical *= factors.vertical
      tap.upsampling.horizontal *= factors.horizontal
      return tap
    case .pad(let padding):
      if tap.padding != nil { tap = try settle(tap, for: node) }
      tap.padding = padding
      return tap
    case .dequantize(let quantization):
      if case .input(let index)? = tap.source, inputQuantizations[index] == nil {
        inputQuantizations[index] = quantization
      }
      guard codes(of: tap) == quantization else {
        throw error(
          node, "its scale or zero point is not that of the codes it reads",
          cure: "DequantizeLinear takes what the QuantizeLinear before it has")
      }
      return tap
    case .quantize(let quantization):
      if case .input(let index)? = tap.source {
        guard tap.padding == nil, [nil, quantization].contains(inputQuantizations[index]) else {
          throw error(
            node, "input \(quoted(network.inputs[index].name)) is quantised in two ways",
            cure: "quantise an input once")
        }
        inputQuantizations[index] = quantization
        return tap
      }
      if codes(of: tap) == quantization, tap.padding == nil { return tap }
      return try pointwise(node, tap)
    case .rectify, .clip, .add: return try pointwise(node, tap)
    }
  }

  /// The value of several maps: read together by the next stage, or added by one of their own.
  private mutating func joined(_ given: [Tap], by node: Network.Node) throws(NetworkError) -> Tap {
    var taps: [Tap] = []
    for tap in given {
      try requireCodes(tap, node)
      taps.append(tap.isPlain ? tap : try settle(tap, for: node))
    }
    let quantization = codes(of: taps[0])
    guard taps.allSatisfy({ codes(of: $0) == quantization }) else {
      throw error(
        node, "the maps that it joins have different scales or zero points",
        cure: "quantise them alike, with one scale and zero point")
    }
    let count = taps.reduce(0) { $0 + $1.parts.count }
    guard count <= NetworkLimits.joinedMaps else {
      throw error(node, "it joins \(count) maps", cure: "one layer reads at most \(NetworkLimits.joinedMaps)")
    }
    let all = Tap(parts: taps.flatMap(\.parts), isExclusive: false)
    guard case .sum = node.operation else { return all }
    return try pass(all, named: node.name, adding: taps.count)
  }

  /// The value of an operation on single values: fused where it can be.
  private mutating func pointwise(_ node: Network.Node, _ given: Tap) throws(NetworkError) -> Tap {
    var tap = given
    // What differs from pixel to pixel does not move before an upsampling.
    if case .add(let constant) = node.operation, tap.upsampling != .none, constant.count > 1,
      constant.count != node.shape.channels
    {
      tap = try settle(tap, for: node)
    }
    if tap.padding != nil { tap = try settle(tap, for: node) }
    if tap.isExclusive, case .stage(let index)? = tap.source,
      stages[index].absorb(node.operation)
    {
      return tap
    }
    let upsampling = tap.upsampling
    tap.upsampling = .none
    var passed = try pass(tap, for: node)
    guard case .stage(let index)? = passed.source, stages[index].absorb(node.operation) else {
      throw error(node, "it cannot be computed after what stands before it")
    }
    passed.upsampling = upsampling
    return passed
  }

  /// A stage that passes a tap's channels on, with its upsampling and padding done.
  private mutating func pass(_ tap: Tap, for node: Network.Node) throws(NetworkError) -> Tap {
    try requireCodes(tap, node)
    return try pass(tap, named: node.name)
  }

  /// The same, with the codes that it reads.
  private mutating func settle(_ tap: Tap, for node: Network.Node) throws(NetworkError) -> Tap {
    let result = try pass(tap, for: node)
    keepCodes(of: result)
    return result
  }

  private mutating func keepCodes(of tap: Tap) {
    if case .stage(let index)? = tap.source {
      stages[index].quantization = codes(of: stages[index].parts[0].source)
    }
  }

  /// A stage that passes a tap's channels on, or adds those of `count` maps that the tap joins.
  private mutating func pass(_ tap: Tap, named name: String, adding count: Int = 1) throws(NetworkError) -> Tap {
    var shape = tap.shape
    shape.channels /= count
    passedWeights += shape.channels * tap.shape.channels
    guard passedWeights <= NetworkLimits.foldedElements else {
      throw NetworkError(
        "node \(quoted(name))", "to pass \(tap.shape.channels) channels on takes too many weights",
        cure: "put operations on single values directly after a convolution")
    }
    shape.height *= tap.upsampling.vertical
    shape.width *= tap.upsampling.horizontal
    var stage = stage(named: name, reading: tap, outputShape: shape)
    if let padding = tap.padding {
      stage.window.padding = padding
      stage.outputShape.height += padding.top + padding.bottom
      stage.outputShape.width += padding.left + padding.right
    }
    return append(stage)
  }

  private mutating func add(_ output: Network.Output) throws(NetworkError) {
    guard var tap = taps[output.source] else {
      throw NetworkError("output \(quoted(output.name))", "nothing makes it")
    }
    if isQuantized, codes(of: tap) == nil {
      throw NetworkError(
        "output \(quoted(output.name))", "it is not quantised, but other values are",
        cure: "put QuantizeLinear and DequantizeLinear before it")
    }
    if case .stage(let index)? = tap.source, tap.isPlain {
      outputs.append(index)
      return
    }
    tap = try pass(tap, named: output.name)
    keepCodes(of: tap)
    if case .stage(let index)? = tap.source { outputs.append(index) }
  }

  // MARK: Helpers

  /// The weights of a convolution in groups with zeros for the inputs that a group does not read.
  private func dense(_ weights: Parameter, groups: Int, shape: MapShape, _ node: Network.Node) throws(NetworkError)
    -> Parameter
  {
    guard groups > 1 else { return weights }
    let (outputs, count) = (node.shape.channels, weights.count / node.shape.channels)
    guard outputs * count * groups <= NetworkLimits.foldedElements else {
      throw error(
        node, "\(groups) groups of \(outputs / groups) channels take too many weights", cure: "use fewer groups")
    }
    func spread<Value: Numeric>(_ values: [Value]) -> [Value] {
      var result = Array(repeating: Value.zero, count: outputs * count * groups)
      for output in 0..<outputs {
        let first = (output * groups + output / (outputs / groups)) * count
        result.replaceSubrange(first..<first + count, with: values[output * count..<(output + 1) * count])
      }
      return result
    }
    return switch weights {
    case .reals(let values): .reals(spread(values))
    case .codes(let values, let scales): .codes(spread(values), scales: scales)
    }
  }

  private func stage(named name: String, reading tap: Tap, outputShape: MapShape) -> Stage {
    Stage(
      name: name, parts: tap.parts, inputShape: tap.shape, upsampling: tap.upsampling,
      outputShape: outputShape)
  }

  private mutating func append(_ given: Stage) -> Tap {
    var stage = given
    stage.name = legalName(given.name)
    stages.append(stage)
    let part = Stage.Part(source: .stage(stages.count - 1), shape: stage.outputShape)
    return Tap(parts: [part], isExclusive: true)
  }

  private func shape(of source: Stage.Source) -> MapShape {
    switch source {
    case .input(let index): network.inputs[index].shape
    case .stage(let index): stages[index].outputShape
    }
  }

  private func codes(of source: Stage.Source) -> Quantization? {
    switch source {
    case .input(let index): inputQuantizations[index]
    case .stage(let index): stages[index].outputQuantization
    }
  }

  /// All parts of a tap have the same.
  private func codes(of tap: Tap) -> Quantization? { codes(of: tap.parts[0].source) }

  private func requireCodes(_ tap: Tap, _ node: Network.Node) throws(NetworkError) {
    if isQuantized, codes(of: tap) == nil {
      throw error(
        node, "it reads a value that is not quantised, while others are",
        cure: "quantise every value that a convolution reads, once, before it forks, or none")
    }
  }

  /// A name of letters, digits and underscores that no other stage has.
  private mutating func legalName(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars.prefix(64) {
      let isLegal = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      if isLegal {
        text.unicodeScalars.append(scalar)
      } else if !text.isEmpty, !text.hasSuffix("_") {
        text += "_"
      }
    }
    while text.hasSuffix("_") { text.removeLast() }
    if text.first.map({ !$0.isLetter }) ?? true { text = text.isEmpty ? "layer" : "layer_" + text }
    var unique = text
    var number = 2
    while !names.insert(unique.lowercased()).inserted {
      unique = "\(text)_\(number)"
      number += 1
    }
    return unique
  }
}
