import Weft

/// The manager of an AXI4-Lite bus on which the hardware is the subordinate: registers are written and read, one call
/// an access, as a driver does it.
///
/// ```swift
/// let registers = AXILiteManager(sim, \.s_axi)
/// let bench = StreamBench(sim, registers)
/// try registers.write(1, at: 0x00, on: bench)
/// #expect(try registers.read(at: 0x04, on: bench) == 0)
/// ```
/// Accesses can be queued too: several are under way at once then, writes and reads each in order. A reset of the
/// design's main domain takes back what is under way and what waits, which then never gets an answer.
public final class AXILiteManager: StreamAgent {
  /// A word to be written, and what came of it.
  public struct Write: Hashable, Sendable {
    /// The address of the word.
    public var address: Int
    /// The word.
    public var value: Int
    /// How it ended; `nil` until then.
    public var response: AXIResponse?
    /// The cycle in which it ended.
    public var cycle: Int?
  }

  /// A word to be read, and what came of it.
  public struct Read: Hashable, Sendable {
    /// The address of the word.
    public var address: Int
    /// The word; `nil` until it comes. One of 64 bits has its own as those of an `Int`.
    public var value: Int?
    /// How it was read; `nil` until then.
    public var response: AXIResponse?
    /// The cycle in which it came.
    public var cycle: Int?
  }

  /// The writes that were queued, in order.
  public private(set) var writes: [Write] = []
  /// The reads that were queued, in order.
  public private(set) var reads: [Read] = []

  private let ports: AXILitePorts
  private let (aw, w, ar): (ChannelSource, ChannelSource, ChannelSource)
  private let (b, r): (ChannelSink, ChannelSink)
  private let (writeAddresses, words, readAddresses): (PayloadQueue, PayloadQueue, PayloadQueue)
  private var reset: ResetWatch
  private var isResetting = false
  /// The accesses that began, and those that ended.
  private var (begunWrites, begunReads, endedWrites, endedReads) = (0, 0, 0, 0)

  /// The manager of a design's bus.
  ///
  /// - Parameter stalls: When channels hold back at random.
  public init<M>(_ simulation: Simulation<M>, _ bus: KeyPath<M, AXI4Lite>, stalls: AXIStalls = .none) {
    ports = AXILitePorts(simulation, bus)
    aw = ChannelSource(ports.aw, stalls.aw)
    w = ChannelSource(ports.w, stalls.w)
    b = ChannelSink(ports.b, stalls.b)
    ar = ChannelSource(ports.ar, stalls.ar)
    r = ChannelSink(ports.r, stalls.r)
    writeAddresses = PayloadQueue(wordCount: ports.aw.wordCount)
    words = PayloadQueue(wordCount: ports.w.wordCount)
    readAddresses = PayloadQueue(wordCount: ports.ar.wordCount)
    reset = ResetWatch(simulation)
  }

  /// Whether all that was queued has ended.
  public var isIdle: Bool { endedWrites == writes.count && endedReads == reads.count }
}

// MARK: - Accesses

extension AXILiteManager {
  /// Queues a write of a word. Returns its place in ``writes``.
  ///
  /// - Parameter strobes: Which bytes are written, that of the lowest address in the lowest bit; all unless given.
  @discardableResult
  public func write(_ value: Int, at address: Int, strobes: Int? = nil) -> Int {
    let mask = UInt64.max >> UInt64(64 - 8 * ports.wordBytes)
    let lanes = UInt64(1) << UInt64(ports.wordBytes) - 1
    writeAddresses.append()[0] = UInt64(truncatingIfNeeded: address)
    let word = words.append()
    word[0] = UInt64(truncatingIfNeeded: value) & mask
    word[1] = strobes.map { UInt64(truncatingIfNeeded: $0) & lanes } ?? lanes
    writes.append(Write(address: address, value: value))
    return writes.count - 1
  }

  /// Queues a read of a word. Returns its place in ``reads``.
  @discardableResult
  public func read(at address: Int) -> Int {
    readAddresses.append()[0] = UInt64(truncatingIfNeeded: address)
    reads.append(Read(address: address))
    return reads.count - 1
  }

  /// Writes a word, and runs the bench until it is answered.
  ///
  /// - Throws: `SimulationError` where the write ends with an error or does not end within `limit` cycles, and what the
  ///   bench throws.
  public func write(
    _ value: Int, at address: Int, strobes: Int? = nil, on bench: StreamBench, limit: Int = 10_000
  ) throws(SimulationError) {
    let place = write(value, at: address, strobes: strobes)
    try bench.run(until: { self.writes[place].cycle != nil }, limit: limit)
    try require(writes[place].response, "write of 0x\(String(UInt(bitPattern: value), radix: 16)) to", address, bench.cycle)
  }

  /// Reads a word, and runs the bench until it comes.
  ///
  /// - Throws: `SimulationError` where the read ends with an error or does not end within `limit` cycles, and what the
  ///   bench throws.
  public func read(at address: Int, on bench: StreamBench, limit: Int = 10_000) throws(SimulationError) -> Int {
    let place = read(at: address)
    try bench.run(until: { self.reads[place].cycle != nil }, limit: limit)
    try require(reads[place].response, "read of", address, bench.cycle)
    return reads[place].value ?? 0
  }

  private func require(_ response: AXIResponse?, _ access: String, _ address: Int, _ cycle: Int)
    throws(SimulationError)
  {
    guard let response, response != .okay else { return }
    throw SimulationError(
      "cycle \(cycle): the \(access) 0x\(String(address, radix: 16)) at `\(ports.name)` ended with \(response)")
  }
}

// MARK: - Cycles

extension AXILiteManager {
  public func drive() {
    let phase = reset.next()
    if phase.isActive { forget() }
    isResetting = phase != .running
    if isResetting { return }
    aw.drive(!writeAddresses.isEmpty) { writeAddresses.copyFirst(to: $0) }
    w.drive(!words.isEmpty) { words.copyFirst(to: $0) }
    ar.drive(!readAddresses.isEmpty) { readAddresses.copyFirst(to: $0) }
    b.drive(true)
    r.drive(true)
  }

  public func observe(cycle: Int) throws(SimulationError) {
    if isResetting { return }
    if let response = b.taken() {
      try check(endedWrites < begunWrites, b, "write", cycle)
      writes[endedWrites].response = AXIResponse.allCases[Int(response[0])]
      writes[endedWrites].cycle = cycle
      endedWrites += 1
    }
    if let word = r.taken() {
      try check(endedReads < begunReads, r, "read", cycle)
      reads[endedReads].value = Int(truncatingIfNeeded: word[0])
      reads[endedReads].response = AXIResponse.allCases[Int(word[1])]
      reads[endedReads].cycle = cycle
      endedReads += 1
    }
    if aw.passes() {
      writeAddresses.removeFirst()
      begunWrites += 1
    }
    if w.passes() { words.removeFirst() }
    if ar.passes() {
      readAddresses.removeFirst()
      begunReads += 1
    }
  }

  public var status: String {
    "the manager of `\(ports.name)` ended \(endedWrites) of \(writes.count) writes and \(endedReads) of "
      + "\(reads.count) reads"
  }

  private func check(_ isUnderWay: Bool, _ channel: ChannelSink, _ kind: String, _ cycle: Int) throws(SimulationError) {
    guard !isUnderWay else { return }
    throw SimulationError("cycle \(cycle): `\(channel.port.name)` answers, but no \(kind) is under way")
  }

  private func forget() {
    for channel in [aw, w, ar] { channel.reset() }
    for channel in [b, r] { channel.reset() }
    for queue in [writeAddresses, words, readAddresses] { queue.removeAll() }
    (begunWrites, endedWrites) = (writes.count, writes.count)
    (begunReads, endedReads) = (reads.count, reads.count)
  }
}
