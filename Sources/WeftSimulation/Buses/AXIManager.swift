import Weft

/// The manager of an AXI4 bus on which the hardware is the subordinate: carries out reads and writes that are queued,
/// as many at once as the hardware takes, and keeps what comes of them.
///
/// ```swift
/// let manager = AXIManager(sim, \.s_axi, stalls: .random(seed: 7))
/// manager.write([1, 2, 3], at: 0x100)
/// let read = manager.read(AXIRequest(address: 0x100, beats: 2, size: 3))
/// try bench.run(until: { manager.isIdle }, limit: 1_000)
/// #expect(manager.reads[read].bytes.count == 16)
/// ```
/// Reads and writes begin in the order in which they were queued, each kind for itself: what reads see of writes that
/// are not answered yet is open, as on any AXI bus. Beats of writes may come before their address. A reset of the
/// design's main domain takes back what is under way and what waits, which then never gets an answer.
public final class AXIManager: StreamAgent {
  /// A burst of writes and what came of it.
  public struct Write: Hashable, Sendable {
    /// The burst.
    public var request: AXIRequest
    /// The bytes of its beats, one after the other.
    public var bytes: [UInt8]
    /// Which of them are written.
    public var strobes: [Bool]
    /// How it ended; `nil` until then.
    public var response: AXIResponse?
    /// The cycle in which it ended.
    public var cycle: Int?
  }

  /// A burst of reads and what came of it.
  public struct Read: Hashable, Sendable {
    /// The burst.
    public var request: AXIRequest
    /// The bytes of the beats that came, one after the other.
    public var bytes: [UInt8] = []
    /// How each of the beats that came was read.
    public var responses: [AXIResponse] = []
    /// The cycle in which the last beat came; `nil` until then.
    public var cycle: Int?
  }

  /// The writes that were queued, in order.
  public private(set) var writes: [Write] = []
  /// The reads that were queued, in order.
  public private(set) var reads: [Read] = []

  private let ports: AXIPorts
  private let (aw, w, ar): (ChannelSource, ChannelSource, ChannelSource)
  private let (b, r): (ChannelSink, ChannelSink)
  private let (writeAddresses, beats, readAddresses): (PayloadQueue, PayloadQueue, PayloadQueue)
  private let outstanding: Int
  private var noise: SplitMix64?
  private var reset: ResetWatch
  private var isResetting = false
  /// The writes and reads that began and did not end, by identifier.
  private var (openWrites, openReads): (OpenTransactions, OpenTransactions)
  private var (nextWrite, nextRead) = (0, 0)

  /// The manager of a design's bus.
  ///
  /// - Parameters:
  ///   - stalls: When channels hold back at random. Under random stalls lanes that carry nothing hold random bits.
  ///   - outstanding: The most writes, and the most reads, that have begun and not ended.
  public init<M>(
    _ simulation: Simulation<M>, _ bus: KeyPath<M, AXI4>, stalls: AXIStalls = .none, outstanding: Int = 16
  ) {
    precondition(outstanding >= 1, "a manager has at least 1 transaction outstanding; \(outstanding) was given")
    ports = AXIPorts(simulation, bus)
    aw = ChannelSource(ports.aw, stalls.aw)
    w = ChannelSource(ports.w, stalls.w)
    b = ChannelSink(ports.b, stalls.b)
    ar = ChannelSource(ports.ar, stalls.ar)
    r = ChannelSink(ports.r, stalls.r)
    writeAddresses = PayloadQueue(wordCount: ports.aw.wordCount)
    beats = PayloadQueue(wordCount: ports.w.wordCount)
    readAddresses = PayloadQueue(wordCount: ports.ar.wordCount)
    self.outstanding = outstanding
    noise = stalls.w.seed.map { SplitMix64(seed: $0 ^ 1) }
    reset = ResetWatch(simulation)
    (openWrites, openReads) = (OpenTransactions(), OpenTransactions())
  }
}

// MARK: - Queueing

extension AXIManager {
  /// `AxSIZE` of beats that fill the bus.
  public var fullSize: Int { ports.busBytes.trailingZeroBitCount }

  /// Whether all that was queued has ended.
  public var isIdle: Bool {
    writeAddresses.isEmpty && readAddresses.isEmpty && openWrites.isEmpty && openReads.isEmpty && beats.isEmpty
  }

  /// Queues a burst of writes. Returns its place in ``writes``.
  ///
  /// - Parameters:
  ///   - bytes: Those of the beats, one after the other, `request.byteCount` of them.
  ///   - strobes: Which of them are written; all unless given.
  @discardableResult
  public func write(_ request: AXIRequest, _ bytes: [UInt8], strobes: [Bool]? = nil) -> Int {
    check(request)
    let strobes = strobes ?? [Bool](repeating: true, count: bytes.count)
    precondition(
      bytes.count == request.byteCount && strobes.count == bytes.count,
      "a burst of \(request) has \(request.byteCount) bytes; \(bytes.count) and \(strobes.count) strobes were given")
    request.encode(into: writeAddresses.append())
    var position = 0
    for index in 0..<request.beats {
      let addresses = request.addresses(ofBeat: index)
      let words = beats.append()
      encode(bytes[position...], strobes[position...], at: addresses, into: words)
      words[ports.dataWords + ports.strobeWords] = index == request.beats - 1 ? 1 : 0
      position += addresses.count
    }
    writes.append(Write(request: request, bytes: bytes, strobes: strobes))
    return writes.count - 1
  }

  /// Queues the bursts that write these bytes from `address` on. Returns their places in ``writes``.
  @discardableResult
  public func write(_ bytes: [UInt8], at address: Int, identifier: Int = 0) -> Range<Int> {
    let first = writes.count
    var position = 0
    for request in AXIRequest.covering(address..<(address + bytes.count), size: fullSize, identifier: identifier) {
      let count = min(request.byteCount, bytes.count - position)
      let excess = request.byteCount - count
      write(
        request, bytes[position..<(position + count)] + [UInt8](repeating: 0, count: excess),
        strobes: [Bool](repeating: true, count: count) + [Bool](repeating: false, count: excess))
      position += count
    }
    return first..<writes.count
  }

  /// Queues a burst of reads. Returns its place in ``reads``.
  @discardableResult
  public func read(_ request: AXIRequest) -> Int {
    check(request)
    request.encode(into: readAddresses.append())
    reads.append(Read(request: request))
    return reads.count - 1
  }

  /// Queues the bursts that read the bytes at these addresses. Returns their places in ``reads``; their bytes, one
  /// after the other, begin with those asked for.
  @discardableResult
  public func read(_ addresses: Range<Int>, identifier: Int = 0) -> Range<Int> {
    let first = reads.count
    for request in AXIRequest.covering(addresses, size: fullSize, identifier: identifier) { read(request) }
    return first..<reads.count
  }

  private func check(_ request: AXIRequest) {
    precondition(
      (1...256).contains(request.beats) && (0...fullSize).contains(request.size),
      "a burst of \(request) was given; a burst has 1 to 256 beats, and one of `\(ports.name)` at most "
        + "\(ports.busBytes) bytes")
  }

  private func encode(
    _ bytes: ArraySlice<UInt8>, _ strobes: ArraySlice<Bool>, at addresses: Range<Int>,
    into words: UnsafeMutablePointer<UInt64>
  ) {
    if let noise = noise?.next() {
      for index in 0..<ports.dataWords { words[index] = noise &* UInt64(2 * index + 1) }
      if ports.busBytes < 8 { words[0] &= (1 << UInt64(8 * ports.busBytes)) - 1 }
    }
    let data = UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt8.self)
    for (offset, address) in addresses.enumerated() {
      let lane = address & (ports.busBytes - 1)
      data[lane] = bytes[bytes.startIndex + offset]
      if strobes[strobes.startIndex + offset] { words[ports.dataWords + lane >> 6] |= 1 << UInt64(lane & 63) }
    }
  }
}

// MARK: - Calls

extension AXIManager {
  /// Writes bytes from `address` on, and runs the bench until all is answered.
  ///
  /// - Throws: `SimulationError` where a write ends with an error or does not end within `limit` cycles, and what the
  ///   bench throws.
  public func write(_ bytes: [UInt8], at address: Int, on bench: StreamBench, limit: Int = 100_000)
    throws(SimulationError)
  {
    let places = write(bytes, at: address)
    try bench.run(until: { self.writes[places].allSatisfy { $0.cycle != nil } }, limit: limit)
    for write in writes[places] { try require(write.response, of: write.request, "write", bench.cycle) }
  }

  /// Reads the bytes at these addresses, and runs the bench until they are there.
  ///
  /// - Throws: `SimulationError` where a read ends with an error or does not end within `limit` cycles, and what the
  ///   bench throws.
  public func read(_ addresses: Range<Int>, on bench: StreamBench, limit: Int = 100_000) throws(SimulationError)
    -> [UInt8]
  {
    let places = read(addresses)
    try bench.run(until: { self.reads[places].allSatisfy { $0.cycle != nil } }, limit: limit)
    for read in reads[places] {
      for response in read.responses { try require(response, of: read.request, "read", bench.cycle) }
    }
    return Array(reads[places].flatMap(\.bytes).prefix(addresses.count))
  }

  private func require(_ response: AXIResponse?, of request: AXIRequest, _ kind: String, _ cycle: Int)
    throws(SimulationError)
  {
    guard let response, response == .subordinateError || response == .decodeError else { return }
    throw SimulationError("cycle \(cycle): the \(kind) at `\(ports.name)` ended with \(response): \(request)")
  }
}

// MARK: - Cycles

extension AXIManager {
  public func drive() {
    let phase = reset.next()
    if phase.isActive { forget() }
    isResetting = phase != .running
    if isResetting { return }
    aw.drive(!writeAddresses.isEmpty && openWrites.count < outstanding) { writeAddresses.copyFirst(to: $0) }
    w.drive(!beats.isEmpty) { beats.copyFirst(to: $0) }
    ar.drive(!readAddresses.isEmpty && openReads.count < outstanding) { readAddresses.copyFirst(to: $0) }
    b.drive(true)
    r.drive(true)
  }

  public func observe(cycle: Int) throws(SimulationError) {
    if isResetting { return }
    if let response = b.taken() { try endWrite(response, cycle) }
    if let beat = r.taken() { try takeBeat(beat, cycle) }
    if aw.passes() {
      writeAddresses.removeFirst()
      openWrites.begin(nextWrite, writes[nextWrite].request.identifier)
      nextWrite += 1
    }
    if w.passes() { beats.removeFirst() }
    if ar.passes() {
      readAddresses.removeFirst()
      openReads.begin(nextRead, reads[nextRead].request.identifier)
      nextRead += 1
    }
  }

  public var status: String {
    "the manager of `\(ports.name)` ended \(nextWrite - openWrites.count) of \(writes.count) writes and "
      + "\(nextRead - openReads.count) of \(reads.count) reads, \(openWrites.count) writes and \(openReads.count) "
      + "reads are under way"
  }

  private func endWrite(_ payload: UnsafePointer<UInt64>, _ cycle: Int) throws(SimulationError) {
    let identifier = Int(truncatingIfNeeded: payload[0])
    guard let place = openWrites.oldest(of: identifier) else {
      throw SimulationError(
        "cycle \(cycle): `\(ports.b.name)` answers a write with identifier \(identifier), of which none is under way")
    }
    openWrites.end(identifier)
    writes[place].response = AXIResponse.allCases[Int(payload[1])]
    writes[place].cycle = cycle
  }

  private func takeBeat(_ payload: UnsafePointer<UInt64>, _ cycle: Int) throws(SimulationError) {
    let identifier = Int(truncatingIfNeeded: payload[0])
    guard let place = openReads.oldest(of: identifier) else {
      throw SimulationError(
        "cycle \(cycle): `\(ports.r.name)` gives a beat with identifier \(identifier), of which no read is under way")
    }
    let request = reads[place].request
    let addresses = request.addresses(ofBeat: reads[place].responses.count)
    let data = UnsafeRawPointer(payload + 1).assumingMemoryBound(to: UInt8.self)
    for address in addresses { reads[place].bytes.append(data[address & (ports.busBytes - 1)]) }
    reads[place].responses.append(AXIResponse.allCases[Int(payload[ports.dataWords + 1])])
    let isLast = payload[ports.dataWords + 2] != 0
    let count = reads[place].responses.count
    guard isLast == (count == request.beats) else {
      throw SimulationError(
        "cycle \(cycle): beat \(count) of \(request.beats) at `\(ports.r.name)` is \(isLast ? "" : "not ")the last by "
          + "its signal (\(request))")
    }
    if isLast {
      reads[place].cycle = cycle
      openReads.end(identifier)
    }
  }

  private func forget() {
    for channel in [aw, w, ar] { channel.reset() }
    for channel in [b, r] { channel.reset() }
    for queue in [writeAddresses, beats, readAddresses] { queue.removeAll() }
    openWrites.removeAll()
    openReads.removeAll()
    (nextWrite, nextRead) = (writes.count, reads.count)
  }
}
