/// A device that an accelerator is built for, as its data sheet has it.
public struct Device: Hashable, Sendable, Codable {
  /// The name by which it is asked for.
  public var name: String
  /// What it multiplies with.
  public var dspKind: DSPKind
  /// How many of those it has.
  public var dsp: Int
  /// Block RAMs of 18 Kib, two to each of 36 Kib; of an ASIC, its buffers counted in such blocks.
  public var ramb18: Int
  /// UltraRAMs of 288 Kib.
  public var uram: Int
  /// Look-up tables; `nil` for an ASIC.
  public var lut: Int?
  /// The clock in hertz that is designed for.
  public var clock: Double
  /// The port to external memory.
  public var memory: MemoryPort

  /// A device.
  public init(
    name: String, dspKind: DSPKind, dsp: Int, ramb18: Int, uram: Int = 0, lut: Int?, clock: Double = 200e6,
    memory: MemoryPort = MemoryPort()
  ) {
    self.name = name
    self.dspKind = dspKind
    self.dsp = dsp
    self.ramb18 = ramb18
    self.uram = uram
    self.lut = lut
    self.clock = clock
    self.memory = memory
  }

  /// An ASIC with so many multiply-accumulate units and bytes of buffer.
  public static func asic(
    name: String = "ASIC", macUnits: Int, bufferBytes: Int, clock: Double = 200e6, memory: MemoryPort = MemoryPort()
  ) -> Device {
    Device(
      name: name, dspKind: .macUnit, dsp: macUnits, ramb18: bufferBytes / bytesPerBlock, lut: nil, clock: clock,
      memory: memory)
  }

  /// The same device with the clock, in hertz, and the memory that a board gives it.
  public func on(clock: Double, memory: MemoryPort) -> Device {
    var device = self
    device.clock = clock
    device.memory = memory
    return device
  }

  /// Bytes of a block of 18 Kib.
  public static let bytesPerBlock = 2304

  /// All that the device has.
  public var budget: Budget {
    Budget(dsp: dsp, ramb18: ramb18, lut: lut, memoryWordsPerCycle: memory.wordsPerCycle(clock: clock))
  }

  /// Bytes a second that the memory port carries for so many words a frame.
  public func bandwidth(wordsPerFrame: Int, cyclesPerFrame: Int) -> Double {
    cyclesPerFrame == 0 ? 0 : Double(wordsPerFrame) * Double(memory.bits) / 8 * clock / Double(cyclesPerFrame)
  }
}
