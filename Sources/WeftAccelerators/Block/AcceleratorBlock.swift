import Weft
import WeftNetworks
import WeftStreams

/// A grid as a block of a board: software runs it through registers, and it reads inputs from memory and writes outputs
/// to it by itself.
///
/// Software sets the address of the image of weights and biases, where there is one, and `enable`; then, for each
/// frame, the addresses of its inputs and outputs, and `start`. The next frames may be started while one is under way,
/// as many as `status.room` says: the grid has no pause between them. Where outputs have batches, a frame of the block
/// is a pass of the grid, and the frames of a tensor lie one behind the other.
///
/// A bus error stops the accelerator: what is under way on the buses is ended, `error` says what it was and where, and
/// taking `enable` back and setting it again begins anew. Taking `enable` back stops at any time.
public struct AcceleratorBlock<Unit: StageUnit>: Module {
  /// What computes.
  public let grid: Grid<Unit>
  /// What the block is like on the side of its buses.
  public let settings: BlockSettings

  /// A block for a grid.
  public init(_ grid: Grid<Unit>, settings: BlockSettings = BlockSettings()) {
    self.grid = grid
    self.settings = settings
  }

  public var verilogName: String? { grid.verilogName.map { $0 + "_block" } }

  // MARK: What software sees

  /// How the inputs lie in memory, in the order of the network.
  public var inputs: [TensorFormat] { grid.inputFormats(settings.layout) }
  /// How the outputs lie in memory, in the order of the network.
  public var outputs: [TensorFormat] { grid.outputFormats(settings.layout) }
  /// The registers.
  public var registers: BlockRegisters {
    BlockRegisters(
      settings: settings, inputCount: grid.network.inputs.count, outputCount: grid.network.outputs.count,
      hasParameters: hasParameters)
  }
  /// Whether weights or biases lie in external memory, as `Grid.memoryImage` has them.
  public var hasParameters: Bool { !grid.memoryLayout.regions.isEmpty }
  /// The bytes of the image of weights and biases, as they have to lie in memory.
  public var parameterImage: [UInt8] {
    guard hasParameters else { return [] }
    return grid.memoryImage.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }
  /// What tells this accelerator from others: from all that its network, its plan and its buses are.
  public var configurationHash: UInt32 { BlockFingerprint(grid, behind: "\(settings) \(inputs) \(outputs)").value }

  // MARK: Ports

  /// The bus of the registers.
  public var s_axi: AXI4Lite { input(.bundle(AXI4Lite(addressWidth: registers.map.addressWidth))) }
  /// Whether a frame is done, or an error has come, and software wants to know.
  public var irq: Bit { output(.bit) }
  /// The bus to inputs and outputs in memory.
  public var m_axi: AXI4 { output(.bundle(memoryBus(idWidth: frameIDWidth))) }
  /// The bus to weights and biases in memory, where there are any; else nothing.
  public var m_axi_parameters: [AXI4] {
    hasParameters ? [output(.bundle(memoryBus(idWidth: 1)), named: "m_axi_parameters")] : []
  }

  private func memoryBus(idWidth: Int) -> AXI4 {
    AXI4(addressWidth: settings.addressWidth, dataWidth: settings.dataWidth, idWidth: idWidth)
  }
  /// The managers that share the bus: each reads an input, or writes an output, or both.
  private var managerCount: Int { max(inputs.count, outputs.count) }
  private var frameIDWidth: Int { managerCount == 1 ? 1 : 1 + bitsFor(managerCount - 1) }

  // MARK: Parts

  var control: Instance<BlockControl> {
    instance(BlockControl(registers: registers, configuration: configurationHash))
  }
  var core: Instance<Grid<Unit>> { instance(grid, named: "grid") }
  var crossbar: Instance<AXICrossbar> {
    instance(
      AXICrossbar(
        of: .bundle(memoryBus(idWidth: 1)), managers: managerCount,
        regions: [AXIRegion(base: 0, size: 1 << settings.addressWidth)], outstanding: BlockSettings.outstanding))
  }
  var parameters: Instance<ParameterReader> {
    instance(ParameterReader(port: grid.memoryLayout.port, settings: settings))
  }
  private func reader(_ index: Int) -> Instance<TensorReader> {
    instance(TensorReader(format: inputs[index], settings: settings), named: "\(inputs[index].name)_reader")
  }
  private func writer(_ index: Int) -> Instance<TensorWriter> {
    instance(
      TensorWriter(format: outputs[index], order: grid.outputOrders[index], settings: settings),
      named: "\(outputs[index].name)_writer")
  }

  public var body: Circuit {
    require(
      (32...48).contains(settings.addressWidth),
      "a block has addresses of 32 to 48 bits; \(settings.addressWidth) were asked for")
    require(
      (2...128).contains(settings.framesInFlight),
      "2 to 128 frames are under way at most; \(settings.framesInFlight) were asked for")
    control.s_axi <== s_axi
    irq <== control.irq
    core[.main].reset <== control.isHeld
    for index in inputs.indices { input(index) }
    for index in outputs.indices { output(index) }
    waiting
    if managerCount == 1 { alone } else { shared }
    if hasParameters { fetching }
  }

  @CircuitBuilder private func input(_ index: Int) -> Circuit {
    let reader = reader(index)
    reader.isHeld <== control.isHeld
    reader.addresses.payload <== control.inputAddresses[index]
    reader.addresses.valid <== control.starts
    core.inputs[index] <== reader.elements
    control.reports[index] <== reader.report
  }

  @CircuitBuilder private func output(_ index: Int) -> Circuit {
    let writer = writer(index)
    writer.isHeld <== control.isHeld
    writer.addresses.payload <== control.outputAddresses[index]
    writer.addresses.valid <== control.starts
    writer.transfers <== core.outputs[index]
    control.reports[inputs.count + index] <== writer.report
    control.isOutputDone[index] <== writer.isDone
  }

  @CircuitBuilder private var waiting: Circuit {
    control.waitsForInput <== inputs.indices.map { core.inputs[$0].ready & !core.inputs[$0].valid }.isAnySet
    control.waitsForOutput <== outputs.indices.map { core.outputs[$0].valid & !core.outputs[$0].ready }.isAnySet
  }

  @CircuitBuilder private var alone: Circuit {
    m_axi.reads <== reader(0).bus
    m_axi.writes <== writer(0).bus
  }

  @CircuitBuilder private var shared: Circuit {
    for index in 0..<managerCount {
      let manager = crossbar.managers[index]
      if index < inputs.count { manager.reads <== reader(index).bus } else { manager.reads.neverAsk }
      if index < outputs.count { manager.writes <== writer(index).bus } else { manager.writes.neverAsk }
    }
    m_axi <== crossbar.subordinates[0]
  }

  @CircuitBuilder private var fetching: Circuit {
    parameters.isHeld <== control.isHeld
    parameters.baseAddress <== control.parametersAddress
    parameters.memory <== core.memory[0]
    control.reports[inputs.count + outputs.count] <== parameters.report
    for bus in m_axi_parameters {
      bus.reads <== parameters.bus
      bus.writes.neverAsk
    }
  }
}
