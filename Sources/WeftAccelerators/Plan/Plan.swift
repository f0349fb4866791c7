import WeftNetworks

/// The configuration of a whole accelerator: what a search finds and a grid is built from.
public struct Plan: Hashable, Sendable {
  /// The configuration of one stage.
  public struct Stage: Hashable, Sendable, Codable {
    /// The name of the layer that the stage computes.
    public var name: String
    /// How much of it at once.
    public var unit: UnitConfiguration

    /// A stage.
    public init(name: String, unit: UnitConfiguration) {
      self.name = name
      self.unit = unit
    }
  }

  /// The name of the network.
  public var network: String
  /// One stage for each layer, in the network's order.
  public var stages: [Stage]
  /// For outputs by their names, how many frames of each a pass of the accelerator gives; one of those that are left
  /// out. What several outputs need is computed as often as the one with the most frames asks for.
  public var batches: [String: Int]
  /// For outputs by their names, how often they occur side by side in the network that the stages are for; once those
  /// that are left out. See ``replicated(_:)``.
  public var replicas: [String: Int]

  /// A plan.
  public init(network: String, stages: [Stage], batches: [String: Int] = [:], replicas: [String: Int] = [:]) {
    self.network = network
    self.stages = stages
    self.batches = batches
    self.replicas = replicas
  }

  /// The network that the stages are for: the given one with the plan's replicas of its outputs.
  ///
  /// - Throws: `PlanError` where it says so of other outputs than the network's.
  public func replicated(_ network: QuantizedNetwork) throws(PlanError) -> QuantizedNetwork {
    try network.replicated(replicas)
  }

  /// The same configuration for every layer.
  public init(uniform unit: UnitConfiguration, for network: QuantizedNetwork) {
    self.init(
      network: network.name,
      stages: network.layers.map { layer in
        Stage(name: layer.name, unit: layer.isPooling ? unit.pooling(layer) : unit)
      })
  }

  /// The same with the weights of all stages that have some in one place.
  public func withWeights(in store: UnitConfiguration.WeightStore, for network: QuantizedNetwork) -> Plan {
    var plan = self
    for index in plan.stages.indices
    where network.layers.contains(where: { $0.name == plan.stages[index].name && !$0.isPooling }) {
      plan.stages[index].unit.weightStore = store
    }
    return plan
  }

  /// The same with as many registers in the paths of every stage.
  public func withPipelining(_ pipelining: UnitConfiguration.Pipelining) -> Plan {
    var plan = self
    for index in plan.stages.indices { plan.stages[index].unit.pipelining = pipelining }
    return plan
  }

  /// What each stage of the network is built from, in the order of its layers.
  ///
  /// - Parameter kernels: The network's, where several plans for it are computed; without them each plan computes what
  ///   it needs.
  /// - Throws: `PlanError` where the plan is not one for this network or asks for what cannot be built.
  public func geometries(
    for network: QuantizedNetwork, kernels: NetworkKernels? = nil
  ) throws(PlanError) -> [StageGeometry] {
    for layer in network.layers { try network.checkBuildable(layer) }
    try network.checkCounts(batches, of: "a batch")
    let batches = LayerBatches(network, outputs: batches(for: network))
    var units: [String: UnitConfiguration] = [:]
    for stage in stages {
      guard units.updateValue(stage.unit, forKey: stage.name) == nil else {
        throw PlanError("the plan has two stages named '\(stage.name)'; remove one")
      }
      try stage.checkFactors()
    }
    if let extra = stages.first(where: { stage in !network.layers.contains { $0.name == stage.name } }) {
      throw PlanError(
        "the plan has a stage '\(extra.name)', but the network's layers are "
          + network.layers.map(\.name).joined(separator: ", "))
    }
    var result: [StageGeometry] = []
    for (index, layer) in network.layers.enumerated() {
      guard let unit = units[layer.name] else {
        throw PlanError("the plan has no stage for the layer '\(layer.name)'; add one")
      }
      let stage = Stage(name: layer.name, unit: unit)
      try stage.check(for: layer)
      let known = kernels?[index, decomposed: unit.decomposes]
      let kernel = known?.kernel ?? (unit.decomposes ? Kernel(decomposing: layer) : Kernel(layer))
      try stage.checkPacking(of: layer, weights: known?.weightRange ?? kernel.weightRange)
      var orders: [LinkOrder] = []
      for source in layer.sources {
        switch source {
        case .input(let input): orders.append(.raster(network.inputs[input].shape.seen(by: layer)))
        case .layer(let source):
          orders.append(result[source].outputOrder)
          try result[source].checkLink(to: layer, unit)
        }
      }
      let geometry = StageGeometry(
        layer: layer, configuration: unit, inputOrders: orders, batch: batches.layers[index],
        inputBatches: layer.sources.map(batches.frames(from:)), kernel: kernel)
      try geometry.checkBiases()
      result.append(geometry)
    }
    return result
  }
}

extension Plan {
  /// The most frames of an output in a pass.
  public static let largestBatch = 1024

  /// For outputs by their names how many frames of each a pass gives, of all replicas.
  public var frames: [String: Int] { batches.merging(replicas) { $0 * $1 } }

  /// For each output of a network how many frames of it a pass gives.
  public func batches(for network: QuantizedNetwork) -> [Int] { network.outputs.map { batches[$0.name] ?? 1 } }
}

extension Plan: Codable {
  private enum CodingKeys: String, CodingKey {
    case network, stages, batches, replicas
  }

  /// Decodes a plan; without batches each output has one frame, without replicas it occurs once.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      network: try container.decode(String.self, forKey: .network),
      stages: try container.decode([Stage].self, forKey: .stages),
      batches: try container.decodeIfPresent([String: Int].self, forKey: .batches) ?? [:],
      replicas: try container.decodeIfPresent([String: Int].self, forKey: .replicas) ?? [:])
  }

  /// Encodes the plan, its batches and replicas where there are some.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(network, forKey: .network)
    try container.encode(stages, forKey: .stages)
    if !batches.isEmpty { try container.encode(batches, forKey: .batches) }
    if !replicas.isEmpty { try container.encode(replicas, forKey: .replicas) }
  }
}

extension Plan.Stage {
  /// Checks that the factors are numbers that can be built.
  fileprivate func checkFactors() throws(PlanError) {
    let factors = [
      ("cpf", unit.cpf), ("kpf", unit.kpf), ("h", unit.h), ("taps", unit.taps), ("columnTaps", unit.columnTaps),
      ("rowLanes", unit.rowLanes), ("channelLanes", unit.channelLanes),
    ]
    guard factors.allSatisfy({ (1...65536).contains($0.1) }) else {
      throw PlanError(
        "stage '\(name)' has " + factors.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
          + "; each is a number from 1 to 65536")
    }
    var multipliers = 1
    for (_, factor) in factors.prefix(5) {
      multipliers *= factor
      guard multipliers <= 1 << 20 else {
        throw PlanError(
          "stage '\(name)' asks for \(factors.prefix(5).map { "\($0.1)" }.joined(separator: " x ")) multipliers; a "
            + "stage has at most 1048576")
      }
    }
  }

  /// Checks that the configuration is one for a layer.
  fileprivate func check(for layer: QuantizedLayer) throws(PlanError) {
    let channels = layer.outputShape.channels
    if unit.decomposes, !Kernel.canDecompose(layer) {
      throw PlanError(
        "stage '\(name)' decomposes its upsampling, but only nearest upsampling before a convolution with a step of 1 "
          + "that keeps the size has phases; set decomposes to false")
    }
    if unit.kpf % unit.channelLanes != 0 || channels % unit.channelLanes != 0 {
      throw PlanError(
        "stage '\(name)' passes on \(unit.channelLanes) channels at once, which have to divide its kpf \(unit.kpf) and "
          + "its \(channels) output channels")
    }
    if unit.rowLanes > unit.h {
      throw PlanError(
        "stage '\(name)' passes on \(unit.rowLanes) rows at once, but computes only h = \(unit.h)")
    }
    if layer.isPooling, unit != unit.pooling(layer) {
      throw PlanError(
        "stage '\(name)' is a max pooling: its kpf has to be its cpf, taps and columnTaps have to divide the window's "
          + "\(layer.kernelHeight) x \(layer.kernelWidth), and nothing is packed")
    }
    if unit.biasStore == .external {
      guard case .perPixel = layer.bias else {
        throw PlanError("stage '\(name)' has no untied bias to keep in external memory; set biasStore to chip")
      }
    }
  }

  /// Checks that two products have room in a multiplier, where the stage packs them.
  ///
  /// - Parameter weights: The least and the greatest, asked for only there.
  fileprivate func checkPacking(
    of layer: QuantizedLayer, weights: @autoclosure () -> ClosedRange<Int>
  ) throws(PlanError) {
    guard let packed = PackedProduct(unit.packing) else { return }
    let weights = weights()
    guard packed.fits(activationBits: layer.inputBits, weights: weights) else {
      throw PlanError(
        "stage '\(name)' packs two products of \(layer.inputBits)-bit activations and weights from "
          + "\(weights.lowerBound) to \(weights.upperBound) into one multiplier, which has room for activations of "
          + "\(PackedProduct.activationBits) bits and products of \(packed.shift); set packing to none")
    }
  }
}

extension StageGeometry {
  /// Checks that a unit that reads the output can take what comes at once.
  fileprivate func checkLink(to layer: QuantizedLayer, _ unit: UnitConfiguration) throws(PlanError) {
    let lanes = configuration.channelLanes
    guard unit.takes(lanes, of: self.layer.outputShape.channels) else {
      throw PlanError(
        "stage '\(self.layer.name)' passes on \(lanes) channels at once, but '\(layer.name)' takes "
          + "cpf = \(unit.cpf); the first has to divide the second")
    }
  }

  /// Checks that a word of external memory has room for the biases of a transfer.
  fileprivate func checkBiases() throws(PlanError) {
    guard biasesFitWord else {
      throw PlanError(
        "stage '\(layer.name)' takes \(configuration.lanes) biases of \(biasBits) bits at once, which do not lie in a "
          + "word of external memory, of \(MemoryLayout.wordWidth) bits; pass on fewer rows or channels at once, or "
          + "set biasStore to chip")
    }
  }
}

extension QuantizedNetwork {
  /// Checks that there is a unit for a layer.
  ///
  /// - Throws: `PlanError` that names the layer.
  fileprivate func checkBuildable(_ layer: QuantizedLayer) throws(PlanError) {
    if layer.isPooling, layer.sources.count > 1 {
      throw PlanError(
        "the layer '\(layer.name)' is a max pooling of \(layer.sources.count) maps, for which the accelerator has no "
          + "unit yet; the reference computes it (`weft run`) and `weft analyze` counts it")
    }
    for source in layer.sources {
      let shape = shape(of: source)
      switch source {
      case .layer:
        if (shape.height, shape.width) == (layer.inputShape.height, layer.inputShape.width) { continue }
      case .input(let input):
        let seen = Set(layers.filter { $0.sources.contains(source) }.map { inputs[input].shape.seen(by: $0) })
        if seen.count == 1, seen.allSatisfy({ $0.count == shape.count }) { continue }
      }
      throw PlanError(
        "the layer '\(layer.name)' reads a map of \(shape) reshaped to \(shape.seen(by: layer)), "
          + "for which the accelerator has no unit yet; the reference computes it"
          + " (`weft run`) and `weft analyze` counts it")
    }
  }
}

extension QuantizedNetwork {
  /// The orders in which a layer's maps arrive that are inputs of the network; of others as if they were.
  package func inputOrders(of layer: QuantizedLayer) -> [LinkOrder] {
    layer.sources.map { .raster(shape(of: $0).seen(by: layer)) }
  }
}

extension MapShape {
  /// The shape in which a layer sees the map, as a whole or as one of several whose channels follow each other.
  func seen(by layer: QuantizedLayer) -> MapShape {
    let (height, width) = (layer.inputShape.height, layer.inputShape.width)
    return MapShape(channels: count / max(height * width, 1), height: height, width: width)
  }
}

/// Why a plan does not fit a network.
public struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence that names the stage and the cure.
  public var message: String

  /// An error that says `message`.
  public init(_ message: String) { self.message = message }

  public var description: String { message }
}
