import Weft

/// A question about a run of a machine, in SMT-LIB 2: bit-vectors for values and the words of small memories, arrays
/// for large memories.
///
/// Every value of every step is a definition of its own, `name@step` for signals, `name@step/address` for words and
/// `$number@step` for expressions: a name with an equation, which Z3 digests far better than a macro.
struct SMTScript {
  /// What is known of the first step.
  enum Start {
    /// Registers and memories have their initial values.
    case initial
    /// Nothing.
    case any
  }

  private let system: TransitionSystem
  private let cone: Cone
  private let start: Start
  private var lines: [String] = []
  /// The names whose values tell a run, in order.
  private(set) var asked: [String] = []
  private(set) var steps = 0

  /// A run of a machine, no step of it yet, as far as the values of `roots` depend on it.
  init(_ system: TransitionSystem, of roots: [Netlist.NodeID], start: Start) {
    self.system = system
    self.start = start
    cone = Cone(system, of: roots)
    lines.append("(set-option :produce-models true)")
    let hasArrays = cone.memories.contains { !Self.isSmall(system.memories[$0]) }
    lines.append("(set-logic \(hasArrays ? "QF_AUFBV" : "QF_BV"))")
    for index in cone.states {
      let state = system.states[index]
      let name = Self.name(state.path, 0)
      switch start {
      case .initial: define(name, width: state.initial.width, Self.literal(state.initial))
      case .any:
        declare(name, width: state.initial.width)
        asked.append(name)
      }
    }
    for index in cone.memories { begin(system.memories[index]) }
  }

  /// The script: the steps, what is claimed of them, and the question for a run.
  var text: String {
    var lines = lines + ["(check-sat)"]
    if !asked.isEmpty { lines.append("(get-value (\(asked.joined(separator: " "))))") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The names of the signals that the run depends on: inputs first, then registers.
  var named: [String] {
    cone.inputs.map { system.netlist[$0].name } + cone.states.map { system.states[$0].path }
  }

  /// Asks for the values of more names.
  mutating func ask(for names: [String]) { asked += names.filter { !$0.hasPrefix("#") } }

  /// Lets a condition hold.
  mutating func require(_ condition: String) { lines.append("(assert \(condition))") }

  /// Adds a line that defines one bit.
  mutating func define(_ name: String, _ value: String) { define(name, width: 1, value) }

  private mutating func declare(_ name: String, width: Int) {
    lines.append("(declare-fun \(name) () (_ BitVec \(width)))")
  }

  private mutating func define(_ name: String, width: Int, _ value: String) {
    declare(name, width: width)
    require("(= \(name) \(value))")
  }
}

// MARK: - Names

extension SMTScript {
  /// The name of a signal's value at a step.
  static func name(_ path: String, _ step: Int) -> String { "\(path)@\(step)" }

  /// The name of a memory's word at a step.
  static func name(_ path: String, _ step: Int, word: Int) -> String { "\(path)@\(step)/\(word)" }

  /// How a node's value at a step is written.
  func value(_ node: Netlist.NodeID, _ step: Int) -> String {
    switch system.netlist[node] {
    case .constant(let value): Self.literal(value)
    case .reference(let signal): Self.name(system.netlist[signal].name, step)
    default: "$\(node.index)@\(step)"
    }
  }

  private static func literal(_ value: BitVector) -> String {
    value.width % 4 == 0 ? "#x\(value.hexadecimal)" : "#b\(value.binary)"
  }

  private static func literal(_ value: Int, width: Int) -> String {
    literal(BitVector(truncating: value, width: width))
  }
}

// MARK: - Steps

extension SMTScript {
  /// Adds a step and, but before the first, what the step before it does.
  mutating func addStep() {
    if steps > 0 { advance() }
    for input in cone.inputs {
      let signal = system.netlist[input]
      let name = Self.name(signal.name, steps)
      declare(name, width: signal.width)
      asked.append(name)
    }
    for item in cone.items {
      switch item {
      case .node(let node):
        if case .constant = system.netlist[node] { continue }
        define(value(node, steps), width: system.netlist.width(of: node), expression(node, steps))
      case .word(let memory, let index):
        let memory = system.memories[memory]
        let word = memory.words[index]
        define(
          Self.name(system.netlist[word.signal].name, steps), width: memory.width, content(memory, word.address, steps))
      }
    }
    steps += 1
  }

  /// Lets no two steps begin in the same state.
  mutating func requireDistinctStates() {
    for later in 0..<steps {
      for earlier in 0..<later {
        let same =
          cone.states.map {
            sameness(Self.name(system.states[$0].path, earlier), Self.name(system.states[$0].path, later))
          }
          + cone.memories.flatMap { sameness(of: system.memories[$0], earlier, later) }
        require(same.isEmpty ? "false" : "(not \(same.count == 1 ? same[0] : "(and \(same.joined(separator: " ")))"))")
      }
    }
  }

  private func sameness(_ a: String, _ b: String) -> String { "(= \(a) \(b))" }

  private func sameness(of memory: TransitionSystem.Memory, _ a: Int, _ b: Int) -> [String] {
    guard Self.isSmall(memory) else { return [sameness(Self.name(memory.path, a), Self.name(memory.path, b))] }
    return (0..<memory.depth).map {
      sameness(Self.name(memory.path, a, word: $0), Self.name(memory.path, b, word: $0))
    }
  }

  /// States and memories after the last step.
  private mutating func advance() {
    for index in cone.states {
      let state = system.states[index]
      define(Self.name(state.path, steps), width: state.initial.width, value(state.next, steps - 1))
    }
    for index in cone.memories {
      let memory = system.memories[index]
      if Self.isSmall(memory) { writeWords(memory) } else { writeArray(memory) }
    }
  }
}

// MARK: - Memories

extension SMTScript {
  /// Whether a memory is a bit-vector for each word, which solvers decide faster than an array of so few words.
  private static func isSmall(_ memory: TransitionSystem.Memory) -> Bool { memory.depth <= 64 }

  private static func addressWidth(_ memory: TransitionSystem.Memory) -> Int {
    max(1, Int.bitWidth - (memory.depth - 1).leadingZeroBitCount)
  }

  private static func sort(_ memory: TransitionSystem.Memory) -> String {
    "(Array (_ BitVec \(addressWidth(memory))) (_ BitVec \(memory.width)))"
  }

  private mutating func begin(_ memory: TransitionSystem.Memory) {
    let array = Self.name(memory.path, 0)
    if !Self.isSmall(memory) { lines.append("(declare-fun \(array) () \(Self.sort(memory)))") }
    for word in 0..<memory.depth {
      let name = Self.name(memory.path, 0, word: word)
      let value = word < memory.contents.count ? memory.contents[word] : BitVector(zero: memory.width)
      let content = "(select \(array) \(Self.literal(word, width: Self.addressWidth(memory))))"
      switch start {
      case .initial where Self.isSmall(memory): define(name, width: memory.width, Self.literal(value))
      case .initial: require("(= \(content) \(Self.literal(value)))")
      case .any:
        if Self.isSmall(memory) {
          declare(name, width: memory.width)
        } else {
          define(name, width: memory.width, content)
        }
        asked.append(name)
      }
    }
  }

  /// The word at an address; zero outside the memory.
  private func content(_ memory: TransitionSystem.Memory, _ address: Netlist.NodeID, _ step: Int) -> String {
    let zero = Self.literal(0, width: memory.width)
    guard Self.isSmall(memory) else {
      let content = "(select \(Self.name(memory.path, step)) \(self.address(memory, address, step)))"
      return isInside(memory, address, step).map { "(ite \($0) \(content) \(zero))" } ?? content
    }
    return (0..<memory.depth).reversed().reduce(zero) { rest, word in
      guard let isHere = isAt(word, address, step) else { return rest }
      return "(ite \(isHere) \(Self.name(memory.path, step, word: word)) \(rest))"
    }
  }

  /// Whether an address is that of a word; `nil` where it cannot be.
  private func isAt(_ word: Int, _ address: Netlist.NodeID, _ step: Int) -> String? {
    let width = system.netlist.width(of: address)
    if width < Int.bitWidth - 1, word >> width != 0 { return nil }
    return "(= \(value(address, step)) \(Self.literal(word, width: width)))"
  }

  /// Each word after the last step's writes.
  private mutating func writeWords(_ memory: TransitionSystem.Memory) {
    for word in 0..<memory.depth {
      let name = Self.name(memory.path, steps, word: word)
      var content = Self.name(memory.path, steps - 1, word: word)
      for (number, write) in memory.writes.enumerated() {
        guard let isHere = isAt(word, write.address, steps - 1) else { continue }
        let condition = "(and (= \(value(write.condition, steps - 1)) #b1) \(isHere))"
        let result = "\(name)+\(number)"
        define(result, width: memory.width, "(ite \(condition) \(written(write, over: content, memory)) \(content))")
        content = result
      }
      define(name, width: memory.width, content)
    }
  }

  /// The array after the last step's writes.
  private mutating func writeArray(_ memory: TransitionSystem.Memory) {
    let name = Self.name(memory.path, steps)
    var array = Self.name(memory.path, steps - 1)
    for (number, write) in memory.writes.enumerated() {
      var condition = "(= \(value(write.condition, steps - 1)) #b1)"
      if let isInside = isInside(memory, write.address, steps - 1) { condition = "(and \(condition) \(isInside))" }
      let address = address(memory, write.address, steps - 1)
      let word = written(write, over: "(select \(array) \(address))", memory)
      let result = "\(name)+\(number)"
      lines.append("(declare-fun \(result) () \(Self.sort(memory)))")
      require("(= \(result) (ite \(condition) (store \(array) \(address) \(word)) \(array)))")
      array = result
    }
    lines.append("(declare-fun \(name) () \(Self.sort(memory)))")
    require("(= \(name) \(array))")
  }

  /// A word of which a write gives some bits, or all, another value.
  private func written(
    _ write: TransitionSystem.Write, over word: String, _ memory: TransitionSystem.Memory
  ) -> String {
    let end = write.low + system.netlist.width(of: write.data)
    var parts = [value(write.data, steps - 1)]
    if write.low > 0 { parts.append("((_ extract \(write.low - 1) 0) \(word))") }
    if end < memory.width { parts.insert("((_ extract \(memory.width - 1) \(end)) \(word))", at: 0) }
    return parts.dropFirst().reduce(parts[0]) { "(concat \($0) \($1))" }
  }

  /// Whether an address lies in a memory; `nil` where it always does.
  private func isInside(_ memory: TransitionSystem.Memory, _ address: Netlist.NodeID, _ step: Int) -> String? {
    let width = system.netlist.width(of: address)
    if width < Int.bitWidth - 1, 1 << width <= memory.depth { return nil }
    return "(bvult \(value(address, step)) \(Self.literal(memory.depth, width: width)))"
  }

  private func address(_ memory: TransitionSystem.Memory, _ address: Netlist.NodeID, _ step: Int) -> String {
    let (own, width) = (system.netlist.width(of: address), Self.addressWidth(memory))
    let text = value(address, step)
    if own == width { return text }
    return own > width ? "((_ extract \(width - 1) 0) \(text))" : "((_ zero_extend \(width - own)) \(text))"
  }
}

// MARK: - Expressions

extension SMTScript {
  private func expression(_ node: Netlist.NodeID, _ step: Int) -> String {
    let width = system.netlist.width(of: node)
    func text(_ operand: Netlist.NodeID) -> String { value(operand, step) }
    func ownWidth(_ operand: Netlist.NodeID) -> Int { system.netlist.width(of: operand) }
    func extended(_ operand: Netlist.NodeID, to width: Int, signed: Bool) -> String {
      let count = width - ownWidth(operand)
      return count == 0 ? text(operand) : "((_ \(signed ? "sign" : "zero")_extend \(count)) \(text(operand)))"
    }
    func bit(_ condition: String) -> String { "(ite \(condition) #b1 #b0)" }
    switch system.netlist[node] {
    case .constant, .reference: return text(node)
    case .add(let a, let b): return "(bvadd \(text(a)) \(text(b)))"
    case .subtract(let a, let b): return "(bvsub \(text(a)) \(text(b)))"
    case .multiply(let a, let b, let signed):
      return "(bvmul \(extended(a, to: width, signed: signed)) \(extended(b, to: width, signed: signed)))"
    case .bitwise(let operation, let a, let b): return "(bv\(operation) \(text(a)) \(text(b)))"
    case .not(let a): return "(bvnot \(text(a)))"
    case .compare(let comparison, let a, let b):
      let symbol =
        switch comparison {
        case .equal: "="
        case .less: "bvult"
        case .lessSigned: "bvslt"
        }
      return bit("(\(symbol) \(text(a)) \(text(b)))")
    case .reduce(.and, let a): return bit("(= \(text(a)) (bvnot \(Self.literal(0, width: ownWidth(a)))))")
    case .reduce(.or, let a): return "(ite (= \(text(a)) \(Self.literal(0, width: ownWidth(a)))) #b0 #b1)"
    case .reduce(.xor, let a):
      return (1..<ownWidth(a)).reduce("((_ extract 0 0) \(text(a)))") {
        "(bvxor \($0) ((_ extract \($1) \($1)) \(text(a))))"
      }
    case .shift(let direction, let a, let amount):
      let common = max(width, ownWidth(amount))
      let symbol =
        switch direction {
        case .left: "bvshl"
        case .right: "bvlshr"
        case .rightArithmetic: "bvashr"
        }
      let shifted =
        "(\(symbol) \(extended(a, to: common, signed: direction == .rightArithmetic)) "
        + "\(extended(amount, to: common, signed: false)))"
      return common == width ? shifted : "((_ extract \(width - 1) 0) \(shifted))"
    case .select(let condition, let a, let b): return "(ite (= \(text(condition)) #b1) \(text(a)) \(text(b)))"
    case .element(let vector, let index):
      let indexWidth = ownWidth(index)
      let count = ownWidth(vector) / width
      let reach = indexWidth < Int.bitWidth - 2 ? min(count, 1 << indexWidth) : count
      return (0..<reach).reversed().reduce(Self.literal(0, width: width)) { rest, element in
        let part = "((_ extract \((element + 1) * width - 1) \(element * width)) \(text(vector)))"
        return "(ite (= \(text(index)) \(Self.literal(element, width: indexWidth))) \(part) \(rest))"
      }
    case .slice(let a, let low): return "((_ extract \(low + width - 1) \(low)) \(text(a)))"
    case .concatenate(let parts):
      return parts.dropFirst().reduce(text(parts[0])) { "(concat \($0) \(text($1)))" }
    case .extend(let a, let signed): return extended(a, to: width, signed: signed)
    }
  }
}
