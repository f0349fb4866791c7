/// Finds the node of a netlist that is equal to a given one: a hash table that holds indices only, since the nodes are
/// in the netlist.
struct NodeTable: Sendable {
  private struct Slot {
    var hash: UInt32
    /// The node's index, or -1 in a free slot.
    var node: Int32 = -1
  }

  /// Where a node is, or would go.
  struct Entry {
    fileprivate var hash: UInt32
    fileprivate var slot: Int
    /// The node, if there is one.
    var id: Netlist.NodeID?
  }

  private var slots: [Slot] = []
  private var count = 0

  /// Looks for a node of this width.
  func entry(of node: Netlist.Node, width: Int32, in netlist: Netlist) -> Entry {
    let hash = Self.hash(node, width)
    if slots.isEmpty { return Entry(hash: hash, slot: 0) }
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot].node >= 0 {
      let index = Int(slots[slot].node)
      if slots[slot].hash == hash, netlist.nodeWidths[index] == width, netlist.nodes[index] == node {
        return Entry(hash: hash, slot: slot, id: Netlist.NodeID(index: Int32(index)))
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return Entry(hash: hash, slot: slot)
  }

  /// A hash of the numbers that a node is made of; which operation of a kind it is need not count.
  private static func hash(_ node: Netlist.Node, _ width: Int32) -> UInt32 {
    var state = UInt64(truncatingIfNeeded: width)
    func combine(_ value: some BinaryInteger) {
      state = (state ^ UInt64(truncatingIfNeeded: value)) &* 0x9E37_79B9_7F4A_7C15
      state ^= state >> 29
    }
    func combine(_ code: Int, _ a: Netlist.NodeID, _ b: Netlist.NodeID = .init(index: 0)) {
      combine(code)
      combine(UInt64(UInt32(bitPattern: a.index)) << 32 | UInt64(UInt32(bitPattern: b.index)))
    }
    switch node {
    case .constant(let value):
      combine(0)
      for word in value.words { combine(word) }
    case .reference(let signal): combine(1, .init(index: signal.index))
    case .add(let a, let b): combine(2, a, b)
    case .subtract(let a, let b): combine(3, a, b)
    case .multiply(let a, let b, let signed): combine(signed ? 4 : 5, a, b)
    case .bitwise(_, let a, let b): combine(6, a, b)
    case .not(let a): combine(9, a)
    case .compare(_, let a, let b): combine(10, a, b)
    case .reduce(_, let a): combine(13, a)
    case .shift(_, let a, let amount): combine(16, a, amount)
    case .select(let condition, let a, let b):
      combine(19, condition, a)
      combine(b.index)
    case .element(let vector, let index): combine(20, vector, index)
    case .slice(let a, let low):
      combine(21, a)
      combine(low)
    case .concatenate(let parts):
      combine(22)
      for part in parts { combine(part.index) }
    case .extend(let a, let signed): combine(signed ? 23 : 24, a)
    }
    return UInt32(truncatingIfNeeded: state >> 16)
  }

  /// Puts a node where its entry says; the table has not changed since.
  mutating func insert(_ id: Netlist.NodeID, at entry: Entry) {
    let slot = Slot(hash: entry.hash, node: id.index)
    count += 1
    if count * 2 <= slots.count {
      slots[entry.slot] = slot
    } else {
      let old = slots
      slots = [Slot](repeating: Slot(hash: 0), count: max(16, old.count * 2))
      for slot in old where slot.node >= 0 { place(slot) }
      place(slot)
    }
  }

  private mutating func place(_ slot: Slot) {
    var position = Int(slot.hash) & (slots.count - 1)
    while slots[position].node >= 0 { position = (position + 1) & (slots.count - 1) }
    slots[position] = slot
  }
}
