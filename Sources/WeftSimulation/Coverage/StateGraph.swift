import Weft

/// The transitions of a register that holds an enumeration, as far as its statements tell: where a state is known and a
/// constant is assigned.
struct StateGraph {
  private(set) var transitions: Set<Coverage.Transition> = []
  private let module: Netlist
  private let register: Netlist.SignalID
  private let names: [BitVector: String]

  init(of register: Netlist.SignalID, cases: [Netlist.Format.EnumerationCase], in module: Netlist) {
    self.module = module
    self.register = register
    names = Dictionary(cases.map { ($0.code, $0.name) }) { first, _ in first }
    let all = Set(names.keys)
    for process in module.processes where process.targets.contains(register) { visit(process.statements, all) }
  }

  /// Visits statements that are carried out in some of the states.
  private mutating func visit(_ statements: [Netlist.Statement], _ states: Set<BitVector>) {
    for statement in statements {
      switch statement {
      case .assign(register, 0, let value, _):
        guard case .constant(let code) = module[value], let target = names[code] else { continue }
        for state in states where state != code {
          if let name = names[state] { transitions.insert(Coverage.Transition(from: name, to: target)) }
        }
      case .assign, .write: break
      case .when(let condition, let then, let otherwise, _):
        let (yes, no) = narrowed(states, by: condition)
        visit(then, yes)
        visit(otherwise, no)
      case .match(let subject, let cases, let fallback, _):
        let isState = isRegister(subject)
        var rest = states
        for matchCase in cases {
          let patterns = Set(matchCase.patterns)
          visit(matchCase.body, isState ? states.intersection(patterns) : states)
          if isState { rest.subtract(patterns) }
        }
        visit(fallback, rest)
      }
    }
  }

  private func isRegister(_ node: Netlist.NodeID) -> Bool { module[node] == .reference(register) }

  /// The states in which a condition can hold, and those in which it can fail to.
  private func narrowed(_ states: Set<BitVector>, by condition: Netlist.NodeID) -> (Set<BitVector>, Set<BitVector>) {
    switch module[condition] {
    case .compare(.equal, let a, let b):
      let (state, other) = isRegister(a) ? (a, b) : (b, a)
      guard isRegister(state), case .constant(let code) = module[other] else { break }
      return (states.intersection([code]), states.subtracting([code]))
    case .not(let inner):
      let (yes, no) = narrowed(states, by: inner)
      return (no, yes)
    case .bitwise(.and, let a, let b):
      return (narrowed(narrowed(states, by: a).0, by: b).0, states)
    default: break
    }
    return (states, states)
  }
}
