/// The end of a bus's channel that offers payloads: one after the other, each unchanged until it is taken.
final class ChannelSource {
  let port: StreamPort
  private var stalls: Stalls
  private var noise: SplitMix64?
  /// What is offered.
  private let payload: WordBuffer
  private var isValid = false
  /// Whether a payload is offered that was not yet taken.
  private(set) var isOffering = false
  /// The cycles in which a payload was offered that was not taken.
  private(set) var waits = 0

  init(_ port: StreamPort, _ stalls: Stalls) {
    self.port = port
    self.stalls = stalls
    noise = stalls.seed.map { SplitMix64(seed: ~$0) }
    payload = WordBuffer(capacity: port.wordCount)
    port.valid.set(false)
  }

  /// Goes on offering, or begins with what `fill` puts into words of zero, if there `isSomething` and no stall. Whether
  /// it begins.
  @discardableResult
  func drive(_ isSomething: Bool, _ fill: (UnsafeMutablePointer<UInt64>) -> Void) -> Bool {
    if isOffering { return false }
    let begins = isSomething && !stalls.next()
    if begins {
      payload.removeAll()
      let words = payload.append(port.wordCount)
      fill(words)
      port.write(words)
      isOffering = true
    } else if isValid, noise != nil {
      offerNoise()
    }
    if begins != isValid {
      isValid = begins
      port.valid.set(begins)
    }
    return begins
  }

  /// Whether the payload is taken in this cycle.
  func passes() -> Bool {
    guard isOffering else { return false }
    if port.ready.isSet { isOffering = false } else { waits += 1 }
    return !isOffering
  }

  /// Takes back what is offered.
  func reset() {
    (isOffering, isValid) = (false, false)
    port.valid.set(false)
  }

  private func offerNoise() {
    payload.removeAll()
    let words = payload.append(port.wordCount)
    for index in 0..<port.wordCount { words[index] = noise?.next() ?? 0 }
    port.mask(words)
    port.write(words)
  }
}
