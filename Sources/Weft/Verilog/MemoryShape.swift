/// How the words of a memory are addressed.
struct MemoryShape {
  let depth: Int
  /// The bits of an address as Verilog wants it.
  let addressWidth: Int

  init(_ memory: Netlist.Memory) {
    depth = memory.depth
    addressWidth = Indexing.bits(for: memory.depth)
  }

  /// Whether an address lies below the depth.
  func holds(_ address: BitVector) -> Bool { address.unsignedValue.map { $0 < depth } ?? false }

  /// Whether an address can lie beyond the depth.
  func canExceed(_ address: Netlist.NodeID, in netlist: Netlist) -> Bool {
    if case .constant(let value) = netlist[address] { return !holds(value) }
    return Indexing.canReach(depth, width: netlist.width(of: address))
  }

  /// Whether an address is a constant that lies beyond the depth.
  func neverHolds(_ address: Netlist.NodeID, in netlist: Netlist) -> Bool {
    if case .constant(let value) = netlist[address] { !holds(value) } else { false }
  }
}
