import Weft
import WeftSimulation
import WeftStreams

/// The channels of a bus that a design has as their manager.
struct BusPorts<M: Module> {
  var ar: KeyPath<M, Weft.Stream<AXIAddress>>?
  var r: KeyPath<M, Weft.Stream<AXIReadData>>?
  var aw: KeyPath<M, Weft.Stream<AXIAddress>>?
  var w: KeyPath<M, Weft.Stream<AXIWriteData>>?
  var b: KeyPath<M, Weft.Stream<AXIWriteResponse>>?
}

/// How a ``BusMemory`` behaves.
struct BusBehaviour {
  /// The cycles from a burst to its first beat or, from the last beat, to its response.
  var latency = 1...1
  /// Seeds the stalls of all channels and the latencies; without it nothing stalls.
  var seed: UInt64?
  /// What is answered for a byte, where not `okay`.
  var answer: @Sendable (Int) -> AXIResponse = { _ in .okay }
}

/// A memory at an AXI4 bus, which also watches the rules that managers keep: full beats, incrementing, within 4 KB.
final class BusMemory: StreamAgent {
  /// The bytes, which repeat beyond the last.
  var bytes: [UInt8]
  private(set) var breaches: [String] = []
  private(set) var reads: [(address: Int, beats: Int)] = []
  private(set) var writes: [(address: Int, beats: Int)] = []
  /// The cycles in which beats were taken.
  var readCycles: [Int] { r?.cycles ?? [] }
  var writeCycles: [Int] { w?.cycles ?? [] }

  private let lanes: Int
  private let behaviour: BusBehaviour
  private var generator: SplitMix64
  private let ar, aw, w: StreamMonitor?
  private let r, b: BeatSource?
  private var seenReads = 0
  private var seenWrites = 0
  private var seenBeats = 0
  private var beat = 0
  private var finished = 0
  private var response = AXIResponse.okay
  private var cycle = 0

  /// What is sent when its time has come.
  private final class BeatSource {
    let driver: StreamDriver
    var waiting: [(due: Int, beats: [BitVector])] = []
    var cycles: [Int] = []
    private var sent = 0
    init(_ driver: StreamDriver) { self.driver = driver }
    func drive(_ cycle: Int) {
      while let next = waiting.first, next.due <= cycle {
        driver.send(contentsOf: next.beats)
        waiting.removeFirst()
      }
      driver.drive()
    }
    func observe(_ cycle: Int) {
      driver.observe(cycle: cycle)
      if driver.sentCount > sent { cycles.append(cycle) }
      sent = driver.sentCount
    }
  }

  init<M>(
    _ sim: Simulation<M>, _ ports: BusPorts<M>, dataWidth: Int, bytes: [UInt8], behaviour: BusBehaviour = .init()
  ) {
    self.bytes = bytes
    self.behaviour = behaviour
    lanes = dataWidth / 8
    generator = SplitMix64(seed: behaviour.seed ?? 0)
    func stalls(_ channel: UInt64) -> Stalls {
      behaviour.seed.map { .random(seed: $0 &* 8 &+ channel) } ?? .none
    }
    ar = ports.ar.map { StreamMonitor(sim, $0, stalls: stalls(0)) }
    r = ports.r.map { BeatSource(StreamDriver(sim, $0, stalls: stalls(1))) }
    aw = ports.aw.map { StreamMonitor(sim, $0, stalls: stalls(2)) }
    w = ports.w.map { StreamMonitor(sim, $0, stalls: stalls(3)) }
    b = ports.b.map { BeatSource(StreamDriver(sim, $0, stalls: stalls(4))) }
  }

  func drive() {
    for monitor in [ar, aw, w] { monitor?.drive() }
    for source in [r, b] { source?.drive(cycle) }
  }

  func observe(cycle: Int) throws(SimulationError) {
    for monitor in [ar, aw, w] { try monitor?.observe(cycle: cycle) }
    for source in [r, b] { source?.observe(cycle) }
    if let ar { takeReads(ar) }
    if let aw, let w { takeWrites(aw, w) }
    self.cycle += 1
  }

  private var due: Int { cycle + Int.random(in: behaviour.latency, using: &generator) }

  private func takeReads(_ ar: StreamMonitor) {
    while seenReads < ar.count {
      let (address, beats, id) = burst(ar.vector(at: seenReads))
      reads.append((address, beats))
      seenReads += 1
      let idWidth = 1
      r?.waiting.append(
        (
          due,
          (0..<beats).map { beat in
            let first = address + beat * lanes
            var bits = BitVector(zero: idWidth + lanes * 8 + 3)
            bits.insert(BitVector(truncating: id, width: idWidth), at: 0)
            for lane in 0..<lanes {
              let byte = BitVector(truncating: Int(bytes[(first + lane) % bytes.count]), width: 8)
              bits.insert(byte, at: idWidth + lane * 8)
            }
            bits.insert(behaviour.answer(first).code, at: idWidth + lanes * 8)
            bits[idWidth + lanes * 8 + 2] = beat == beats - 1
            return bits
          }
        ))
    }
  }

  private func takeWrites(_ aw: StreamMonitor, _ w: StreamMonitor) {
    while seenWrites < aw.count {
      let (address, beats, _) = burst(aw.vector(at: seenWrites))
      writes.append((address, beats))
      seenWrites += 1
    }
    while seenBeats < w.count, finished < writes.count {
      let bits = w.bits(at: seenBeats)
      let (address, beats) = writes[finished]
      let first = address + beat * lanes
      for lane in 0..<lanes where bits[lanes * 8 + lane] {
        bytes[(first + lane) % bytes.count] = UInt8(bits.slice(low: lane * 8, width: 8).words[0])
      }
      if behaviour.answer(first) != .okay { response = behaviour.answer(first) }
      seenBeats += 1
      beat += 1
      let isLast = bits[lanes * 9]
      if isLast != (beat == beats) { breaches.append("beat \(beat) of \(beats) of a write has last \(isLast)") }
      if beat == beats {
        var answer = BitVector(zero: 3)
        answer.insert(response.code, at: 1)
        b?.waiting.append((due, [answer]))
        (beat, finished, response) = (0, finished + 1, .okay)
      }
    }
  }

  /// Reads what a burst asks for: id, addr, len, size, burst.
  private func burst(_ fields: [Int]) -> (address: Int, beats: Int, id: Int) {
    let (address, beats, bytes) = (fields[1], fields[2] + 1, 1 << fields[3])
    if bytes != lanes { breaches.append("a beat of \(bytes) bytes") }
    if fields[4] != 1 { breaches.append("a burst of the kind \(fields[4])") }
    if address % 4096 + beats * lanes > 4096 || address % lanes != 0 {
      breaches.append("\(beats) beats of \(lanes) bytes from \(address)")
    }
    return (address, beats, fields[0])
  }

  var status: String {
    "the memory took \(reads.count) reads and \(writes.count) writes, \(finished) of them whole"
      + (behaviour.seed.map { ", seed \($0)" } ?? "")
  }
}

/// Random bytes, the same for the same seed.
func randomBytes(_ count: Int, seed: UInt64) -> [UInt8] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
}

/// Counts the cycles in which a bit is one.
final class PulseCounter: StreamAgent {
  private let bit: Handle<Bit>
  private(set) var count = 0
  init(_ bit: Handle<Bit>) { self.bit = bit }
  func drive() {}
  func observe(cycle: Int) { count += bit.value }
  var status: String { "a bit was one in \(count) cycles" }
}
