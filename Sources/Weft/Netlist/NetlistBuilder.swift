/// Puts nodes and signals into a netlist, each distinct expression once, folding constants on the way.
///
/// Every method asks for the widths that its node kind has; the language above reports the user's mistakes before they
/// come here.
public struct NetlistBuilder: Sendable {
  /// The netlist as far as it is built.
  public var netlist: Netlist
  private var known = NodeTable()
  /// The node that refers to each signal, or -1.
  private var references: [Int32] = []

  /// Starts an empty module.
  public init(name: String, summary: String = "") { netlist = Netlist(name: name, summary: summary) }

  /// Goes on with a netlist that is there.
  public init(extending netlist: Netlist) {
    self.netlist = netlist
    for id in netlist.nodeIDs {
      if case .reference(let signal) = netlist[id] {
        note(id, for: signal)
        continue
      }
      let entry = known.entry(of: netlist[id], width: Int32(netlist.width(of: id)), in: netlist)
      if entry.id == nil { known.insert(id, at: entry) }
    }
  }

  /// Adds a signal.
  public mutating func add(_ signal: Netlist.Signal) -> Netlist.SignalID {
    netlist.signals.append(signal)
    return .init(index: Int32(netlist.signals.count - 1))
  }

  /// Adds a memory.
  public mutating func add(_ memory: Netlist.Memory) -> Netlist.MemoryID {
    netlist.memories.append(memory)
    return .init(index: Int32(netlist.memories.count - 1))
  }

  /// Adds an instance.
  public mutating func add(_ instance: Netlist.Instance) -> Netlist.InstanceID {
    netlist.instances.append(instance)
    return .init(index: Int32(netlist.instances.count - 1))
  }

  /// The width in bits of node `id`.
  public func width(of id: Netlist.NodeID) -> Int { netlist.width(of: id) }

  /// The constant that node `id` is, if it is one.
  public func constant(of id: Netlist.NodeID) -> BitVector? {
    if case .constant(let value) = netlist[id] { value } else { nil }
  }

  /// The one node for this expression.
  private mutating func intern(_ node: Netlist.Node, width: Int) -> Netlist.NodeID {
    let entry = known.entry(of: node, width: Int32(width), in: netlist)
    if let id = entry.id { return id }
    let id = append(node, width: width)
    known.insert(id, at: entry)
    return id
  }

  private mutating func append(_ node: Netlist.Node, width: Int) -> Netlist.NodeID {
    netlist.nodes.append(node)
    netlist.nodeWidths.append(Int32(width))
    return Netlist.NodeID(index: Int32(netlist.nodes.count - 1))
  }
}

// MARK: - Leaves

extension NetlistBuilder {
  /// A constant.
  public mutating func constant(_ value: BitVector) -> Netlist.NodeID { intern(.constant(value), width: value.width) }

  /// The value of a signal.
  public mutating func reference(_ signal: Netlist.SignalID) -> Netlist.NodeID {
    let index = Int(signal.index)
    if index < references.count, references[index] >= 0 { return .init(index: references[index]) }
    let id = append(.reference(signal), width: netlist[signal].width)
    note(id, for: signal)
    return id
  }

  private mutating func note(_ id: Netlist.NodeID, for signal: Netlist.SignalID) {
    let index = Int(signal.index)
    if index >= references.count {
      references.append(contentsOf: repeatElement(-1, count: index + 1 - references.count))
    }
    references[index] = id.index
  }

  private mutating func bit(_ value: Bool) -> Netlist.NodeID {
    constant(BitVector(truncating: value ? 1 : 0, width: 1))
  }
}

// MARK: - Arithmetic

extension NetlistBuilder {
  /// The sum modulo two to the width.
  public mutating func add(_ a: Netlist.NodeID, _ b: Netlist.NodeID) -> Netlist.NodeID {
    precondition(width(of: a) == width(of: b))
    if let x = constant(of: a), let y = constant(of: b) { return constant(x.adding(y)) }
    if constant(of: a)?.isZero == true { return b }
    if constant(of: b)?.isZero == true { return a }
    return intern(.add(a, b), width: width(of: a))
  }

  /// The difference modulo two to the width.
  public mutating func subtract(_ a: Netlist.NodeID, _ b: Netlist.NodeID) -> Netlist.NodeID {
    precondition(width(of: a) == width(of: b))
    if let x = constant(of: a), let y = constant(of: b) { return constant(x.subtracting(y)) }
    if constant(of: b)?.isZero == true { return a }
    if a == b { return constant(BitVector(zero: width(of: a))) }
    return intern(.subtract(a, b), width: width(of: a))
  }

  /// The exact product.
  public mutating func multiply(_ a: Netlist.NodeID, _ b: Netlist.NodeID, signed: Bool) -> Netlist.NodeID {
    if let x = constant(of: a), let y = constant(of: b) { return constant(x.multiplied(by: y, signed: signed)) }
    let total = width(of: a) + width(of: b)
    if constant(of: a)?.isZero == true || constant(of: b)?.isZero == true { return constant(BitVector(zero: total)) }
    return intern(.multiply(a, b, signed: signed), width: total)
  }

  /// Whether the operands compare so.
  public mutating func compare(_ comparison: Netlist.Comparison, _ a: Netlist.NodeID, _ b: Netlist.NodeID)
    -> Netlist.NodeID
  {
    precondition(width(of: a) == width(of: b))
    if let x = constant(of: a), let y = constant(of: b) { return bit(x.compares(comparison, y)) }
    if a == b { return bit(comparison == .equal) }
    return intern(.compare(comparison, a, b), width: 1)
  }
}

// MARK: - Bits

extension NetlistBuilder {
  /// Bit by bit.
  public mutating func bitwise(_ operation: Netlist.BitwiseOperator, _ a: Netlist.NodeID, _ b: Netlist.NodeID)
    -> Netlist.NodeID
  {
    precondition(width(of: a) == width(of: b))
    switch (constant(of: a), constant(of: b)) {
    case (let x?, let y?): return constant(x.combined(with: y, operation))
    case (let x?, nil):
      if let folded = fold(operation, x, b) { return folded }
    case (nil, let y?):
      if let folded = fold(operation, y, a) { return folded }
    case (nil, nil): break
    }
    if a == b { return operation == .xor ? constant(BitVector(zero: width(of: a))) : a }
    return intern(.bitwise(operation, a, b), width: width(of: a))
  }

  private mutating func fold(_ operation: Netlist.BitwiseOperator, _ value: BitVector, _ other: Netlist.NodeID)
    -> Netlist.NodeID?
  {
    switch operation {
    case .and where value.isZero, .or where value.isAllOnes: constant(value)
    case .and where value.isAllOnes, .or where value.isZero, .xor where value.isZero: other
    case .xor where value.isAllOnes: not(other)
    default: nil
    }
  }

  /// Every bit inverted.
  public mutating func not(_ a: Netlist.NodeID) -> Netlist.NodeID {
    if let x = constant(of: a) { return constant(x.inverted) }
    if case .not(let inner) = netlist[a] { return inner }
    return intern(.not(a), width: width(of: a))
  }

  /// All bits combined into one.
  public mutating func reduce(_ operation: Netlist.BitwiseOperator, _ a: Netlist.NodeID) -> Netlist.NodeID {
    if let x = constant(of: a) { return bit(x.reduced(operation)) }
    return width(of: a) == 1 ? a : intern(.reduce(operation, a), width: 1)
  }

  /// `a` moved by `amount` places.
  public mutating func shift(_ direction: Netlist.ShiftDirection, _ a: Netlist.NodeID, by amount: Netlist.NodeID)
    -> Netlist.NodeID
  {
    if let count = constant(of: amount) {
      let places = min(count.unsignedValue ?? .max, width(of: a))
      if let x = constant(of: a) { return constant(x.shifted(direction, by: places)) }
      return shift(direction, a, byConstant: places)
    }
    return intern(.shift(direction, a, by: amount), width: width(of: a))
  }

  private mutating func shift(_ direction: Netlist.ShiftDirection, _ a: Netlist.NodeID, byConstant places: Int)
    -> Netlist.NodeID
  {
    let total = width(of: a)
    if places == 0 { return a }
    switch direction {
    case .left where places >= total, .right where places >= total: return constant(BitVector(zero: total))
    case .left:
      let kept = slice(a, low: 0, width: total - places)
      return concatenate([kept, constant(BitVector(zero: places))])
    case .right: return extend(slice(a, low: places, width: total - places), to: total, signed: false)
    case .rightArithmetic:
      let low = min(places, total - 1)
      return extend(slice(a, low: low, width: total - low), to: total, signed: true)
    }
  }

  /// `a` where `condition` is one, else `b`.
  public mutating func select(_ condition: Netlist.NodeID, _ a: Netlist.NodeID, _ b: Netlist.NodeID) -> Netlist.NodeID {
    precondition(width(of: condition) == 1 && width(of: a) == width(of: b))
    if let value = constant(of: condition) { return value[0] ? a : b }
    if a == b { return a }
    if case .not(let inner) = netlist[condition] { return select(inner, b, a) }
    if width(of: a) == 1, let x = constant(of: a), constant(of: b) != nil {
      return x[0] ? condition : not(condition)
    }
    return intern(.select(condition, a, b), width: width(of: a))
  }

  /// The element of `vector` at `index`, each `width` bits wide.
  public mutating func element(_ vector: Netlist.NodeID, index: Netlist.NodeID, width elementWidth: Int)
    -> Netlist.NodeID
  {
    precondition(elementWidth > 0 && width(of: vector) % elementWidth == 0)
    if let position = constant(of: index) {
      let count = width(of: vector) / elementWidth
      guard let place = position.unsignedValue, place < count else { return constant(BitVector(zero: elementWidth)) }
      return slice(vector, low: place * elementWidth, width: elementWidth)
    }
    return intern(.element(vector, index: index), width: elementWidth)
  }

  /// Bits `low ..< low + width` of `a`.
  public mutating func slice(_ a: Netlist.NodeID, low: Int, width: Int) -> Netlist.NodeID {
    precondition(low >= 0 && width > 0 && low + width <= self.width(of: a))
    if width == self.width(of: a) { return a }
    switch netlist[a] {
    case .constant(let value): return constant(value.slice(low: low, width: width))
    case .slice(let inner, let offset): return slice(inner, low: offset + low, width: width)
    case .concatenate(let parts):
      var base = 0
      for part in parts.reversed() {
        let partWidth = self.width(of: part)
        if low >= base && low + width <= base + partWidth { return slice(part, low: low - base, width: width) }
        base += partWidth
      }
    case .extend(let inner, let signed):
      let innerWidth = self.width(of: inner)
      if low + width <= innerWidth { return slice(inner, low: low, width: width) }
      if low < innerWidth {
        return extend(slice(inner, low: low, width: innerWidth - low), to: width, signed: signed)
      }
      if !signed { return constant(BitVector(zero: width)) }
    default: break
    }
    return intern(.slice(a, low: low), width: width)
  }

  /// `parts` side by side, the first the most significant.
  public mutating func concatenate(_ parts: [Netlist.NodeID]) -> Netlist.NodeID {
    precondition(!parts.isEmpty)
    var flat: [Netlist.NodeID] = []
    for part in parts {
      let pieces: [Netlist.NodeID] = if case .concatenate(let inner) = netlist[part] { inner } else { [part] }
      for piece in pieces {
        if let last = flat.last, let joined = join(last, piece) {
          flat[flat.count - 1] = joined
        } else {
          flat.append(piece)
        }
      }
    }
    if flat.count == 1 { return flat[0] }
    return intern(.concatenate(flat), width: flat.reduce(0) { $0 + width(of: $1) })
  }

  /// Two neighbours as one node: constants, or slices that follow each other.
  private mutating func join(_ high: Netlist.NodeID, _ low: Netlist.NodeID) -> Netlist.NodeID? {
    switch (netlist[high], netlist[low]) {
    case (.constant(let x), .constant(let y)): return constant(.concatenating([x, y]))
    case (.slice(let a, let highLow), .slice(let b, let lowLow)) where a == b && lowLow + width(of: low) == highLow:
      return slice(a, low: lowLow, width: width(of: high) + width(of: low))
    default: return nil
    }
  }

  /// `a` in `width` bits, with zeros or its sign above.
  public mutating func extend(_ a: Netlist.NodeID, to width: Int, signed: Bool) -> Netlist.NodeID {
    precondition(width >= self.width(of: a))
    if width == self.width(of: a) { return a }
    switch netlist[a] {
    case .constant(let value): return constant(value.extended(to: width, signed: signed))
    case .extend(let inner, let innerSigned) where innerSigned == signed || !innerSigned:
      return extend(inner, to: width, signed: innerSigned)
    default: return intern(.extend(a, signed: signed), width: width)
    }
  }
}
