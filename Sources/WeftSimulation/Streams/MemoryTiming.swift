/// How fast a ``MemoryModel`` or an ``AXIMemory`` is.
public struct MemoryTiming: Hashable, Sendable {
  /// The bandwidth: at most so many words come in `cycles` cycles, evenly spread.
  public var words: Int
  /// The cycles in which `words` words come, at least as many.
  public var cycles: Int
  /// The cycles from the one in which a request is taken to the one in which its first word comes, at least one.
  public var latency: Int
  /// The most cycles by which a request takes longer, each by a random number of them.
  public var jitter: Int
  /// Reproduces the random numbers.
  public var seed: UInt64
  /// The most requests that are taken and not yet answered in full.
  public var outstanding: Int

  /// The timing of a memory that gives `words` words in `cycles` cycles, the first `latency` cycles after its request.
  public init(
    words: Int = 1, cycles: Int = 1, latency: Int = 1, jitter: Int = 0, seed: UInt64 = 0, outstanding: Int = 64
  ) {
    self.words = words
    self.cycles = cycles
    self.latency = latency
    self.jitter = jitter
    self.seed = seed
    self.outstanding = outstanding
  }
}

extension MemoryTiming {
  /// Stops the program where no memory has this timing.
  func check() {
    precondition(
      (1...max(1, cycles)).contains(words) && latency >= 1 && jitter >= 0 && outstanding >= 1,
      "a memory gives 1 to `cycles` words in `cycles` cycles, after a latency of at least 1, and takes at least 1 "
        + "request; \(self) was given")
  }
}
