import WeftAccelerators
import WeftNetworks

/// The configurations of one layer.
struct LayerCandidates {
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
    let groups = ceilingDivide(layer.inputShape.channels, unit.cpf)
    var cycles = Int.max
    for group in kernel.groups {
      let rows = ceilingDivide(group.rows.count, unit.taps)
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
      lanes.rowLanes = ceilingDivide(unit.h, rowSteps)
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
      let rounds = ceilingDivide(count, factor)
      if rounds == 1 { break }
      factor = (count + rounds - 2) / (rounds - 1)
    }
    return result
  }
}

extension QuantizedLayer {
  fileprivate var isUntied: Bool { if case .perPixel = bias { true } else { false } }
  /// Whether the layer reads inputs of the network alone.
  fileprivate var readsInputs: Bool {
    sources.allSatisfy { if case .input = $0 { true } else { false } }
  }
}
