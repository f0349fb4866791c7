import Weft
import WeftStreams

/// The registers of an accelerator block.
public struct BlockRegisters: Hashable, Sendable {
  /// What is read at offset zero: the letters `Weft`.
  public static let magic = 0x5765_6674
  /// What the registers mean; changes when a driver has to.
  public static let version = 1

  static let letters = RegisterField(
    "magic", .unsigned(32), .readOnly, "The letters 'Weft', 0x57656674: shows that the block is there.")
  static let revision = RegisterField(
    "revision", .unsigned(8), .readOnly, "What these registers mean: \(version) for those described here.")
  static let configuration = RegisterField(
    "hash", .unsigned(32), .readOnly, "Tells accelerators apart: a driver is for the one whose hash it has.")
  static let enable = RegisterField(
    "enable", .bit, .readWrite,
    "Whether the accelerator runs. Without it what is under way on the buses is ended, and all else forgotten.")
  static let start = RegisterField(
    "start", .bit, .writePulse,
    "Starts a frame at the addresses that are set; they may be changed at once, for the next one.")
  static let isRunning = RegisterField("running", .bit, .readOnly, "Whether frames can be started.")
  static let isIdle = RegisterField("idle", .bit, .readOnly, "Whether no bus has anything under way.")
  static let hasFailed = RegisterField(
    "failed", .bit, .readOnly, "Whether an error has stopped the accelerator; 'enable' at zero, then one, begins anew.")
  static let room = RegisterField("room", .unsigned(8), .readOnly, at: 8, "The frames that can be started now.")
  static let outcome = RegisterField(
    "outcome", .choice(DMAOutcome.self), .readOnly, "The error that stopped the accelerator; 'complete' without one.")
  static let source = RegisterField(
    "source", .unsigned(8), .readOnly, at: 8,
    "Where the error was: the inputs, then the outputs, in their order, and behind them the parameters.")
  static let frameDone = RegisterField.interrupt("frame_done", "All outputs of a frame are in memory.")
  static let failure = RegisterField.interrupt("failure", "An error has stopped the accelerator.")
  static let refusal = RegisterField.interrupt("refusal", "A frame was not started, since there was no room for it.")
  static let frames = RegisterField(
    "frames", .unsigned(32), .readOnly, "Frames done since the accelerator was enabled.")
  static let cycles = RegisterField(
    "cycles", .unsigned(32), .readOnly, "Cycles with a frame under way since the accelerator was enabled.")
  static let frameCycles = RegisterField(
    "frame_cycles", .unsigned(32), .readOnly, "Cycles from the end of the frame before the last to that of the last.")
  static let inputWaits = RegisterField(
    "input_waits", .unsigned(32), .readOnly,
    "Of 'cycles', those in which the accelerator would have taken an element of an input that had not come.")
  static let outputWaits = RegisterField(
    "output_waits", .unsigned(32), .readOnly,
    "Of 'cycles', those in which an output could not be given, since memory was not fast enough.")

  let settings: BlockSettings
  let inputCount, outputCount: Int
  /// Whether weights or biases lie in external memory.
  let hasParameters: Bool

  /// The bits of an address above those of a register.
  private var highBits: Int { settings.addressWidth - 32 }

  private func low(_ description: String) -> RegisterField<Unsigned> {
    RegisterField("low", .unsigned(32), .readWrite, description)
  }
  private func high(_ what: String) -> RegisterField<Unsigned> {
    RegisterField("high", .unsigned(max(1, highBits)), .readWrite, "The address of \(what) from bit 32 up.")
  }
  var parameters: RegisterField<Unsigned> {
    low("The address of the image of weights and biases, a multiple of 4,096.")
  }
  var parametersHigh: RegisterField<Unsigned> { high("the image") }
  var input: RegisterField<Unsigned> { low("The address of the input of the next frame.") }
  var inputHigh: RegisterField<Unsigned> { high("the input") }
  var output: RegisterField<Unsigned> { low("The address of the output of the next frame.") }
  var outputHigh: RegisterField<Unsigned> { high("the output") }
  /// Whether an address takes two registers.
  var hasHighAddresses: Bool { highBits > 0 }

  /// The registers as data.
  public var map: RegisterMap {
    RegisterMap("accelerator", "An accelerator for frames: the network's inputs and outputs lie in memory.") {
      Register("identity", "What stands here.") { Self.letters }
      Register("version", "What the registers mean.") { Self.revision }
      Register("configuration", "Which accelerator it is.") { Self.configuration }
      Register("control", "Runs the accelerator.", at: 0x10) {
        Self.enable
        Self.start
      }
      Register("status", "How it is.") {
        Self.isRunning
        Self.isIdle
        Self.hasFailed
        Self.room
      }
      Register("error", "Why it stopped.") {
        Self.outcome
        Self.source
      }
      Interrupts(at: 0x20) {
        Self.frameDone
        Self.failure
        Self.refusal
      }
      Register("frame_count", "How many frames were done.", at: 0x30) { Self.frames }
      Register("cycle_count", "How long they took.") { Self.cycles }
      Register("frame_time", "How long the last frame took.") { Self.frameCycles }
      Register("input_wait_count", "How long the accelerator waited for inputs.") { Self.inputWaits }
      Register("output_wait_count", "How long it waited for room for outputs.") { Self.outputWaits }
      if hasParameters {
        Register("parameters_address", "Where weights and biases lie; set before 'enable'.", at: 0x50) { parameters }
        if hasHighAddresses {
          Register("parameters_address_high", "The bits above.") { parametersHigh }
        }
      }
      Register("input_address", "Where the inputs lie, in their order.", at: 0x100, count: inputCount) { input }
      if hasHighAddresses {
        Register("input_address_high", "The bits above.", at: 0x200, count: inputCount) { inputHigh }
      }
      Register("output_address", "Where the outputs go, in their order.", at: 0x300, count: outputCount) { output }
      if hasHighAddresses {
        Register("output_address_high", "The bits above.", at: 0x400, count: outputCount) { outputHigh }
      }
    }
  }
}
