import Weft

/// A statement, or an arm of one, in a module's netlist, and when it is carried out.
struct CoveragePoint {
  /// What it is, where, and in which module; equal ones of a module are numbered.
  var key: Coverage.PointKey
  /// The signal that is one where the point is reached; `nil` where that is always so.
  var condition: Netlist.SignalID?
  /// The domain at whose edges it is carried out; `nil` for combinational logic.
  var domain: Domain?
  /// Whether it rests while the domain's reset is active.
  var restsInReset: Bool
}

/// A design with a wire for each condition under which statements are carried out, and the points that these conditions
/// lead to. The hardware computes what it did before.
struct InstrumentedDesign {
  let design: Design
  /// The points of each module, in the design's order.
  let points: [[CoveragePoint]]

  init(_ design: Design) {
    var modules: [Netlist] = []
    var points: [[CoveragePoint]] = []
    for module in design.modules {
      var finder = CoveragePointFinder(module)
      finder.visitAll()
      modules.append(finder.builder.netlist)
      points.append(finder.points)
    }
    self.design = Design(modules: modules)
    self.points = points
  }
}

/// Walks through the statements of a module with the condition under which each is carried out.
private struct CoveragePointFinder {
  var builder: NetlistBuilder
  private(set) var points: [CoveragePoint] = []
  private let module: Netlist
  private var names: Set<String>
  private var wires: [Netlist.NodeID: Netlist.SignalID] = [:]
  /// The index of the point at each place.
  private var known: [Place: Int] = [:]
  private var counts: [Coverage.PointKey: Int] = [:]
  private var domain: Domain?
  private var restsInReset = false

  /// What makes two points one: statements that drive several signals come once for each of their processes.
  private struct Place: Hashable {
    var key: Coverage.PointKey
    var condition: Netlist.SignalID?
  }

  init(_ module: Netlist) {
    self.module = module
    builder = NetlistBuilder(extending: module)
    names = Set(module.signals.map(\.name) + module.memories.map(\.name) + module.instances.map(\.name))
  }

  mutating func visitAll() {
    for process in module.processes {
      var enable: Netlist.NodeID?
      (domain, restsInReset) = (nil, false)
      switch process.kind {
      case .combinational: break
      case .clocked(let clock):
        domain = clock
        if let target = process.targets.first, case .register(let register) = module[target].role {
          enable = register.enable
          restsInReset = register.resetValue != nil
        }
      case .memoryWrite(let memory): domain = module[memory].domain
      }
      visit(process.statements, under: enable)
    }
  }

  private mutating func visit(_ statements: [Netlist.Statement], under path: Netlist.NodeID?) {
    for statement in statements {
      switch statement {
      case .assign(_, _, _, let place), .write(_, _, _, _, let place): add(.statement, place, path)
      case .when(let condition, let then, let otherwise, let place):
        let (yes, no) = (both(path, condition), both(path, builder.not(condition)))
        add(.then, place, yes)
        add(.otherwise, place, no)
        visit(then, under: yes)
        visit(otherwise, under: no)
      case .match(_, let cases, _, let place) where statement.assignsAnElement:
        if !cases.isEmpty { add(.statement, place, path) }
      case .match(let subject, let cases, let fallback, let place):
        var rest = path
        for matchCase in cases {
          let equal = matchCase.patterns.map { builder.compare(.equal, subject, builder.constant($0)) }
          guard let first = equal.first else { continue }
          let any = equal.dropFirst().reduce(first) { builder.bitwise(.or, $0, $1) }
          let taken = both(path, any)
          add(.matchCase, place, taken)
          visit(matchCase.body, under: taken)
          rest = both(rest, builder.not(any))
        }
        if !fallback.isEmpty { add(.matchDefault, place, rest) }
        visit(fallback, under: rest)
      }
    }
  }

  private mutating func both(_ a: Netlist.NodeID?, _ b: Netlist.NodeID) -> Netlist.NodeID {
    guard let a else { return b }
    return builder.bitwise(.and, a, b)
  }

  /// Adds a point, unless it is there or can never be reached.
  private mutating func add(_ kind: Coverage.PointKind, _ place: SourcePlace, _ path: Netlist.NodeID?) {
    var condition: Netlist.SignalID?
    if let path {
      if let constant = builder.constant(of: path) {
        if constant.isZero { return }
      } else {
        condition = wire(for: path, place)
      }
    }
    var key = Coverage.PointKey(module: module.name, file: place.file, line: place.line, kind: kind, number: 0)
    let known = Place(key: key, condition: condition)
    if let index = self.known[known] {
      // Where one of its processes runs more often, so does the point.
      if points[index].domain != domain { points[index].domain = nil }
      if !restsInReset { points[index].restsInReset = false }
      return
    }
    key.number = counts[key, default: 0]
    counts[known.key, default: 0] += 1
    self.known[known] = points.count
    points.append(CoveragePoint(key: key, condition: condition, domain: domain, restsInReset: restsInReset))
  }

  /// A signal that carries a condition.
  private mutating func wire(for condition: Netlist.NodeID, _ place: SourcePlace) -> Netlist.SignalID {
    if let known = wires[condition] { return known }
    if case .reference(let signal) = builder.netlist[condition] { return signal }
    var name = "\(Self.prefix)\(wires.count)"
    while !names.insert(name).inserted { name += "_" }
    let wire = builder.add(Netlist.Signal(name: name, width: 1, role: .wire, format: .bit, place: place))
    builder.netlist.processes.append(
      .init(kind: .combinational, statements: [.assign(wire, low: 0, condition, place)], targets: [wire]))
    wires[condition] = wire
    return wire
  }

  private static let prefix = "coverage"
}

extension Netlist.Statement {
  /// Whether this is what an assignment to the element at a dynamic index becomes: a case for each element.
  fileprivate var assignsAnElement: Bool {
    guard case .match(_, let cases, let fallback, let place) = self, fallback.isEmpty else { return false }
    return cases.allSatisfy { matchCase in
      guard matchCase.body.count == 1, case .assign(_, _, _, place) = matchCase.body[0] else { return false }
      return true
    }
  }
}
