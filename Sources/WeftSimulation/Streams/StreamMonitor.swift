import Weft

/// The sink of a stream that the hardware offers: takes payloads, keeps them with the cycle in which they came, and
/// watches that a payload which is not yet taken stays and does not change.
///
/// ```swift
/// let monitor = StreamMonitor(sim, \.output, stalls: .random(seed: 8))
/// #expect(monitor.values == [1, 2, 3])
/// ```
/// Without stalls `ready` is always one.
public final class StreamMonitor: StreamAgent {
  private let port: StreamPort
  private var stalls: Stalls
  /// The payloads that were taken; the one that is offered and waits comes behind them.
  private let words = WordBuffer()
  /// What is offered in a cycle, to be compared with what waits.
  private let scratch: WordBuffer
  private var isHeld = false
  private var isReady = false

  /// The cycles in which payloads were taken, one a payload.
  public private(set) var cycles: [Int] = []

  /// A sink for the stream at `stream`, an output of the module that runs.
  public init<M, Payload>(
    _ simulation: Simulation<M>, _ stream: KeyPath<M, Stream<Payload>>, stalls: Stalls = .none
  ) {
    port = StreamPort(simulation, stream)
    self.stalls = stalls
    scratch = WordBuffer(capacity: port.wordCount)
    port.ready.set(false)
  }

  /// The number of payloads that were taken.
  public var count: Int { cycles.count }
}

// MARK: - What came

extension StreamMonitor {
  /// All payloads of a stream of scalars.
  public var values: [Int] {
    precondition(
      port.elementCount == 1, "a payload of `\(port.name)` has \(port.elementCount) elements: read `vectors`")
    return cycles.indices.map { vector(at: $0)[0] }
  }

  /// All payloads as numbers: the elements of a vector, or those of a bundle's fields one after the other (a vector of
  /// bundles counts as a bundle of vectors).
  public var vectors: [[Int]] { cycles.indices.map(vector(at:)) }

  /// Payload `index` as numbers.
  public func vector(at index: Int) -> [Int] { port.elements(of: payload(at: index)) }

  /// Payload `index` as bits, the first field or element in the lowest (a vector of bundles counts as a bundle of
  /// vectors).
  public func bits(at index: Int) -> BitVector { port.bits(of: payload(at: index)) }

  /// Forgets what came.
  public func removeAll() {
    cycles.removeAll(keepingCapacity: true)
    words.removeAll()
    if isHeld { port.read(into: words.append(port.wordCount)) }
  }

  private func payload(at index: Int) -> UnsafePointer<UInt64> {
    precondition(cycles.indices.contains(index), "payload \(index) is asked of the \(count) that `\(port.name)` gave")
    return UnsafePointer(words.start + index * port.wordCount)
  }
}

// MARK: - Cycles

extension StreamMonitor {
  public func drive() {
    let isReady = !stalls.next()
    if isReady != self.isReady {
      self.isReady = isReady
      port.ready.set(isReady)
    }
  }

  public func observe(cycle: Int) throws(SimulationError) {
    guard port.valid.isSet else {
      if isHeld { throw breach("took back a payload before it was taken", cycle) }
      return
    }
    if isHeld {
      guard offersWhatIsHeld() else { throw breach("changed a payload before it was taken", cycle) }
    } else {
      port.read(into: words.append(port.wordCount))
    }
    isHeld = !isReady
    if isReady { cycles.append(cycle) }
  }

  public var status: String {
    "the monitor of `\(port.name)` took \(count)" + (isHeld ? ", one is offered and waits" : "") + stalls.note
  }

  private func offersWhatIsHeld() -> Bool {
    scratch.removeAll()
    let offered = scratch.append(port.wordCount)
    port.read(into: offered)
    let held = words.start + (words.count - port.wordCount)
    for index in 0..<port.wordCount where offered[index] != held[index] { return false }
    return true
  }

  private func breach(_ what: String, _ cycle: Int) -> SimulationError {
    SimulationError(
      "cycle \(cycle): the source of `\(port.name)` \(what); valid and payload stay until ready is one (\(status))")
  }
}
