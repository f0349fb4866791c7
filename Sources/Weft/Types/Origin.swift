/// Where the bits of a signal come from. Vectors and bundles keep an origin and look up an element or a field when it
/// is asked for, so that a large vector costs nothing until it is used.
public enum Origin {
  /// A bundle's field that only shows its shape.
  case prototype
  /// A declaration, whose leaves are signals named after it.
  case declared(Declaration)
  /// One value that holds everything side by side, from bit `low` up.
  case packed(Netlist.NodeID, low: Int)
  /// Element `index` of `count` of a vector.
  indirect case element(Origin, count: Int, index: Int)
  /// The element of a vector of `count` at a place known to the hardware alone.
  indirect case dynamicElement(Origin, count: Int, index: Operand)
  /// The one leaf.
  case value(Operand)
  /// The leaves.
  case given([Operand])
  /// A field's origin, and the field's directions among the bundles around it.
  indirect case turned(Origin, Turns)

  /// The one leaf that a scalar, or a vector of scalars, is.
  func leaf(_ layout: Layout) -> Operand {
    switch self {
    case .prototype: return .prototype(layout)
    case .declared(let declaration): return declaration.leaf(layout)
    case .packed(let node, let low): return Scope.current.slice(node, low: low, width: layout.width)
    case .element(let vector, let count, let index):
      let scope = Scope.current
      let whole = scope.node(vector.leaf(.vector(count, layout)))
      return scope.slice(whole, low: index * layout.width, width: layout.width)
    case .dynamicElement(let vector, let count, let index):
      let scope = Scope.current
      let whole = scope.node(vector.leaf(.vector(count, layout)))
      let position = scope.node(index)
      return scope.operand(scope.builder { $0.element(whole, index: position, width: layout.width) })
    case .value(let operand): return operand
    case .given(let operands): return operands.isEmpty ? .literal(0) : operands[0]
    case .turned(let origin, let turns): return origin.leaf(layout).turned(turns)
    }
  }

  /// All leaves of a signal with this layout.
  func leaves(_ layout: Layout) -> [Operand] {
    switch self {
    case .turned(let origin, _): return origin.leaves(layout)
    case .value(let operand): return [operand]
    case .given(let operands): return operands
    default: break
    }
    switch layout {
    case .bit, .bits, .unsigned, .signed, .fixed, .choice: return [leaf(layout)]
    case .bundle(let fields):
      return fields.indices.flatMap { field($0, of: fields).leaves(fields[$0].layout) }
    case .vector(let count, let elementLayout):
      guard let fields = elementLayout.fields else { return [leaf(layout)] }
      if case .packed = self {
        let elements = (0..<count).map { element($0, of: count, elementLayout).leaves(elementLayout) }
        return elementLayout.leaves.indices.map { part in Scope.current.concatenated(elements.map { $0[part] }) }
      }
      // A vector of bundles lies as a bundle of vectors.
      return fields.indices.flatMap { field($0, of: fields).leaves(layout.replacingBundle(by: fields[$0].layout)) }
    }
  }

  /// Field `index` of a bundle.
  func field(_ index: Int, of fields: [Layout.Field]) -> Origin {
    let field = fields[index]
    switch self {
    case .prototype: return .prototype
    case .turned(let origin, _): return origin.field(index, of: fields)
    case .declared(let declaration):
      return .declared(declaration.field(field))
    case .packed(let node, let low):
      return .packed(node, low: low + fields[..<index].reduce(0) { $0 + $1.layout.width })
    case .element(let vector, let count, let position):
      return .element(vector.field(index, of: fields), count: count, index: position)
    case .dynamicElement(let vector, let count, let position):
      return .dynamicElement(vector.field(index, of: fields), count: count, index: position)
    case .value(let operand): return Origin.given([operand]).field(index, of: fields)
    case .given(let operands):
      let start = fields[..<index].reduce(0) { $0 + $1.layout.leaves.count }
      return .given(Array(operands[start..<(start + field.layout.leaves.count)]))
    }
  }

  /// Element `index` of a vector.
  func element(_ index: Int, of count: Int, _ layout: Layout) -> Origin {
    switch self {
    case .prototype: return .prototype
    case .turned(let origin, _): return origin.element(index, of: count, layout)
    case .packed(let node, let low): return .packed(node, low: low + index * layout.width)
    case .value(let operand): return Origin.given([operand]).element(index, of: count, layout)
    case .given(let operands):
      let scope = Scope.current
      return .given(zip(operands, layout.leaves).map {
        scope.slice(scope.node($0), low: index * $1.layout.width, width: $1.layout.width)
      })
    default: return .element(self, count: count, index: index)
    }
  }

  /// The element of a vector at a place that the hardware computes.
  func element(at index: Operand, of count: Int, _ layout: Layout) -> Origin {
    switch self {
    case .prototype: return .prototype
    case .turned(let origin, _): return origin.element(at: index, of: count, layout)
    case .packed(let node, let low):
      let scope = Scope.current
      let (whole, position) = (scope.slice(node, low: low, width: count * layout.width), scope.node(index))
      let vector = scope.node(whole)
      return .packed(scope.builder { $0.element(vector, index: position, width: layout.width) }, low: 0)
    default: return .dynamicElement(self, count: count, index: index)
    }
  }
}

extension Layout {
  /// The fields of a bundle, or of the bundles in a vector; `nil` where there are none.
  fileprivate var fields: [Field]? {
    switch self {
    case .bundle(let fields): fields
    case .vector(_, let element): element.fields
    default: nil
    }
  }

  /// A vector of something else in place of its bundles.
  fileprivate func replacingBundle(by field: Layout) -> Layout {
    if case .vector(let count, let element) = self { .vector(count, element.replacingBundle(by: field)) } else { field }
  }
}

extension Origin {
  /// The directions of a field among the bundles around it; none for a signal that is no field.
  var turns: Turns {
    if case .turned(_, let turns) = self { turns } else { Turns() }
  }
}

/// A name in a module under elaboration; its leaves are the signals of that name and their fields' names behind it.
public struct Declaration {
  let scope: Scope
  let name: String
  /// Whether the name is that of a channel, or of something in one.
  var isChannel = false

  func field(_ field: Layout.Field) -> Declaration {
    Declaration(
      scope: scope, name: name + field.suffix(isInChannel: isChannel), isChannel: isChannel || field.isChannel)
  }
  func leaf(_ layout: Layout) -> Operand { scope.signal(named: name, layout) }
}
