import Weft

/// Compiles a design for the interpreter: dissolves the hierarchy, lowers every instance, and puts the result in order.
struct ProgramCompiler {
  private let flat: FlatDesign
  private var builder = ProgramBuilder()
  /// The words of each root signal.
  private var words: [Int32]
  private var program = Program()
  private var edges: [EdgeProgram] = []
  /// The domains of the program, and the place of each.
  private var domainIndices: [FlatDesign.PlacedDomain: Int] = [:]
  /// The clock and reset ports of the top module.
  private var ports: [String: Int32] = [:]
  /// The instance that is being lowered.
  private var scope = 0

  /// What happens at the edges of one domain, not yet in runs.
  private struct EdgeProgram {
    var copies: [Conditional] = []
    var reads: [Conditional] = []
    var writes: [Conditional] = []
    var plainRegisters: [Conditional] = []
    var resetRegisters: [Conditional] = []
    var resets: [Conditional] = []
    /// Copies of state words that updates read.
    var copied: [Int32: Int32] = [:]
  }

  /// An instruction that is carried out where a word is not zero, or always for -1.
  private struct Conditional {
    var condition: Int32
    var opcode: Opcode
    var instruction: Instruction
  }

  /// The program for a design.
  static func compile(_ design: Design) -> Program {
    var compiler = ProgramCompiler(design)
    return compiler.compile()
  }

  private init(_ design: Design) {
    flat = FlatDesign(design)
    words = [Int32](repeating: -1, count: flat.widths.count)
  }

  private mutating func compile() -> Program {
    program.scopes = flat.scopes
    addDomains()
    allocateSignals()
    addDrivenDomains()
    allocateMemories()
    for scope in flat.scopes.indices { lower(scope) }
    builder.sortPieces()
    var scheduler = Scheduler(builder)
    let schedule = scheduler.schedule()
    program.words = builder.words
    program.settling = scheduler.settling()
    if program.domains.contains(where: { $0.isResetComputed && $0.domain.resetKind == .asynchronous }) {
      // Registers may follow logic at once.
      program.settling = program.settling.map { $0.isEmpty ? [] : .all }
    }
    program.tables = builder.tables
    program.instructions = schedule.instructions
    program.runs = schedule.runs
    program.loops = schedule.loops
    program.stateLogic = 0..<schedule.stateRunCount
    program.inputLogic = schedule.stateRunCount..<schedule.runs.count
    addEdges()
    return program
  }
}

// MARK: - Words

extension ProgramCompiler {
  private mutating func addDomains() {
    for use in flat.design.top.domains {
      let clock = ports[use.domain.clock] ?? builder.allocate(1)
      ports[use.domain.clock] = clock
      var domain = Program.DomainProgram(domain: use.domain, clockPort: use.domain.clock, clock: Int(clock))
      if use.usesReset {
        let reset = ports[use.domain.reset] ?? builder.allocate(1)
        ports[use.domain.reset] = reset
        builder.initialize(reset, to: BitVector(truncating: use.domain.isResetActiveHigh ? 0 : 1, width: 1))
        domain.reset = Int(reset)
      }
      add(domain, as: flat.domain(use.domain, in: 0))
    }
  }

  private mutating func add(_ domain: Program.DomainProgram, as placed: FlatDesign.PlacedDomain) {
    domainIndices[placed] = program.domains.count
    program.domains.append(domain)
    edges.append(EdgeProgram())
  }

  /// Adds the domains whose clock or reset a signal gives, and notes each scope's.
  private mutating func addDrivenDomains() {
    for scope in flat.scopes.indices {
      for use in flat.design.modules[flat.scopes[scope].module].domains {
        let placed = flat.domain(use.domain, in: scope)
        if domainIndices[placed] == nil { add(drivenDomain(placed, usesReset: use.usesReset), as: placed) }
        guard let index = domainIndices[placed] else { continue }
        if use.usesReset, let reset = placed.reset, program.domains[index].reset == nil {
          program.domains[index].reset = Int(words[reset])
          program.domains[index].isResetComputed = true
        }
        program.scopes[scope].domains.append(index)
      }
    }
  }

  private func drivenDomain(_ placed: FlatDesign.PlacedDomain, usesReset: Bool) -> Program.DomainProgram {
    let input = placed.clock.map { clock in
      guard let input = flat.topInput(at: clock) else {
        preconditionFailure("\(flat.computedClock ?? "a clock is computed"), which the interpreter cannot run")
      }
      return input.name
    }
    let clock = placed.clock.map { words[$0] } ?? ports[placed.domain.clock] ?? 0
    var domain = Program.DomainProgram(
      domain: placed.domain, clockPort: input ?? placed.domain.clock, clock: Int(clock))
    if usesReset, placed.reset == nil { domain.reset = ports[placed.domain.reset].map { Int($0) } }
    return domain
  }

  private mutating func allocateSignals() {
    for index in flat.widths.indices where flat.root(index) == index {
      words[index] = builder.allocate(width: flat.widths[index], isState: flat.isState[index])
      if let value = flat.initialValues[index] { builder.initialize(words[index], to: value) }
    }
    for scope in flat.scopes.indices {
      program.scopes[scope].signals = flat.scopes[scope].signals.map { words[flat.root(Int($0))] }
    }
    for (index, signal) in flat.design.top.signals.enumerated() where signal.role == .input {
      builder.declareInput(program.scopes[0].signals[index])
    }
  }

  private mutating func allocateMemories() {
    for scope in flat.scopes.indices {
      for memory in flat.design.modules[flat.scopes[scope].module].memories {
        let stride = BitVector.wordCount(forWidth: memory.width)
        let first = builder.allocate(stride * memory.depth, isState: true)
        for (address, word) in memory.contents.prefix(memory.depth).enumerated() {
          builder.initialize(first + Int32(address * stride), to: word)
        }
        program.scopes[scope].memories.append(first)
      }
    }
  }
}

// MARK: - One instance

extension ProgramCompiler {
  private mutating func lower(_ scope: Int) {
    self.scope = scope
    let netlist = flat.design.modules[flat.scopes[scope].module]
    let dataflow = flat.dataflows[flat.scopes[scope].module]
    var lowering = ScopeLowering(dataflow: dataflow, signals: program.scopes[scope].signals, builder: builder)
    builder = ProgramBuilder()
    addDrivers(of: netlist, isAlias: flat.isAlias[scope], to: &lowering)
    addMemories(of: netlist, scope: scope, to: &lowering)
    for update in dataflow.updates { add(update, of: netlist, to: &lowering) }
    addResets(of: netlist, to: &lowering)
    lowering.lowerValues()
    builder = lowering.builder
  }

  private mutating func addDrivers(of netlist: Netlist, isAlias: [Bool], to lowering: inout ScopeLowering) {
    var partial: [ModuleDataflow.Driver] = []
    for (index, driver) in lowering.dataflow.drivers.enumerated() where !isAlias[index] {
      let word = lowering.signals[driver.signal]
      if driver.low > 0 || driver.width < netlist.signals[driver.signal].width {
        partial.append(driver)
      } else if case .constant(let value) = lowering.dataflow.operation(of: driver.value) {
        lowering.builder.initialize(word, to: value)
      } else if !lowering.hasPlace(driver.value) {
        lowering.assignPlace(driver.value, word)
      }
    }
    var declared: Set<Int> = []
    for driver in partial {
      let word = lowering.signals[driver.signal]
      if declared.insert(driver.signal).inserted {
        let count = BitVector.wordCount(forWidth: netlist.signals[driver.signal].width)
        lowering.builder.declarePieces(at: word, count: count)
      }
      lowering.builder.addPiece(of: word, low: driver.low, width: driver.width)
      lowering.insert(driver.value, into: word, at: driver.low)
      lowering.builder.endUnit()
    }
  }

  private mutating func addMemories(of netlist: Netlist, scope: Int, to lowering: inout ScopeLowering) {
    for (index, memory) in netlist.memories.enumerated() {
      let base = program.scopes[scope].memories[index]
      let stride = BitVector.wordCount(forWidth: memory.width)
      for read in memory.reads {
        let target = lowering.signals[Int(read.data.index)]
        let address = lowering.address(read.address.index)
        var instruction = Instruction(
          target: target, a: address, b: base, c: Int32(stride), extra: UInt64(memory.depth))
        let opcode: Opcode = stride > 1 ? .wideMemoryRead : .memoryRead
        if read.isSynchronous {
          let domain = domainIndex(read.domain ?? memory.domain)
          let condition = read.enable.map { stable(lowering.place(of: $0.index), 1, in: domain, &lowering) } ?? -1
          instruction.a = stable(address, 1, in: domain, &lowering)
          edges[domain].reads.append(Conditional(condition: condition, opcode: opcode, instruction: instruction))
        } else {
          lowering.builder.read(address, width: 64)
          lowering.builder.produce(target, count: stride)
          lowering.builder.emit(opcode, instruction)
          lowering.builder.endUnit()
        }
      }
    }
    for write in lowering.dataflow.writes {
      let memory = netlist.memories[write.memory]
      let stride = BitVector.wordCount(forWidth: memory.width)
      let domain = domainIndex(memory.domain)
      let condition = write.guardValue.map { stable(lowering.place(of: $0), 1, in: domain, &lowering) } ?? -1
      let address = stable(lowering.address(write.address), 1, in: domain, &lowering)
      let width = lowering.dataflow.width(of: write.data)
      let data = stable(
        lowering.place(of: write.data), BitVector.wordCount(forWidth: width), in: domain, &lowering)
      var instruction = Instruction(
        target: program.scopes[scope].memories[write.memory], a: address, b: data, c: Int32(stride),
        extra: UInt64(memory.depth))
      var opcode: Opcode = stride > 1 ? .wideMemoryWrite : .memoryWrite
      if width < memory.width {
        opcode = .memoryInsert
        instruction.extra = lowering.builder.table([Int32(memory.depth), Int32(write.low), Int32(width)])
      }
      edges[domain].writes.append(Conditional(condition: condition, opcode: opcode, instruction: instruction))
    }
  }

  private mutating func add(
    _ update: ModuleDataflow.Update, of netlist: Netlist, to lowering: inout ScopeLowering
  ) {
    let signal = netlist.signals[update.signal]
    guard case .register(let register) = signal.role else { return }
    let domain = domainIndex(register.domain)
    let target = lowering.signals[update.signal]
    let count = BitVector.wordCount(forWidth: update.width)
    let condition = update.guardValue.map { stable(lowering.place(of: $0), 1, in: domain, &lowering) } ?? -1
    let source = stable(lowering.place(of: update.value), count, in: domain, &lowering)
    var instructions: [(opcode: Opcode, instruction: Instruction)] = []
    if update.width == signal.width {
      let copy = Instruction(target: target, a: source, extra: UInt64(count))
      instructions.append((count > 1 ? .wideCopy : .copy, copy))
    } else {
      instructions = ScopeLowering.insertion(of: source, width: update.width, into: target, at: update.low)
    }
    let updates = instructions.map {
      Conditional(condition: condition, opcode: $0.opcode, instruction: $0.instruction)
    }
    if register.resetValue == nil {
      edges[domain].plainRegisters += updates
    } else {
      edges[domain].resetRegisters += updates
    }
  }

  private mutating func addResets(of netlist: Netlist, to lowering: inout ScopeLowering) {
    for (index, signal) in netlist.signals.enumerated() {
      guard case .register(let register) = signal.role, let value = register.resetValue else { continue }
      let reset = Instruction(
        target: lowering.signals[index], a: lowering.builder.constant(value), extra: UInt64(value.words.count))
      edges[domainIndex(register.domain)].resets.append(
        Conditional(condition: -1, opcode: value.words.count > 1 ? .wideCopy : .copy, instruction: reset))
    }
  }

  /// Words that an update can read after others have been made: a copy where they are state.
  private mutating func stable(_ word: Int32, _ count: Int, in domain: Int, _ lowering: inout ScopeLowering) -> Int32 {
    guard lowering.builder.isState[Int(word)] else { return word }
    if let copy = edges[domain].copied[word] { return copy }
    let copy = lowering.builder.allocate(count)
    edges[domain].copied[word] = copy
    edges[domain].copies.append(
      Conditional(
        condition: -1, opcode: count > 1 ? .wideCopy : .copy,
        instruction: Instruction(target: copy, a: word, extra: UInt64(count))))
    return copy
  }

  /// The index of a domain of the instance that is being lowered.
  private func domainIndex(_ domain: Domain) -> Int { domainIndices[flat.domain(domain, in: scope)] ?? 0 }
}

// MARK: - Clock edges

extension ProgramCompiler {
  private mutating func addEdges() {
    for index in edges.indices {
      let edge = edges[index]
      program.domains[index].copies = addRuns(edge.copies)
      program.domains[index].reads = addRuns(edge.reads)
      let always = [addRuns(edge.writes, inOrder: true), addRuns(edge.plainRegisters)]
      program.domains[index].always = always[0].lowerBound..<always[1].upperBound
      program.domains[index].updates = addRuns(edge.resetRegisters)
      program.domains[index].resets = addRuns(edge.resets)
    }
  }

  /// Adds instructions as runs; unless their order matters, with equal conditions and opcodes together.
  private mutating func addRuns(_ conditionals: [Conditional], inOrder: Bool = false) -> Range<Int> {
    let first = program.runs.count
    let sorted =
      inOrder
      ? conditionals
      : conditionals.sorted {
        ($0.condition, $0.opcode, $0.instruction.target) < ($1.condition, $1.opcode, $1.instruction.target)
      }
    for (index, conditional) in sorted.enumerated() {
      if index > 0, sorted[index - 1].condition == conditional.condition, sorted[index - 1].opcode == conditional.opcode
      {
        program.runs[program.runs.count - 1].count += 1
      } else {
        program.runs.append(
          Run(
            opcode: conditional.opcode, condition: conditional.condition, start: Int32(program.instructions.count),
            count: 1))
      }
      program.instructions.append(conditional.instruction)
    }
    return first..<program.runs.count
  }
}
