/// The edges of periodic clocks in the order of their times, exactly: all times are whole numbers of a tick that
/// divides every half period and phase.
struct ClockSchedule {
  /// A clock that rises at `phase` and every period after that, and falls half a period after each rise.
  struct Clock {
    var port: String
    var period: Time
    var phase: Time
    /// Half the period in ticks.
    fileprivate var halfTicks = 0
    /// The tick of the next edge, and what it is.
    fileprivate var next = 0
    fileprivate var rises = true

    init(port: String, period: Time, phase: Time) {
      self.port = port
      self.period = period
      self.phase = phase
    }
  }

  private(set) var clocks: [Clock] = []
  /// The present.
  private(set) var time: Time = .zero
  private var ticksPerNanosecond = 1
  /// The tick of the last edge, or the last whole tick before the present.
  private var now = 0

  /// The clock at a port.
  func clock(at port: String) -> Clock? { clocks.first { $0.port == port } }

  /// Lets a clock tick from now on, in place of the one that its port had.
  mutating func set(_ clock: Clock) {
    clocks.removeAll { $0.port == clock.port }
    clocks.append(clock)
    var ticks = time.denominator
    for each in clocks {
      for part in [each.period / 2, each.phase] {
        ticks = ticks / greatestCommonDivisor(ticks, part.denominator) * part.denominator
      }
    }
    ticksPerNanosecond = ticks
    now = tick(time)
    for index in clocks.indices { place(&clocks[index]) }
  }

  /// The last tick that is not after a time.
  private func tick(_ time: Time) -> Int {
    let (whole, rest) = (time.numerator / time.denominator, time.numerator % time.denominator)
    return whole * ticksPerNanosecond + rest * ticksPerNanosecond / time.denominator
  }

  /// Finds the first edge of a clock after the present.
  private func place(_ clock: inout Clock) {
    clock.halfTicks = tick(clock.period / 2)
    let phase = tick(clock.phase)
    let passed = now < phase ? 0 : (now - phase) / clock.halfTicks + 1
    clock.next = phase + passed * clock.halfTicks
    clock.rises = passed % 2 == 0
  }

  /// Goes to the next edges that are not after `end`, with all that happen at once, in the order in which the clocks
  /// were declared; `nil` where there are none.
  mutating func advance(to end: Time) -> [ClockEdge]? {
    guard let first = clocks.lazy.map(\.next).min(), first <= tick(end) else { return nil }
    now = first
    time = .nanoseconds(first, over: ticksPerNanosecond)
    var edges: [ClockEdge] = []
    for index in clocks.indices where clocks[index].next == first {
      edges.append(ClockEdge(clock: clocks[index].port, isRising: clocks[index].rises))
      clocks[index].next += clocks[index].halfTicks
      clocks[index].rises.toggle()
    }
    return edges
  }

  /// Goes to a time before which there are no more edges.
  mutating func finish(at end: Time) {
    time = end
    now = tick(end)
  }

  /// Whether the present lies before the rise of the only clock, so that a whole period is a rise and a fall.
  var isBeforeRise: Bool { clocks.count == 1 && clocks[0].rises }

  /// Goes to a time over whole periods of all clocks.
  mutating func skip(to end: Time) {
    finish(at: end)
    for index in clocks.indices { place(&clocks[index]) }
  }
}
