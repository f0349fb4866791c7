extension Design {
  /// The hardware that `module` and everything below it stands for.
  ///
  /// Linear in the size of the hardware; equal modules are elaborated once.
  ///
  /// - Parameter includingInvariants: Whether the modules' ``Module/invariants`` are a part of it, as for a proof.
  /// - Throws: `ElaborationError` with every mistake that was found.
  public init<M: Module>(_ module: M, includingInvariants: Bool = false) throws(ElaborationError) {
    var elaborator = Elaborator(includesInvariants: includingInvariants)
    let modules = elaborator.run(module)
    let diagnostics = elaborator.sortedDiagnostics
    if !diagnostics.isEmpty { throw ElaborationError(diagnostics: diagnostics) }
    self.init(modules: modules)
  }
}

/// Elaborates a module and all it instantiates, children first.
private struct Elaborator {
  /// Whether what modules claim for proofs alone is elaborated with them.
  let includesInvariants: Bool
  /// Modules that nest without end.
  private var recursions: [Diagnostic] = []
  private var drafts: [Draft] = []
  private var indices: [AnyHashable: Int] = [:]
  private var open: Set<AnyHashable> = []

  init(includesInvariants: Bool) { self.includesInvariants = includesInvariants }

  /// A module that was elaborated, before its ports are known in full.
  private struct Draft {
    var module: any Module
    var path: String
    var netlist: Netlist
    var scope: Scope
    /// What the checks found.
    var found: [Diagnostic] = []
  }

  /// How deep modules nest at most.
  private static let deepest = 500

  mutating func run(_ module: some Module) -> [Netlist] {
    guard visit(module, path: "\(type(of: module))", at: nil) != nil, recursions.isEmpty else { return [] }
    for index in drafts.indices { addMissingPorts(to: index) }
    nameModules()
    for index in drafts.indices {
      drafts[index].netlist.domains = drafts[index].netlist.domainUses { drafts[$0].netlist.domains }
      drafts[index].netlist.separateNames()
      drafts[index].netlist.putInOrder()
    }
    check()
    return drafts.map(\.netlist)
  }

  /// Each mistake once: modules that nest without end, then children before those that use them, each in the order of
  /// its lines.
  var sortedDiagnostics: [Diagnostic] {
    var seen: Set<Diagnostic> = []
    let ofModules = drafts.flatMap { draft in
      (draft.scope.diagnostics + draft.found).enumerated().sorted { a, b in
        let (first, second) = (a.element.place, b.element.place)
        return (first?.file ?? "", first?.line ?? 0, a.offset) < (second?.file ?? "", second?.line ?? 0, b.offset)
      }.map { _, diagnostic in
        var diagnostic = diagnostic
        diagnostic.path = draft.path
        return diagnostic
      }
    }
    return (recursions + ofModules).filter { seen.insert($0).inserted }
  }

  /// Elaborates `module`, which is instantiated at `place`, unless that was done, and gives its index.
  private mutating func visit(
    _ module: some Module, path: @autoclosure () -> String, at place: SourcePlace?
  ) -> Int? {
    let key = AnyHashable(module)
    if let known = indices[key] { return known }
    let path = path()
    if !open.insert(key).inserted || open.count > Self.deepest {
      recursions.append(
        Diagnostic(
          code: .recursion,
          message: open.count > Self.deepest
            ? "modules nest more than \(Self.deepest) deep; does the recursion of \(type(of: module)) ever end?"
            : "\(ModuleName.summary(module)) contains itself",
          place: place, path: path.split(separator: ".").prefix(6).joined(separator: ".")))
      return nil
    }
    defer { open.remove(key) }

    let scope = ModuleScope(module)
    let body = scope.enter { includesInvariants ? Circuit([module.body, module.invariants]) : module.body }
    var lowering = Lowering(scope: scope)
    var netlist = lowering.run(body)
    // The children are numbered in the order of their first instances.
    var children: [Int] = []
    for position in netlist.instances.indices {
      let instance = netlist.instances[position]
      if instance.module == children.count {
        let child = scope.children[instance.module].module
        children.append(visit(child, path: "\(path).\(instance.name)", at: instance.place) ?? 0)
      }
      netlist.instances[position].module = children[instance.module]
    }
    netlist.blackBox = (module as? any BlackBox).map { box in
      Netlist.ExternalModule(
        name: ModuleName.short(box), parameters: box.parameters, sources: box.sources, portNames: box.portNames,
        domains: box.domains, hasModel: !netlist.processes.isEmpty || !netlist.instances.isEmpty)
    }
    drafts.append(Draft(module: module, path: path, netlist: netlist, scope: scope))
    indices[key] = drafts.count - 1
    return drafts.count - 1
  }

  /// Gives the children of a module the ports that only their parent mentions.
  private mutating func addMissingPorts(to index: Int) {
    let parent = drafts[index].netlist
    for number in parent.signals.indices {
      let (instance, port, role): (Netlist.InstanceID, String, Netlist.Signal.Role)
      switch parent.signals[number].role {
      case .instanceInput(let id, let name): (instance, port, role) = (id, name, .input)
      case .instanceOutput(let id, let name): (instance, port, role) = (id, name, .output)
      default: continue
      }
      let child = parent.instances[Int(instance.index)].module
      if drafts[child].scope.signalID(named: port) == nil {
        let signal = parent.signals[number]
        drafts[child].scope.add(port, signal.layout, role, at: signal.place)
        drafts[child].netlist.signals.append(
          Netlist.Signal(name: port, width: signal.width, role: role, format: signal.format, place: signal.place))
      }
    }
  }

  /// Names every module after its type and parameters; names that clash get a code.
  private mutating func nameModules() {
    let short = drafts.map { ModuleName.short($0.module) }
    var uses: [String: Int] = [:]
    for name in short { uses[name, default: 0] += 1 }
    for index in drafts.indices {
      let isUnique = uses[short[index]] == 1 && !VerilogNames.keywords.contains(short[index])
      let module = drafts[index].module
      drafts[index].netlist.name = isUnique ? short[index] : "\(short[index])_\(ModuleName.code(of: module))"
      drafts[index].netlist.summary = ModuleName.summary(module)
    }
  }

  /// Runs the checks over every module.
  private mutating func check() {
    let modules = drafts.map(\.netlist)
    var bits: [BitDependencies] = []
    var paths: [CombinationalPaths] = []
    var trees: [ClockTree] = []
    var crossings: [ClockCrossings] = []
    for index in drafts.indices {
      bits.append(BitDependencies(netlist: modules[index], children: bits))
      paths.append(CombinationalPaths(bits: bits[index], children: paths))
      trees.append(ClockTree(bits: bits[index], children: trees))
      crossings.append(ClockCrossings(bits: bits[index], tree: trees[index], children: crossings))
      if modules[index].blackBox?.hasModel == false { continue }
      drafts[index].found = DriverCheck(bits: bits[index]).run() + trees[index].find()
      let loops = paths[index].findLoops()
      drafts[index].found += loops.isEmpty ? crossings[index].find() : loops
    }
  }
}

extension Netlist.Signal {
  /// The layout whose format the signal shows.
  fileprivate var layout: Layout {
    func layout(_ format: Netlist.Format, _ width: Int) -> Layout {
      switch format {
      case .bit: .bit
      case .bits: .bits(width)
      case .unsigned: .unsigned(width)
      case .signed: .signed(width)
      case .fixed(let fraction): .fixed(width - fraction, fraction)
      case .enumeration(let name, let cases): .choice(.init(name: name, width: width, cases: cases))
      case .vector(let count, let element): .vector(count, layout(element, width / count))
      }
    }
    return layout(format, width)
  }
}
