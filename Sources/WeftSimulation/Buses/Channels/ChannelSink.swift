/// The end of a bus's channel that takes payloads.
final class ChannelSink {
  let port: StreamPort
  private var stalls: Stalls
  /// What was taken last.
  private let payload: WordBuffer
  private var isReady = false
  /// The cycles in which a payload was offered that was not taken.
  private(set) var waits = 0

  init(_ port: StreamPort, _ stalls: Stalls) {
    self.port = port
    self.stalls = stalls
    payload = WordBuffer(capacity: port.wordCount)
    port.ready.set(false)
  }

  /// Is ready if it `isOpen` and does not stall.
  func drive(_ isOpen: Bool) {
    let isReady = !stalls.next() && isOpen
    if isReady != self.isReady {
      self.isReady = isReady
      port.ready.set(isReady)
    }
  }

  /// The payload that is taken in this cycle, as words that hold until the next is.
  func taken() -> UnsafePointer<UInt64>? {
    guard port.valid.isSet else { return nil }
    guard isReady else {
      waits += 1
      return nil
    }
    payload.removeAll()
    let words = payload.append(port.wordCount)
    port.read(into: words)
    return UnsafePointer(words)
  }

  /// Takes nothing.
  func reset() {
    isReady = false
    port.ready.set(false)
  }
}
