import Weft

/// The source of a stream that the hardware takes: offers payloads in order and keeps each, unchanged, until it is
/// taken.
///
/// ```swift
/// let driver = StreamDriver(sim, \.input, stalls: .random(seed: 7))
/// driver.send(contentsOf: [1, 2, 3])
/// ```
/// Without stalls `valid` is one whenever there is something to send. Under random stalls the payload holds random bits
/// while `valid` is zero, so that hardware which looks at it is found out.
public final class StreamDriver: StreamAgent {
  private let port: StreamPort
  private var stalls: Stalls
  private var noise: SplitMix64?
  /// What is offered while `valid` is zero.
  private let scratch: WordBuffer
  /// Payloads that are not yet taken, from word `position` on.
  private let words = WordBuffer()
  private var position = 0
  private var isOffering = false
  private var isValid = false

  /// The number of payloads that the hardware took.
  public private(set) var sentCount = 0

  /// A source for the stream at `stream`, an input of the module that runs.
  public init<M, Payload>(
    _ simulation: Simulation<M>, _ stream: KeyPath<M, Stream<Payload>>, stalls: Stalls = .none
  ) {
    port = StreamPort(simulation, stream)
    self.stalls = stalls
    noise = stalls.seed.map { SplitMix64(seed: ~$0) }
    scratch = WordBuffer(capacity: port.wordCount)
    port.valid.set(false)
  }

  /// The number of payloads that are still to be taken.
  public var waitingCount: Int { (words.count - position) / port.wordCount }

  /// Whether everything was taken.
  public var isIdle: Bool { position == words.count }
}

// MARK: - Sending

extension StreamDriver {
  /// Sends a scalar after all that waits.
  public func send(_ value: Int) { port.encode(CollectionOfOne(value), into: words.append(port.wordCount)) }

  /// Sends scalars, one a payload.
  public func send(contentsOf values: some Sequence<Int>) { for value in values { send(value) } }

  /// Sends a payload of several numbers: the elements of a vector, or those of a bundle's fields one after the other (a
  /// vector of bundles counts as a bundle of vectors).
  public func send(_ elements: some Collection<Int>) { port.encode(elements, into: words.append(port.wordCount)) }

  /// Sends payloads of several numbers.
  public func send(contentsOf payloads: some Sequence<[Int]>) { for elements in payloads { send(elements) } }

  /// Sends a payload given by its bits, the first field or element in the lowest (a vector of bundles counts as a
  /// bundle of vectors).
  public func send(_ bits: BitVector) { port.encode(bits, into: words.append(port.wordCount)) }

  /// Sends payloads given by their bits.
  public func send(contentsOf payloads: some Sequence<BitVector>) { for bits in payloads { send(bits) } }
}

// MARK: - Cycles

extension StreamDriver {
  public func drive() {
    if isOffering { return }
    if position < words.count, !stalls.next() {
      isOffering = true
      port.write(words.start + position)
      if !isValid { setValid(true) }
    } else if isValid {
      setValid(false)
      if noise != nil { offerNoise() }
    }
  }

  public func observe(cycle: Int) {
    guard isOffering, port.ready.isSet else { return }
    isOffering = false
    sentCount += 1
    position += port.wordCount
    if position == words.count {
      words.removeAll()
      position = 0
    }
  }

  public var status: String {
    "the driver of `\(port.name)` sent \(sentCount), \(waitingCount) wait"
      + (isOffering ? ", one is offered but not taken" : "") + stalls.note
  }

  private func setValid(_ value: Bool) {
    isValid = value
    port.valid.set(value)
  }

  private func offerNoise() {
    scratch.removeAll()
    let words = scratch.append(port.wordCount)
    for index in 0..<port.wordCount { words[index] = noise?.next() ?? 0 }
    port.mask(words)
    port.write(words)
  }
}
