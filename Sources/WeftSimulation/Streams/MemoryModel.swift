import Weft

/// A memory that is read through two streams: takes bursts that are asked for, and gives their words in the order of
/// the requests, as late and as fast as its ``MemoryTiming`` says.
///
/// ```swift
/// let memory = MemoryModel(
///   sim, requests: \.memory.requests, words: \.memory.words, contents: image,
///   timing: MemoryTiming(words: 9, cycles: 10, latency: 100))
/// ```
/// A request's payload is the address of its first word, counted in words, and the number of words.
public final class MemoryModel: StreamAgent {
  private let requests: StreamPort
  private let words: StreamPort
  private let contents: [UInt64]
  private let timing: MemoryTiming
  private var generator: SplitMix64
  /// What is offered as a request.
  private let scratch: WordBuffer

  /// The requests that are not yet answered in full, a ring with the oldest at `oldest`.
  private var bursts: [Burst]
  private var oldest = 0
  private var burstCount = 0
  /// The words of the oldest burst that were taken.
  private var position = 0
  /// The bandwidth at hand: a word takes `timing.cycles`, and each cycle brings `timing.words`.
  private var budget = 0
  private var cycle = 0
  private var isReady = false
  private var isOffering = false
  /// Whether a word is offered that was not taken in the cycle before.
  private var isHeld = false

  private struct Burst {
    var address = 0
    var count = 0
    /// The first cycle in which a word may come.
    var due = 0
  }

  /// The number of words that the hardware took.
  public private(set) var wordCount = 0
  /// The number of requests that were taken.
  public private(set) var requestCount = 0
  /// The cycles in which a request was offered that was not taken.
  public private(set) var requestWaits = 0
  /// The cycles in which a word was offered that was not taken.
  public private(set) var wordWaits = 0

  /// A memory at a design's streams of requests, an output, and of words, an input.
  ///
  /// - Parameter contents: the words from address zero on, each as many 64-bit words as it takes, the least significant
  ///   first, with zeros above its bits, as `BitVector.words` has them.
  public init<M, Request, Word>(
    _ simulation: Simulation<M>, requests: KeyPath<M, Stream<Request>>, words: KeyPath<M, Stream<Word>>,
    contents: [UInt64], timing: MemoryTiming = MemoryTiming()
  ) {
    self.requests = StreamPort(simulation, requests)
    self.words = StreamPort(simulation, words)
    precondition(
      self.requests.wordCount == 2, "a request at `\(self.requests.name)` is an address and a number of words")
    timing.check()
    precondition(
      contents.count.isMultiple(of: self.words.wordCount),
      "\(contents.count) words of 64 bits were given; a word at `\(self.words.name)` takes \(self.words.wordCount)")
    self.contents = contents
    self.timing = timing
    generator = SplitMix64(seed: timing.seed)
    scratch = WordBuffer(capacity: self.requests.wordCount)
    bursts = Array(repeating: Burst(), count: timing.outstanding)
    self.requests.ready.set(false)
    self.words.valid.set(false)
  }

  /// The number of words in the memory.
  private var size: Int { contents.count / words.wordCount }
}

// MARK: - Cycles

extension MemoryModel {
  public func drive() {
    let isReady = burstCount < timing.outstanding
    if isReady != self.isReady {
      self.isReady = isReady
      requests.ready.set(isReady)
    }
    if budget < timing.cycles { budget += timing.words }
    if isHeld { return }
    let offers = budget >= timing.cycles && burstCount > 0 && bursts[oldest].due <= cycle
    if offers { writeWord(at: bursts[oldest].address + position) }
    if offers != isOffering {
      isOffering = offers
      words.valid.set(offers)
    }
  }

  public func observe(cycle: Int) throws(SimulationError) {
    if isOffering {
      isHeld = !words.ready.isSet
      if isHeld { wordWaits += 1 } else { moveOn() }
    }
    if requests.valid.isSet {
      if isReady { try takeRequest(cycle) } else { requestWaits += 1 }
    }
    self.cycle += 1
  }

  private func writeWord(at address: Int) {
    contents.withUnsafeBufferPointer { contents in
      guard let start = contents.baseAddress else { return }
      words.write(start + address * words.wordCount)
    }
  }

  /// Notes that a word was taken.
  private func moveOn() {
    wordCount += 1
    budget -= timing.cycles
    position += 1
    if position == bursts[oldest].count {
      position = 0
      oldest = oldest + 1 == bursts.count ? 0 : oldest + 1
      burstCount -= 1
    }
  }

  private func takeRequest(_ cycle: Int) throws(SimulationError) {
    scratch.removeAll()
    let request = scratch.append(requests.wordCount)
    requests.read(into: request)
    guard let address = Int(exactly: request[0]), let count = Int(exactly: request[1]),
      count >= 1, address < size, count <= size - address
    else {
      throw SimulationError(
        "cycle \(cycle): `\(requests.name)` asks for \(request[1]) words from \(request[0]) on of a memory of \(size)"
          + "; a burst has at least 1 word and lies in the memory (\(status))")
    }
    let extra = timing.jitter > 0 ? Int.random(in: 0...timing.jitter, using: &generator) : 0
    bursts[(oldest + burstCount) % bursts.count] = Burst(
      address: address, count: count, due: self.cycle + timing.latency + extra)
    burstCount += 1
    requestCount += 1
  }

  public var status: String {
    "the memory at `\(requests.name)` took \(requestCount) requests and gave \(wordCount) words, "
      + "\(burstCount) requests are not answered in full" + (isOffering ? ", a word is offered" : "")
      + (timing.jitter > 0 ? ", latencies seeded with \(timing.seed)" : "")
  }
}
