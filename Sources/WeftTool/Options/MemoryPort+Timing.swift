import WeftAccelerators
import WeftExploration
import WeftSimulation

extension MemoryPort {
  /// How fast a simulated memory is that has the port's bandwidth at a clock in hertz.
  ///
  /// - Parameter latency: The least and the greatest cycles from a request to its first word.
  func timing(
    clock: Double, latency: ClosedRange<Int> = MemoryLayout.latency...MemoryLayout.latency
  ) -> MemoryTiming {
    let cycles = 10_000
    return MemoryTiming(
      words: max(1, Int((wordsPerCycle(clock: clock) * Double(cycles)).rounded())), cycles: cycles,
      latency: latency.lowerBound, jitter: latency.upperBound - latency.lowerBound, seed: 1)
  }
}
