import Weft
import WeftSimulation
import WeftStreams

/// A region of memory that is read again and again.
struct Region: Hashable {
  var base: Int
  var words: Int
  var burst = 4
  var buffer = 24
  var style = Netlist.MemoryStyle.block
}

/// Readers of several regions that share one memory.
struct SharedMemory: Module {
  var regions: [Region]
  var wordWidth = 96
  var longestBurst = 8
  var outstanding = 16
  var boundary = 4096

  private var port: Shape<MemoryReadPort> {
    .bundle(MemoryReadPort(addressWidth: 16, wordWidth: wordWidth, longestBurst: longestBurst))
  }
  var memory: MemoryReadPort { output(port) }
  var outputs: Vector<Stream<Bits>> { output(.vector(regions.count, of: .stream(of: .bits(wordWidth)))) }
  var marks: Vector<Unsigned> { output(.vector(regions.count, of: .unsigned(16))) }
  var arbiter: Instance<MemoryArbiter> {
    instance(MemoryArbiter(of: port, readers: regions.count, outstanding: outstanding))
  }

  var body: Circuit {
    memory <== arbiter.memory
    for (index, region) in regions.enumerated() { reader(index, region) }
  }

  @CircuitBuilder private func reader(_ index: Int, _ region: Region) -> Circuit {
    let reader: Instance<MemoryReader> = instance(
      MemoryReader(
        of: port, baseAddress: region.base, words: region.words, burst: region.burst, buffer: region.buffer,
        boundary: boundary, style: region.style),
      named: "reader\(index)")
    arbiter.readers[index] <== reader.memory
    outputs[index] <== reader.output
    marks[index] <== reader.highWaterMark.extended(to: 16)
  }
}

/// A run of readers on one memory, whose words are random.
struct MemoryTrial {
  let sim: Simulation<SharedMemory>
  let memory: MemoryModel
  let monitors: [StreamMonitor]
  let bench: StreamBench
  private let image: [BitVector]

  init(
    _ module: SharedMemory, engine: EngineKind = .interpreter, timing: MemoryTiming,
    stalls: (Int) -> Stalls = { _ in .none }
  ) throws {
    sim = try Simulation(module, engine: engine)
    let size = module.regions.map { $0.base + $0.words }.max() ?? 1
    image = randomPayloads(size, width: module.wordWidth, seed: 1)
    memory = MemoryModel(
      sim, requests: \.memory.requests, words: \.memory.words, contents: image.flatMap(\.words), timing: timing)
    var monitors: [StreamMonitor] = []
    for index in module.regions.indices {
      monitors.append(StreamMonitor(sim, \.outputs[index], stalls: stalls(index)))
    }
    self.monitors = monitors
    bench = StreamBench(sim, [memory] + monitors as [any StreamAgent])
  }

  /// The first word of a reader that is not the one that comes next in its region; `nil` where all are.
  func firstMistake(of reader: Int) -> String? {
    let region = sim.module.regions[reader]
    let monitor = monitors[reader]
    return (0..<monitor.count).first { monitor.bits(at: $0) != image[region.base + $0 % region.words] }.map {
      "word \($0) of reader \(reader) is not word \($0 % region.words) of its region"
    }
  }
}
