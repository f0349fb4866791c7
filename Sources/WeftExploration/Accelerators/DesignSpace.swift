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
      let candidates = Candidates(
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
          let lanes = orders[output].channelLanes
          guard unit.cpf % lanes == 0 || (unit.cpf >= lanes && unit.cpf >= layer.inputShape.channels) else {
            return nil
          }
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

  /// The configurations of one layer.
  private struct Candidates {
    struct Candidate {
      var configuration: UnitConfiguration
      var option: ExplorationProblem.Option
    }

    /// The configurations that are worth trying.
    private(set) var list: [Candidate] = []
    /// For each way of reading a configuration that reads so.
    private(set) var inputs: [UnitConfiguration] = []
    /// The ways of emitting.
    private(set) var outputs: [LinkOrder] = []
    private let written: Kernel
    private let decomposed: Kernel?

    /// The convolution as it is written, or that of all phases.
    func kernel(decomposed isDecomposed: Bool) -> Kernel { isDecomposed ? decomposed ?? written : written }

    init(
      _ layer: QuantizedLayer, orders: [LinkOrder], device: Device, decomposes: Bool, bound: Int
    ) {
      written = Kernel(layer)
      decomposed = decomposes && Kernel.canDecompose(layer) ? Kernel(decomposing: layer) : nil
      var inputIndices: [UnitConfiguration: Int] = [:]
      var outputIndices: [LinkOrder: Int] = [:]
      /// Of each way of reading and emitting, the cheapest at the bound and those between it and twice as many cycles.
      var best: [[Int]: Candidate] = [:]
      for unit in configurations(of: layer, device: device, bound: bound) {
        let geometry = StageGeometry(
          layer: layer, configuration: unit, inputOrders: orders, kernel: kernel(decomposed: unit.decomposes))
        let reading = UnitConfiguration(cpf: unit.cpf, h: unit.h, taps: unit.taps, decomposes: unit.decomposes)
        let input = inputIndices[reading] ?? inputs.count
        if input == inputs.count {
          inputIndices[reading] = input
          inputs.append(reading)
        }
        let order = geometry.emission
        let output = outputIndices[order] ?? outputs.count
        if output == outputs.count {
          outputIndices[order] = output
          outputs.append(order)
        }
        var resources = StageCost(geometry, on: device.dspKind).unit
        if layer.readsInputs {
          resources = resources + StageCost(geometry, on: device.dspKind).lineBuffers
        }
        // What feeds the layer passes on no more transfers than its own cycles.
        let cycles = layer.readsInputs ? geometry.cyclesPerFrame : geometry.computeCycles
        let key = [input, output, max(cycles, bound)]
        if let known = best[key], known.option.resources.dsp <= resources.dsp { continue }
        best[key] = Candidate(
          configuration: unit,
          option: ExplorationProblem.Option(cycles: cycles, resources: resources, input: input, output: output))
      }
      func key(_ option: ExplorationProblem.Option) -> (Int, Int, Int, Int) {
        (option.cycles, option.resources.dsp, option.input, option.output)
      }
      let sorted = best.values.sorted { key($0.option) < key($1.option) }
      list = sorted.enumerated().map { index, candidate in
        var candidate = candidate
        candidate.option.configuration = index
        return candidate
      }
    }

    private func configurations(of layer: QuantizedLayer, device: Device, bound: Int) -> [UnitConfiguration] {
      var result: [UnitConfiguration] = []
      for isDecomposed in decomposed == nil ? [false] : [false, true] {
        let kernel = kernel(decomposed: isDecomposed)
        // More than twice what the work asks for at the bound is no use.
        let most = max(8, 2 * (kernel.macs / bound + 1))
        let packs = device.dspKind == .dsp48e2 && kernel.packs(activationBits: layer.inputBits)
        let channels = layer.outputShape.channels
        let results = channels * kernel.groups.reduce(0) { max($0, $1.phases.count) }
        var heights = Self.rounds(kernel.rows, most: 64)
        if packs { heights = Set(heights + heights.map { $0 + $0 % 2 }).sorted() }
        for taps in Set([1, kernel.window.kernelHeight]).sorted() {
          for h in heights where h * taps <= most {
            for kpf in Self.rounds(results, most: most / (h * taps)) {
              for cpf in Self.rounds(layer.inputShape.channels, most: most / (h * taps * kpf)) {
                let unit = UnitConfiguration(
                  cpf: cpf, kpf: kpf, h: h, taps: taps, decomposes: isDecomposed, packs: packs && h > 1,
                  biasStore: layer.isUntied ? .external : .chip)
                result += Self.lanes(of: unit, layer, kernel)
              }
            }
          }
        }
      }
      return result
    }

    /// The configuration with as few lanes as pass its results on while the next are computed.
    private static func lanes(
      of unit: UnitConfiguration, _ layer: QuantizedLayer, _ kernel: Kernel
    ) -> [UnitConfiguration] {
      let groups = (layer.inputShape.channels + unit.cpf - 1) / unit.cpf
      var cycles = Int.max
      for group in kernel.groups {
        let rows = (group.rows.count + unit.taps - 1) / unit.taps
        cycles = min(cycles, rows * group.columns.count * groups)
      }
      var best: [UnitConfiguration] = []
      for channelLanes in 1...unit.kpf
      where unit.kpf % channelLanes == 0 && layer.outputShape.channels % channelLanes == 0 {
        let chunks = unit.kpf / channelLanes
        guard chunks <= cycles else { continue }
        let rowSteps = cycles / chunks
        var lanes = unit
        lanes.channelLanes = channelLanes
        lanes.rowLanes = (unit.h + rowSteps - 1) / rowSteps
        if let least = best.first?.lanes, lanes.lanes > least { continue }
        if let least = best.first?.lanes, lanes.lanes < least { best = [] }
        best.append(lanes)
      }
      return best
    }

    /// For each number of rounds in which `count` things are done the least factor that makes do with it.
    private static func rounds(_ count: Int, most: Int) -> [Int] {
      var result: [Int] = []
      var factor = 1
      while factor <= min(count, max(most, 1)) {
        result.append(factor)
        let rounds = (count + factor - 1) / factor
        if rounds == 1 { break }
        factor = (count + rounds - 2) / (rounds - 1)
      }
      return result
    }
  }
}

extension QuantizedLayer {
  fileprivate var isUntied: Bool { if case .perPixel = bias { true } else { false } }
  /// Whether the layer reads inputs of the network alone.
  fileprivate var readsInputs: Bool {
    sources.allSatisfy { if case .input = $0 { true } else { false } }
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
