import Weft

/// Watches that both sides of an AXI4 bus keep the rules of the standard, as far as the pins show them: ``AXIRule``
/// lists them.
///
/// ```swift
/// let checker = AXIChecker(sim, \.m_axi)
/// try StreamBench(sim, memory, checker).run(cycles: 1_000)
/// ```
/// The bus is a port of the design that runs, of either side, or a bus inside that a key path reaches. A violation ends
/// the run: the bench throws it. A checker that is `collecting` goes on, and the test reads ``violations``.
///
/// Of the order within an identifier the pins show the number of beats alone, so that two reads of one identifier that
/// are swapped break ``AXIRule/readLast`` where they differ in length.
public final class AXIChecker: StreamAgent {
  private let ports: AXIPorts
  private let (aw, w, b, ar, r): (ChannelWatch, ChannelWatch, ChannelWatch, ChannelWatch, ChannelWatch)
  private let channels: [ChannelWatch]
  private var reset: ResetWatch
  private var log: ViolationLog

  /// The writes whose addresses were taken and that are not answered, the oldest first.
  private var writes: [Write] = []
  /// Beats that came before their address.
  private let earlyBeats: PayloadQueue
  /// The reads that are not answered in full, the oldest first.
  private var reads: [Read] = []
  /// The exclusive reads that ended last, by identifier.
  private var exclusives: [Int: AXIRequest] = [:]
  private var (writeCount, readCount) = (0, 0)

  private struct Write {
    var request: AXIRequest
    /// The beats that were taken.
    var position = 0
    var isComplete = false
    /// Whether it was answered, which a write with beats to come should not be.
    var isAnswered = false
  }

  private struct Read {
    var request: AXIRequest
    var position = 0
    /// Whether the beats that succeeded so far were exclusive.
    var wasExclusive: Bool?
  }

  /// A checker of a bus.
  ///
  /// - Parameter collecting: Whether the run goes on after a violation.
  public init<M>(_ simulation: Simulation<M>, _ bus: KeyPath<M, AXI4>, collecting: Bool = false) {
    ports = AXIPorts(simulation, bus)
    aw = ChannelWatch(ports.aw, .aw)
    w = ChannelWatch(ports.w, .w)
    b = ChannelWatch(ports.b, .b)
    ar = ChannelWatch(ports.ar, .ar)
    r = ChannelWatch(ports.r, .r)
    channels = [aw, w, b, ar, r]
    reset = ResetWatch(simulation)
    log = ViolationLog(.full, isCollecting: collecting)
    earlyBeats = PayloadQueue(wordCount: ports.w.wordCount)
  }

  /// What was broken so far, in order.
  public var violations: [AXIViolation] { log.violations }

  /// Whether every request that was taken has been answered, and every beat has its address.
  public var isIdle: Bool { writes.isEmpty && reads.isEmpty && earlyBeats.isEmpty }

  public var status: String {
    "the checker at `\(ports.name)` saw \(writeCount) writes and \(readCount) reads end and \(log.note), "
      + "\(writes.count) writes and \(reads.count) reads are under way"
  }
}

// MARK: - Cycles

extension AXIChecker {
  public func drive() {}

  public func observe(cycle: Int) throws(SimulationError) {
    let phase = reset.next()
    for channel in channels { channel.observe(phase, cycle, &log) }
    if phase == .running {
      // Responses answer what was taken in the cycles before.
      observeResponse(cycle)
      observeReadBeat(cycle)
      observeWriteAddress(cycle)
      if w.passes { observeWriteBeat(cycle) }
      observeReadAddress(cycle)
    } else {
      forget()
    }
    try log.settle(cycle)
  }

  private func forget() {
    writes.removeAll()
    reads.removeAll()
    earlyBeats.removeAll()
    exclusives.removeAll()
  }

  private func note(_ rule: AXIRule, _ channel: ChannelWatch, _ cycle: Int, _ values: String) {
    log.note(rule, channel.port.name, cycle, values)
  }
}

// MARK: - Addresses

extension AXIChecker {
  private func observeWriteAddress(_ cycle: Int) {
    guard aw.isNew || aw.passes else { return }
    let request = AXIRequest(aw.words)
    if aw.isNew {
      check(request, of: aw, cycle)
      if request.isExclusive { checkPair(request, cycle) }
    }
    guard aw.passes else { return }
    writes.append(Write(request: request))
    while !earlyBeats.isEmpty, let index = writes.firstIndex(where: { !$0.isComplete }) {
      take(earlyBeats.first, of: index, cycle)
      earlyBeats.removeFirst()
    }
  }

  private func observeReadAddress(_ cycle: Int) {
    guard ar.isNew || ar.passes else { return }
    let request = AXIRequest(ar.words)
    if ar.isNew { check(request, of: ar, cycle) }
    if ar.passes { reads.append(Read(request: request)) }
  }

  private func check(_ request: AXIRequest, of channel: ChannelWatch, _ cycle: Int) {
    func require(_ isKept: Bool, _ rule: AXIRule) {
      if !isKept { note(rule, channel, cycle, "\(request)") }
    }
    if AXIRequest.isReservedBurst(channel.words) {
      note(.reservedBurst, channel, cycle, "BURST is 3, address 0x\(String(channel.words[1], radix: 16))")
    }
    require(1 << request.size <= ports.busBytes, .beatTooWide)
    switch request.burst {
    case .fixed: require(request.beats <= 16, .fixedLength)
    case .incrementing:
      let addresses = request.addresses
      require(addresses.lowerBound >> 12 == (addresses.upperBound - 1) >> 12, .pageCrossed)
    case .wrapping:
      require([2, 4, 8, 16].contains(request.beats), .wrappingLength)
      require(request.address & (1 << request.size - 1) == 0, .wrappingAddress)
    }
    if request.cache & 0b0010 == 0 && request.cache & 0b1100 != 0 {
      note(.reservedCache, channel, cycle, "CACHE is 0b\(String(request.cache, radix: 2)); \(request)")
    }
    if request.isExclusive {
      let bytes = request.beats << request.size
      let isPowerOfTwo = bytes & (bytes - 1) == 0
      require(request.beats <= 16, .exclusiveLength)
      require(isPowerOfTwo && bytes <= 128, .exclusiveSize)
      if isPowerOfTwo { require(request.address & (bytes - 1) == 0, .exclusiveAddress) }
    }
  }

  private func checkPair(_ request: AXIRequest, _ cycle: Int) {
    guard let read = exclusives[request.identifier] else {
      return note(.exclusiveUnpaired, aw, cycle, "\(request)")
    }
    var comparable = request
    comparable.quality = read.quality
    if comparable != read { note(.exclusiveMismatch, aw, cycle, "\(request) were written, \(read) were read") }
  }
}

// MARK: - Beats and responses

extension AXIChecker {
  private func observeWriteBeat(_ cycle: Int) {
    if let index = writes.firstIndex(where: { !$0.isComplete }) {
      take(w.words, of: index, cycle)
    } else {
      earlyBeats.append(copyOf: w.words)
    }
  }

  private func take(_ beat: UnsafePointer<UInt64>, of index: Int, _ cycle: Int) {
    let request = writes[index].request
    let position = writes[index].position
    let place = "beat \(position + 1) of \(request)"
    let isLast = beat[ports.dataWords + ports.strobeWords] != 0
    if isLast != (position == request.beats - 1) {
      note(.writeLast, w, cycle, "LAST is \(isLast ? "high" : "low") at \(place)")
    }
    let lanes = request.addresses(ofBeat: position)
    let first = lanes.lowerBound & (ports.busBytes - 1)
    let (strobes, active) = (beat + ports.dataWords, first..<(first + lanes.count))
    if let lane = (0..<ports.busBytes).first(where: { strobes.isSet($0) && !active.contains($0) }) {
      note(.inactiveStrobe, w, cycle, "STRB of lane \(lane) is high at \(place)")
    }
    writes[index].position += 1
    writes[index].isComplete = isLast || writes[index].position == request.beats
    if writes[index].isComplete && writes[index].isAnswered { writes.remove(at: index) }
  }

  private func observeResponse(_ cycle: Int) {
    guard b.isNew || b.passes else { return }
    let identifier = Int(truncatingIfNeeded: b.words[0])
    let index = writes.firstIndex { $0.request.identifier == identifier && !$0.isAnswered }
    if b.isNew { checkResponse(to: index.map { writes[$0] }, identifier, cycle) }
    if b.passes, let index {
      writes[index].isAnswered = true
      if writes[index].isComplete { writes.remove(at: index) }
      writeCount += 1
    }
  }

  private func checkResponse(to write: Write?, _ identifier: Int, _ cycle: Int) {
    guard let write else {
      return note(.unknownWriteResponse, b, cycle, "no write with identifier \(identifier) is under way")
    }
    if !write.isComplete {
      note(.earlyWriteResponse, b, cycle, "\(write.position) beats were taken of \(write.request)")
    }
    if b.words[1] == AXIResponse.exclusiveOkay.code.lowWord && !write.request.isExclusive {
      note(.exclusiveAnswer, b, cycle, "RESP is 1 for \(write.request)")
    }
  }

  private func observeReadBeat(_ cycle: Int) {
    guard r.isNew || r.passes else { return }
    let identifier = Int(truncatingIfNeeded: r.words[0])
    let isLast = r.words[ports.dataWords + 2] != 0
    guard let index = reads.firstIndex(where: { $0.request.identifier == identifier }) else {
      if r.isNew { note(.unknownReadData, r, cycle, "no read with identifier \(identifier) is under way") }
      return
    }
    if r.isNew { checkBeat(of: index, isLast: isLast, cycle) }
    guard r.passes else { return }
    reads[index].position += 1
    if isLast || reads[index].position == reads[index].request.beats {
      let request = reads.remove(at: index).request
      if request.isExclusive { exclusives[identifier] = request }
      readCount += 1
    }
  }

  private func checkBeat(of index: Int, isLast: Bool, _ cycle: Int) {
    let (request, position) = (reads[index].request, reads[index].position)
    let place = "beat \(position + 1) of \(request)"
    if isLast != (position == request.beats - 1) {
      note(.readLast, r, cycle, "LAST is \(isLast ? "high" : "low") at \(place)")
    }
    let response = r.words[ports.dataWords + 1]
    guard response <= AXIResponse.exclusiveOkay.code.lowWord else { return }
    let isExclusive = response != 0
    if isExclusive && !request.isExclusive {
      note(.exclusiveAnswer, r, cycle, "RESP is 1 at \(place)")
    } else if let before = reads[index].wasExclusive, before != isExclusive {
      note(.mixedExclusiveAnswer, r, cycle, "RESP was \(before ? 1 : 0) before and is \(response) at \(place)")
    }
    reads[index].wasExclusive = isExclusive
  }
}
