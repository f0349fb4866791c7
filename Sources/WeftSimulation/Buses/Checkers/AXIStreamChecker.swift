import Weft

/// Watches that both sides of an AXI4-Stream keep the rules of the standard.
///
/// As with ``AXIChecker``, a violation ends the run unless the checker is `collecting`.
public final class AXIStreamChecker: StreamAgent {
  private let channel: ChannelWatch
  private let byteCount: Int
  /// The word of the first byte's place among those that are kept.
  private let keepWord: Int
  private let isContinuous: Bool
  private var reset: ResetWatch
  private var log: ViolationLog
  private var transferCount = 0

  /// A checker of a stream: a port of the design that runs, of either side, or a stream inside that a key path reaches.
  ///
  /// - Parameters:
  ///   - continuous: Whether packets have bytes left out at the end of their last transfer alone, which the standard
  ///     leaves open.
  ///   - collecting: Whether the run goes on after a violation.
  public init<M>(
    _ simulation: Simulation<M>, _ stream: KeyPath<M, AXI4Stream>, continuous: Bool = false, collecting: Bool = false
  ) {
    channel = ChannelWatch(StreamPort(simulation, stream.appending(path: \.t)), fields: ["DATA", "KEEP", "LAST"])
    byteCount = channel.port.leafWidths[1]
    keepWord = BitVector.wordCount(forWidth: channel.port.leafWidths[0])
    isContinuous = continuous
    reset = ResetWatch(simulation)
    log = ViolationLog(.stream, isCollecting: collecting)
  }

  /// What was broken so far, in order.
  public var violations: [AXIViolation] { log.violations }

  public func drive() {}

  public func observe(cycle: Int) throws(SimulationError) {
    channel.observe(reset.next(), cycle, &log)
    if channel.isNew && isContinuous { checkKept(cycle) }
    if channel.passes { transferCount += 1 }
    try log.settle(cycle)
  }

  public var status: String { "the checker at `\(channel.port.name)` saw \(transferCount) transfers and \(log.note)" }

  private func checkKept(_ cycle: Int) {
    let keep = channel.words + keepWord
    let kept = (0..<byteCount).map { keep.isSet($0) }
    let isLast = channel.words[channel.port.wordCount - 1] != 0
    let count = kept.prefix { $0 }.count
    if kept[count...].contains(true) || (count < byteCount && !isLast) {
      let bits = kept.reversed().map { $0 ? "1" : "0" }.joined()
      log.note(.packetGap, channel.port.name, cycle, "KEEP is 0b\(bits), LAST is \(isLast ? "high" : "low")")
    }
  }
}
