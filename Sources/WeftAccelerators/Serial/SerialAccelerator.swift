import Weft
import WeftNetworks
import WeftStreams

/// A grid on a board that has nothing but a serial line: no processor, and no memory that a design reaches.
///
/// Frames follow each other as the host sends them. After a break of the line, at any moment, everything stands at the
/// beginning of a frame; what was under way is left out.
public struct SerialAccelerator<Unit: StageUnit>: Module {
  /// What computes.
  public let grid: Grid<Unit>
  /// What the line is like.
  public let settings: SerialSettings

  /// An accelerator behind a line.
  ///
  /// - Throws: `PlanError` where the plan has weights or biases in external memory.
  public init(_ grid: Grid<Unit>, settings: SerialSettings) throws(PlanError) {
    guard grid.memoryLayout.regions.isEmpty else {
      let stages = Set(grid.memoryLayout.regions.map { grid.stages[$0.stage].layer.name }).sorted()
      throw PlanError(
        "the stages \(stages.joined(separator: ", ")) have weights or biases in external memory, which an accelerator "
          + "behind a serial line does not have; set weightStore and biasStore to chip")
    }
    self.grid = grid
    self.settings = settings
  }

  public var verilogName: String? { grid.verilogName.map { $0 + "_serial" } }

  /// What comes in over the line: elements by pixels, all channels of one together.
  public var inputs: [TensorFormat] { grid.inputFormats(.nhwc) }
  /// What leaves, once it is brought into the order of planes.
  public var outputs: [TensorFormat] { grid.outputFormats(.nchw) }
  /// What tells this accelerator from others.
  public var configurationHash: UInt32 {
    BlockFingerprint(grid, behind: "serial \(inputs) \(outputs)").value
  }

  /// Transfers of an output that are sent together: as many as a packet has room for and a frame has whole numbers of.
  static func transfersPerPacket(_ order: LinkOrder, _ format: TensorFormat) -> Int {
    let most = max(1, SerialSettings.packetBytes / (order.lanes * format.elementBytes))
    return (1...most).last { order.transfersPerFrame % $0 == 0 } ?? 1
  }
  /// The elements of a packet of an output, those of lanes that count for nothing among them.
  public func elementsPerPacket(ofOutput index: Int) -> Int {
    let order = grid.outputOrders[index]
    return Self.transfersPerPacket(order, outputs[index]) * order.lanes
  }

  /// Block RAMs of 18 Kib that it takes beside those of the grid: the queues of the inputs.
  public var bufferRAMs: Int {
    inputs.reduce(0) { $0 + MemoryShape(depth: SerialSettings.capacity, width: $1.quantization.bits).ramb18 }
  }

  /// The line from the host.
  public var uart_rx: Bit { input(.bit) }
  /// The line to the host.
  public var uart_tx: Bit { output(.bit) }
  /// Whether a break holds everything, for a lamp.
  public var led0: Bit { output(.bit) }

  var receiver: Instance<SerialReceiver> { instance(SerialReceiver(cyclesPerBit: settings.cyclesPerBit)) }
  var transmitter: Instance<SerialTransmitter> { instance(SerialTransmitter(cyclesPerBit: settings.cyclesPerBit)) }
  var host: Instance<SerialHost> {
    instance(
      SerialHost(
        inputs: inputs, outputs: outputs, lanes: grid.outputOrders.map(\.lanes),
        elementsPerPacket: outputs.indices.map(elementsPerPacket(ofOutput:)), hash: configurationHash))
  }
  var recovery: Instance<SerialRecovery> {
    instance(
      SerialRecovery(
        inputElements: inputs.map { $0.frames * $0.shape.count },
        outputTransfers: outputs.indices.map { outputs[$0].frames * grid.outputOrders[$0].transfersPerFrame }))
  }
  var core: Instance<Grid<Unit>> { instance(grid, named: "grid") }
  private func entry(_ input: Int) -> Instance<PipelineRegister<Vector<Signed>>> {
    instance(
      PipelineRegister(of: .vector(1, of: .signed(inputs[input].quantization.bits))), named: "entry\(input)")
  }
  var isHeld: Bit { register(.bit, reset: 1) }

  public var body: Circuit {
    isHeld <== receiver.isBroken
    led0 <== isHeld
    host[.main].reset <== isHeld
    transmitter[.main].reset <== isHeld
    receiver.line <== uart_rx
    host.isReceived <== receiver.isReceived
    host.received <== receiver.received
    host.isGarbled <== receiver.isGarbled
    host.isReady <== !recovery.isRecovering
    transmitter.input <== host.bytes
    uart_tx <== transmitter.line
    recovery.begins <== isHeld
    for index in inputs.indices { input(index) }
    for index in outputs.indices { output(index) }
    if !settings.resetsGrid {
      core[.main].reset <== 0
      recovery[.main].reset <== 0
      for index in inputs.indices { entry(index)[.main].reset <== 0 }
    }
  }

  @CircuitBuilder private func input(_ index: Int) -> Circuit {
    let (entry, elements) = (entry(index), host.elements[index])
    let isOpen = !recovery.isRecovering
    entry.input.payload <== elements.payload
    entry.input.valid <== (elements.valid & isOpen) | recovery.feeds[index]
    elements.ready <== entry.input.ready & isOpen
    recovery.takes[index] <== entry.input.fires
    core.inputs[index] <== entry.output
  }

  @CircuitBuilder private func output(_ index: Int) -> Circuit {
    let (given, results) = (core.outputs[index], host.results[index])
    let isOpen = !recovery.isRecovering & !isHeld
    results.payload <== given.payload
    results.valid <== given.valid & isOpen
    given.ready <== results.ready | !isOpen
    recovery.gives[index] <== given.valid & given.ready
  }
}
