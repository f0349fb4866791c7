/// What a module's body is made of: connections, conditions and groups of them.
public struct Circuit {
  enum Kind {
    case block([Circuit])
    case assign(Connection)
    indirect case when(Netlist.NodeID, then: Circuit, else: Circuit)
    indirect case match(Netlist.NodeID, cases: [(patterns: [BitVector], body: Circuit)], default: Circuit?)
    case write(Netlist.MemoryID, address: Netlist.NodeID, data: Netlist.NodeID, low: Int)
    indirect case property(Netlist.Property)
  }

  /// One leaf that takes a value.
  struct Connection {
    var target: Netlist.NodeID
    var value: Netlist.NodeID
  }

  let kind: Kind
  var place: SourcePlace?

  init(kind: Kind, place: SourcePlace? = nil) {
    self.kind = kind
    self.place = place
  }

  /// Statements one after the other; none of them for an empty list.
  public init(_ parts: [Circuit]) { self.init(kind: .block(parts)) }

  /// `left` takes the value of `right`, leaf by leaf; leaves that run against their bundle go the other way.
  init<T: Signal>(connecting left: T, to right: T, at place: SourcePlace? = nil) {
    let scope = Scope.current
    let (layout, other) = (left.signalLayout, right.signalLayout)
    if layout.isLeaf {
      let connection = Connection(
        scope, to: left.origin.leaf(layout), layout, from: right.origin.leaf(other), other, at: place)
      self.init(kind: .assign(connection), place: place)
      return
    }
    let (leaves, otherLeaves) = (layout.leaves, other.leaves)
    let (targets, values) = (left.leaves, right.leaves)
    guard targets.count == values.count, leaves.count == targets.count, leaves.count == otherLeaves.count else {
      scope.report(.width, "\(layout) cannot take \(other)", at: place)
      self.init([])
      return
    }
    let parts = leaves.indices.map { index in
      let (one, two) = (targets[index], values[index])
      let (oneLayout, twoLayout) = (leaves[index].layout, otherLeaves[index].layout)
      let connection =
        leaves[index].isReturning
        ? Connection(scope, to: two, twoLayout, from: one, oneLayout, at: place)
        : Connection(scope, to: one, oneLayout, from: two, twoLayout, at: place)
      return Circuit(kind: .assign(connection), place: place)
    }
    self.init(kind: .block(parts), place: place)
  }
}

extension Circuit.Connection {
  /// A connection of two leaves; one that does not fit is reported, and gives the target zero, so that it still counts
  /// as driven and one mistake is reported once.
  fileprivate init(
    _ scope: Scope, to left: Operand, _ layout: Layout, from right: Operand, _ other: Layout, at place: SourcePlace?
  ) {
    target = scope.node(left)
    value = scope.node(scope.sized(right, as: layout))
    let (width, valueWidth) = scope.builder { [target, value] in ($0.width(of: target), $0.width(of: value)) }
    let isFixed = layout.fractionBits != nil && !right.isLiteral && layout != other
    if !isFixed && width == valueWidth { return }
    let (to, from) = (scope.netlist.describe(target), scope.netlist.describe(value))
    scope.report(
      .width,
      isFixed
        ? "\(to) is \(layout), but \(from) is \(other); " + layout.cure(for: other)
        : "\(to) has \(width) bits, but \(from) has \(valueWidth); "
          + Self.cure(for: layout, isWider: valueWidth > width),
      at: place)
    value = scope.constant(BitVector(zero: width))
  }

  /// How to make a value fit a target of this layout.
  private static func cure(for layout: Layout, isWider: Bool) -> String {
    switch layout {
    case .vector: "vectors are connected that have equally many elements of one shape"
    case .bits where isWider: "say which are meant, for instance with `.truncated(to: \(layout.width))`"
    case _ where isWider:
      "say what is meant with `.truncated(to: \(layout.width))` or `.saturated(to: \(layout.width))`"
    default: "say what is meant with `.extended(to: \(layout.width))`"
    }
  }
}

infix operator <== : AssignmentPrecedence

/// `left` takes the value of `right`: at once for wires and outputs, at the next clock edge for registers. Where
/// several statements give a signal a value, the last whose conditions hold wins. The widths are equal.
public func <== <T: Signal>(left: T, right: T) -> Circuit { Circuit(connecting: left, to: right) }

/// `left` takes the case `right`.
public func <== <E: Enumeration>(left: Choice<E>, right: E) -> Circuit { Circuit(connecting: left, to: Choice(right)) }

@available(*, unavailable, message: "Signed and Unsigned do not mix: convert one, with `.asSigned` or `.asUnsigned`")
public func <== (left: Signed, right: Unsigned) -> Circuit { preconditionFailure("unavailable") }
@available(*, unavailable, message: "Unsigned and Signed do not mix: convert one, with `.asSigned` or `.asUnsigned`")
public func <== (left: Unsigned, right: Signed) -> Circuit { preconditionFailure("unavailable") }

/// Collects the statements of a body and notes where each stands.
@resultBuilder
public enum CircuitBuilder {
  /// A statement, with the line it stands on.
  public static func buildExpression(_ statement: Circuit, file: String = #fileID, line: Int = #line) -> Circuit {
    var statement = statement
    let place = SourcePlace(file: file, line: line)
    if statement.place == nil { statement.place = place }
    Scope.currentOrNil?.place(at: place)
    return statement
  }

  /// A piece of Swift that makes no hardware, such as `total = total + x`.
  public static func buildExpression(_ nothing: Void, file: String = #fileID, line: Int = #line) -> Circuit {
    Scope.currentOrNil?.place(at: SourcePlace(file: file, line: line))
    return Circuit([])
  }

  /// A signal alone does nothing.
  @available(*, unavailable, message: "a signal alone is no statement; give it a value with `<==`")
  public static func buildExpression(_ signal: some Signal) -> Circuit { preconditionFailure("unavailable") }

  public static func buildBlock(_ parts: Circuit...) -> Circuit { parts.count == 1 ? parts[0] : Circuit(parts) }
  public static func buildArray(_ parts: [Circuit]) -> Circuit { Circuit(parts) }
  public static func buildOptional(_ part: Circuit?) -> Circuit { part ?? Circuit([]) }
  public static func buildEither(first part: Circuit) -> Circuit { part }
  public static func buildEither(second part: Circuit) -> Circuit { part }
}
