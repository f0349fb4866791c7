/// Decides which expressions of a module stand where they are used and which become wires of their own.
///
/// A wire is made of what Verilog lets no one write in place (a part of an expression, a product inside a wider
/// context), of what is used more than once and is not trivial, and of what would make a line too long.
struct ExpressionPlan {
  /// Text beyond this many characters becomes several wires.
  private static let inlineLength = 80
  /// Text up to this many characters may be repeated.
  private static let repeatedLength = 16

  private let netlist: Netlist
  private var uses: [Int32]
  private var valueUses: [Int32]
  private var length: [Int32]
  /// Whether a node becomes a wire, by node index.
  private(set) var isWire: [Bool]
  /// Whether a node is a product written in more bits than its factors have together, by node index: Verilog extends
  /// it by itself.
  private(set) var isWideProduct: [Bool]

  init(_ netlist: Netlist, names: [String]) {
    self.netlist = netlist
    let count = netlist.nodes.count
    uses = Array(repeating: 0, count: count)
    valueUses = uses
    length = uses
    isWire = Array(repeating: false, count: count)
    isWideProduct = isWire
    countUses()
    for index in 0..<count where uses[index] > 0 {
      let id = Netlist.NodeID(index: Int32(index))
      measure(id, names: names)
    }
  }

  /// The approximate number of characters of a node's text.
  func textLength(of id: Netlist.NodeID) -> Int { Int(length[Int(id.index)]) }

  private mutating func countUses() {
    var roots: [VerilogRoot] = []
    for index in netlist.processes.indices { netlist.visitRoots(of: netlist.processes[index]) { roots.append($0) } }
    for memory in netlist.memories {
      for read in memory.reads {
        netlist.visitRoots(of: read) { roots.append($0) }
        if MemoryShape(memory).canExceed(read.address, in: netlist) { force(read.address) }
      }
    }
    for property in netlist.properties { roots.append(.operand(property.condition)) }
    for root in roots {
      uses[Int(root.node.index)] += 1
      if case .value(let node) = root { valueUses[Int(node.index)] += 1 }
    }
    for index in netlist.processes.indices where netlist.processes[index].isMemoryWrite {
      forceAddresses(netlist.processes[index].statements)
    }
    for index in netlist.nodes.indices.reversed() where uses[index] > 0 {
      let id = Netlist.NodeID(index: Int32(index))
      netlist.nodes[index].forEachOperand { uses[Int($0.index)] += 1 }
      forceOperands(of: id)
    }
    nameProducts()
  }

  /// Makes wires of products inside other expressions; of one that is only extended, the extended product.
  private mutating func nameProducts() {
    for index in netlist.nodes.indices where uses[index] > valueUses[index] {
      if case .multiply = netlist.nodes[index] { isWire[index] = true }
    }
    for index in netlist.nodes.indices where uses[index] > 0 {
      guard case .extend(let product, let extendsSign) = netlist.nodes[index],
        case .multiply(_, _, let isSigned) = netlist[product], isSigned == extendsSign,
        uses[Int(product.index)] == 1
      else { continue }
      isWire[Int(product.index)] = false
      isWideProduct[index] = true
      if uses[index] > valueUses[index] { isWire[index] = true }
    }
  }

  /// Names addresses that are both compared with the depth and cut to the memory's address width, and constant ones:
  /// a memory that is written at constant addresses alone becomes registers in Yosys.
  private mutating func forceAddresses(_ statements: [Netlist.Statement]) {
    for statement in statements {
      switch statement {
      case .assign: break
      case .when(_, let then, let otherwise, _):
        forceAddresses(then)
        forceAddresses(otherwise)
      case .match(_, let cases, let fallback, _):
        for item in cases { forceAddresses(item.body) }
        forceAddresses(fallback)
      case .write(let memory, let address, _, _, _):
        if case .constant = netlist[address] { isWire[Int(address.index)] = true }
        if netlist.width(of: address) > MemoryShape(netlist[memory]).addressWidth { force(address) }
      }
    }
  }

  /// Gives a node a name, so that its bits can be picked or it can be written twice.
  private mutating func force(_ id: Netlist.NodeID) {
    switch netlist[id] {
    case .reference, .constant, .slice: break
    default: isWire[Int(id.index)] = true
    }
  }

  private mutating func forceOperands(of id: Netlist.NodeID) {
    switch netlist[id] {
    case .slice(let base, _):
      if case .reference = netlist[base] { return }
      isWire[Int(base.index)] = true
    case .extend(let operand, signed: true) where netlist.width(of: operand) > 1: force(operand)
    case .element(let vector, let index):
      if netlist.width(of: vector) > netlist.width(of: id) {
        if case .reference = netlist[vector] {} else { isWire[Int(vector.index)] = true }
      }
      let shape = ElementShape(netlist, vector: vector, index: index, width: netlist.width(of: id))
      if shape.needsGuard { force(index) }
    case .multiply(let a, let b, signed: false):
      for operand in [a, b] {
        // Verilog would compute these in the width of the product.
        switch netlist[operand] {
        case .reference, .constant, .slice, .concatenate, .extend: break
        default: isWire[Int(operand.index)] = true
        }
      }
    default: break
    }
  }

  /// Finds the length of a node's text and what of it becomes a wire for its length or its uses.
  private mutating func measure(_ id: Netlist.NodeID, names: [String]) {
    let index = Int(id.index)
    var total: Int32 = 0
    switch netlist[id] {
    case .constant(let value): total = Int32(4 + min(5, value.width / 3))
    case .reference(let signal): total = Int32(names[Int(signal.index)].utf8.count)
    case .slice(let base, _): total = inlineLength(of: base) + 6
    case .concatenate(let parts): total = parts.reduce(2) { $0 + inlineLength(of: $1) + 2 }
    case .extend(let product, _) where isWideProduct[index]: total = length[Int(product.index)]
    case .extend(let operand, let signed): total = inlineLength(of: operand) * (signed ? 2 : 1) + 14
    case let node:
      total = -1
      let operands = node.operands
      for operand in operands { total += inlineLength(of: operand) + 3 }
      if total > Self.inlineLength { total -= shorten(operands, excess: total - Int32(Self.inlineLength)) }
    }
    length[index] = total
    if isWire[index] { return }
    if uses[index] > 1, !isTrivial(id) { isWire[index] = true }
    if uses[index] > valueUses[index], total > Self.inlineLength { isWire[index] = true }
  }

  /// The length that a wire's name is taken to have.
  private static let wireLength: Int32 = 24

  private func inlineLength(of id: Netlist.NodeID) -> Int32 {
    isWire[Int(id.index)] ? Self.wireLength : length[Int(id.index)]
  }

  /// Makes wires of the longest operands until `excess` characters are gone; returns how many went.
  private mutating func shorten(_ operands: [Netlist.NodeID], excess: Int32) -> Int32 {
    var gone: Int32 = 0
    for operand in operands.sorted(by: { inlineLength(of: $0) > inlineLength(of: $1) }) where gone < excess {
      let saved = inlineLength(of: operand) - Self.wireLength
      if saved <= 0 { break }
      switch netlist[operand] {
      case .extend, .slice, .not, .reference, .constant: continue
      default: break
      }
      isWire[Int(operand.index)] = true
      gone += saved
    }
    return gone
  }

  /// Whether a node may be written in several places.
  private func isTrivial(_ id: Netlist.NodeID) -> Bool {
    switch netlist[id] {
    case .constant, .reference, .slice: true
    case .extend(let operand, _): isTrivial(operand) && length[Int(id.index)] <= Self.repeatedLength * 2
    case .not(let operand): isTrivial(operand)
    case .compare(.equal, let a, let b), .bitwise(_, let a, let b):
      isTrivial(a) && isTrivial(b) && length[Int(id.index)] <= Self.repeatedLength + 8
    case .concatenate(let parts):
      parts.allSatisfy(isTrivial) && length[Int(id.index)] <= Self.repeatedLength * 2
    default: false
    }
  }
}

extension Netlist.Process {
  /// Whether the process writes a memory.
  var isMemoryWrite: Bool { if case .memoryWrite = kind { true } else { false } }
}
