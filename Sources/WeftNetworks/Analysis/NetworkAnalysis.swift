/// What a network asks for: shapes, operations, parameters, reuse, memory and bandwidth, for each layer and each
/// branch. Counted from the network as it is written, of float32 or quantised alike.
public struct NetworkAnalysis: Hashable, Sendable, Codable {
  /// How wide values are and how many frames a second are wanted, for memory and bandwidth.
  public struct Assumptions: Hashable, Sendable, Codable {
    /// Bits of an element of a map.
    public var activationBits: Int
    /// Bits of a weight or a slope.
    public var weightBits: Int
    /// Bits of a bias, tied or untied.
    public var biasBits: Int
    /// Frames a second.
    public var framesPerSecond: Double

    /// Creates assumptions.
    public init(activationBits: Int = 8, weightBits: Int = 8, biasBits: Int = 16, framesPerSecond: Double = 60) {
      self.activationBits = activationBits
      self.weightBits = weightBits
      self.biasBits = biasBits
      self.framesPerSecond = framesPerSecond
    }
  }

  /// One operator of the network.
  public struct Layer: Hashable, Sendable, Codable {
    /// The node's name.
    public var name: String
    /// The ONNX operator.
    public var kind: String
    /// Shape of the map that it reads; of the first where it joins several.
    public var input: MapShape
    /// Shape of its result.
    public var output: MapShape
    /// Kernel height x width, for a convolution or a pooling.
    public var kernel: String?
    /// Multiply-accumulates of one frame, zero-padded positions included.
    public var macs: Int
    /// Constants: weights, biases and slopes.
    public var parameters: Int
    /// Those of them that are added.
    public var biases: Int
    /// How often each weight is used in a frame; nil without weights.
    public var reuse: Double?
    /// Bytes of the maps that it reads and of its result; 0 for what is computed on the way from one to the other:
    /// work on single values, upsampling, padding and joining.
    public var mapBytes: Int
    /// Bytes of its constants.
    public var parameterBytes: Int
    /// The outputs that need the layer.
    public var branches: [String]

    /// Operations of one frame: 2 for each multiply-accumulate.
    public var operations: Int { 2 * macs }
    /// Operations for each byte, were maps and constants moved once.
    public var intensity: Double { Double(operations) / Double(max(mapBytes + parameterBytes, 1)) }
  }

  /// All that one output needs.
  public struct Branch: Hashable, Sendable, Codable {
    /// Name of the output.
    public var output: String
    /// Names of its layers, in the order of the data.
    public var layers: [String]
    /// How many of them other outputs need as well.
    public var sharedLayers: Int
    /// Multiply-accumulates of one frame, the shared ones included.
    public var macs: Int
    /// Constants, the shared ones included.
    public var parameters: Int
    /// Bytes of the maps that its layers read and make, and of their constants.
    public var bytes: Int

    /// Operations of one frame: 2 for each multiply-accumulate.
    public var operations: Int { 2 * macs }
  }

  /// Memory and bandwidth of the whole network.
  public struct Traffic: Hashable, Sendable, Codable {
    /// Bytes of all constants.
    public var parameterBytes: Int
    /// The most bytes of maps that are needed at once when one layer is computed after the other.
    public var peakMapBytes: Int
    /// Bytes moved for a frame where every layer fetches its maps and constants and stores its result.
    public var bytesPerFrame: Int
    /// Bytes moved for a frame where layers pass their results on and keep their weights: inputs, outputs and biases
    /// that differ from pixel to pixel.
    public var pipelinedBytesPerFrame: Int
    /// The first of the two in GB/s, at the frames a second that are assumed.
    public var bandwidth: Double
    /// The second.
    public var pipelinedBandwidth: Double
  }

  /// The network's name.
  public var network: String
  /// Whether the network has integer codes in its file.
  public var isQuantized: Bool
  /// What memory and bandwidth are computed for.
  public var assumptions: Assumptions
  /// The operators that compute; quantisation between them is left out.
  public var layers: [Layer]
  /// One for each output.
  public var branches: [Branch]
  /// The output of the branch with the most work: the critical flow.
  public var criticalBranch: String?
  /// Multiply-accumulates of one frame; shared layers count once.
  public var macs: Int
  /// Operations of one frame: 2 for each multiply-accumulate.
  public var operations: Int
  /// Constants; those of shared layers count once.
  public var parameters: Int
  /// Those of them that are added.
  public var biases: Int
  /// Memory and bandwidth.
  public var traffic: Traffic

  /// Analyses a network.
  public init(_ network: Network, assuming assumptions: Assumptions = Assumptions()) {
    let needed = network.outputs.map { output in
      (output: output.name, nodes: network.nodes(leadingTo: output.source).filter { network.nodes[$0].isComputation })
    }
    var users: [Int: [String]] = [:]
    for branch in needed { for index in branch.nodes { users[index, default: []].append(branch.output) } }
    let indices = network.nodes.indices.filter { network.nodes[$0].isComputation }
    let maps = StoredMaps(network)
    let all = Dictionary(
      uniqueKeysWithValues: indices.map { index in
        (index, Layer(index, of: network, maps, branches: users[index] ?? [], assuming: assumptions))
      })
    self.network = network.name
    isQuantized = network.isQuantized
    self.assumptions = assumptions
    let layers = indices.compactMap { all[$0] }
    self.layers = layers
    branches = needed.map { output, nodes in
      let layers = nodes.compactMap { all[$0] }
      return Branch(
        output: output, layers: layers.map(\.name), sharedLayers: layers.count { $0.branches.count > 1 },
        macs: layers.reduce(0) { $0 + $1.macs }, parameters: layers.reduce(0) { $0 + $1.parameters },
        bytes: layers.reduce(0) { $0 + $1.mapBytes + $1.parameterBytes })
    }
    criticalBranch = branches.max { $0.macs < $1.macs }?.output
    macs = layers.reduce(0) { $0 + $1.macs }
    operations = 2 * macs
    parameters = layers.reduce(0) { $0 + $1.parameters }
    biases = layers.reduce(0) { $0 + $1.biases }
    traffic = Traffic(of: network, maps, layers: layers, assuming: assumptions)
  }

  /// Multiply-accumulates of several frames of some outputs, by their names, and one of each other: what outputs share
  /// counts as often as the one with the most frames asks for.
  public func macs(batches: [String: Int]) -> Int {
    layers.reduce(0) { sum, layer in sum + layer.macs * (layer.branches.map { batches[$0] ?? 1 }.max() ?? 1) }
  }
}

extension NetworkAnalysis.Layer {
  fileprivate init(
    _ index: Int, of network: Network, _ maps: StoredMaps, branches: [String],
    assuming assumptions: NetworkAnalysis.Assumptions
  ) {
    let node = network.nodes[index]
    var kernel: String?
    switch node.operation {
    case .convolution(_, _, let window, _), .maximum(let window):
      kernel = "\(window.kernelHeight)x\(window.kernelWidth)"
    default: break
    }
    let macs = node.boundedMACs(reading: network.shape(of: node.source)) ?? NetworkLimits.macs
    let (weights, biases) = (node.weights, node.biases)
    self.init(
      name: node.name, kind: node.operation.operatorName, input: network.shape(of: node.source),
      output: node.shape, kernel: kernel, macs: macs, parameters: weights + biases, biases: biases,
      reuse: macs > 0 && weights > 0 ? Double(macs) / Double(weights) : nil,
      mapBytes: bytes(maps.elementsMoved(by: index), assumptions.activationBits),
      parameterBytes: bytes(weights, assumptions.weightBits) + bytes(biases, assumptions.biasBits), branches: branches)
  }
}

/// Bytes of a number of values, rounded up.
private func bytes(_ count: Int, _ bits: Int) -> Int { (count * bits + 7) / 8 }

extension NetworkAnalysis.Traffic {
  fileprivate init(
    of network: Network, _ maps: StoredMaps, layers: [NetworkAnalysis.Layer],
    assuming assumptions: NetworkAnalysis.Assumptions
  ) {
    let parameters = layers.reduce(0) { $0 + $1.parameterBytes }
    let moved = layers.reduce(parameters) { $0 + $1.mapBytes }
    let ends = network.inputs.map(\.shape) + network.outputs.map { network.shape(of: $0.source) }
    let untied = network.nodes.filter { $0.biases == $0.shape.count && $0.shape.height * $0.shape.width > 1 }
    let pipelined = bytes(ends.reduce(0) { $0 + $1.count }, assumptions.activationBits)
      + bytes(untied.reduce(0) { $0 + $1.biases }, assumptions.biasBits)
    self.init(
      parameterBytes: parameters, peakMapBytes: bytes(maps.peakElements, assumptions.activationBits),
      bytesPerFrame: moved, pipelinedBytesPerFrame: pipelined,
      bandwidth: Double(moved) * assumptions.framesPerSecond / 1e9,
      pipelinedBandwidth: Double(pipelined) * assumptions.framesPerSecond / 1e9)
  }
}

extension Network.Node {
  fileprivate var isComputation: Bool {
    switch operation {
    case .quantize, .dequantize: false
    default: true
    }
  }

  /// Constants that are multiplied.
  fileprivate var weights: Int {
    switch operation {
    case .convolution(let weights, _, _, _), .fullyConnected(let weights, _): weights.count
    case .rectify(let slopes): slopes.count > 1 ? slopes.count : 0
    default: 0
    }
  }

  /// Constants that are added.
  fileprivate var biases: Int {
    switch operation {
    case .convolution(_, let bias, _, _), .fullyConnected(_, let bias): bias?.count ?? 0
    case .add(let constant): constant.count
    default: 0
    }
  }
}
