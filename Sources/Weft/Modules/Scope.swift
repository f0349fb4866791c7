import WeftContext

/// Where a module's signals are declared while its body runs, while a parent reaches its ports, or while a simulation
/// looks up a name. One scope is current on a thread, for synchronous code only.
public class Scope {
  /// What a declaration in this scope becomes.
  enum Kind {
    /// The module's own signals.
    case definition
    /// The parent's signals at the ports of an instance.
    case instance(Netlist.InstanceID, name: String)
    /// Nothing: outside any module's body there are constants only, which are computed at once.
    case constants
  }

  let kind: Kind
  let moduleType: ObjectIdentifier
  /// The scope whose netlist takes the signals; `nil` where it is this one.
  let host: Scope?
  /// What the instance that the scope is for has in common with others of its module.
  let child: ChildModule?
  private let workpiece: Workpiece
  /// What the names in it stand for.
  var names = NameTable()
  /// The values of named wires, in order of declaration.
  var wires: [Circuit] = []
  /// Read ports of memories whose mode needs the writes.
  var collisions: [MemoryCollision] = []
  /// The write ports of memories that have a statement.
  var writePorts: Set<String> = []
  /// Whether a statement claims something.
  var hasProperties = false
  /// The modules that instances stand for, each once.
  var children: [ChildModule] = []
  /// Where each of them stands in `children`.
  var childIndices: [AnyHashable: Int] = [:]
  /// The signals at the ports of the instance that the scope is for, by the child's ports.
  var portNodes: [Netlist.NodeID?] = []
  /// What was found wrong so far.
  var diagnostics: [Diagnostic] = []
  /// How many of the diagnostics have their place.
  private var placed = 0
  /// The declarations that are being evaluated, outermost first.
  private var evaluating: [(name: String, place: SourcePlace)] = []

  fileprivate init(kind: Kind, moduleType: ObjectIdentifier, host: Scope?, child: ChildModule? = nil) {
    self.child = child
    self.kind = kind
    self.moduleType = moduleType
    self.host = host
    workpiece = host?.workpiece ?? Workpiece()
  }

  /// What is built: the scopes of a module's instances share the module's.
  private final class Workpiece {
    var builder = NetlistBuilder(name: "")
  }

  /// The netlist, as far as it is built.
  var netlist: Netlist { workpiece.builder.netlist }

  /// Works on the netlist.
  @inline(__always)
  func builder<R>(_ work: (inout NetlistBuilder) -> R) -> R { work(&workpiece.builder) }

  /// Gives the netlist away.
  func takeNetlist() -> Netlist {
    defer { workpiece.builder = NetlistBuilder(name: "") }
    return workpiece.builder.netlist
  }
}

/// A scope for modules of one type.
final class ModuleScope<M: Module>: Scope {
  let module: M

  init(_ module: M, kind: Kind = .definition, host: Scope? = nil, child: ChildModule? = nil) {
    self.module = module
    super.init(kind: kind, moduleType: ObjectIdentifier(M.self), host: host, child: child)
  }
}

// MARK: - The current scope

extension Scope {
  /// The scope on this thread.
  static var currentOrNil: Scope? {
    guard let pointer = weft_context_get() else { return nil }
    return Unmanaged<Scope>.fromOpaque(pointer).takeUnretainedValue()
  }

  /// The scope on this thread, or where there is none a fresh one that computes with constants. Nothing that belongs to
  /// it outlives the operation that asked for it: its results are constants, which belong to no scope.
  static var current: Scope { currentOrNil ?? Constants() }

  /// What computes with constants outside any module's body.
  private final class Constants: Scope {
    init() { super.init(kind: .constants, moduleType: ObjectIdentifier(Constants.self), host: nil) }
  }

  /// Stops the program where constants alone are possible: there is no module for a signal to belong to.
  private func requireModule() {
    if case .constants = kind {
      preconditionFailure(
        "a signal is used outside any module's body: read it through an instance or through a simulation")
    }
  }

  /// Makes this scope the thread's own while `work` runs.
  func enter<R>(_ work: () throws -> R) rethrows -> R {
    let outer = weft_context_get()
    weft_context_set(Unmanaged.passUnretained(self).toOpaque())
    defer { weft_context_set(outer) }
    return try withExtendedLifetime(self) { try work() }
  }
}

// MARK: - Diagnostics

extension Scope {
  /// Notes a mistake in the module under elaboration. Its place is the declaration that is being evaluated, else the
  /// statement that is about to be complete.
  static func report(_ code: Diagnostic.Code, _ message: String, at place: SourcePlace? = nil) {
    current.report(code, message, at: place)
  }

  func report(_ code: Diagnostic.Code, _ message: String, at place: SourcePlace? = nil) {
    if case .constants = kind { preconditionFailure(message) }
    if let host { return host.report(code, message, at: place ?? evaluating.last?.place) }
    diagnostics.append(Diagnostic(code: code, message: message, place: place ?? evaluating.last?.place))
  }

  /// Gives the diagnostics that have none the place of the statement that just became complete.
  func place(at place: SourcePlace) {
    if let host { return host.place(at: place) }
    for index in placed..<diagnostics.count where diagnostics[index].place == nil { diagnostics[index].place = place }
    placed = diagnostics.count
  }
}

// MARK: - Declarations

extension Scope {
  /// What the declaration `name` stands for: made once, and remembered. It stands in one place, unless it may be asked
  /// for anywhere.
  func declaration<T>(_ name: String, at place: SourcePlace, isBound: Bool = true, _ make: () -> T) -> T {
    if let known = names.declaration(name) {
      if isBound, known.place != place {
        report(
          .duplicateName,
          "`\(name)` is declared here and at \(known.place); give one of them another name with `named:`", at: place)
      }
      if let value: T = known.value.value() { return value }
    }
    evaluating.append((name, place))
    let value = make()
    evaluating.removeLast()
    names.update(name) { $0.declaration = (NameTable.Box(value), place) }
    return value
  }

  /// What a generator declares under `name` from `inputs`; asked again for the same inputs, the same.
  func generated<T>(_ name: String, from inputs: [Netlist.NodeID], at place: SourcePlace, _ make: () -> T) -> T {
    let (value, made) = declaration(name, at: place, isBound: false) { (make(), inputs) }
    if made != inputs {
      report(
        .duplicateName,
        "two things would both be called `\(name)`; give one of them a name of its own", at: place)
    }
    return value
  }

  /// The name under which a generator that hands back a signal declares what it needs: the declaration that is being
  /// evaluated, else `fallback`.
  func generatedName(_ fallback: @autoclosure () -> String) -> String { evaluating.last?.name ?? fallback() }

  /// The place of the declaration that is being evaluated.
  var evaluatingPlace: SourcePlace? { evaluating.last?.place }

  /// Declares the leaves of a signal and gives the signal.
  func signal<T: Signal>(
    _ name: String, _ shape: Shape<T>, at place: SourcePlace, role: (Layout.Leaf, Int) -> Netlist.Signal.Role
  ) -> T {
    var layout = shape.layout
    if let problem = layout.problem {
      report(.width, "`\(name)` is declared as \(problem)", at: place)
      layout = layout.repaired
    }
    if layout.isLeaf {
      let leaf = Layout.Leaf(suffix: "", layout: layout, isReturning: false)
      return T.bind(layout, .packed(add(name, layout, role(leaf, 0), at: place), low: 0))
    }
    for (index, leaf) in layout.leaves.enumerated() {
      add(name + leaf.suffix, leaf.layout, role(leaf, index), at: place)
    }
    return T.bind(layout, .declared(Declaration(scope: self, name: name)))
  }

  /// Adds one signal to the netlist and gives its value.
  @discardableResult
  func add(_ name: String, _ layout: Layout, _ role: Netlist.Signal.Role, at place: SourcePlace) -> Netlist.NodeID {
    requireModule()
    claim(name, at: place)
    var (fullName, role) = (name, role)
    if case .instance(let id, let instance) = kind {
      fullName = instance + "_" + name
      if !role.isInstancePort { role = .instanceOutput(id, port: name) }
    }
    let signal = Netlist.Signal(name: fullName, width: layout.width, role: role, format: layout.format, place: place)
    let added = add(signal)
    names.update(name) { $0.signal = added }
    return added.node
  }

  /// Adds a signal as it is.
  func add(_ signal: Netlist.Signal) -> (id: Netlist.SignalID, node: Netlist.NodeID) {
    builder { builder in
      let id = builder.add(signal)
      return (id: id, node: builder.reference(id))
    }
  }

  /// Makes sure that a name can stand in Verilog and is not taken.
  func claim(_ name: String, at place: SourcePlace) {
    if case .definition = kind, let problem = VerilogNames.problem(with: name) { report(.name, problem, at: place) }
    if let other = names.update(name, { $0.claim(at: place) }) {
      let isLater = (other.file, other.line) < (place.file, place.line)
      report(
        .duplicateName,
        "`\(name)` is declared here and at \(isLater ? other : place); names are unique in a module",
        at: isLater ? place : other)
    }
  }

  /// The value of a declared leaf.
  func signal(named name: String, _ layout: Layout) -> Operand {
    guard let known = names.signal(name) else { return .constant(BitVector(zero: layout.width)) }
    return .node(known.node, width: Int32(layout.width))
  }

  /// The id of a declared leaf.
  func signalID(named name: String) -> Netlist.SignalID? { names.signal(name)?.id }
}

// MARK: - Values

extension Scope {
  /// The expression of an operand that has a width; a literal takes the least bits that hold it.
  func node(_ operand: Operand) -> Netlist.NodeID {
    switch operand {
    case .node(let node, _, _):
      requireModule()
      return node
    case .constant(let value): return constant(value)
    case .literal(let value, _):
      return constant(BitVector(truncating: value, width: Operand.width(of: value, signed: value < 0)))
    case .prototype:
      preconditionFailure("a bundle's field is used as a signal, but the bundle only shows a shape: declare it first")
    }
  }

  /// The operand that an expression is.
  func operand(_ node: Netlist.NodeID) -> Operand {
    if case .constants = kind, let value = builder({ $0.constant(of: node) }) { return .constant(value) }
    return .node(node, width: Int32(builder { $0.width(of: node) }))
  }

  /// A constant.
  func constant(_ value: BitVector) -> Netlist.NodeID { builder { $0.constant(value) } }

  /// An operand, a literal among them in `width` bits. One that does not fit is reported.
  func sized(_ operand: Operand, width: Int, signed: Bool = false) -> Operand {
    guard case .literal(let value, let fraction) = operand else { return operand }
    if fraction != 0 {
      report(.literal, "the literal \(BinaryFraction(numerator: value, fractionBits: fraction)) is no whole number")
    }
    let needed = Operand.width(of: value, signed: signed || value < 0)
    if needed > width || (value < 0 && !signed) {
      report(
        .literal,
        value < 0 && !signed
          ? "the literal \(value) is negative, but an unsigned value of \(width) bits is asked for"
          : "the literal \(value) needs \(needed) bits, but \(width) are asked for")
    }
    return .constant(BitVector(truncating: value, width: width))
  }

  /// An operand, a literal among them as a scalar or element of this layout. One that does not fit is reported.
  func sized(_ operand: Operand, as layout: Layout) -> Operand {
    guard case .literal(let value, let fraction) = operand, case .fixed(let integerBits, let fractionBits) = layout
    else {
      return sized(operand, width: layout.width, signed: layout.isSigned)
    }
    let number = BinaryFraction(numerator: value, fractionBits: fraction)
    guard let bits = number.bits(width: layout.width, fractionBits: fractionBits) else {
      let step = BinaryFraction(numerator: 1, fractionBits: fractionBits)
      let (least, limit) = (
        BinaryFraction(numerator: -1, fractionBits: 1 - integerBits),
        BinaryFraction(numerator: 1, fractionBits: 1 - integerBits)
      )
      report(
        .literal, "the literal \(number) is no \(layout), a multiple of \(step) from \(least) to less than \(limit)")
      return .constant(BitVector(zero: layout.width))
    }
    return .constant(bits)
  }

  /// Bits of an expression.
  func slice(_ node: Netlist.NodeID, low: Int, width: Int) -> Operand {
    operand(builder { $0.slice(node, low: low, width: width) })
  }

  /// Operands beside each other, the first in the lowest bits.
  func concatenated(_ parts: [Operand]) -> Operand {
    let nodes = parts.reversed().map(node)
    return operand(builder { $0.concatenate(nodes) })
  }

  /// All bits of a signal as one value.
  func packed(_ origin: Origin, _ layout: Layout) -> Netlist.NodeID {
    switch layout {
    case .bundle(let fields):
      let parts = fields.indices.map { operand(packed(origin.field($0, of: fields), fields[$0].layout)) }
      return node(concatenated(parts))
    case .vector(let count, let element) where element.leaves.contains { !$0.suffix.isEmpty }:
      let parts = (0..<count).map { operand(packed(origin.element($0, of: count, element), element)) }
      return node(concatenated(parts))
    default: return node(sized(origin.leaf(layout), as: layout))
    }
  }
}
