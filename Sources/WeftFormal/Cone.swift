import Weft

/// What of a machine decides about some of its values: their expressions in an order in which operands come first, and
/// the inputs, states and memories behind them, at any step.
struct Cone {
  /// An expression, or a word that a memory gives, whose address comes before it.
  enum Item {
    case node(Netlist.NodeID)
    case word(memory: Int, index: Int)
  }

  private(set) var items: [Item] = []
  private(set) var inputs: [Netlist.SignalID] = []
  /// The indices of states and memories.
  private(set) var states: [Int] = []
  private(set) var memories: [Int] = []

  private let system: TransitionSystem
  private var seenNodes: Set<Netlist.NodeID> = []
  private var seenSignals: Set<Netlist.SignalID> = []
  private var stateOf: [Netlist.SignalID: Int] = [:]
  private var wordOf: [Netlist.SignalID: (memory: Int, index: Int)] = [:]
  private var open: [Netlist.NodeID] = []

  /// The cone of some values of a machine.
  init(_ system: TransitionSystem, of roots: [Netlist.NodeID]) {
    self.system = system
    for (index, state) in system.states.enumerated() { stateOf[state.signal] = index }
    for (memory, one) in system.memories.enumerated() {
      for (index, word) in one.words.enumerated() { wordOf[word.signal] = (memory, index) }
    }
    open = roots
    while let root = open.popLast() { visit(root) }
    states.sort()
    memories.sort()
    inputs.sort { $0.index < $1.index }
  }

  private mutating func visit(_ root: Netlist.NodeID) {
    var stack = [(node: root, isExpanded: false)]
    while let (node, isExpanded) = stack.popLast() {
      if isExpanded {
        if case .reference(let signal) = system.netlist[node], let word = wordOf[signal] {
          items.append(.word(memory: word.memory, index: word.index))
        } else {
          items.append(.node(node))
        }
        continue
      }
      guard seenNodes.insert(node).inserted else { continue }
      guard case .reference(let signal) = system.netlist[node] else {
        stack.append((node, true))
        for operand in system.netlist[node].operands { stack.append((operand, false)) }
        continue
      }
      guard seenSignals.insert(signal).inserted else { continue }
      if let word = wordOf[signal] {
        stack.append((node, true))
        stack.append((system.memories[word.memory].words[word.index].address, false))
        add(memory: word.memory)
      } else if let state = stateOf[signal] {
        states.append(state)
        open.append(system.states[state].next)
      } else {
        inputs.append(signal)
      }
    }
  }

  private mutating func add(memory: Int) {
    if memories.contains(memory) { return }
    memories.append(memory)
    for write in system.memories[memory].writes { open += [write.condition, write.address, write.data] }
  }
}
