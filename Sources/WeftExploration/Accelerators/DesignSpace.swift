import WeftAccelerators
import WeftNetworks

/// All the plans of a network that a search chooses from: for each layer the configurations worth trying, with and
/// without phases and packing, and what each pair of neighbours takes.
public struct DesignSpace: Sendable {
  /// What the search is given.
  public let problem: ExplorationProblem
  private let network: QuantizedNetwork
  private let configurations: [[UnitConfiguration]]

  /// The space of a network on a device.
  ///
  /// - Parameter decomposes: Whether upsampling may be decomposed into phases.
  /// - Throws: `ExplorationError` where a layer has no configuration that the device has room for.
  public init(_ network: QuantizedNetwork, device: Device, decomposes: Bool = true) throws(ExplorationError) {
    self.network = network
    let least = network.layers.reduce(0) { sum, layer in
      sum + (decomposes && Kernel.canDecompose(layer) ? Kernel(decomposing: layer) : Kernel(layer)).macs
    }
    // No plan has fewer cycles than all products at once would take.
    let bound = max(1, least / max(1, 2 * device.dsp))
    var stages: [ExplorationProblem.Stage] = []
    var configurations: [[UnitConfiguration]] = []
    var outputs: [[LinkOrder]] = []
    for (index, layer) in network.layers.enumerated() {
      let candidates = LayerCandidates(
        layer, orders: network.inputOrders(of: layer), device: device, decomposes: decomposes, bound: bound)
      configurations.append(candidates.list.map(\.configuration))
      outputs.append(candidates.outputs)
      var (predecessor, link): (Int?, InterfaceLink?)
      if case .layer(let source) = layer.source {
        predecessor = source
        let orders = outputs[source]
        var buffers: [LineBufferKey: (banks: Int, rows: Int)] = [:]
        link = InterfaceLink(outputs: orders.count, inputs: candidates.inputs.count) { output, input in
          let unit = candidates.inputs[input]
          guard unit.takes(orders[output].channelLanes, of: layer.inputShape.channels) else { return nil }
          let key = LineBufferKey(orders[output], unit)
          if buffers[key] == nil {
            let geometry = StageGeometry(
              layer: layer, configuration: unit, inputOrders: [orders[output]],
              kernel: candidates.kernel(decomposed: unit.decomposes))
            buffers[key] = (geometry.banks, geometry.bufferRows)
          }
          return buffers[key].map {
            StageCost.lineBuffers(1, banks: $0.banks, rows: $0.rows, of: layer, cpf: unit.cpf)
          }
        }
      }
      stages.append(
        ExplorationProblem.Stage(
          name: layer.name, options: candidates.list.map(\.option), predecessor: predecessor, link: link,
          branch: network.mainBranch(of: index)))
    }
    self.configurations = configurations
    problem = try ExplorationProblem(
      stages: stages, branches: network.outputs.map { ExplorationProblem.Branch(name: $0.name) })
  }

  /// The plan that a search's choices stand for.
  public func plan(_ choices: [Int]) -> Plan {
    Plan(
      network: network.name,
      stages: network.layers.indices.map { index in
        let configuration = problem.stages[index].options[choices[index]].configuration
        return Plan.Stage(name: network.layers[index].name, unit: configurations[index][configuration])
      })
  }

  /// All that the banks and the rows of a line buffer depend on.
  private struct LineBufferKey: Hashable {
    private let rowsPerGroup, verticalPhases, rowLanes, h, taps: Int
    private let decomposes: Bool

    init(_ order: LinkOrder, _ unit: UnitConfiguration) {
      (rowsPerGroup, verticalPhases, rowLanes) = (order.rowsPerGroup, order.verticalPhases, order.rowLanes)
      (h, taps, decomposes) = (unit.h, unit.taps, unit.decomposes)
    }
  }
}

extension QuantizedNetwork {
  /// The branch that a layer is counted in: of those that need it the one with the most work.
  fileprivate func mainBranch(of layer: Int) -> Int {
    let works = branches.map { branch in
      branch.layers.contains(layer) ? branch.layers.reduce(0) { $0 + layers[$1].macs } : -1
    }
    return works.indices.max { works[$0] < works[$1] } ?? 0
  }
}
