extension QuantizedNetwork {
  /// Lowers a network to integers.
  ///
  /// A network with `QuantizeLinear` and `DequantizeLinear` has its integers already; it needs no
  /// calibration. A network of float32 is quantised: weights with one scale for each output
  /// channel, activations with one scale for each map from the least and the greatest value that
  /// the calibration frames show there; maps that are joined, and the result of a max pooling and what it reads,
  /// have one scale. An input whose values are whole numbers that fit the codes
  /// keeps them.
  ///
  /// - Parameters:
  ///   - calibration: frames, each with the values of every input in channel, row, column order.
  ///   - options: how float32 is quantised.
  /// - Throws: ``NetworkError`` for a form that does not lower, calibration that is missing or does
  ///   not fit, and widths that there are not or that are for an unknown layer.
  public init(
    _ network: Network, calibration: [[[Float]]] = [], options: QuantizationOptions = .init()
  ) throws(NetworkError) {
    let graph = try StageGraph(network)
    let ranges: Ranges
    if network.isQuantized {
      ranges = Ranges(inputs: graph.inputQuantizations, stages: graph.stages.map(\.quantization))
    } else {
      try options.check(for: graph.stages.map(\.name))
      ranges = try Ranges(of: graph, in: network, calibration, options)
    }
    var inputs: [Input] = []
    let shapes = graph.inputShapes
    for (index, input) in network.inputs.enumerated() {
      guard let quantization = ranges.inputs[index] else {
        throw NetworkError(
          "input \(quoted(input.name))", "it is not quantised, but other values are",
          cure: "put QuantizeLinear and DequantizeLinear after it")
      }
      inputs.append(Input(name: input.name, shape: shapes[index], quantization: quantization))
    }
    var layers: [QuantizedLayer] = []
    for (stage, quantization) in zip(graph.stages, ranges.stages) {
      let input =
        switch stage.parts[0].source {
        case .input(let index): inputs[index].quantization
        case .stage(let index): layers[index].outputQuantization
        }
      let integers = try StageIntegers(
        stage, input: input, bits: network.isQuantized ? nil : options.bits(of: stage.name).weights)
      guard let quantization else {
        throw NetworkError("layer \(quoted(stage.name))", "its result is not quantised")
      }
      layers.append(try QuantizedLayer(stage, integers, input: input, output: quantization))
    }
    let outputs = zip(network.outputs, graph.outputs).map { Output(name: $0.name, layer: $1) }
    self.init(name: network.name, inputs: inputs, layers: layers, outputs: outputs)
  }
}

extension QuantizedLayer {
  fileprivate init(
    _ stage: Stage, _ integers: StageIntegers, input: Quantization, output: Quantization
  ) throws(NetworkError) {
    let clamp = stage.clip.map { output.code($0.lowerBound)...output.code($0.upperBound) }
    let sources = stage.parts.map { part -> LayerSource in
      switch part.source {
      case .input(let index): .input(index)
      case .stage(let index): .layer(index)
      }
    }
    guard stage.reduction == .sum else {
      self.init(
        maximumIn: stage.window, name: stage.name, sources: sources, inputShape: stage.inputShape,
        upsampling: stage.upsampling, quantization: output)
      return
    }
    self.init(
      name: stage.name, sources: sources, inputShape: stage.inputShape, upsampling: stage.upsampling,
      window: stage.window, inputQuantization: input, weights: integers.weights,
      weightBits: integers.weightBits, weightScales: integers.scales, bias: integers.bias,
      slopes: stage.slopes, convolutionQuantization: output, clamp: clamp, steps: stage.steps)
    try checkAccumulator()
  }
}

/// The quantisations of a network's inputs and of its stages' results.
private struct Ranges {
  var inputs: [Quantization?]
  var stages: [Quantization?]

  init(inputs: [Quantization?], stages: [Quantization?]) {
    self.inputs = inputs
    self.stages = stages
  }

  /// Runs the calibration frames and looks at every result.
  init(
    of graph: StageGraph, in network: Network, _ calibration: [[[Float]]],
    _ options: QuantizationOptions
  ) throws(NetworkError) {
    let place = "network \(quoted(network.name))"
    guard !calibration.isEmpty else {
      throw NetworkError(
        place, "it is of float32 and there is no calibration frame",
        cure: "give at least one frame of every input")
    }
    let executor = FloatStages(graph)
    var inputs = network.inputs.map { _ in ValueRange() }
    var stages = graph.stages.map { _ in ValueRange() }
    for frame in calibration {
      guard frame.count == network.inputs.count else {
        throw NetworkError(
          place, "a calibration frame has \(frame.count) inputs, not \(network.inputs.count)")
      }
      for (index, input) in network.inputs.enumerated() {
        guard frame[index].count == input.shape.count else {
          throw NetworkError(
            "input \(quoted(input.name))", "a calibration frame has \(frame[index].count) values,"
              + " but its shape is \(input.shape)")
        }
        inputs[index].include(frame[index])
      }
      executor.run(frame) { index, map in stages[index].include(map) }
    }
    let alike = AlikeValues(graph, inputs: inputs.count)
    var shared: [Int: ValueRange] = [:]
    for (index, range) in (inputs + stages).enumerated() { shared[alike.leader[index], default: range].include(range) }
    let fed = Set(inputs.indices.map { alike.leader[$0] })
    var bits: [Int: Int] = [:]
    for (index, stage) in graph.stages.enumerated() {
      guard let given = options.layers[stage.name] else { continue }
      let leader = alike.leader[inputs.count + index]
      bits[leader] = max(bits[leader] ?? 0, given.activations)
    }
    let places = network.inputs.map { "input \(quoted($0.name))" } + graph.stages.map { "layer \(quoted($0.name))" }
    var codes: [Quantization?] = []
    for (index, place) in places.enumerated() {
      let leader = alike.leader[index]
      let range = shared[leader] ?? ValueRange()
      let bits = bits[leader] ?? options.bits.activations
      if fed.contains(leader), let whole = range.whole(bits: bits, isSymmetric: options.isSymmetric) {
        codes.append(whole)
      } else {
        codes.append(try range.quantization(bits: bits, isSymmetric: options.isSymmetric, at: place))
      }
    }
    self.init(inputs: Array(codes.prefix(inputs.count)), stages: Array(codes.dropFirst(inputs.count)))
  }
}

/// Which inputs and stages, numbered one after the other, have codes of one meaning.
private struct AlikeValues {
  /// For each value the first of those that are alike.
  private(set) var leader: [Int]

  init(_ graph: StageGraph, inputs: Int) {
    leader = Array(0..<inputs + graph.stages.count)
    for (index, stage) in graph.stages.enumerated() {
      var members = stage.parts.map { part in
        switch part.source {
        case .input(let input): leader[input]
        case .stage(let source): leader[inputs + source]
        }
      }
      if stage.reduction == .maximum { members.append(leader[inputs + index]) }
      guard let first = members.min(), members.contains(where: { $0 != first }) else { continue }
      let joined = Set(members)
      for value in leader.indices where joined.contains(leader[value]) { leader[value] = first }
    }
  }
}

/// The values that were seen in one place.
private struct ValueRange {
  private var lowest: Float = 0
  private var highest: Float = 0
  private var areWhole = true
  private var areFinite = true

  mutating func include(_ other: ValueRange) {
    lowest = min(lowest, other.lowest)
    highest = max(highest, other.highest)
    areWhole = areWhole && other.areWhole
    areFinite = areFinite && other.areFinite
  }

  mutating func include(_ values: [Float]) {
    for value in values {
      lowest = min(lowest, value)
      highest = max(highest, value)
      areWhole = areWhole && value == value.rounded()
      areFinite = areFinite && value.isFinite
    }
  }

  /// The quantisation that keeps whole numbers as they are, if they fit.
  func whole(bits: Int, isSymmetric: Bool) -> Quantization? {
    guard areWhole, areFinite else { return nil }
    var result = Quantization(scale: 1, zeroPoint: 0, bits: bits)
    let limits = Float(result.codes.lowerBound)...Float(result.codes.upperBound)
    if limits.contains(lowest), limits.contains(highest) { return result }
    guard !isSymmetric, lowest == 0, highest <= 2 * limits.upperBound + 1 else {
      return nil
    }
    result.zeroPoint = result.codes.lowerBound
    return result
  }

  /// The finest quantisation that covers the values and 0.
  func quantization(bits: Int, isSymmetric: Bool, at place: String) throws(NetworkError) -> Quantization {
    guard areFinite, max(-lowest, highest) < 0x1p60 else {
      throw NetworkError(
        place, "calibration gives values that are not finite numbers of ordinary size",
        cure: "check the model and the calibration frames")
    }
    var result = Quantization(scale: 1, zeroPoint: 0, bits: bits)
    let codes = result.codes
    if isSymmetric {
      result.scale = max(-lowest, highest) / Float(codes.upperBound)
    } else {
      result.scale = (highest - lowest) / Float(codes.upperBound - codes.lowerBound)
    }
    guard result.scale > 0x1p-60 else {
      result.scale = 1
      return result
    }
    if !isSymmetric {
      let zero = Float(codes.lowerBound) - (lowest / result.scale).rounded(.toNearestOrEven)
      result.zeroPoint = Int(zero).clamped(to: codes)
    }
    return result
  }
}
