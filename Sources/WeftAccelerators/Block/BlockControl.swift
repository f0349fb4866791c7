import Weft
import WeftStreams

/// Software's side of an accelerator block: its registers, and what follows from them.
///
/// The accelerator is held until it is enabled. An error holds it too, until software has taken `enable` back: what is
/// under way on the buses is ended first, so that it always begins anew with nothing left.
struct BlockControl: Module {
  let registers: BlockRegisters
  /// What tells accelerators apart.
  let configuration: UInt32

  /// The bus of the registers.
  var s_axi: AXI4Lite { input(.bundle(AXI4Lite(addressWidth: bank.map.addressWidth))) }
  /// Whether an event interrupts.
  var irq: Bit { output(.bit) }
  /// Whether all but what is under way on the buses is held in reset.
  var isHeld: Bit { output(.bit) }
  /// Whether a frame starts in this cycle.
  var starts: Bit { output(.bit) }
  /// Where its inputs lie and its outputs go.
  var inputAddresses: Vector<Unsigned> { output(.vector(inputs, of: addressShape)) }
  var outputAddresses: Vector<Unsigned> { output(.vector(outputs, of: addressShape)) }
  /// Where the parameters lie.
  var parametersAddress: Unsigned { output(addressShape) }
  /// What stands at the buses: inputs, outputs, and the parameters behind them.
  var reports: Vector<MoverReport> { input(.vector(reportCount, of: .bundle(MoverReport()))) }
  /// Which outputs of a frame have come to memory in this cycle.
  var isOutputDone: Vector<Bit> { input(.vector(outputs, of: .bit)) }
  /// Whether the grid waits for an input, and for room for an output.
  var waitsForInput: Bit { input(.bit) }
  var waitsForOutput: Bit { input(.bit) }

  private var settings: BlockSettings { registers.settings }
  private var inputs: Int { registers.inputCount }
  private var outputs: Int { registers.outputCount }
  private var reportCount: Int { inputs + outputs + (registers.hasParameters ? 1 : 0) }
  private var addressShape: Shape<Unsigned> { .unsigned(settings.addressWidth) }
  private var frameBits: Int { bitsFor(settings.framesInFlight) }

  var bank: RegisterBank { RegisterBank(registers.map) }
  var fields: Instance<RegisterBank> { instance(bank) }
  var hold: Bit { register(.bit, reset: 1) }
  var hasFailed: Bit { register(.bit, reset: 0) }
  var outcome: Choice<DMAOutcome> { register(.choice(), reset: .complete) }
  var source: Unsigned { register(.unsigned(8), reset: 0) }
  /// Frames that are started and not done.
  var inFlight: Unsigned { register(.unsigned(frameBits), reset: 0) }
  /// Frames of each output that are in memory, and not done.
  var written: Vector<Unsigned> { register(.vector(outputs, of: .unsigned(frameBits)), reset: 0) }
  var isFrameDone: Bit { wire(!hold & written.map { $0 != 0 }.areAllSet) }
  var frames: Unsigned { register(.unsigned(32), reset: 0) }
  var cycles: Unsigned { register(.unsigned(32), reset: 0) }
  var lastEnd: Unsigned { register(.unsigned(32), reset: 0) }
  var frameCycles: Unsigned { register(.unsigned(32), reset: 0) }
  var inputWaits: Unsigned { register(.unsigned(32), reset: 0) }
  var outputWaits: Unsigned { register(.unsigned(32), reset: 0) }

  private var isEnabled: Bit { fields[BlockRegisters.enable] }
  var fails: Bit { wire(!hold & reports.map(\.fails).isAnySet) }
  var isIdle: Bit { wire(reports.map(\.isIdle).areAllSet) }
  var hasRoom: Bit { wire(inFlight != Unsigned(settings.framesInFlight)) }

  var body: Circuit {
    fields.s_axi <== s_axi
    irq <== fields.irq
    isHeld <== hold
    holding
    starting
    counting
    telling
  }

  @CircuitBuilder private var holding: Circuit {
    When(hold) {
      When(!isEnabled) { hasFailed <== 0 }
      When(isEnabled & isIdle & !hasFailed) {
        hold <== 0
        outcome <== .complete
        source <== 0
      }
    } else: {
      When(fails | !isEnabled) { hold <== 1 }
      When(fails) {
        hasFailed <== 1
        for index in reports.indices.reversed() {
          When(reports[index].fails) {
            outcome <== reports[index].outcome
            source <== Bits.number(index, 8)
          }
        }
      }
    }
  }

  @CircuitBuilder private var starting: Circuit {
    let asks = fields[BlockRegisters.start]
    let isTaken = asks & !hold & hasRoom
    starts <== isTaken
    fields[set: BlockRegisters.refusal] <== asks & !isTaken
    for index in 0..<inputs {
      inputAddresses[index] <== address(registers.input, registers.inputHigh, index)
    }
    for index in 0..<outputs {
      outputAddresses[index] <== address(registers.output, registers.outputHigh, index)
    }
    parametersAddress <== (registers.hasParameters
      ? address(registers.parameters, registers.parametersHigh, nil) : Bits.number(0, settings.addressWidth))
    When(isTaken != isFrameDone) { inFlight <== isTaken.select(inFlight &+ 1, else: inFlight &- 1) }
    for index in 0..<outputs {
      When(isOutputDone[index] != isFrameDone) {
        written[index] <== isFrameDone.select(written[index] &- 1, else: written[index] &+ 1)
      }
    }
    When(hold) {
      inFlight <== 0
      for index in 0..<outputs { written[index] <== 0 }
    }
  }

  /// An address in one register or two.
  private func address(
    _ low: RegisterField<Unsigned>, _ high: RegisterField<Unsigned>, _ index: Int?
  ) -> Unsigned {
    registers.hasHighAddresses
      ? concatenate(fields[high, index], fields[low, index]).asUnsigned : fields[low, index]
  }

  @CircuitBuilder private var counting: Circuit {
    When(inFlight != 0) {
      cycles <== cycles &+ 1
      When(waitsForInput) { inputWaits <== inputWaits &+ 1 }
      When(waitsForOutput) { outputWaits <== outputWaits &+ 1 }
    }
    When(isFrameDone) {
      frames <== frames &+ 1
      frameCycles <== cycles &- lastEnd
      lastEnd <== cycles
    }
    When(hold & isEnabled & !hasFailed) {
      for count in [frames, cycles, lastEnd, frameCycles, inputWaits, outputWaits] { count <== 0 }
    }
  }

  @CircuitBuilder private var telling: Circuit {
    fields[BlockRegisters.letters] <== Bits.number(BlockRegisters.magic, 32)
    fields[BlockRegisters.revision] <== Bits.number(BlockRegisters.version, 8)
    fields[BlockRegisters.configuration] <== Bits.number(Int(configuration), 32)
    fields[BlockRegisters.isRunning] <== !hold
    fields[BlockRegisters.isIdle] <== isIdle
    fields[BlockRegisters.hasFailed] <== hasFailed
    fields[BlockRegisters.room]
      <== hold.select(0, else: (Unsigned(settings.framesInFlight) &- inFlight).extended(to: 8))
    fields[BlockRegisters.outcome] <== outcome
    fields[BlockRegisters.source] <== source
    fields[set: BlockRegisters.frameDone] <== isFrameDone
    fields[set: BlockRegisters.failure] <== fails
    fields[BlockRegisters.frames] <== frames
    fields[BlockRegisters.cycles] <== cycles
    fields[BlockRegisters.frameCycles] <== frameCycles
    fields[BlockRegisters.inputWaits] <== inputWaits
    fields[BlockRegisters.outputWaits] <== outputWaits
  }
}
