import Weft

/// Watches that both sides of an AXI4-Lite bus keep the rules of the standard, as far as the pins show them.
///
/// As with ``AXIChecker``, a violation ends the run unless the checker is `collecting`.
public final class AXILiteChecker: StreamAgent {
  private let ports: AXILitePorts
  private let (aw, w, b, ar, r): (ChannelWatch, ChannelWatch, ChannelWatch, ChannelWatch, ChannelWatch)
  private let channels: [ChannelWatch]
  private var reset: ResetWatch
  private var log: ViolationLog
  /// What was taken and is not answered.
  private var (addresses, words, reads) = (0, 0, 0)

  /// A checker of a bus: a port of the design that runs, of either side, or a bus inside that a key path reaches.
  ///
  /// - Parameter collecting: Whether the run goes on after a violation.
  public init<M>(_ simulation: Simulation<M>, _ bus: KeyPath<M, AXI4Lite>, collecting: Bool = false) {
    ports = AXILitePorts(simulation, bus)
    aw = ChannelWatch(lite: ports.aw, .aw)
    w = ChannelWatch(lite: ports.w, .w)
    b = ChannelWatch(lite: ports.b, .b)
    ar = ChannelWatch(lite: ports.ar, .ar)
    r = ChannelWatch(lite: ports.r, .r)
    channels = [aw, w, b, ar, r]
    reset = ResetWatch(simulation)
    log = ViolationLog(.lite, isCollecting: collecting)
  }

  /// What was broken so far, in order.
  public var violations: [AXIViolation] { log.violations }

  /// Whether every request that was taken has been answered, and every word has its address.
  public var isIdle: Bool { addresses == 0 && words == 0 && reads == 0 }

  public func drive() {}

  public func observe(cycle: Int) throws(SimulationError) {
    let phase = reset.next()
    for channel in channels { channel.observe(phase, cycle, &log) }
    if phase == .running {
      // Responses answer what was taken in the cycles before.
      observeResponse(cycle)
      observeReadWord(cycle)
      if aw.passes { addresses += 1 }
      if w.passes { words += 1 }
      if ar.passes { reads += 1 }
    } else {
      (addresses, words, reads) = (0, 0, 0)
    }
    try log.settle(cycle)
  }

  public var status: String {
    "the checker at `\(ports.name)` saw \(log.note), \(max(addresses, words)) writes and \(reads) reads are under way"
  }

  private func observeResponse(_ cycle: Int) {
    if b.isNew {
      if addresses == 0 {
        log.note(.unknownWriteResponse, b.port.name, cycle, "no address of a write was taken")
      } else if words == 0 {
        log.note(.earlyWriteResponse, b.port.name, cycle, "the word to be written was not taken")
      }
      checkExclusive(b, b.words[0], cycle)
    }
    if b.passes { (addresses, words) = (max(0, addresses - 1), max(0, words - 1)) }
  }

  private func observeReadWord(_ cycle: Int) {
    if r.isNew {
      if reads == 0 { log.note(.unknownReadData, r.port.name, cycle, "no address of a read was taken") }
      checkExclusive(r, r.words[1], cycle)
    }
    if r.passes { reads = max(0, reads - 1) }
  }

  private func checkExclusive(_ channel: ChannelWatch, _ response: UInt64, _ cycle: Int) {
    if response == AXIResponse.exclusiveOkay.code.lowWord {
      log.note(.exclusiveAnswer, channel.port.name, cycle, "RESP is 1; AXI4-Lite has no exclusive accesses")
    }
  }
}
