import Weft

/// Records some signals of a running simulation, from its creation until it is stopped.
public final class WaveformRecording {
  /// A signal or bits of one, without hold on its engine.
  struct Source {
    var name: String
    var format: Netlist.Format
    var bits: SignalBits
  }

  private let recorder: Recorder
  private let timeline: Timeline
  /// Brings the signals up to date; also keeps the engine alive.
  private let engine: any SimulationEngine

  init(_ sources: [Source], of engine: any SimulationEngine) {
    self.engine = engine
    timeline = engine.timeline
    recorder = Recorder(sources, from: engine.time)
    timeline.add(recorder)
  }

  /// Ends the recording.
  public func stop() {
    engine.settle(.all)
    recorder.record(at: engine.time)
    timeline.remove(recorder)
    recorder.end = engine.time
  }

  /// What was recorded up to the present, or to where it was stopped.
  public var waveform: Waveform {
    let (period, rise) = timeline.steps
    return Waveform(
      traces: recorder.traces, begin: recorder.begin, end: recorder.end ?? engine.time, period: period, phase: rise)
  }
}

extension WaveformRecording {
  private final class Recorder: SimulationObserver {
    let begin: Time
    var end: Time?
    private(set) var traces: [Waveform.Trace]
    private let sources: [Source]

    init(_ sources: [Source], from begin: Time) {
      self.sources = sources
      self.begin = begin
      traces = sources.map { Waveform.Trace(name: $0.name, format: $0.format, changes: []) }
    }

    func observe(at time: Time, before edges: [ClockEdge]) { record(at: time) }

    func record(at time: Time) {
      for (index, source) in sources.enumerated() {
        let value = source.bits.value
        if traces[index].changes.last?.value != value { traces[index].changes.append((time, value)) }
      }
    }
  }
}

/// Bits of a signal where they lie, for those that an engine owns: other than ``SignalStorage`` it does not keep the
/// engine alive.
struct SignalBits {
  private let pointer: UnsafeRawPointer
  private let byteCount: Int
  private let signalWidth: Int
  private let low: Int
  let width: Int

  /// `width` bits from bit `low` of a signal; all of them unless told otherwise.
  init(_ storage: SignalStorage, low: Int = 0, width: Int? = nil) {
    pointer = UnsafeRawPointer(storage.pointer)
    byteCount = storage.byteCount
    signalWidth = storage.width
    self.low = low
    self.width = width ?? storage.width
  }

  /// The bits as they lie in memory; the logic is settled.
  var value: BitVector {
    var words = [UInt64](repeating: 0, count: BitVector.wordCount(forWidth: signalWidth))
    words.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: byteCount)) }
    let all = BitVector(words: words, width: signalWidth)
    return width == signalWidth ? all : all.slice(low: low, width: width)
  }

  /// A value of one bit.
  var isOne: Bool { pointer.load(fromByteOffset: low >> 3, as: UInt8.self) >> UInt8(low & 7) & 1 == 1 }
}

// MARK: - Asking for a recording

extension Simulation {
  /// Records signals from now on, in this order.
  ///
  /// ```swift
  /// let recording = sim.record(\.go, \.phase)
  /// sim.step(4)
  /// print(recording.waveform.text())
  /// ```
  public func record<each S: Signal>(_ paths: repeat KeyPath<M, each S>) -> WaveformRecording {
    var sources: [WaveformRecording.Source] = []
    for path in repeat each paths { sources += self.sources(of: path) }
    return WaveformRecording(sources, of: engine)
  }

  /// Records signals by their hierarchical names from now on; without names, the ports of the module, its clocks among
  /// them.
  ///
  /// - Throws: ``SimulationError`` where the running hardware has no signal of a name.
  public func record(signals names: [String]? = nil) throws(SimulationError) -> WaveformRecording {
    var sources: [WaveformRecording.Source] = []
    for name in names ?? engine.design.top.portNames {
      guard let storage = engine.storage(ofSignal: name) else {
        throw SimulationError(
          "\(engine.design.top.summary) has no signal `\(name)` to record, or the engine keeps no internal signals")
      }
      sources.append(.init(name: name, format: engine.design.format(of: name), bits: SignalBits(storage)))
    }
    return WaveformRecording(sources, of: engine)
  }

  private func sources<S: Signal>(of path: KeyPath<M, S>) -> [WaveformRecording.Source] {
    let names = view.locations(of: path) ?? []
    return zip(leaves(of: path), names).map { leaf, named in
      let width = leaf.elementWidth * leaf.count
      let isWhole = width == leaf.storage.width
      let name = isWhole ? named.signal : "\(named.signal)[\(leaf.low + width - 1):\(leaf.low)]"
      return .init(
        name: name, format: named.layout.format, bits: SignalBits(leaf.storage, low: leaf.low, width: width))
    }
  }
}

extension Design {
  /// How the bits of a signal are read, by its hierarchical name; a clock or reset is a bit.
  package func format(of path: String) -> Netlist.Format {
    var module = top
    let names = path.split(separator: ".", omittingEmptySubsequences: false)
    for name in names.dropLast() {
      guard let child = module.instances.first(where: { $0.name == name }) else { return .bits }
      module = self.module(of: child)
    }
    return module.signals.first { $0.name == names.last ?? "" && !$0.isConnection }?.format ?? .bit
  }
}
