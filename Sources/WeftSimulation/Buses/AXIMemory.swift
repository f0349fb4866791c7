import Weft

/// A memory on an AXI4 bus that the hardware masters.
///
/// ```swift
/// let memory = AXIMemory(
///   sim, \.m_axi, memory: ByteMemory(image, at: 0x1000_0000), timing: MemoryTiming(latency: 100, outstanding: 16))
/// ```
/// It takes bursts of every kind, narrow and unaligned ones among them, and exclusive accesses. Reads see what was
/// written in the cycles before. Where a read leaves lanes of the bus unused, they hold random bits. A reset of the
/// design's main domain takes back all that is under way; the bytes stay.
///
/// It gives up, with an error that the bench throws, where it cannot tell what is meant: bursts of a reserved kind,
/// beats wider than the bus, a last beat that is not where the address says. ``AXIChecker`` watches the rules.
public final class AXIMemory: StreamAgent {
  /// In which order transactions end, which those of one identifier always do in the order in which they began.
  public enum Order: Hashable, Sendable {
    /// As they began.
    case asRequested
    /// At random between identifiers; the beats of a burst come together.
    case anyIdentifier
    /// At random between identifiers, beat by beat for reads.
    case interleaved
  }

  /// The bytes.
  public let memory: ByteMemory
  /// Where accesses fail; the first that an access touches counts.
  public var faults: [AXIFault] = []

  private let name: String
  private let (aw, w, ar): (ChannelSink, ChannelSink, ChannelSink)
  private let (b, r): (ChannelSource, ChannelSource)
  private let busBytes: Int
  /// The words of a beat's bytes, and of its strobes.
  private let (dataWords, strobeWords): (Int, Int)
  private let existing: Range<Int>?
  private let (readTiming, writeTiming): (MemoryTiming, MemoryTiming)
  private let order: Order
  private var reset: ResetWatch
  private var isResetting = false
  private var generator: SplitMix64
  private var cycle = 0
  /// The first cycle, for each channel, in which it goes on.
  private var openings = [Int](repeating: 0, count: AXIChannel.allCases.count)
  private var (readTraffic, writeTraffic) = (AXITraffic(), AXITraffic())

  /// The reads that are not answered in full, the oldest first, and the one of which a beat is offered.
  private var readBursts: [ReadBurst] = []
  private var offeredRead = 0
  /// The writes whose beats are still to come, the oldest first.
  private var writeBursts: [WriteBurst] = []
  /// Beats that came before their address.
  private let earlyBeats: PayloadQueue
  /// The writes that are not answered, the oldest first, and the one whose answer is offered.
  private var responses: [Response] = []
  private var offeredResponse = 0
  /// The bandwidth at hand: a beat takes `cycles`, and each cycle brings `words`.
  private var (readBudget, writeBudget) = (0, 0)
  /// The addresses that were read exclusively and not written since, by identifier.
  private var reservations: [Int: Range<Int>] = [:]

  private struct ReadBurst {
    var request: AXIRequest
    /// The first cycle in which a beat may come.
    var due: Int
    var position = 0
  }

  private struct WriteBurst {
    var request: AXIRequest
    var position = 0
    var response = AXIResponse.okay
    /// Whether the bytes are changed, which those of an exclusive write that comes too late are not.
    var isEffective = true
  }

  private struct Response {
    var identifier: Int
    var response: AXIResponse
    var due: Int
  }

  /// The beats that are taken before their address.
  private static let earlyBeatLimit = 16

  /// A memory on a design's bus.
  ///
  /// - Parameters:
  ///   - memory: The bytes, zeros unless given.
  ///   - addresses: Where there is memory: accesses elsewhere end with a decode error. Everywhere unless given.
  ///   - timing: Bandwidth, latency and outstanding bursts of reads; a word is a beat.
  ///   - writeTiming: The same for writes, whose latency counts from the last beat to the response; that of reads
  ///     unless given.
  ///   - order: In which order transactions end.
  ///   - stalls: When channels hold back at random.
  public init<M>(
    _ simulation: Simulation<M>, _ bus: KeyPath<M, AXI4>, memory: ByteMemory = ByteMemory(),
    at addresses: Range<Int>? = nil, timing: MemoryTiming = MemoryTiming(), writeTiming: MemoryTiming? = nil,
    order: Order = .asRequested, stalls: AXIStalls = .none
  ) {
    let ports = AXIPorts(simulation, bus)
    name = ports.name
    (busBytes, dataWords, strobeWords) = (ports.busBytes, ports.dataWords, ports.strobeWords)
    aw = ChannelSink(ports.aw, stalls.aw)
    w = ChannelSink(ports.w, stalls.w)
    b = ChannelSource(ports.b, stalls.b)
    ar = ChannelSink(ports.ar, stalls.ar)
    r = ChannelSource(ports.r, stalls.r)
    self.memory = memory
    existing = addresses
    readTiming = timing
    self.writeTiming = writeTiming ?? timing
    self.order = order
    readTiming.check()
    self.writeTiming.check()
    reset = ResetWatch(simulation)
    generator = SplitMix64(seed: timing.seed)
    earlyBeats = PayloadQueue(wordCount: ports.w.wordCount)
  }
}

// MARK: - What passed

extension AXIMemory {
  /// What was read.
  public var reads: AXITraffic {
    var traffic = readTraffic
    (traffic.addressWaits, traffic.beatWaits) = (ar.waits, r.waits)
    return traffic
  }

  /// What was written.
  public var writes: AXITraffic {
    var traffic = writeTraffic
    (traffic.addressWaits, traffic.beatWaits, traffic.responseWaits) = (aw.waits, w.waits, b.waits)
    return traffic
  }

  /// Whether every burst that was taken is answered.
  public var isIdle: Bool {
    readBursts.isEmpty && writeBursts.isEmpty && responses.isEmpty && earlyBeats.isEmpty
  }

  /// Holds channels, all unless some are named, for so many cycles from now on: nothing is taken, and nothing new is
  /// offered.
  public func stall(cycles: Int, _ channels: Set<AXIChannel> = Set(AXIChannel.allCases)) {
    for (index, channel) in AXIChannel.allCases.enumerated() where channels.contains(channel) {
      openings[index] = cycle + cycles
    }
  }

  public var status: String {
    "the memory at `\(name)` answered \(readTraffic.bursts) reads and \(writeTraffic.bursts) writes, "
      + "\(readBursts.count) reads and \(writeBursts.count + responses.count) writes are under way"
      + (readTiming.jitter > 0 || order != .asRequested ? ", seeded with \(readTiming.seed)" : "")
  }
}

// MARK: - Cycles

extension AXIMemory {
  public func drive() {
    let phase = reset.next()
    if phase.isActive { forget() }
    isResetting = phase != .running
    if isResetting { return }
    ar.drive(isOpen(.ar) && readBursts.count < readTiming.outstanding)
    aw.drive(isOpen(.aw) && writeBursts.count + responses.count < writeTiming.outstanding)
    if writeBudget < writeTiming.cycles { writeBudget += writeTiming.words }
    let expectsBeat = !writeBursts.isEmpty || earlyBeats.count < Self.earlyBeatLimit
    w.drive(isOpen(.w) && writeBudget >= writeTiming.cycles && expectsBeat)
    driveResponse()
    driveBeat()
  }

  public func observe(cycle: Int) throws(SimulationError) {
    if isResetting { return }
    if r.passes() { endBeat() }
    if b.passes() {
      responses.remove(at: offeredResponse)
      writeTraffic.bursts += 1
    }
    if let request = aw.taken() { try takeWrite(request, cycle) }
    if let beat = w.taken() {
      writeBudget -= writeTiming.cycles
      if writeBursts.isEmpty { earlyBeats.append(copyOf: beat) } else { try take(beat, cycle) }
    }
    if let request = ar.taken() { try takeRead(request, cycle) }
    self.cycle += 1
  }

  private func isOpen(_ channel: AXIChannel) -> Bool {
    let index =
      switch channel {
      case .aw: 0
      case .w: 1
      case .b: 2
      case .ar: 3
      case .r: 4
      }
    return cycle >= openings[index]
  }

  private func forget() {
    for channel in [aw, w, ar] { channel.reset() }
    for channel in [b, r] { channel.reset() }
    readBursts.removeAll()
    writeBursts.removeAll()
    earlyBeats.removeAll()
    responses.removeAll()
    reservations.removeAll()
  }

  private func due(_ timing: MemoryTiming) -> Int {
    let extra = timing.jitter > 0 ? Int.random(in: 0...timing.jitter, using: &generator) : 0
    return cycle + timing.latency + extra
  }

  /// The transaction that goes on, of those that wait, the oldest first: the first of any identifier whose time came.
  private func next(of count: Int, _ transaction: (Int) -> (identifier: Int, due: Int)) -> Int? {
    if count == 0 { return nil }
    if order == .asRequested { return transaction(0).due <= cycle ? 0 : nil }
    var candidates: [Int] = []
    var identifiers: Set<Int> = []
    for index in 0..<count {
      let (identifier, due) = transaction(index)
      if identifiers.insert(identifier).inserted && due <= cycle { candidates.append(index) }
    }
    return candidates.randomElement(using: &generator)
  }

  /// How an access to these addresses ends, of itself.
  private func response(to addresses: Range<Int>, isRead: Bool) -> AXIResponse {
    if let existing, addresses.lowerBound < existing.lowerBound || addresses.upperBound > existing.upperBound {
      return .decodeError
    }
    let fault = faults.first {
      $0.accesses != (isRead ? .writes : .reads) && $0.addresses.overlaps(addresses)
    }
    return fault?.response ?? .okay
  }

  private func decoded(_ payload: UnsafePointer<UInt64>, _ channel: ChannelSink, _ cycle: Int) throws(SimulationError)
    -> AXIRequest
  {
    let request = AXIRequest(payload)
    let mistake: String? =
      if AXIRequest.isReservedBurst(payload) {
        "of the reserved kind"
      } else if 1 << request.size > busBytes {
        "with beats wider than the bus of \(busBytes) bytes"
      } else if request.burst == .wrapping && ![2, 4, 8, 16].contains(request.beats) {
        "that wraps and does not have 2, 4, 8 or 16 beats"
      } else {
        nil
      }
    if let mistake {
      throw SimulationError("cycle \(cycle): `\(channel.port.name)` asks for a burst \(mistake): \(request)")
    }
    return request
  }
}

// MARK: - Reads

extension AXIMemory {
  private func takeRead(_ payload: UnsafePointer<UInt64>, _ cycle: Int) throws(SimulationError) {
    let request = try decoded(payload, ar, cycle)
    if request.isExclusive { reservations[request.identifier] = request.addresses }
    readBursts.append(ReadBurst(request: request, due: due(readTiming)))
  }

  private func driveBeat() {
    if readBudget < readTiming.cycles { readBudget += readTiming.words }
    if r.isOffering { return }
    let isReady = isOpen(.r) && readBudget >= readTiming.cycles
    guard isReady, let index = nextRead() else {
      r.drive(false) { _ in }
      return
    }
    r.drive(true) { fill($0, from: readBursts[index]) }
    offeredRead = index
  }

  private func nextRead() -> Int? {
    if order == .anyIdentifier, let begun = readBursts.firstIndex(where: { $0.position > 0 }) { return begun }
    return next(of: readBursts.count) { (readBursts[$0].request.identifier, readBursts[$0].due) }
  }

  private func fill(_ words: UnsafeMutablePointer<UInt64>, from burst: ReadBurst) {
    let request = burst.request
    let addresses = request.addresses(ofBeat: burst.position)
    let response = response(to: addresses, isRead: true)
    let isError = response != .okay
    words[0] = UInt64(truncatingIfNeeded: request.identifier)
    if isError || addresses.count < busBytes {
      for index in 1...dataWords { words[index] = generator.next() }
      if busBytes < 8 { words[1] &= (1 << UInt64(8 * busBytes)) - 1 }
    }
    if !isError {
      let bytes = UnsafeMutableRawPointer(words + 1).assumingMemoryBound(to: UInt8.self)
      memory.read(addresses, into: bytes + addresses.lowerBound & (busBytes - 1))
    }
    let ending = isError ? response : request.isExclusive ? .exclusiveOkay : .okay
    words[dataWords + 1] = ending.code.lowWord
    words[dataWords + 2] = burst.position == request.beats - 1 ? 1 : 0
  }

  private func endBeat() {
    readBudget -= readTiming.cycles
    let burst = readBursts[offeredRead]
    readTraffic.beats += 1
    readTraffic.bytes += burst.request.addresses(ofBeat: burst.position).count
    if burst.position == burst.request.beats - 1 {
      readBursts.remove(at: offeredRead)
      readTraffic.bursts += 1
    } else {
      readBursts[offeredRead].position += 1
    }
  }
}

// MARK: - Writes

extension AXIMemory {
  private func takeWrite(_ payload: UnsafePointer<UInt64>, _ cycle: Int) throws(SimulationError) {
    writeBursts.append(WriteBurst(request: try decoded(payload, aw, cycle)))
    while !earlyBeats.isEmpty, !writeBursts.isEmpty {
      try take(earlyBeats.first, cycle)
      earlyBeats.removeFirst()
    }
  }

  /// Writes a beat of the oldest burst that has beats to come.
  private func take(_ beat: UnsafePointer<UInt64>, _ cycle: Int) throws(SimulationError) {
    let request = writeBursts[0].request
    let addresses = request.addresses(ofBeat: writeBursts[0].position)
    if request.isExclusive && writeBursts[0].position == 0 {
      writeBursts[0].isEffective = reservations[request.identifier] == request.addresses
      if writeBursts[0].isEffective { writeBursts[0].response = .exclusiveOkay }
    }
    let response = response(to: addresses, isRead: false)
    if response != .okay {
      writeBursts[0].response = response
    } else if writeBursts[0].isEffective {
      write(beat, to: addresses)
    }
    writeTraffic.beats += 1
    writeBursts[0].position += 1
    let isLast = beat[dataWords + strobeWords] != 0
    let isComplete = writeBursts[0].position == request.beats
    if isLast != isComplete {
      throw SimulationError(
        "cycle \(cycle): beat \(writeBursts[0].position) of \(request.beats) at `\(w.port.name)` is "
          + "\(isLast ? "" : "not ")the last by its signal (\(request))")
    }
    if isComplete {
      responses.append(
        Response(identifier: request.identifier, response: writeBursts[0].response, due: due(writeTiming)))
      writeBursts.removeFirst()
    }
  }

  private func write(_ beat: UnsafePointer<UInt64>, to addresses: Range<Int>) {
    let lane = addresses.lowerBound & (busBytes - 1)
    let bytes = UnsafeRawPointer(beat).assumingMemoryBound(to: UInt8.self) + lane
    let strobes = beat + dataWords
    var start = 0
    while start < addresses.count {
      var end = start
      while end < addresses.count, strobes.isSet(lane + end) { end += 1 }
      if end > start {
        memory.write(bytes + start, count: end - start, at: addresses.lowerBound + start)
        writeTraffic.bytes += end - start
      }
      start = end + 1
    }
    if !reservations.isEmpty { reservations = reservations.filter { !$0.value.overlaps(addresses) } }
  }

  private func driveResponse() {
    if b.isOffering { return }
    guard isOpen(.b), let index = next(of: responses.count, { (responses[$0].identifier, responses[$0].due) }) else {
      b.drive(false) { _ in }
      return
    }
    let response = responses[index]
    b.drive(true) {
      $0[0] = UInt64(truncatingIfNeeded: response.identifier)
      $0[1] = response.response.code.lowWord
    }
    offeredResponse = index
  }
}
