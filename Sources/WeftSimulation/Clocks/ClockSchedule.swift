/// The edges of periodic clocks in the order of their times, exactly: all times are whole numbers of a tick that
/// divides every half period and phase.
struct ClockSchedule {
  /// A clock and its next edge.
  private struct Pending {
    var clock: TickingClock
    /// Half the period in ticks.
    var halfTicks = 0
    /// The tick of the next edge, and what it is.
    var next = 0
    var rises = true
  }

  private var pending: [Pending] = []
  /// The present.
  private(set) var time: Time = .zero
  private var ticksPerNanosecond = 1

  /// The clocks that tick.
  var clocks: [TickingClock] { pending.map(\.clock) }

  /// The clock at a port.
  func clock(at port: String) -> TickingClock? { pending.first { $0.clock.port == port }?.clock }

  /// Lets a clock tick from now on, in place of the one that its port had.
  mutating func set(_ clock: TickingClock) {
    pending.removeAll { $0.clock.port == clock.port }
    pending.append(Pending(clock: clock))
    place()
  }

  /// Starts again at a time with other clocks.
  mutating func restart(at time: Time, with clocks: [TickingClock]) {
    self.time = time
    pending = clocks.map { Pending(clock: $0) }
    place()
  }

  /// Finds a tick that divides all times, and the first edge of every clock after the present.
  private mutating func place() {
    var ticks = time.denominator
    for clock in clocks {
      for part in [clock.period / 2, clock.phase] {
        ticks = ticks / greatestCommonDivisor(ticks, part.denominator) * part.denominator
      }
    }
    ticksPerNanosecond = ticks
    let now = tick(time)
    for index in pending.indices {
      let clock = pending[index].clock
      let (half, phase) = (tick(clock.period / 2), tick(clock.phase))
      let passed = now < phase ? 0 : (now - phase) / half + 1
      pending[index] = Pending(clock: clock, halfTicks: half, next: phase + passed * half, rises: passed % 2 == 0)
    }
  }

  /// The last tick that is not after a time.
  private func tick(_ time: Time) -> Int {
    let (whole, rest) = (time.numerator / time.denominator, time.numerator % time.denominator)
    return whole * ticksPerNanosecond + rest * ticksPerNanosecond / time.denominator
  }

  /// Goes to the next edges that are not after `end`, with all that happen at once, in the order in which the clocks
  /// were declared; `nil` where there are none.
  mutating func advance(to end: Time) -> [ClockEdge]? {
    guard let first = pending.lazy.map(\.next).min(), first <= tick(end) else { return nil }
    time = .nanoseconds(first, over: ticksPerNanosecond)
    var edges: [ClockEdge] = []
    for index in pending.indices where pending[index].next == first {
      edges.append(ClockEdge(pending[index].clock.port, isRising: pending[index].rises))
      pending[index].next += pending[index].halfTicks
      pending[index].rises.toggle()
    }
    return edges
  }

  /// Goes to a time before which there are no more edges.
  mutating func finish(at end: Time) { time = end }

  /// Whether the present lies before the rise of the only clock, so that a whole period is a rise and a fall.
  var isBeforeRise: Bool { pending.count == 1 && pending[0].rises }

  /// Goes to a time over whole periods of all clocks.
  mutating func skip(to end: Time) {
    time = end
    place()
  }
}
