/// A port to external memory.
public struct MemoryPort: Hashable, Sendable, Codable {
  /// Bits of a word.
  public var bits: Int
  /// Bytes a second that the memory sustains.
  public var bytesPerSecond: Double

  /// A port of `bits` bits a word; without other figures 512 bits and 12.8 GB/s, a word a cycle at 200 MHz.
  public init(bits: Int = 512, bytesPerSecond: Double = 12.8e9) {
    self.bits = bits
    self.bytesPerSecond = bytesPerSecond
  }

  /// Words a cycle of a clock, in hertz: at most one, since the port has one word's width.
  public func wordsPerCycle(clock: Double) -> Double {
    min(1, bytesPerSecond * 8 / Double(bits) / clock)
  }
}
