import WeftAccelerators
import WeftNetworks

/// All the plans of a network that a search chooses from: for each layer the configurations worth trying, with and
/// without phases and packing, and what each pair of neighbours takes.
public struct DesignSpace: Sendable {
  /// What the search is given.
  public let problem: ExplorationProblem
  let network: QuantizedNetwork
  let device: Device
  private let configurations: [[UnitConfiguration]]
  /// The batches of the outputs that have more than one frame.
  private let batches: [String: Int]
  /// For each stage what its joins are charged with beside what its options and its link say.
  let charges: [Resources]

  /// The space of a network on a device.
  ///
  /// A layer that several branches need runs as often for a frame as the largest of their batches says, and the figures
  /// of its options are those of all its passes.
  ///
  /// - Parameters:
  ///   - decomposes: Whether upsampling may be decomposed into phases.
  ///   - weightStores: Where a stage may have its weights; without it on the chip, and, where the weights of all layers
  ///     would take more than half of its block RAM, streamed.
  ///   - branches: One for each output of the network, with its batch and priority; without them 1 each.
  /// - Throws: `ExplorationError` where a layer has no configuration that the device has room for, or the branches are
  ///   not those of the network.
  public init(
    _ network: QuantizedNetwork, device: Device, decomposes: Bool = true,
    weightStores: [UnitConfiguration.WeightStore]? = nil, branches: [ExplorationProblem.Branch]? = nil
  ) throws(ExplorationError) {
    self.network = network
    self.device = device
    let branches = branches ?? network.outputs.map { ExplorationProblem.Branch(name: $0.name) }
    try network.check(branches)
    batches = Dictionary(zip(network.outputs, branches).map { ($0.name, $1.batch) }) { first, _ in first }
      .filter { $0.value > 1 }
    let passes = LayerBatches(network, outputs: branches.map(\.batch))
    let least = zip(network.layers, passes.layers).reduce(0) { sum, next in
      let (layer, batch) = next
      let kernel = decomposes && Kernel.canDecompose(layer) ? Kernel(decomposing: layer) : Kernel(layer)
      return sum + kernel.macs * batch
    }
    // No plan has fewer cycles than all products at once would take.
    let bound = max(1, least / max(1, 2 * device.dsp))
    let weightStores = weightStores ?? (network.weightsFillHalf(of: device) ? [.chip, .streamed] : [.chip])
    let rules = JoinRules(network, bound: bound)
    var stages: [ExplorationProblem.Stage] = []
    var configurations: [[UnitConfiguration]] = []
    var outputs: [[LinkOrder]] = []
    for (index, layer) in network.layers.enumerated() {
      let orders = network.inputOrders(of: layer)
      let candidates = LayerCandidates(
        layer, orders: orders, device: device, decomposes: decomposes, weightStores: weightStores,
        batch: passes.layers[index], inputBatches: layer.sources.map(passes.frames(from:)), bound: bound
      ) { rules.allow($0, of: index, mapChannels: orders.reduce(0) { max($0, $1.shape.channels) }) }
      configurations.append(candidates.list.map(\.configuration))
      outputs.append(candidates.outputs)
      let predecessor = rules.predecessors[index]
      let link = predecessor.map { candidates.link(after: outputs[$0], from: network.layers[$0]) }
      stages.append(
        ExplorationProblem.Stage(
          name: layer.name, options: candidates.list.map(\.option), predecessor: predecessor, link: link,
          branch: network.mainBranch(of: index)))
    }
    self.configurations = configurations
    charges = Array(repeating: .zero, count: stages.count)
    problem = try ExplorationProblem(stages: stages, branches: branches)
  }

  /// A space with other charges for its joins.
  init(_ space: DesignSpace, charges: [Resources]) throws(ExplorationError) {
    (network, device, batches, configurations) = (space.network, space.device, space.batches, space.configurations)
    var stages = space.problem.stages
    for index in stages.indices where charges[index] != space.charges[index] {
      for option in stages[index].options.indices {
        stages[index].options[option].resources += charges[index] - space.charges[index]
      }
    }
    self.charges = charges
    problem = try ExplorationProblem(stages: stages, branches: space.problem.branches)
  }

  /// The plan that a search's choices stand for.
  public func plan(_ choices: [Int]) -> Plan {
    Plan(
      network: network.name,
      stages: network.layers.indices.map { index in
        let configuration = problem.stages[index].options[choices[index]].configuration
        return Plan.Stage(name: network.layers[index].name, unit: configurations[index][configuration])
      }, batches: batches)
  }

  /// Product lanes of the plan that a search's choices stand for.
  public func multipliers(_ choices: [Int]) -> Int {
    zip(plan(choices).stages, network.layers).reduce(0) { sum, next in
      next.1.isPooling ? sum : sum + next.0.unit.multipliers
    }
  }

  /// For each branch the cycles of its slowest stage, those that it shares included, for all passes that a frame takes.
  public func branchCycles(_ choices: [Int]) -> [Int] {
    network.branches.map { branch in
      branch.layers.map { problem.stages[$0].options[choices[$0]].cycles }.max() ?? 0
    }
  }
}

extension QuantizedNetwork {
  /// Whether the weights of all layers, as they are written, take more than half of a device's block RAM.
  fileprivate func weightsFillHalf(of device: Device) -> Bool {
    layers.reduce(0) { $0 + $1.weights.count * $1.weightBits } > device.ramb18 * Device.bytesPerBlock * 8 / 2
  }

  /// Checks branches.
  ///
  /// - Throws: `ExplorationError` where there is not one for each output, or a batch is not positive or too large.
  fileprivate func check(_ branches: [ExplorationProblem.Branch]) throws(ExplorationError) {
    guard branches.count == outputs.count else {
      throw ExplorationError(
        "there are \(branches.count) branches for the outputs \(outputs.map(\.name).joined(separator: ", "));"
          + " give one for each")
    }
    for branch in branches where !(1...Plan.largestBatch).contains(branch.batch) {
      throw ExplorationError(
        "the branch '\(branch.name)' has a batch of \(branch.batch); give it one from 1 to \(Plan.largestBatch)")
    }
  }

  /// The branch that a layer is counted in: of those that need it the one with the most work.
  package func mainBranch(of layer: Int) -> Int {
    let works = branches.map { branch in
      branch.layers.contains(layer) ? branch.layers.reduce(0) { $0 + layers[$1].macs } : -1
    }
    return works.indices.max { works[$0] < works[$1] } ?? 0
  }
}
