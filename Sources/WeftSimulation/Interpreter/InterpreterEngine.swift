import Weft

/// The embedded interpreter: runs a design without any other tool, from the moment it is compiled, and so defines what
/// the language means.
///
/// All signals are readable by name. Waves are written as VCD or FST.
public final class InterpreterEngine: SimulationEngine {
  public let design: Design
  public let timeline: Timeline
  public private(set) var monitor: PropertyMonitor?

  private let program: Program
  private let executor: Executor
  private let words: UnsafeMutableBufferPointer<UInt64>
  private let staleness: UnsafeMutablePointer<UInt8>
  /// The domains, and those that `step` lets act at the first and at the second edge of the main clock.
  private let rising: [Int]
  private let falling: [Int]
  private var clockLevels: [UInt64]
  private let hasAsynchronousReset: Bool
  /// Whether logic gives a domain its reset, and those for which it acts at once.
  private let hasComputedReset: Bool
  private let computedAsynchronousResets: [Int]
  private var wasReset: [Bool]
  private var buffers: [UnsafeMutableRawBufferPointer] = []
  private var trace: WaveTrace?

  /// Compiles a design.
  public init(_ design: Design) {
    let design = design.withModels(runningSources: false)
    let (exposed, conditions) = design.exposingProperties()
    let program = ProgramCompiler.compile(exposed)
    self.design = design
    self.program = program
    timeline = Timeline(mainClock: design.mainClock)
    words = .allocate(capacity: max(1, program.words.count))
    _ = words.initialize(from: program.words)
    staleness = .allocate(capacity: 1)
    staleness.initialize(to: Staleness.all.rawValue)
    let instructions = Self.copy(program.instructions)
    let runs = Self.copy(program.runs)
    let tables = Self.copy(program.tables)
    buffers = [
      UnsafeMutableRawBufferPointer(instructions), UnsafeMutableRawBufferPointer(runs),
      UnsafeMutableRawBufferPointer(tables),
    ]
    executor = Executor(
      words: words.baseAddress!, instructions: UnsafePointer(instructions.baseAddress!),
      runs: UnsafePointer(runs.baseAddress!), tables: UnsafePointer(tables.baseAddress!), loops: program.loops)
    let main = design.mainClock
    let domains = program.domains.indices
    rising = domains.filter { program.domains[$0].clockPort == main && program.domains[$0].domain.edge == .rising }
    falling = domains.filter { program.domains[$0].clockPort == main && program.domains[$0].domain.edge == .falling }
    clockLevels = program.domains.map { _ in 0 }
    hasAsynchronousReset = program.domains.contains { $0.domain.resetKind == .asynchronous && $0.reset != nil }
    hasComputedReset = program.domains.contains(where: \.isResetComputed)
    computedAsynchronousResets = domains.filter {
      program.domains[$0].isResetComputed && program.domains[$0].domain.resetKind == .asynchronous
    }
    wasReset = program.domains.map { _ in false }
    if let port = exposed.top.signals.lastIndex(where: { $0.name == conditions }) {
      let place = Int(program.scopes[0].signals[port])
      monitor = PropertyMonitor(of: self, conditions: storage(at: place, width: exposed.top.signals[port].width))
    }
  }

  private static func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(1, elements.count))
    _ = buffer.initialize(from: elements)
    return buffer
  }

  deinit {
    words.deallocate()
    staleness.deallocate()
    for buffer in buffers { buffer.deallocate() }
  }
}

// MARK: - Running

extension InterpreterEngine {
  public func evaluate() {
    if isStale(.ports) {
      staleness.pointee |= Staleness.inputLogic.rawValue
      observeClocks()
      resetAsynchronously()
    }
    settleLogic()
  }

  public func settle(_ flags: Staleness) {
    if flags.contains(.inputLogic) || isStale(.ports) {
      evaluate()
    } else {
      settleStateLogic()
    }
  }

  @inline(__always)
  private func isStale(_ flag: Staleness) -> Bool { staleness.pointee & flag.rawValue != 0 }

  public func step(_ cycles: Int) {
    guard timeline.isPlain else { return timeline.step(cycles, self) }
    for _ in 0..<cycles {
      if isStale(.ports) { evaluate() } else { settleLogic() }
      fire(rising)
      if !falling.isEmpty {
        settleLogic()
        fire(falling)
      }
    }
    timeline.pass(cycles)
  }

  public func drive(_ edges: [ClockEdge]) {
    var acting: [Int] = []
    for edge in edges {
      for (index, domain) in program.domains.enumerated() where domain.clockPort == edge.clock {
        words[domain.clock] = edge.isRising ? 1 : 0
        clockLevels[index] = words[domain.clock]
        if edge.isRising == (domain.domain.edge == .rising) { acting.append(index) }
      }
    }
    if !acting.isEmpty { fire(acting) }
    settleLogic()
  }

  /// Computes what is out of date.
  private func settleLogic() {
    settleStateLogic()
    if staleness.pointee != 0 { executor.execute(program.inputLogic) }
    staleness.pointee = 0
    if !computedAsynchronousResets.isEmpty { applyComputedResets() }
  }

  /// Lets resets that logic computes act at once. What they reset may change others; without a clock edge between that
  /// ends when all have acted.
  private func applyComputedResets() {
    var hasActed = true
    while hasActed {
      hasActed = false
      for index in computedAsynchronousResets {
        let isActive = isResetActive(program.domains[index])
        if isActive, !wasReset[index] {
          executor.execute(program.domains[index].resets)
          hasActed = true
        }
        wasReset[index] = isActive
      }
      guard hasActed else { return }
      executor.execute(program.stateLogic)
      executor.execute(program.inputLogic)
    }
  }

  private func settleStateLogic() {
    guard isStale(.stateLogic) else { return }
    executor.execute(program.stateLogic)
    staleness.pointee &= ~Staleness.stateLogic.rawValue
  }

  /// Notes that registers or memories changed.
  private func touchState() { staleness.pointee |= Staleness([.stateLogic, .inputLogic]).rawValue }

  /// Lets registers change where clock ports were written.
  private func observeClocks() {
    var acting: [Int] = []
    for (index, domain) in program.domains.enumerated() {
      let level = words[domain.clock] & 1
      if level != clockLevels[index], (level == 1) == (domain.domain.edge == .rising) { acting.append(index) }
      clockLevels[index] = level
    }
    guard !acting.isEmpty else { return }
    settleLogic()
    fire(acting)
  }

  private func resetAsynchronously() {
    guard hasAsynchronousReset else { return }
    for domain in program.domains
    where domain.domain.resetKind == .asynchronous && !domain.isResetComputed && isResetActive(domain) {
      executor.execute(domain.resets)
      touchState()
    }
  }

  @inline(__always)
  private func isResetActive(_ domain: Program.DomainProgram) -> Bool {
    guard let reset = domain.reset else { return false }
    return (words[reset] & 1 == 1) == domain.domain.isResetActiveHigh
  }

  /// The edge of some domains, all at once.
  private func fire(_ domains: [Int]) {
    for index in domains { executor.execute(program.domains[index].copies) }
    for index in domains { executor.execute(program.domains[index].reads) }
    // A reset that a register gives is what it was before the edge.
    if hasComputedReset { return fire(domains, isReset: domains.map { isResetActive(program.domains[$0]) }) }
    for index in domains {
      let domain = program.domains[index]
      executor.execute(domain.always)
      executor.execute(isResetActive(domain) ? domain.resets : domain.updates)
    }
    touchState()
  }

  private func fire(_ domains: [Int], isReset: [Bool]) {
    for (index, isReset) in zip(domains, isReset) {
      executor.execute(program.domains[index].always)
      executor.execute(isReset ? program.domains[index].resets : program.domains[index].updates)
    }
    touchState()
  }
}

// MARK: - Looking inside

extension InterpreterEngine {
  public func storage(ofPort name: String) -> SignalStorage? {
    for domain in program.domains.prefix(design.top.domains.count) {
      if domain.domain.clock == name { return storage(at: domain.clock, width: 1) }
      if let reset = domain.reset, domain.domain.reset == name { return storage(at: reset, width: 1) }
    }
    guard let index = design.top.signals.firstIndex(where: { $0.name == name }) else { return nil }
    switch design.top.signals[index].role {
    case .input, .output:
      return storage(at: Int(program.scopes[0].signals[index]), width: design.top.signals[index].width)
    default: return nil
    }
  }

  /// The interpreter always does.
  public var keepsInternals: Bool { true }

  public func storage(ofSignal path: String) -> SignalStorage? {
    guard let (scope, name) = scope(of: path) else { return nil }
    let signals = design.modules[scope.module].signals
    guard let index = signals.firstIndex(where: { $0.name == name && !$0.isConnection }) else {
      return scope.parent == nil ? storage(ofPort: name) : nil
    }
    return storage(at: Int(scope.signals[index]), width: signals[index].width)
  }

  public func readMemory(_ path: String, at address: Int) -> BitVector? {
    guard let (first, width) = memoryWord(path, at: address) else { return nil }
    if isStale(.ports) { evaluate() }
    return BitVector(words: words[first..<first + BitVector.wordCount(forWidth: width)], width: width)
  }

  @discardableResult
  public func writeMemory(_ path: String, at address: Int, _ value: BitVector) -> Bool {
    guard let (first, width) = memoryWord(path, at: address), value.width == width else { return false }
    for (index, word) in value.words.enumerated() { words[first + index] = word }
    touchState()
    return true
  }

  public func noteStateChange() { touchState() }

  private func storage(at word: Int, width: Int) -> SignalStorage {
    SignalStorage(
      pointer: UnsafeMutableRawPointer(words.baseAddress! + word), width: width,
      byteCount: BitVector.wordCount(forWidth: width) * 8, engine: self, staleness: staleness,
      settlesFor: program.settling[word])
  }

  /// The scope and the last name of a hierarchical name.
  private func scope(of path: String) -> (Program.Scope, String)? {
    var scope = program.scopes[0]
    let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    for name in names.dropLast() {
      guard let child = scope.children.first(where: { program.scopes[$0].name == name }) else { return nil }
      scope = program.scopes[child]
    }
    return names.last.map { (scope, $0) }
  }

  /// The first word and the width of a memory's word.
  private func memoryWord(_ path: String, at address: Int) -> (Int, Int)? {
    guard let (scope, name) = scope(of: path) else { return nil }
    let memories = design.modules[scope.module].memories
    guard let index = memories.firstIndex(where: { $0.name == name }), (0..<memories[index].depth).contains(address)
    else { return nil }
    let width = memories[index].width
    return (Int(scope.memories[index]) + address * BitVector.wordCount(forWidth: width), width)
  }
}

// MARK: - Waves

extension InterpreterEngine {
  /// Begins to record every signal, as VCD or FST.
  public func startTrace(to path: String) throws {
    var writer: any WaveWriter
    switch try WaveFormat(ofFile: path) {
    case .vcd: writer = try VCDWriter(path: path)
    case .fst: writer = try FSTWriter(path: path)
    }
    try stopTrace()
    declare(0, in: &writer)
    writer.endDeclarations()
    let trace = WaveTrace(writer, words: UnsafePointer(words.baseAddress!))
    self.trace = trace
    timeline.add(trace)
  }

  public func stopTrace() throws {
    guard let trace else { return }
    self.trace = nil
    timeline.remove(trace)
    evaluate()
    try trace.close(at: time)
  }

  /// Declares an instance's ports and signals and those of the instances in it.
  private func declare(_ index: Int, in writer: inout any WaveWriter) {
    let scope = program.scopes[index]
    let module = design.modules[scope.module]
    writer.beginScope(scope.name)
    var declared: Set<String> = []
    for (use, number) in zip(module.domains, scope.domains) {
      let domain = program.domains[number]
      if declared.insert(use.domain.clock).inserted {
        writer.declare(use.domain.clock, width: 1, format: .bit, word: domain.clock)
      }
      if use.usesReset, let reset = domain.reset, declared.insert(use.domain.reset).inserted {
        writer.declare(use.domain.reset, width: 1, format: .bit, word: reset)
      }
    }
    for (signal, word) in zip(module.signals, scope.signals) where !signal.isConnection {
      writer.declare(signal.name, width: signal.width, format: signal.format, word: Int(word))
    }
    for child in scope.children { declare(child, in: &writer) }
    writer.endScope()
  }
}

extension Netlist.Signal {
  /// Whether the signal stands for a port of an instance, which has a name of its own below.
  var isConnection: Bool {
    switch role {
    case .instanceInput, .instanceOutput, .instanceDomain: true
    default: false
    }
  }
}
