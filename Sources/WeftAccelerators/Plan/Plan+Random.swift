import WeftNetworks

extension Plan {
  /// A plan drawn at random from all that the network's stages can be, of at most 128 multipliers each: for tests,
  /// which try every kind.
  ///
  /// - Parameter largest: The largest factor that is drawn.
  public init(randomFor network: QuantizedNetwork, largest: Int = 5, using random: inout some RandomNumberGenerator) {
    var units = network.layers.map { UnitConfiguration(randomFor: $0, largest: largest, using: &random) }
    // What a link carries at once has to suit those that read it.
    for (index, layer) in network.layers.enumerated() {
      var lanes = 1
      for case .layer(let source) in layer.sources {
        // Maps that are joined come with few channels at once, or the least common multiple of theirs is large.
        if layer.sources.count > 1, lanes % units[source].channelLanes != 0 { units[source].channelLanes = 1 }
        lanes = max(lanes, units[source].channelLanes)
      }
      if units[index].cpf % lanes != 0 { units[index].cpf = (units[index].cpf / lanes + 1) * lanes }
      if layer.isPooling, units[index].kpf != units[index].cpf {
        (units[index].kpf, units[index].channelLanes) = (units[index].cpf, 1)
      }
    }
    self.init(
      network: network.name, stages: zip(network.layers, units).map { Stage(name: $0.name, unit: $1) })
  }
}

extension UnitConfiguration {
  /// A configuration drawn at random from all that a layer's stage can be.
  init(randomFor layer: QuantizedLayer, largest: Int, using random: inout some RandomNumberGenerator) {
    func factor() -> Int { Int.random(in: 1...largest, using: &random) }
    self.init()
    repeat { (cpf, kpf, h) = (factor(), factor(), factor()) } while multipliers > 64
    decomposes = Kernel.canDecompose(layer) && Bool.random(using: &random)
    let kernel = decomposes ? Kernel(decomposing: layer) : Kernel(layer)
    taps = Int.random(in: 1...min(kernel.window.kernelHeight, 128 / multipliers), using: &random)
    columnTaps = Int.random(in: 1...min(kernel.window.kernelWidth, 128 / multipliers), using: &random)
    if Int.random(in: 0..<3, using: &random) == 0 { pipelining = .deep }
    if layer.isPooling { self = pooling(layer) }
    rowLanes = Int.random(in: 1...h, using: &random)
    let divisors = (1...kpf).filter { kpf % $0 == 0 && layer.outputShape.channels % $0 == 0 }
    channelLanes = divisors.randomElement(using: &random) ?? 1
    if layer.isPooling { return }
    let range = kernel.weightRange
    let packings = Packing.allCases.filter { $0.fits(activationBits: layer.inputBits, weights: range) }
    packing = packings.randomElement(using: &random) ?? .none
    if layer.isUntied {
      biasStore = .external
      let geometry = StageGeometry(
        layer: layer, configuration: self, inputOrders: [.raster(layer.inputShape)], kernel: kernel)
      if !geometry.biasesFitWord || Bool.random(using: &random) { biasStore = .chip }
    }
    weightStore = WeightStore.allCases.randomElement(using: &random) ?? .chip
  }
}
