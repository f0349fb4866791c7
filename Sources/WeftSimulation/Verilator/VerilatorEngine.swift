import Foundation
import Weft

/// A design compiled to machine code by Verilator and loaded into this program.
///
/// A model is compiled once for its content: the Verilog, the memory images, the options and the exact versions of the
/// tools. After that it opens without any compiler. Ports are read and written in place.
public final class VerilatorEngine: SimulationEngine {
  public let design: Design
  public let timeline: Timeline
  public private(set) var monitor: PropertyMonitor?
  /// Whether the model had to be compiled, since the cache did not have it.
  public let wasCompiled: Bool

  private let options: VerilatorOptions
  private let library: ModelLibrary
  private let instance: ModelLibrary.Instance
  private let staleness: UnsafeMutablePointer<UInt8>
  /// Where the clock ports lie.
  private var clocks: [String: UnsafeMutableRawPointer] = [:]
  private var trace: VerilatorTrace?

  /// Compiles a design, or finds it in the cache, and loads it.
  ///
  /// - Throws: ``SimulationError`` where a tool is missing, with the cure, or fails, with its message.
  public init(_ design: Design, options: VerilatorOptions = VerilatorOptions()) throws {
    let design = design.withModels(runningSources: options.runsBlackBoxSources).aroundBlackBox
    let (exposed, conditions) = design.exposingProperties()
    let build = try ModelBuild(exposed, options: options)
    library = try ModelLibrary(build.library)
    guard let instance = library.create() else {
      throw SimulationError("the model of \(design.top.summary) does not start")
    }
    self.instance = instance
    self.design = design
    self.options = options
    wasCompiled = build.wasCompiled
    timeline = Timeline(mainClock: design.mainClock)
    staleness = .allocate(capacity: 1)
    staleness.initialize(to: Staleness.ports.rawValue)
    for name in design.top.clockPorts {
      var byteCount = 0
      clocks[name] = library.port(instance, name, &byteCount)
    }
    for use in design.top.domains where use.usesReset && !use.domain.isResetActiveHigh {
      storage(ofPort: use.domain.reset)?.lowWord = 1
    }
    var byteCount = 0
    if let conditions, let width = exposed.top.portWidth(conditions),
      let pointer = library.port(instance, conditions, &byteCount)
    {
      monitor = PropertyMonitor(of: self, conditions: storage(at: pointer, width: width, byteCount: byteCount))
    }
    evaluate()
  }

  deinit {
    library.destroy(instance)
    staleness.deallocate()
  }

  public func evaluate() {
    library.evaluate(instance)
    staleness.pointee = 0
  }

  public func step(_ cycles: Int) {
    guard timeline.isPlain, cycles > 0 else { return timeline.step(cycles, self) }
    library.step(instance, Int64(cycles))
    staleness.pointee = 0
    timeline.pass(cycles)
  }

  public func drive(_ edges: [ClockEdge]) {
    for edge in edges { clocks[edge.clock]?.storeBytes(of: edge.isRising ? 1 : 0, as: UInt8.self) }
    evaluate()
  }
}

// MARK: - Looking inside

extension VerilatorEngine {
  public func storage(ofPort name: String) -> SignalStorage? {
    guard let width = design.top.portWidth(name) else { return nil }
    var byteCount = 0
    guard let pointer = library.port(instance, name, &byteCount) else { return nil }
    return storage(at: pointer, width: width, byteCount: byteCount)
  }

  public var keepsInternals: Bool { options.keepsInternals }

  /// Where any signal lies. Signals below the top module, and those of it that are no ports, are there only in a model
  /// with `keepsInternals`.
  public func storage(ofSignal path: String) -> SignalStorage? {
    guard let (module, scope, name) = resolve(path) else { return nil }
    guard let signal = module.signals.first(where: { $0.name == name && !$0.isConnection }) else {
      return path == name ? storage(ofPort: path) : nil
    }
    guard let pointer = library.signal(instance, scope, name) else { return path == name ? storage(ofPort: path) : nil }
    return storage(at: pointer, width: signal.width, byteCount: Self.byteCount(forWidth: signal.width))
  }

  /// The word of a memory; `nil` also in a model without `keepsInternals`.
  public func readMemory(_ path: String, at address: Int) -> BitVector? {
    if staleness.pointee != 0 { evaluate() }
    return memoryWord(path, at: address)?.currentValue
  }

  @discardableResult
  public func writeMemory(_ path: String, at address: Int, _ value: BitVector) -> Bool {
    guard let word = memoryWord(path, at: address), word.width == value.width else { return false }
    word.value = value
    return true
  }

  public func noteStateChange() { staleness.pointee |= Staleness.ports.rawValue }

  private func memoryWord(_ path: String, at address: Int) -> SignalStorage? {
    guard let (module, scope, name) = resolve(path), let memory = module.memories.first(where: { $0.name == name }),
      (0..<memory.depth).contains(address), let pointer = library.signal(instance, scope, name)
    else { return nil }
    let stride = Self.byteCount(forWidth: memory.width)
    return storage(at: pointer + address * stride, width: memory.width, byteCount: stride)
  }

  private func storage(at pointer: UnsafeMutableRawPointer, width: Int, byteCount: Int) -> SignalStorage {
    SignalStorage(pointer: pointer, width: width, byteCount: byteCount, engine: self, staleness: staleness)
  }

  /// The bytes that Verilator gives a value: an integer of up to 8, words of 4 beyond.
  private static func byteCount(forWidth width: Int) -> Int {
    switch width {
    case ...8: 1
    case ...16: 2
    case ...32: 4
    case ...64: 8
    default: (width + 31) / 32 * 4
    }
  }

  /// The module of the instance that a hierarchical name leads to, its scope in the model, and the last name.
  private func resolve(_ path: String) -> (module: Netlist, scope: String, name: String)? {
    var module = design.top
    var scope = "TOP.\(module.name)"
    let names = path.split(separator: ".", omittingEmptySubsequences: false)
    for name in names.dropLast() {
      guard let child = module.instances.first(where: { $0.name == name }) else { return nil }
      module = design.module(of: child)
      scope += ".\(name)"
    }
    return names.last.map { (module, scope, String($0)) }
  }
}

// MARK: - Waves

extension VerilatorEngine {
  public func startTrace(to path: String) throws {
    let format = try WaveFormat(ofFile: path)
    guard options.waves == format else {
      throw SimulationError(
        "this model was built without \(format.rawValue) waves, which would make it slower; ask for them with "
          + "VerilatorOptions(waves: .\(format.rawValue))")
    }
    try stopTrace()
    guard library.openTrace(instance, path) else {
      throw SimulationError("cannot write the wave file \(path); does its folder exist?")
    }
    let trace = VerilatorTrace(library, instance)
    self.trace = trace
    timeline.add(trace)
  }

  public func stopTrace() throws {
    guard let trace else { return }
    self.trace = nil
    timeline.remove(trace)
    evaluate()
    trace.close(at: time)
  }
}

/// Writes the waves of a model.
private final class VerilatorTrace: SimulationObserver {
  private let library: ModelLibrary
  private let instance: ModelLibrary.Instance

  init(_ library: ModelLibrary, _ instance: ModelLibrary.Instance) {
    self.library = library
    self.instance = instance
  }

  func observe(at time: Time, before edges: [ClockEdge]) { library.record(instance, UInt64(time.picoseconds)) }

  func close(at time: Time) {
    observe(at: time, before: [])
    library.closeTrace(instance)
  }
}
