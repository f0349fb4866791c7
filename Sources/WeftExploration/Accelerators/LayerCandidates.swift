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
  let layer: QuantizedLayer
  /// Frames of a pass that the layer computes, and that its inputs bring.
  let batch: Int
  let inputBatches: [Int]
  /// The orders of the layer's maps, as if all of them were inputs of the network.
  let orders: [LinkOrder]
  private let written: Kernel
  private let decomposed: Kernel?

  /// The convolution as it is written, or that of all phases.
  func kernel(decomposed isDecomposed: Bool) -> Kernel { isDecomposed ? decomposed ?? written : written }

  /// All that a way of reading depends on.
  private struct Reading: Hashable {
    var cpf, h, taps, columnTaps: Int
    var decomposes: Bool
  }
  /// All that a way of emitting depends on.
  private struct Emission: Hashable {
    var h, rowLanes, channelLanes: Int
    var decomposes: Bool
  }
  /// Candidates of the same are told apart by what they cost alone.
  private struct Place: Hashable {
    var input, output, cycles: Int
    var weightStore: UnitConfiguration.WeightStore
  }

  /// The configurations of a layer that are allowed.
  init(
    _ layer: QuantizedLayer, orders: [LinkOrder], device: Device, decomposes: Bool,
    weightStores: [UnitConfiguration.WeightStore], batch: Int, inputBatches: [Int], bound: Int,
    isAllowed: (UnitConfiguration) -> Bool
  ) {
    self.layer = layer
    self.orders = orders
    (self.batch, self.inputBatches) = (batch, inputBatches)
    let inputTransfers = layer.inputTransfers(orders, batches: inputBatches)
    written = Kernel(layer)
    decomposed = decomposes && Kernel.canDecompose(layer) ? Kernel(decomposing: layer) : nil
    var readings = Classes<Reading, UnitConfiguration>()
    var emissions = Classes<Emission, LinkOrder>()
    /// Of each way of reading and emitting, the cheapest at the bound and those between it and twice as many cycles.
    var best: [Place: Candidate] = [:]
    let stores = layer.isPooling ? [.chip] : weightStores
    for unit in configurations(device: device, bound: bound).flatMap({ unit in stores.map(unit.withWeights(in:)) })
    where isAllowed(unit) {
      let geometry = StageGeometry(
        layer: layer, configuration: unit, inputOrders: orders, batch: batch, inputBatches: inputBatches,
        kernel: kernel(decomposed: unit.decomposes))
      guard geometry.biasesFitWord else { continue }
      let reading = Reading(
        cpf: unit.cpf, h: unit.h, taps: unit.taps, columnTaps: unit.columnTaps, decomposes: unit.decomposes)
      let input = readings.number(of: reading, unit)
      let emission = Emission(
        h: unit.h, rowLanes: unit.rowLanes, channelLanes: unit.channelLanes, decomposes: unit.decomposes)
      let output = emissions.number(of: emission, geometry.emission)
      let cost = StageCost(geometry, on: device.dspKind)
      // What feeds the layer passes on no more transfers than its own cycles.
      let cycles = max(batch * geometry.computeCycles, inputTransfers)
      let place = Place(input: input, output: output, cycles: max(cycles, bound), weightStore: unit.weightStore)
      if let known = best[place], known.option.resources.dsp <= cost.dsp { continue }
      let resources = layer.readsInputs ? cost.unit + cost.lineBuffers : cost.unit
      best[place] = Candidate(
        configuration: unit,
        option: ExplorationProblem.Option(cycles: cycles, resources: resources, input: input, output: output))
    }
    (inputs, outputs) = (readings.representatives, emissions.representatives)
    func key(_ option: ExplorationProblem.Option) -> (Int, Int, Int, Int, Int) {
      (option.cycles, option.resources.dsp, option.input, option.output, option.resources.memoryWords)
    }
    let sorted = best.values.sorted { key($0.option) < key($1.option) }
    list = sorted.enumerated().map { index, candidate in
      var candidate = candidate
      candidate.option.configuration = index
      return candidate
    }
  }

  /// The most channels of a map that feeds the layer.
  var mapChannels: Int { orders.reduce(0) { max($0, $1.shape.channels) } }

  private func configurations(device: Device, bound: Int) -> [UnitConfiguration] {
    var result: [UnitConfiguration] = []
    for isDecomposed in decomposed == nil ? [false] : [false, true] {
      let kernel = kernel(decomposed: isDecomposed)
      // More than twice what the work asks for at the bound is no use.
      let isPooling = layer.isPooling
      let work = batch * (isPooling ? kernel.operations : kernel.macs)
      let most = max(8, 2 * (work / bound + 1))
      let packing = isPooling
        ? .none : device.dspKind.packing(activationBits: layer.inputBits, weights: kernel.weightRange)
      let results = layer.outputShape.channels * kernel.groups.reduce(0) { max($0, $1.phases.count) }
      var heights = Self.rounds(kernel.rows, most: 64)
      if packing != .none { heights = Set(heights + heights.map { $0 + $0 % 2 }).sorted() }
      for (taps, columnTaps) in Self.unrollings(of: kernel.window) {
        for h in heights where h * taps * columnTaps <= most {
          for kpf in isPooling ? [1] : Self.rounds(results, most: most / (h * taps * columnTaps)) {
            for cpf in Self.rounds(mapChannels, most: most / (h * taps * columnTaps * kpf)) {
              let unit = UnitConfiguration(
                cpf: cpf, kpf: isPooling ? cpf : kpf, h: h, taps: taps, columnTaps: columnTaps,
                decomposes: isDecomposed, packing: h > 1 ? packing : .none,
                biasStore: layer.isUntied ? .external : .chip, pipelining: device.dspKind.pipelining)
              result += lanes(of: unit, kernel)
            }
          }
        }
      }
    }
    return result
  }

  /// The kernel taps at once that are worth trying: one, a column of them, all.
  private static func unrollings(of window: ConvolutionWindow) -> [(taps: Int, columnTaps: Int)] {
    let (height, width) = (window.kernelHeight, window.kernelWidth)
    var result = [(1, 1)]
    if height > 1 { result.append((height, 1)) }
    if width > 1 { result.append((height, width)) }
    return result
  }

  /// The configuration with as few lanes as pass its results on while the next are computed.
  private func lanes(of unit: UnitConfiguration, _ kernel: Kernel) -> [UnitConfiguration] {
    let groups = layer.isPooling ? 1 : orders.reduce(0) { $0 + ceilingDivide($1.shape.channels, unit.cpf) }
    var cycles = Int.max
    for group in kernel.groups {
      let taps = ceilingDivide(group.rows.count, unit.taps) * ceilingDivide(group.columns.count, unit.columnTaps)
      cycles = min(cycles, taps * groups)
    }
    var best: [UnitConfiguration] = []
    for channelLanes in 1...unit.kpf
    where unit.kpf % channelLanes == 0 && layer.outputShape.channels % channelLanes == 0 {
      let chunks = unit.kpf / channelLanes * kernel.copies.count
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
  /// Whether the layer reads inputs of the network alone.
  fileprivate var readsInputs: Bool {
    sources.allSatisfy { if case .input = $0 { true } else { false } }
  }

  /// Transfers of a pass of the largest input of the network that the layer reads, if any.
  fileprivate func inputTransfers(_ orders: [LinkOrder], batches: [Int]) -> Int {
    var most = 0
    for (index, source) in sources.enumerated() {
      if case .input = source { most = max(most, orders[index].transfersPerFrame * batches[index]) }
    }
    return most
  }
}
