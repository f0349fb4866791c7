import Weft

/// Runs a design in the plainest way: statements are carried out one by one on bit vectors, sweep after sweep, until
/// nothing changes. Slow, and made from nothing but the netlist's definition.
public final class ReferenceSimulator {
  private let design: Design
  private var root: Scope
  private let domain: Domain?
  /// Whether the reset is active.
  public var isReset = false

  /// One instance with the values of its signals.
  private final class Scope {
    let module: Netlist
    var values: [BitVector]
    var memories: [[BitVector]]
    var children: [Scope]

    init(_ module: Netlist, in design: Design) {
      self.module = module
      values = module.signals.map { signal in
        if case .register(let register) = signal.role { return register.initialValue }
        return BitVector(zero: signal.width)
      }
      memories = module.memories.map { memory in
        memory.contents + Array(repeating: BitVector(zero: memory.width), count: memory.depth - memory.contents.count)
      }
      children = module.instances.map { Scope(design.module(of: $0), in: design) }
    }
  }

  /// A design with one domain at most.
  public init(_ design: Design) {
    self.design = design
    root = Scope(design.top, in: design)
    domain = design.top.domains.first?.domain
  }

  /// The value of a port of the top module.
  public subscript(name: String) -> BitVector {
    get {
      settle()
      return root.values[index(name)]
    }
    set { root.values[index(name)] = newValue }
  }

  /// A word of a memory of the top module.
  public func memory(_ name: String, at address: Int) -> BitVector {
    root.memories[root.module.memories.firstIndex { $0.name == name } ?? 0][address]
  }

  private func index(_ name: String) -> Int { root.module.signals.firstIndex { $0.name == name } ?? 0 }

  /// One cycle of the clock.
  public func step() {
    settle()
    var updates: [() -> Void] = []
    clock(root, &updates)
    for update in updates { update() }
  }

  private func settle() {
    if isReset, domain?.resetKind == .asynchronous { resetRegisters(root) }
    while sweep(root) {}
  }

  private func resetRegisters(_ scope: Scope) {
    for (index, signal) in scope.module.signals.enumerated() {
      if case .register(let register) = signal.role, let value = register.resetValue { scope.values[index] = value }
    }
    for child in scope.children { resetRegisters(child) }
  }
}

// MARK: - Statements

extension ReferenceSimulator {
  /// Carries out all combinational logic once. Returns whether anything changed.
  private func sweep(_ scope: Scope) -> Bool {
    let before = scope.values
    for process in scope.module.processes where process.kind == .combinational {
      var values = scope.values
      var cache: [Int32: BitVector] = [:]
      execute(process.statements, scope, into: &values, &cache) { _, _, _, _ in }
      scope.values = values
    }
    for (index, memory) in scope.module.memories.enumerated() {
      for read in memory.reads where !read.isSynchronous {
        var cache: [Int32: BitVector] = [:]
        scope.values[Int(read.data.index)] = word(scope, index, at: value(read.address.index, scope, &cache))
      }
    }
    var changed = false
    for (index, child) in scope.children.enumerated() {
      for (signal, port) in connections(scope, index, inputs: true) { child.values[port] = scope.values[signal] }
      if sweep(child) { changed = true }
      for (signal, port) in connections(scope, index, inputs: false) { scope.values[signal] = child.values[port] }
    }
    return changed || scope.values != before
  }

  private func connections(_ scope: Scope, _ instance: Int, inputs: Bool) -> [(signal: Int, port: Int)] {
    scope.module.signals.enumerated().compactMap { index, signal in
      let name: String
      switch signal.role {
      case .instanceInput(let id, let port) where inputs && id.index == Int32(instance): name = port
      case .instanceOutput(let id, let port) where !inputs && id.index == Int32(instance): name = port
      default: return nil
      }
      let port = scope.children[instance].module.signals.firstIndex {
        $0.name == name && ($0.role == .input || $0.role == .output)
      }
      return port.map { (index, $0) }
    }
  }

  private func clock(_ scope: Scope, _ updates: inout [() -> Void]) {
    for process in scope.module.processes where process.kind != .combinational {
      var values = scope.values
      var cache: [Int32: BitVector] = [:]
      var writes: [() -> Void] = []
      execute(process.statements, scope, into: &values, &cache) { memory, address, data, low in
        writes.append {
          if let place = address.unsignedValue, place < scope.memories[memory].count {
            scope.memories[memory][place].insert(data, at: low)
          }
        }
      }
      for target in process.targets { addUpdate(target, to: values[Int(target.index)], scope, &updates) }
      updates += writes
    }
    for (index, memory) in scope.module.memories.enumerated() {
      for read in memory.reads where read.isSynchronous {
        var cache: [Int32: BitVector] = [:]
        if let enable = read.enable, value(enable.index, scope, &cache).isZero { continue }
        let data = word(scope, index, at: value(read.address.index, scope, &cache))
        updates.append { scope.values[Int(read.data.index)] = data }
      }
    }
    for (index, signal) in scope.module.signals.enumerated() {
      guard isReset, case .register(let register) = signal.role, let value = register.resetValue else { continue }
      updates.append { scope.values[index] = value }
    }
    for child in scope.children { clock(child, &updates) }
  }

  private func addUpdate(
    _ target: Netlist.SignalID, to newValue: BitVector, _ scope: Scope, _ updates: inout [() -> Void]
  ) {
    guard case .register(let register) = scope.module[target].role else { return }
    var cache: [Int32: BitVector] = [:]
    if let enable = register.enable, value(enable.index, scope, &cache).isZero { return }
    updates.append { scope.values[Int(target.index)] = newValue }
  }

  private func word(_ scope: Scope, _ memory: Int, at address: BitVector) -> BitVector {
    guard let place = address.unsignedValue, place < scope.memories[memory].count else {
      return BitVector(zero: scope.module.memories[memory].width)
    }
    return scope.memories[memory][place]
  }

  private func execute(
    _ statements: [Netlist.Statement], _ scope: Scope, into values: inout [BitVector],
    _ cache: inout [Int32: BitVector], write: (Int, BitVector, BitVector, Int) -> Void
  ) {
    for statement in statements {
      switch statement {
      case .assign(let signal, let low, let node, _):
        values[Int(signal.index)].insert(value(node.index, scope, &cache), at: low)
      case .when(let condition, let then, let otherwise, _):
        let isTrue = !value(condition.index, scope, &cache).isZero
        execute(isTrue ? then : otherwise, scope, into: &values, &cache, write: write)
      case .match(let subject, let cases, let otherwise, _):
        let code = value(subject.index, scope, &cache)
        let body = cases.first { $0.patterns.contains(code) }?.body ?? otherwise
        execute(body, scope, into: &values, &cache, write: write)
      case .write(let memory, let address, let data, let low, _):
        write(Int(memory.index), value(address.index, scope, &cache), value(data.index, scope, &cache), low)
      }
    }
  }
}

// MARK: - Expressions

extension ReferenceSimulator {
  private func value(_ node: Int32, _ scope: Scope, _ cache: inout [Int32: BitVector]) -> BitVector {
    if let known = cache[node] { return known }
    let width = Int(scope.module.nodeWidths[Int(node)])
    func operand(_ id: Netlist.NodeID) -> BitVector { value(id.index, scope, &cache) }
    let result: BitVector
    switch scope.module.nodes[Int(node)] {
    case .constant(let constant): result = constant
    case .reference(let signal): result = scope.values[Int(signal.index)]
    case .add(let a, let b): result = operand(a).adding(operand(b))
    case .subtract(let a, let b): result = operand(a).subtracting(operand(b))
    case .multiply(let a, let b, let signed): result = operand(a).multiplied(by: operand(b), signed: signed)
    case .bitwise(let operation, let a, let b): result = operand(a).combined(with: operand(b), operation)
    case .not(let a): result = operand(a).inverted
    case .compare(let comparison, let a, let b): result = bit(operand(a).compares(comparison, operand(b)))
    case .reduce(let operation, let a): result = bit(operand(a).reduced(operation))
    case .shift(let direction, let a, let amount):
      result = operand(a).shifted(direction, by: min(operand(amount).unsignedValue ?? width, width))
    case .select(let condition, let a, let b): result = operand(condition).isZero ? operand(b) : operand(a)
    case .element(let vector, let index):
      let all = operand(vector)
      let place = operand(index).unsignedValue ?? all.width
      result = place < all.width / width ? all.slice(low: place * width, width: width) : BitVector(zero: width)
    case .slice(let a, let low): result = operand(a).slice(low: low, width: width)
    case .concatenate(let parts): result = .concatenating(parts.map(operand))
    case .extend(let a, let signed): result = operand(a).extended(to: width, signed: signed)
    }
    cache[node] = result
    return result
  }

  private func bit(_ value: Bool) -> BitVector { BitVector(truncating: value ? 1 : 0, width: 1) }
}
