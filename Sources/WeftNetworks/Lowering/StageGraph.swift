/// A network as convolution stages: operations on single values are fused to the convolution before
/// them, upsampling and padding to the one after; whatever is left over becomes a stage of its own
/// that passes its channels on.
struct StageGraph {
  /// The value of a network as the stages give it.
  private struct Tap {
    var source: Stage.Source
    /// Upsampling that the next stage will do as it reads.
    var upsampling = Upsampling.none
    /// Padding, after that upsampling, that the next stage will do.
    var padding: Padding?
    /// Whether the stage's result goes nowhere else, so that more may be fused to it.
    var isExclusive: Bool
  }

  private(set) var stages: [Stage] = []
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
    for index in network.inputs.indices {
      taps[.input(index)] = Tap(source: .input(index), isExclusive: false)
    }
    for node in network.nodes { uses[node.source, default: 0] += 1 }
    for output in network.outputs { uses[output.source, default: 0] += 1 }
    for (index, node) in network.nodes.enumerated() {
      guard let tap = taps[node.source] else {
        throw error(node, "it reads a value that comes later")
      }
      taps[.node(index)] = try value(of: node, reading: tap)
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
    case .convolution(let weights, let bias, var window):
      if let added = tap.padding {
        window.padding.top += added.top
        window.padding.left += added.left
        window.padding.bottom += added.bottom
        window.padding.right += added.right
      }
      try requireCodes(tap, node)
      var stage = stage(named: node.name, reading: tap, outputShape: node.shape)
      stage.window = window
      stage.weights = weights
      stage.biases = bias.map { [$0] } ?? []
      return append(stage)
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
      if case .input(let index) = tap.source, inputQuantizations[index] == nil {
        inputQuantizations[index] = quantization
      }
      guard codes(of: tap) == quantization else {
        throw error(
          node, "its scale or zero point is not that of the codes it reads",
          cure: "DequantizeLinear takes what the QuantizeLinear before it has")
      }
      return tap
    case .quantize(let quantization):
      if case .input(let index) = tap.source {
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
    if tap.isExclusive, case .stage(let index) = tap.source,
      stages[index].absorb(node.operation)
    {
      return tap
    }
    let upsampling = tap.upsampling
    tap.upsampling = .none
    var passed = try pass(tap, for: node)
    guard case .stage(let index) = passed.source, stages[index].absorb(node.operation) else {
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
    if case .stage(let index) = tap.source {
      stages[index].quantization = codes(of: stages[index].source)
    }
  }

  private mutating func pass(_ tap: Tap, named name: String) throws(NetworkError) -> Tap {
    var shape = shape(of: tap.source)
    passedWeights += shape.channels * shape.channels
    guard passedWeights <= NetworkLimits.foldedElements else {
      throw NetworkError(
        "node \(quoted(name))", "to pass \(shape.channels) channels on takes too many weights",
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
    var isWhole = tap.upsampling == .none && tap.padding == nil
    if case .input = tap.source { isWhole = false }
    if !isWhole {
      tap = try pass(tap, named: output.name)
      keepCodes(of: tap)
    }
    if case .stage(let index) = tap.source { outputs.append(index) }
  }

  // MARK: Helpers

  private func stage(named name: String, reading tap: Tap, outputShape: MapShape) -> Stage {
    Stage(
      name: name, source: tap.source, inputShape: shape(of: tap.source), upsampling: tap.upsampling,
      outputShape: outputShape)
  }

  private mutating func append(_ given: Stage) -> Tap {
    var stage = given
    stage.name = legalName(given.name)
    stages.append(stage)
    return Tap(source: .stage(stages.count - 1), isExclusive: true)
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

  private func codes(of tap: Tap) -> Quantization? { codes(of: tap.source) }

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
