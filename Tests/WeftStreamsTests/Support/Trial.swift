import Weft
import WeftSimulation

/// Random payloads for a stream, the same for the same seed.
func randomPayloads(_ count: Int, width: Int, seed: UInt64) -> [BitVector] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).map { _ in
    BitVector(words: (0..<BitVector.wordCount(forWidth: width)).map { _ in generator.next() }, width: width)
  }
}

/// Random numbers of so many bits, the same for the same seed.
func randomNumbers(_ count: Int, bits: Int, seed: UInt64) -> [Int] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).map { _ in Int.random(in: 0..<(1 << bits), using: &generator) }
}

/// Stalls of the source and of the sink that belong to one seed.
func stalls(_ seed: UInt64) -> (source: Stalls, sink: Stalls) {
  (.random(seed: 2 * seed), .random(seed: 2 * seed + 1))
}

/// What came out of a module that passes payloads through, both sides stalling at random.
func passed<M: Module, P: Signal, Q: Signal>(
  _ payloads: [BitVector], through module: M, _ input: KeyPath<M, Stream<P>>, _ output: KeyPath<M, Stream<Q>>,
  expecting count: Int? = nil, engine: EngineKind = .interpreter, seed: UInt64
) throws -> [BitVector] {
  let sim = try Simulation(module, engine: engine)
  let (source, sink) = stalls(seed)
  let driver = StreamDriver(sim, input, stalls: source)
  let monitor = StreamMonitor(sim, output, stalls: sink)
  driver.send(contentsOf: payloads)
  let bench = StreamBench(sim, driver, monitor)
  let count = count ?? payloads.count
  try bench.run(until: { driver.isIdle && monitor.count >= count }, limit: 1_000 + 100 * payloads.count)
  try bench.run(cycles: 50)
  return (0..<monitor.count).map(monitor.bits(at:))
}

/// The cycles in which payloads come out of a module while nobody stalls, and how many payloads go in meanwhile.
func flow<M: Module, P: Signal, Q: Signal>(
  of payloads: [BitVector], through module: M, _ input: KeyPath<M, Stream<P>>, _ output: KeyPath<M, Stream<Q>>,
  cycles: Int
) throws -> (cycles: [Int], taken: Int) {
  let sim = try Simulation(module)
  let driver = StreamDriver(sim, input)
  let monitor = StreamMonitor(sim, output)
  driver.send(contentsOf: payloads)
  try StreamBench(sim, driver, monitor).run(cycles: cycles)
  return (monitor.cycles, driver.sentCount)
}

/// How many payloads a module takes while nothing leaves it.
func capacity<M: Module, P: Signal, Q: Signal>(
  of module: M, _ input: KeyPath<M, Stream<P>>, _ output: KeyPath<M, Stream<Q>>, payloads: [BitVector]
) throws -> Int {
  let sim = try Simulation(module)
  let driver = StreamDriver(sim, input)
  let monitor = StreamMonitor(sim, output, stalls: .random(seed: 0, probability: 1))
  driver.send(contentsOf: payloads)
  try StreamBench(sim, driver, monitor).run(cycles: 2 * payloads.count + 10)
  return driver.sentCount
}
