/// Finds the node of a netlist that is equal to a given one: a hash table that holds indices only, since the nodes are in
/// the netlist.
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
    var hasher = Hasher()
    hasher.combine(node)
    hasher.combine(width)
    let hash = UInt32(truncatingIfNeeded: hasher.finalize())
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
