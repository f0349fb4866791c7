import Weft

/// The source of a stream that the hardware takes: offers payloads in order and keeps each, unchanged, until it is taken.
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
  private var scratch: [UInt64]
  /// Payloads that are not yet taken, from `position` on.
  private var words: [UInt64] = []
  private var position = 0
  private var isOffering = false

  /// The number of payloads that the hardware took.
  public private(set) var sentCount = 0

  /// A source for the stream at `stream`, an input of the module that runs.
  public init<M, Payload>(
    _ simulation: Simulation<M>, _ stream: KeyPath<M, Stream<Payload>>, stalls: Stalls = .none
  ) {
    port = StreamPort(simulation, stream)
    self.stalls = stalls
    noise = stalls.seed.map { SplitMix64(seed: ~$0) }
    scratch = [UInt64](repeating: 0, count: port.wordCount)
    port.valid.number = 0
  }

  /// The number of payloads that are still to be taken.
  public var waitingCount: Int { (words.count - position) / port.wordCount }

  /// Whether everything was taken.
  public var isIdle: Bool { position == words.count }
}

// MARK: - Sending

extension StreamDriver {
  /// Sends a scalar after all that waits.
  public func send(_ value: Int) { port.append(CollectionOfOne(value), to: &words) }

  /// Sends scalars, one a payload.
  public func send(contentsOf values: some Sequence<Int>) { for value in values { send(value) } }

  /// Sends a payload of several numbers: the elements of a vector, or those of a bundle's fields one after the other (a
  /// vector of bundles counts as a bundle of vectors).
  public func send(_ elements: some Collection<Int>) { port.append(elements, to: &words) }

  /// Sends payloads of several numbers.
  public func send(contentsOf payloads: some Sequence<[Int]>) { for elements in payloads { send(elements) } }

  /// Sends a payload given by its bits, the first field or element in the lowest (a vector of bundles counts as a bundle
  /// of vectors).
  public func send(_ bits: BitVector) { port.append(bits, to: &words) }

  /// Sends payloads given by their bits.
  public func send(contentsOf payloads: some Sequence<BitVector>) { for bits in payloads { send(bits) } }
}

// MARK: - Cycles

extension StreamDriver {
  public func drive() {
    if isOffering { return }
    if position < words.count, !stalls.next() {
      isOffering = true
      words.withUnsafeBufferPointer { if let start = $0.baseAddress { port.write(start + position) } }
      if port.valid.number == 0 { port.valid.number = 1 }
    } else if port.valid.number != 0 {
      port.valid.number = 0
      offerNoise()
    }
  }

  public func observe(cycle: Int) {
    guard isOffering, port.ready.number != 0 else { return }
    isOffering = false
    sentCount += 1
    position += port.wordCount
    if position == words.count {
      words.removeAll(keepingCapacity: true)
      position = 0
    }
  }

  public var status: String {
    "the driver of `\(port.name)` sent \(sentCount), \(waitingCount) wait"
      + (isOffering ? ", one is offered but not taken" : "") + stalls.note
  }

  private func offerNoise() {
    guard noise != nil else { return }
    for index in scratch.indices { scratch[index] = noise?.next() ?? 0 }
    scratch.withUnsafeMutableBufferPointer { words in
      guard let start = words.baseAddress else { return }
      port.mask(start)
      port.write(start)
    }
  }
}
