/// What looks at a running design as time passes: waves, waveforms and coverage.
///
/// An observer belongs to its engine, so that it keeps places in memory rather than ``SignalStorage``, which would keep
/// the engine alive.
protocol SimulationObserver: AnyObject {
  /// Looks at the design at the end of a moment: everything that happens at `time` has happened and settled, and next
  /// the clocks make `edges`. There are none where a run ends or a design has no clock.
  func observe(at time: Time, before edges: [ClockEdge])
}
