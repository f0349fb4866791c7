/// Makes names for expressions from what they compute, so that a name changes only where its expression does.
///
/// A short expression over few signals is spelled out, as in `sum_a_b`; of a longer one the operator and the first
/// signals stand, and a hash of the whole expression follows.
struct WireNames {
  private static let exactLength = 36
  private static let signalCount = 3

  private let netlist: Netlist
  private let names: [String]
  private let signalNames: SignalNames

  init(_ netlist: Netlist, signalNames: SignalNames) {
    self.netlist = netlist
    self.signalNames = signalNames
    names = signalNames.names
  }

  /// What is known of an expression.
  private struct Description {
    /// The spelled-out expression, where it is short.
    var exact: String?
    /// The first distinct signals in it.
    var signals: [Netlist.SignalID] = []
    /// A hash of the content.
    var hash: UInt64 = 0
  }

  /// The names of the nodes that are wires.
  func names(for plan: ExpressionPlan) -> [Netlist.NodeID: String] {
    guard let last = plan.isWire.lastIndex(of: true) else { return [:] }
    var descriptions: [Description] = []
    descriptions.reserveCapacity(last + 1)
    var result: [Netlist.NodeID: String] = [:]
    var hashes: [(id: Netlist.NodeID, base: String, hash: UInt64)] = []
    var users: [String: Int] = [:]
    for index in 0...last {
      let id = Netlist.NodeID(index: Int32(index))
      descriptions.append(describe(id, descriptions))
      guard plan.isWire[index] else { continue }
      let description = descriptions[index]
      let named = plan.isWideProduct[index] ? netlist[id].operands[0] : id
      if let exact = wireName(of: named, description) {
        result[id] = exact
        users[exact, default: 0] += 1
        hashes.append((id, exact, description.hash))
      } else {
        hashes.append((id, summary(of: named, description), description.hash))
      }
    }
    return disambiguated(result, hashes, users)
  }

  /// Gives a hash to every name that is not exact, is taken, or is another's too; as short a one as tells all apart.
  private func disambiguated(
    _ exact: [Netlist.NodeID: String], _ all: [(id: Netlist.NodeID, base: String, hash: UInt64)], _ users: [String: Int]
  ) -> [Netlist.NodeID: String] {
    var result: [Netlist.NodeID: String] = [:]
    var open: [(id: Netlist.NodeID, base: String, hash: UInt64)] = []
    for entry in all {
      if let name = exact[entry.id], users[name] == 1, !signalNames.isTaken(name) {
        result[entry.id] = name
      } else {
        open.append(entry)
      }
    }
    for digits in [4, 8, 16] where !open.isEmpty {
      let candidates = open.map { "\($0.base)_\(BitVector(words: [$0.hash], width: digits * 4).hexadecimal)" }
      var count: [String: Int] = [:]
      for candidate in candidates { count[candidate, default: 0] += 1 }
      var rest: [(id: Netlist.NodeID, base: String, hash: UInt64)] = []
      for (entry, candidate) in zip(open, candidates) {
        if count[candidate] == 1, !signalNames.isTaken(candidate), users[candidate] == nil {
          result[entry.id] = candidate
        } else {
          rest.append(entry)
        }
      }
      open = rest
    }
    return result
  }

  /// The spelled-out name of a wire, where the expression has one.
  private func wireName(of id: Netlist.NodeID, _ description: Description) -> String? {
    guard let exact = description.exact else { return nil }
    switch netlist[id] {
    case .constant, .extend: return operatorName(id) + "_" + exact
    default: return exact
    }
  }

  private func summary(of id: Netlist.NodeID, _ description: Description) -> String {
    var text = operatorName(id)
    for signal in description.signals {
      let name = names[Int(signal.index)]
      if text.utf8.count + name.utf8.count > Self.exactLength { break }
      text += "_" + name
    }
    return text
  }

  private func describe(_ id: Netlist.NodeID, _ known: [Description]) -> Description {
    var result = Description()
    let node = netlist[id]
    let operands = node.operands
    var hash = FNV1a()
    hash.combine(netlist.width(of: id))
    hash.combine(code(of: node))
    for operand in operands {
      let description = known[Int(operand.index)]
      hash.combine(description.hash)
      for signal in description.signals where result.signals.count < Self.signalCount {
        if !result.signals.contains(signal) { result.signals.append(signal) }
      }
    }
    switch node {
    case .constant(let value):
      for word in value.words { hash.combine(word) }
      result.exact = value.unsignedValue.flatMap { $0 < 100_000 ? String($0) : nil }
    case .reference(let signal):
      hash.combine(names[Int(signal.index)])
      result.signals = [signal]
      result.exact = names[Int(signal.index)]
    case .slice(let base, let low):
      hash.combine(low)
      result.exact = known[Int(base.index)].exact.map { $0 + suffix(of: base, low: low, width: netlist.width(of: id)) }
    case .extend(let a, _): result.exact = known[Int(a.index)].exact
    default:
      var text = operatorName(id)
      for operand in operands {
        guard let part = known[Int(operand.index)].exact, text.utf8.count + part.utf8.count < Self.exactLength else {
          result.hash = hash.value
          return result
        }
        text += "_" + part
      }
      result.exact = text
    }
    if let exact = result.exact, exact.utf8.count > Self.exactLength, !operands.isEmpty { result.exact = nil }
    result.hash = hash.value
    return result
  }

  /// What names the bits of a slice: an element's position, or the bits' numbers.
  private func suffix(of base: Netlist.NodeID, low: Int, width: Int) -> String {
    if case .reference(let signal) = netlist[base] {
      return netlist[signal].partSuffix(low: low, width: width)
    }
    return width == 1 ? "_\(low)" : "_\(low + width - 1)_\(low)"
  }

  private func operatorName(_ id: Netlist.NodeID) -> String {
    switch netlist[id] {
    case .constant: "constant"
    case .reference: "copy"
    case .add: "sum"
    case .subtract: "difference"
    case .multiply: "product"
    case .bitwise(.and, _, _): "and"
    case .bitwise(.or, _, _): "or"
    case .bitwise(.xor, _, _): "xor"
    case .not: "not"
    case .compare(.equal, _, _): "equal"
    case .compare: "less"
    case .reduce(.and, _): "all"
    case .reduce(.or, _): "any"
    case .reduce(.xor, _): "parity"
    case .shift: "shifted"
    case .select: "choice"
    case .element: "element"
    case .slice: "part"
    case .concatenate: "joined"
    case .extend: "extended"
    }
  }

  /// A number that tells the kinds of nodes apart.
  private func code(of node: Netlist.Node) -> Int {
    switch node {
    case .constant: 0
    case .reference: 1
    case .add: 2
    case .subtract: 3
    case .multiply(_, _, let signed): signed ? 4 : 5
    case .bitwise(.and, _, _): 6
    case .bitwise(.or, _, _): 7
    case .bitwise(.xor, _, _): 8
    case .not: 9
    case .compare(.equal, _, _): 10
    case .compare(.less, _, _): 11
    case .compare(.lessSigned, _, _): 12
    case .reduce(.and, _): 13
    case .reduce(.or, _): 14
    case .reduce(.xor, _): 15
    case .shift(.left, _, _): 16
    case .shift(.right, _, _): 17
    case .shift(.rightArithmetic, _, _): 18
    case .select: 19
    case .element: 20
    case .slice: 21
    case .concatenate: 22
    case .extend(_, let signed): signed ? 23 : 24
    }
  }
}

extension Netlist.Signal {
  /// What names a part of this signal: the position of an element where the part is one, else the bits' numbers.
  func partSuffix(low: Int, width: Int) -> String {
    if case .vector(let count, let element) = format, count > 0, self.width % count == 0 {
      let elementWidth = self.width / count
      let position = low / elementWidth
      if low + width <= (position + 1) * elementWidth {
        let inner = Netlist.Signal(name: name, width: elementWidth, role: .wire, format: element, place: place)
        if width == elementWidth { return "_\(position)" }
        return "_\(position)" + inner.partSuffix(low: low % elementWidth, width: width)
      }
    }
    return width == 1 ? "_\(low)" : "_\(low + width - 1)_\(low)"
  }
}
