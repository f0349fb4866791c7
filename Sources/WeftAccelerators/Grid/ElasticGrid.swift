import Weft
import WeftNetworks
import WeftStreams

/// F-CAD's elastic grid: branches along one axis, stages along the other, linked by ready/valid streams. A trunk that
/// branches share is forked once. Where forks rejoin, ``queues`` hold what comes early, so that no order of stalls can
/// lock the grid.
///
/// Inputs take the elements of a frame in raster order, all channels of a pixel together; outputs give them in the
/// order of `outputOrders`. The next frame is accepted while the last is still in flight. A reset lasts at least two
/// cycles.
public struct Grid<Unit: StageUnit>: Module {
  /// What the grid computes.
  public let network: QuantizedNetwork
  /// Its stages, in the order of the network's layers.
  public let stages: [StageGeometry]
  /// How many frames of each output a pass of the grid gives: one, unless the plan has batches.
  public let batches: [Int]
  /// The queues on links whose transfers have to wait for those of other links; computed from the schedule of the
  /// stages.
  public let queues: [LinkQueue]
  /// Whether the grid shows in which cycles its stages pass something on, and how full its queues are.
  public let isObserved: Bool

  /// The grid for a network.
  ///
  /// - Throws: `PlanError` where the plan does not fit the network.
  public init(_ network: QuantizedNetwork, plan: Plan) throws(PlanError) {
    self.network = network
    stages = try plan.geometries(for: network)
    batches = plan.batches(for: network)
    queues = GridSchedule(network, stages).queues
    isObserved = false
  }

  private init(
    network: QuantizedNetwork, stages: [StageGeometry], batches: [Int], queues: [LinkQueue], isObserved: Bool = false
  ) {
    self.network = network
    self.stages = stages
    self.batches = batches
    self.queues = queues
    self.isObserved = isObserved
  }

  /// The same stages with the result of every layer as an output: shows where a wrong value arises.
  public var probed: Grid {
    Grid(network: network.probed, stages: stages, batches: stages.map(\.batch), queues: queues)
  }

  /// The same grid with ``transfers`` and ``fills`` as outputs, in the same cycles: shows when each stage works, and
  /// what its queues hold.
  public var observed: Grid {
    Grid(network: network, stages: stages, batches: batches, queues: queues, isObserved: true)
  }

  /// The same grid with queues of other depths, to see what the computed ones are for: with less the grid may be slow
  /// or lock.
  public func settingDepths(_ depth: (LinkQueue) -> Int) -> Grid {
    Grid(
      network: network, stages: stages, batches: batches, queues: queues.map { $0.holding(depth($0)) },
      isObserved: isObserved)
  }

  /// Frames of a pass: the most that an output has.
  public var framesPerPass: Int { batches.max() ?? 1 }
  /// A number of frames rounded up to whole passes.
  public func wholePasses(_ frames: Int) -> Int { ceilingDivide(frames, framesPerPass) * framesPerPass }
  /// How many frames of each input a pass takes: as many as the output with the most frames that needs it has.
  public var inputBatches: [Int] { LayerBatches(network, outputs: batches).inputs }

  public var verilogName: String? { PortNames.identifier(network.name, fallback: "grid") }

  /// One stream of hardware codes for each input of the network, ports named after it.
  public var inputs: [Stream<Vector<Signed>>] {
    network.inputs.indices.map {
      sink(.vector(1, of: .signed(network.inputs[$0].quantization.bits)), named: portNames.inputs[$0])
    }
  }

  /// One stream of hardware codes for each output of the network, ports named after it.
  public var outputs: [Stream<Vector<Signed>>] {
    zip(network.outputs, portNames.outputs).map { source(stages[$0.layer].outputPayload, named: $1) }
  }

  /// The order in which each input takes the elements of a frame.
  public var inputOrders: [LinkOrder] {
    network.inputs.indices.map { input in
      let reader = network.layers.first { $0.sources.contains(.input(input)) }
      return .raster(reader.map { network.inputs[input].shape.seen(by: $0) } ?? network.inputs[input].shape)
    }
  }
  /// The order in which each output gives the elements of a frame.
  public var outputOrders: [LinkOrder] { network.outputs.map { stages[$0.layer].outputOrder } }
  /// The port to external memory, where stages have something there; else nothing.
  public var memory: [MemoryReadPort] {
    memoryLayout.regions.isEmpty ? [] : [output(memoryLayout.port, named: "memory")]
  }
  /// For each stage whether a transfer of its output passes in this cycle; nothing unless the grid is observed.
  public var transfers: [Vector<Bit>] {
    isObserved ? [output(.vector(stages.count, of: .bit), named: "transfers")] : []
  }
  /// How many transfers each of the queues holds; nothing unless the grid is observed and has queues.
  public var fills: [Vector<Unsigned>] {
    isObserved && !queues.isEmpty
      ? [output(.vector(queues.count, of: .unsigned(fillBits)), named: "fills")] : []
  }
  private var fillBits: Int { bitsFor(queues.map(\.depth).max() ?? 1) }
  /// Where in external memory the stages have what they stream.
  public var memoryLayout: MemoryLayout { MemoryLayout(stages) }
  /// The words of external memory from address zero on, each as eight words of 64 bits, the least significant first.
  public var memoryImage: [UInt64] {
    let layout = memoryLayout
    let wordCount = MemoryLayout.wordWidth / 64
    var image = [UInt64](repeating: 0, count: layout.size * wordCount)
    for region in layout.regions {
      let elements = stages[region.stage].elements(of: region.stream)
      let words = WordUnpacker.packed(elements, intoWordsOf: MemoryLayout.wordWidth)
      for (index, word) in words.enumerated() {
        for (part, bits) in word.words.enumerated() {
          image[(region.baseAddress + index) * wordCount + part] = bits
        }
      }
    }
    return image
  }
  /// The names of the streams in Verilog: each has the ports NAME_payload, NAME_valid and NAME_ready.
  public var portNames: (inputs: [String], outputs: [String]) {
    let names = PortNames.unique(network.inputs.map(\.name) + network.outputs.map(\.name))
    return (Array(names.prefix(network.inputs.count)), Array(names.dropFirst(network.inputs.count)))
  }
  /// What the grid takes and gives.
  public var cost: GridCost { GridCost(stages) }

  public var body: Circuit {
    let units = stages.map { instance(Unit($0), named: "\($0.layer.name)_stage") }
    waking(units)
    for index in network.inputs.indices {
      distribute(inputs[index], from: .input(index), named: "\(portNames.inputs[index])_fork", units: units)
    }
    for index in units.indices {
      distribute(units[index].output, from: .layer(index), named: "\(network.layers[index].name)_fork", units: units)
    }
    for port in memory { stream(from: port, to: units) }
    for shown in transfers {
      for (index, unit) in units.enumerated() { shown[index] <== unit.output.valid & unit.output.ready }
    }
    for shown in fills {
      for index in queues.indices { shown[index] <== queue(index).count.extended(to: fillBits) }
    }
  }

  /// Whether the deep units are still in reset, a bit each.
  private var asleep: Vector<Bit> { register(.vector(max(1, deepUnits.count), of: .bit), reset: 1) }
  private var deepUnits: [Int] { stages.indices.filter { stages[$0].isDeep } }

  /// Lets deep units leave the reset one after the other, so that it has to reach no more than one of them within a
  /// cycle. Units in reset take nothing and give nothing.
  @CircuitBuilder private func waking(_ units: [Instance<Unit>]) -> Circuit {
    if !deepUnits.isEmpty {
      for (place, unit) in deepUnits.enumerated() {
        units[unit][.main].reset <== asleep[place]
        asleep[place] <== (place + 1 < deepUnits.count ? asleep[place + 1] : 0)
      }
    }
  }

  /// The queue of a link.
  private func queue(_ index: Int) -> Instance<BlockRAMFIFO<Vector<Signed>>> {
    let queue = queues[index]
    let stage = stages[queue.reader]
    return instance(
      BlockRAMFIFO(of: payload(of: queue.source), depth: queue.depth - 1, style: queue.memory.style),
      named: "\(stage.layer.name)_\(stage.inputName(queue.input))_queue")
  }

  /// Streams what the stages have in external memory to them.
  @CircuitBuilder private func stream(from port: MemoryReadPort, to units: [Instance<Unit>]) -> Circuit {
    let layout = memoryLayout
    let arbiter = instance(
      MemoryArbiter(of: layout.port, readers: layout.regions.count), named: "memory_arbiter")
    for (index, region) in layout.regions.enumerated() {
      let name = "\(stages[region.stage].layer.name)_\(region.stream.content.rawValue)"
      let reader = instance(layout.reader(of: region), named: "\(name)_reader")
      let unpacker = instance(layout.unpacker(of: region), named: "\(name)_unpacker")
      arbiter.readers[index] <== reader.memory
      unpacker.input <== reader.output
      switch region.stream.content {
      case .bias:
        let bits = stages[region.stage].biasBits
        units[region.stage].biases[0] <== unpacker.output.map { word in
          Vector((0..<word.width / bits).map { word[$0 * bits..<($0 + 1) * bits].asSigned })
        }
      case .weight: units[region.stage].weights[0] <== unpacker.output
      }
    }
    port <== arbiter.memory
  }

  /// Connects a stream to all that read it, through a fork where they are several.
  @CircuitBuilder private func distribute(
    _ stream: Stream<Vector<Signed>>, from source: LayerSource, named name: String, units: [Instance<Unit>]
  ) -> Circuit {
    for (index, queue) in queues.enumerated() where queue.source == source {
      units[queue.reader].inputs[queue.input] <== self.queue(index).output
    }
    let sinks = inputsFed(by: source, of: units) + outputsFed(by: source)
    if sinks.count == 1 {
      sinks[0].stream <== stream
    } else if sinks.isEmpty {
      stream.ready <== 1
    } else {
      let fork = instance(Fork(of: payload(of: source), branches: sinks.count), named: name)
      let offered = sinks.map(\.frames).max() ?? 1
      fork.input <== stream
      for (index, sink) in sinks.enumerated() {
        if sink.frames == offered {
          sink.stream <== fork.outputs[index]
        } else {
          let selector = instance(
            FrameSelector(
              of: payload(of: source), transfersPerFrame: order(of: source).transfersPerFrame, taken: sink.frames,
              offered: offered),
            named: "\(name)_selector\(index)")
          selector.input <== fork.outputs[index]
          sink.stream <== selector.output
        }
      }
    }
  }

  /// The order in which transfers come.
  private func order(of source: LayerSource) -> LinkOrder {
    switch source {
    case .input(let index): inputOrders[index]
    case .layer(let index): stages[index].outputOrder
    }
  }

  /// What takes a stream, and how many frames of a pass.
  private typealias Sink = (stream: Stream<Vector<Signed>>, frames: Int)

  /// What a transfer carries.
  private func payload(of source: LayerSource) -> Shape<Vector<Signed>> {
    switch source {
    case .input(let index): .vector(1, of: .signed(network.inputs[index].quantization.bits))
    case .layer(let index): stages[index].outputPayload
    }
  }

  private func inputsFed(by source: LayerSource, of units: [Instance<Unit>]) -> [Sink] {
    units.indices.flatMap { unit in
      let sources = network.layers[unit].sources
      return sources.indices.filter { sources[$0] == source }.map { input in
        let queue = queues.firstIndex { ($0.reader, $0.input) == (unit, input) }
        return (queue.map { self.queue($0).input } ?? units[unit].inputs[input], stages[unit].batch)
      }
    }
  }

  private func outputsFed(by source: LayerSource) -> [Sink] {
    guard case .layer(let layer) = source else { return [] }
    return network.outputs.indices.filter { network.outputs[$0].layer == layer }.map { (outputs[$0], batches[$0]) }
  }
}

/// The grid of elastic units.
public typealias ElasticGrid = Grid<ElasticUnit>
