import Foundation
import Weft

/// The state of a run at a moment: its time and clocks, its inputs, registers and memories. Any engine that runs the
/// same design goes on from it, whichever engine it was taken on.
public struct Checkpoint: Hashable, Sendable, Codable {
  /// The module, as Swift writes it.
  public let design: String
  /// The cycles of the main clock that had passed.
  public let cycle: Int
  /// The simulated time.
  public let time: Time
  /// The clocks that ticked.
  let clocks: [TickingClock]
  /// The values of ports and registers, in hexadecimal, by their names.
  var signals: [String: String] = [:]
  /// The words of memories in the same form, from address zero.
  var memories: [String: [String]] = [:]

  /// Takes the state of a run.
  ///
  /// - Throws: ``SimulationError`` where the engine keeps no internal signals.
  init(of engine: any SimulationEngine) throws(SimulationError) {
    try engine.requireInternals()
    engine.evaluate()
    design = engine.design.top.summary
    cycle = engine.cycle
    time = engine.time
    clocks = engine.timeline.clocks
    for (name, storage) in engine.driven { signals[name] = storage.value.hexadecimal }
    for element in engine.design.stateElements {
      if case .memory(let depth, _) = element.kind {
        let words = (0..<depth).compactMap { engine.readMemory(element.path, at: $0)?.hexadecimal }
        // A model leaves out a memory that nothing reads.
        if words.count == depth { memories[element.path] = words }
      } else if let storage = engine.storage(ofSignal: element.path) {
        signals[element.path] = storage.value.hexadecimal
      }
    }
  }

  /// Brings an engine that keeps its internals to this state. Clocks and inputs come first, since the registers change
  /// with them.
  func restore(to engine: any SimulationEngine) throws(SimulationError) {
    guard design == engine.design.top.summary else {
      throw SimulationError("the checkpoint is one of \(design); it does not fit \(engine.design.top.summary)")
    }
    try engine.requireInternals()
    for (name, storage) in engine.driven { storage.value = try value(of: name, width: storage.width) }
    engine.evaluate()
    for element in engine.design.stateElements {
      if case .memory(let depth, _) = element.kind {
        guard let words = memories[element.path] else { continue }
        guard words.count == depth else { throw missing(element.path) }
        for (address, word) in words.enumerated() {
          guard let bits = BitVector(hexadecimal: word, width: element.width) else { throw missing(element.path) }
          engine.writeMemory(element.path, at: address, bits)
        }
      } else {
        guard let storage = engine.storage(ofSignal: element.path) else { continue }
        storage.value = try value(of: element.path, width: element.width)
      }
    }
    engine.noteStateChange()
    engine.evaluate()
    engine.timeline.restore(time: time, cycle: cycle, clocks: clocks)
  }

  private func value(of name: String, width: Int) throws(SimulationError) -> BitVector {
    guard let value = signals[name].flatMap({ BitVector(hexadecimal: $0, width: width) }) else { throw missing(name) }
    return value
  }

  private func missing(_ name: String) -> SimulationError {
    SimulationError(
      "the checkpoint of \(design) and the running design differ in `\(name)`; take it again from the design as it is "
        + "now")
  }
}

// MARK: - Files

extension Checkpoint {
  /// Reads a checkpoint from a file.
  ///
  /// - Throws: ``SimulationError`` where there is no such file, or it holds none.
  public init(contentsOf path: String) throws(SimulationError) {
    do {
      self = try JSONDecoder().decode(Checkpoint.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw SimulationError("cannot read the checkpoint \(path): \(FileProblem.reason(error))")
    }
  }

  /// Writes the checkpoint to a file. Throws ``SimulationError``.
  public func write(to path: String) throws(SimulationError) {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    } catch {
      throw SimulationError("cannot write the checkpoint \(path): \(FileProblem.reason(error))")
    }
  }
}

extension SimulationEngine {
  /// The state of the run, from which any engine of the same design can go on.
  ///
  /// - Throws: ``SimulationError`` where the engine keeps no internal signals.
  public func checkpoint() throws(SimulationError) -> Checkpoint { try Checkpoint(of: self) }

  /// Goes on from a checkpoint: time, clocks, inputs, registers and memories are as they were. Waves and recordings
  /// that are open go on at the time of the checkpoint.
  ///
  /// - Throws: ``SimulationError`` where the checkpoint is of another design, or the engine keeps no internal signals.
  public func restore(_ checkpoint: Checkpoint) throws(SimulationError) { try checkpoint.restore(to: self) }

  fileprivate func requireInternals() throws(SimulationError) {
    if let box = design.modules.lazy.compactMap(\.blackBox).first {
      throw SimulationError(
        "`\(box.name)` runs from its Verilog sources, whose state a checkpoint cannot reach; run it by a model of its "
          + "own")
    }
    guard !keepsInternals else { return }
    throw SimulationError(
      "this model of \(design.top.summary) keeps no registers, which a checkpoint needs; ask for them with "
        + "VerilatorOptions(keepsInternals: true)")
  }

  /// What is driven from outside: clocks, resets and inputs.
  fileprivate var driven: [(String, SignalStorage)] {
    let outputs = Set(design.top.signals.filter { $0.role == .output }.map(\.name))
    return design.top.portNames.filter { !outputs.contains($0) }.compactMap { name in
      storage(ofPort: name).map { (name, $0) }
    }
  }
}

extension Simulation {
  /// The state of the run, from which any simulation of the same module can go on.
  ///
  /// - Throws: ``SimulationError`` where the engine keeps no internal signals.
  public func checkpoint() throws(SimulationError) -> Checkpoint { try engine.checkpoint() }

  /// Goes on from a checkpoint.
  ///
  /// - Throws: ``SimulationError`` where the checkpoint is of another design, or the engine keeps no internal signals.
  public func restore(_ checkpoint: Checkpoint) throws(SimulationError) { try engine.restore(checkpoint) }
}

extension BitVector {
  /// The bits that hexadecimal digits stand for; `nil` where they are none, or more than the width holds.
  init?(hexadecimal text: String, width: Int) {
    guard text.count == (width + 3) / 4 else { return nil }
    var words = [UInt64](repeating: 0, count: Self.wordCount(forWidth: width))
    for (position, character) in text.reversed().enumerated() {
      guard let digit = character.hexDigitValue else { return nil }
      words[position >> 4] |= UInt64(digit) << UInt64((position & 15) * 4)
    }
    self.init(words: words, width: width)
    guard hexadecimal == text.lowercased() else { return nil }
  }
}
