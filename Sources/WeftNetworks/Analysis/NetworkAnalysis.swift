/// What a network asks for: shapes, multiply-accumulates and parameters, for each layer and each
/// branch. Counted from the network as it is written, of float32 or quantised alike.
public struct NetworkAnalysis: Hashable, Sendable, Codable {
  /// One operator of the network.
  public struct Layer: Hashable, Sendable, Codable {
    /// The node's name.
    public var name: String
    /// The ONNX operator.
    public var kind: String
    /// Shape of the map that it reads.
    public var input: MapShape
    /// Shape of its result.
    public var output: MapShape
    /// Kernel height x width, for a convolution.
    public var kernel: String?
    /// Multiply-accumulates of one frame, zero-padded positions included.
    public var macs: Int
    /// Constants: weights, biases and slopes.
    public var parameters: Int
    /// The outputs that need the layer.
    public var branches: [String]
  }

  /// All that one output needs.
  public struct Branch: Hashable, Sendable, Codable {
    /// Name of the output.
    public var output: String
    /// Names of its layers, in the order of the data.
    public var layers: [String]
    /// How many of them, counted from the first, other outputs need as well.
    public var sharedLayers: Int
    /// Multiply-accumulates of one frame, the shared ones included.
    public var macs: Int
    /// Constants, the shared ones included.
    public var parameters: Int
  }

  /// The network's name.
  public var network: String
  /// Whether the network has integer codes in its file.
  public var isQuantized: Bool
  /// The operators that compute; quantisation between them is left out.
  public var layers: [Layer]
  /// One for each output.
  public var branches: [Branch]
  /// Multiply-accumulates of one frame; shared layers count once.
  public var macs: Int
  /// Constants; those of shared layers count once.
  public var parameters: Int

  /// Analyses a network.
  public init(_ network: Network) {
    var users: [Network.Source: [String]] = [:]
    var chains: [(output: String, nodes: [Int])] = []
    for output in network.outputs {
      var chain: [Int] = []
      var source = output.source
      while case .node(let index) = source {
        if network.nodes[index].isComputation { chain.append(index) }
        users[source, default: []].append(output.name)
        source = network.nodes[index].source
      }
      chains.append((output.name, chain.reversed()))
    }
    let layers = network.nodes.indices.filter { network.nodes[$0].isComputation }.map { index in
      Layer(network.nodes[index], of: network, branches: users[.node(index)] ?? [])
    }
    self.network = network.name
    isQuantized = network.isQuantized
    self.layers = layers
    branches = chains.map { output, chain in
      Branch(
        output: output, layers: chain.map { network.nodes[$0].name },
        sharedLayers: chain.prefix { (users[.node($0)]?.count ?? 0) > 1 }.count,
        macs: chain.reduce(0) { $0 + network.macs(of: network.nodes[$1]) },
        parameters: chain.reduce(0) { $0 + network.nodes[$1].parameters })
    }
    macs = layers.reduce(0) { $0 + $1.macs }
    parameters = layers.reduce(0) { $0 + $1.parameters }
  }
}

extension NetworkAnalysis.Layer {
  fileprivate init(_ node: Network.Node, of network: Network, branches: [String]) {
    var kernel: String?
    if case .convolution(_, _, let window) = node.operation {
      kernel = "\(window.kernelHeight)x\(window.kernelWidth)"
    }
    self.init(
      name: node.name, kind: node.operation.operatorName, input: network.shape(of: node.source),
      output: node.shape, kernel: kernel, macs: network.macs(of: node), parameters: node.parameters,
      branches: branches)
  }
}

extension Network {
  fileprivate func macs(of node: Node) -> Int {
    node.boundedMACs(reading: shape(of: node.source)) ?? NetworkLimits.macs
  }
}

extension Network.Node {
  fileprivate var isComputation: Bool {
    switch operation {
    case .quantize, .dequantize: false
    default: true
    }
  }

  fileprivate var parameters: Int {
    switch operation {
    case .convolution(let weights, let bias, _): weights.count + (bias?.count ?? 0)
    case .rectify(let slopes): slopes.count > 1 ? slopes.count : 0
    case .add(let constant): constant.count
    default: 0
    }
  }
}

extension NetworkAnalysis: CustomStringConvertible {
  /// A table of the layers, one of the branches, and the totals.
  public var description: String {
    let layerTable = Self.table(
      [["layer", "kind", "input", "output", "kernel", "MACs", "parameters", "branches"]]
        + layers.map { layer in
          [
            layer.name, layer.kind, "\(layer.input)", "\(layer.output)", layer.kernel ?? "",
            "\(layer.macs)", "\(layer.parameters)", layer.branches.joined(separator: ", "),
          ]
        }, numbers: [5, 6])
    let branchTable = Self.table(
      [["branch", "layers", "shared", "MACs", "parameters"]]
        + branches.map { branch in
          [
            branch.output, "\(branch.layers.count)", "\(branch.sharedLayers)", "\(branch.macs)",
            "\(branch.parameters)",
          ]
        } + [["total", "\(layers.count)", "", "\(macs)", "\(parameters)"]],
      numbers: [1, 2, 3, 4])
    return layerTable + "\n\n" + branchTable
  }

  private static func table(_ rows: [[String]], numbers: Set<Int>) -> String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 0 ? "" : "  ") + (numbers.contains(column) ? space + cell : cell + space)
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
