/// The other end of a serial line: drives it and reads it, a cycle at a time.
struct SerialLine {
  private let cyclesPerBit: Int
  /// Levels to come, each for as many cycles as it says.
  private var levels: [(level: Int, cycles: Int)] = []
  private var next = 0
  private var timer = 0
  private var position = -1
  private var bits = 0

  /// The end of a line with so many cycles a bit.
  init(cyclesPerBit: Int) { self.cyclesPerBit = cyclesPerBit }

  /// Whether everything was sent.
  var isIdle: Bool { next == levels.count }

  /// Sends a byte behind those that wait.
  mutating func send(_ byte: UInt8) {
    for bit in [0] + (0..<8).map({ Int(byte >> $0) & 1 }) + [1] { levels.append((bit, cyclesPerBit)) }
  }

  /// Breaks the line for so many bits, then leaves it one for two.
  mutating func breakLine(bits: Int = 12) {
    levels += [(0, bits * cyclesPerBit), (1, 2 * cyclesPerBit)]
  }

  /// The level of this cycle.
  mutating func drive() -> Int {
    guard next < levels.count else { return 1 }
    let level = levels[next].level
    levels[next].cycles -= 1
    if levels[next].cycles == 0 { next += 1 }
    if next == levels.count { (levels, next) = ([], 0) }
    return level
  }

  /// Takes the level that the other side gives in this cycle; the byte that is complete with it.
  mutating func observe(_ level: Int) -> UInt8? {
    if position < 0 {
      if level == 0 { (position, timer, bits) = (0, cyclesPerBit / 2, 0) }
      return nil
    }
    timer -= 1
    guard timer <= 0 else { return nil }
    timer = cyclesPerBit
    defer { position += 1 }
    switch position {
    case 0:
      if level == 1 { position = -2 }
    case 1...8: bits |= level << (position - 1)
    default:
      position = -2
      return level == 1 ? UInt8(bits) : nil
    }
    return nil
  }
}
