import Weft
import WeftSimulation
import WeftStreams

/// A random register map without mistakes, with descriptions that would mean something in the languages it is written
/// in.
struct RandomRegisterMap {
  private var generator: SplitMix64
  private(set) var map: RegisterMap

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
    map = RegisterMap("empty") {}
    repeat { map = draw() } while !map.problems.isEmpty
  }

  private mutating func draw() -> RegisterMap {
    let wordWidth = chance(3) ? 64 : 32
    var registers: [Register] = []
    for index in 0...number(12) { registers.append(register("\(word())_\(index)", wordWidth)) }
    if chance(2) {
      let events = (0...number(4)).map { RegisterField.interrupt("event_\($0)", text()).field }
      registers += RegisterMap("events", wordWidth: wordWidth) { Interrupts { events } }.registers
    }
    return RegisterMap(word(), text(), wordWidth: wordWidth) { registers }
  }

  private mutating func register(_ name: String, _ wordWidth: Int) -> Register {
    var fields: [Register.Field] = []
    var low = 0
    let readsClear = chance(8)
    while low < wordWidth, fields.count < 6 {
      low += chance(2) ? 0 : number(9)
      let width = 1 + (chance(3) ? 0 : number(wordWidth))
      if low + width > wordWidth { break }
      fields.append(field("\(word())\(fields.count)", width, at: low, readsClear: readsClear))
      low += width
    }
    if fields.isEmpty { fields.append(field("whole", wordWidth, at: 0, readsClear: false)) }
    let count = chance(4) ? 1 + number(5) : nil
    return Register(name, text(), count: count, stride: count.map { _ in wordWidth / 8 * (1 + number(3)) }) { fields }
  }

  private mutating func field(_ name: String, _ width: Int, at low: Int, readsClear: Bool) -> Register.Field {
    let accesses: [RegisterAccess] =
      readsClear ? [.readOnly, .readToClear] : RegisterAccess.allCases.filter { $0 != .readToClear }
    let access = accesses[number(accesses.count)]
    let bits = Int(truncatingIfNeeded: generator.next())
    if chance(4) {
      let number = access.isStored ? bits >> (64 - width) : 0
      return RegisterField(name, .signed(width), access, at: low, reset: number, text()).field
    }
    let reset = access.isStored ? Int(truncatingIfNeeded: UInt64(bitPattern: Int64(bits)) >> UInt64(64 - width)) : 0
    if chance(3), width > 1 {
      return RegisterField(
        name, .unsigned(width), access, at: low, reset: reset, values: ["off": 0, "half_way": 1, "fullSpeed": 2], text()
      ).field
    }
    return RegisterField(name, .bits(width), access, at: low, reset: reset, text()).field
  }

  // MARK: Choices

  private mutating func number(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }
  private mutating func chance(_ parts: Int) -> Bool { number(parts) == 0 }

  private mutating func word() -> String {
    let words = ["alpha", "busCount", "Control", "data_in", "e2", "frame", "gain", "HEAD", "idle_time", "jitter", "k"]
    return words[number(words.count)]
  }

  private mutating func text() -> String {
    let parts = [
      "*/", "/*", "//", "??/", "\n", "\r\n", "\t", "\"", "\"\"\"", "'", "\\", "`include \"x\"", "`define y", "`z`",
      "<%", "%>", "<b>", "&amp;", "{}", ";", "\u{202e}", "\u{0}", "\u{e9}", "\u{1f600}", "%\u{301}", "plain words",
    ]
    return (0..<number(7)).map { _ in parts[number(parts.count)] }.joined(separator: chance(2) ? " " : "")
  }
}
