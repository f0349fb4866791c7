/// What goes over a channel of a bus, seen from beside it, and whether its handshake is kept.
final class ChannelWatch {
  let port: StreamPort
  /// The names of the payload's fields.
  private let fields: [String]
  /// What is offered in this cycle, and what was offered in the one before.
  private var (offered, held): (WordBuffer, WordBuffer)
  private var isHeld = false
  /// Whether something is offered in this cycle that was not in the cycle before.
  private(set) var isNew = false
  /// Whether what is offered is taken in this cycle.
  private(set) var passes = false

  init(_ port: StreamPort, fields: [String]) {
    self.port = port
    self.fields = fields
    (offered, held) = (WordBuffer(capacity: port.wordCount), WordBuffer(capacity: port.wordCount))
  }

  /// The payload that is offered.
  var words: UnsafePointer<UInt64> { UnsafePointer(offered.start) }

  /// Looks at a cycle, and notes in `log` what the handshake breaks.
  func observe(_ phase: ResetWatch.Phase, _ cycle: Int, _ log: inout ViolationLog) {
    (isNew, passes) = (false, false)
    let isValid = port.valid.isSet
    guard phase == .running else {
      if isValid && phase != .beginning { log.note(.validInReset, port.name, cycle, "VALID is high") }
      isHeld = false
      return
    }
    guard isValid else {
      if isHeld { log.note(.validTakenBack, port.name, cycle, "VALID fell while READY was low") }
      isHeld = false
      return
    }
    swap(&offered, &held)
    offered.removeAll()
    port.read(into: offered.append(port.wordCount))
    if isHeld, let change { log.note(.payloadChanged, port.name, cycle, change) }
    isNew = !isHeld
    passes = port.ready.isSet
    isHeld = !passes
  }

  /// What is not as it was in the cycle before.
  private var change: String? {
    var word = 0
    for (field, width) in zip(fields, port.leafWidths) {
      let count = (width + 63) / 64
      for index in (word..<(word + count)).reversed() where offered.start[index] != held.start[index] {
        let (old, new) = (String(held.start[index], radix: 16), String(offered.start[index], radix: 16))
        let bits = count > 1 ? " from bit \(64 * (index - word)) on" : ""
        return "\(field)\(bits) was 0x\(old) and is 0x\(new)"
      }
      word += count
    }
    return nil
  }
}

extension ChannelWatch {
  /// A watch over a channel of an AXI4 bus.
  convenience init(_ port: StreamPort, _ channel: AXIChannel) {
    let fields =
      switch channel {
      case .aw, .ar: ["ID", "ADDR", "LEN", "SIZE", "BURST", "LOCK", "CACHE", "PROT", "QOS"]
      case .w: ["DATA", "STRB", "LAST"]
      case .b: ["ID", "RESP"]
      case .r: ["ID", "DATA", "RESP", "LAST"]
      }
    self.init(port, fields: fields)
  }

  /// A watch over a channel of an AXI4-Lite bus.
  convenience init(lite port: StreamPort, _ channel: AXIChannel) {
    let fields =
      switch channel {
      case .aw, .ar: ["ADDR", "PROT"]
      case .w: ["DATA", "STRB"]
      case .b: ["RESP"]
      case .r: ["DATA", "RESP"]
      }
    self.init(port, fields: fields)
  }
}
