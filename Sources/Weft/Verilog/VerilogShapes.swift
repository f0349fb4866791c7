/// The number of bits that count from zero to `count - 1`, at least one.
func addressBits(_ count: Int) -> Int {
  count <= 2 ? 1 : Int.bitWidth - (count - 1).leadingZeroBitCount
}

/// Whether an index of `width` bits can be `count` or more.
private func exceeds(_ count: Int, indexWidth width: Int) -> Bool { width >= 62 || 1 << width > count }

/// How the words of a memory are addressed.
struct MemoryShape {
  let depth: Int
  /// The bits of an address as Verilog wants it.
  let addressWidth: Int

  init(_ memory: Netlist.Memory) {
    depth = memory.depth
    addressWidth = addressBits(memory.depth)
  }

  /// Whether an address lies below the depth.
  func holds(_ address: BitVector) -> Bool { address.unsignedValue.map { $0 < depth } ?? false }

  /// Whether an address can lie beyond the depth.
  func canExceed(_ address: Netlist.NodeID, in netlist: Netlist) -> Bool {
    if case .constant(let value) = netlist[address] { return !holds(value) }
    return exceeds(depth, indexWidth: netlist.width(of: address))
  }

  /// Whether an address is a constant that lies beyond the depth.
  func neverHolds(_ address: Netlist.NodeID, in netlist: Netlist) -> Bool {
    if case .constant(let value) = netlist[address] { !holds(value) } else { false }
  }
}

/// How an element of a vector is picked by an index.
struct ElementShape {
  let count: Int
  let width: Int
  let indexWidth: Int
  /// Whether the index can lie beyond the last element.
  let needsGuard: Bool

  init(_ netlist: Netlist, vector: Netlist.NodeID, index: Netlist.NodeID, width: Int) {
    count = netlist.width(of: vector) / width
    self.width = width
    indexWidth = netlist.width(of: index)
    needsGuard = exceeds(count, indexWidth: indexWidth)
  }
}
