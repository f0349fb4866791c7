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
  private var words: [UInt64] = []
  /// What was offered and not taken in the last cycle, and what is offered in this one.
  private var held: [UInt64]
  private var offered: [UInt64]
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
    held = [UInt64](repeating: 0, count: port.wordCount)
    offered = held
    port.ready.number = 0
  }

  /// The number of payloads that were taken.
  public var count: Int { cycles.count }
}

// MARK: - What came

extension StreamMonitor {
  /// All payloads of a stream of scalars.
  public var values: [Int] {
    precondition(port.elementCount == 1, "a payload of `\(port.name)` has \(port.elementCount) elements: read `vectors`")
    return cycles.indices.map { vector(at: $0)[0] }
  }

  /// All payloads as numbers: the elements of a vector, or those of a bundle's fields one after the other (a vector of
  /// bundles counts as a bundle of vectors).
  public var vectors: [[Int]] { cycles.indices.map(vector(at:)) }

  /// Payload `index` as numbers.
  public func vector(at index: Int) -> [Int] { port.elements(in: words, from: index * port.wordCount) }

  /// Payload `index` as bits, the first field or element in the lowest (a vector of bundles counts as a bundle of
  /// vectors).
  public func bits(at index: Int) -> BitVector { port.bits(in: words, from: index * port.wordCount) }

  /// Forgets what came.
  public func removeAll() {
    words.removeAll(keepingCapacity: true)
    cycles.removeAll(keepingCapacity: true)
  }
}

// MARK: - Cycles

extension StreamMonitor {
  public func drive() {
    let isReady = !stalls.next()
    if isReady != self.isReady {
      self.isReady = isReady
      port.ready.number = isReady ? 1 : 0
    }
  }

  public func observe(cycle: Int) throws(SimulationError) {
    guard port.valid.number != 0 else {
      if isHeld { throw breach("took back a payload before it was taken", cycle) }
      return
    }
    if isReady && !isHeld {
      take(cycle)
      return
    }
    offered.withUnsafeMutableBufferPointer { if let start = $0.baseAddress { port.read(into: start) } }
    if isHeld && offered != held { throw breach("changed a payload before it was taken", cycle) }
    isHeld = !isReady
    if isReady {
      words += offered
      cycles.append(cycle)
    } else {
      swap(&held, &offered)
    }
  }

  public var status: String {
    "the monitor of `\(port.name)` took \(count)" + (isHeld ? ", one is offered and waits" : "") + stalls.note
  }

  private func take(_ cycle: Int) {
    let start = words.count
    for _ in 0..<port.wordCount { words.append(0) }
    words.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { port.read(into: base + start) } }
    cycles.append(cycle)
  }

  private func breach(_ what: String, _ cycle: Int) -> SimulationError {
    SimulationError(
      "cycle \(cycle): the source of `\(port.name)` \(what); valid and payload stay until ready is one (\(status))")
  }
}
