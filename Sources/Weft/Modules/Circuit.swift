/// What a module's body is made of: connections, conditions and groups of them.
public struct Circuit {
  enum Kind {
    case block([Circuit])
    case assign([Connection])
    indirect case when(Netlist.NodeID, then: Circuit, else: Circuit)
    indirect case match(Netlist.NodeID, cases: [(patterns: [BitVector], body: Circuit)], default: Circuit?)
    case write(Netlist.MemoryID, address: Netlist.NodeID, data: Netlist.NodeID, low: Int)
    case property(Netlist.Property)
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
    let leftLayout = left.signalLayout
    let leaves = leftLayout.leaves
    let targets = left.leaves
    let values = right.leaves
    guard targets.count == values.count, leaves.count == targets.count else {
      scope.report(.width, "\(leftLayout) cannot take \(right.signalLayout)", at: place)
      self.init([])
      return
    }
    let hasFixed = leaves.contains { $0.layout.fractionBits != nil }
    let rightLeaves = hasFixed ? right.signalLayout.leaves : []
    var connections: [Connection] = []
    for (index, leaf) in leaves.enumerated() {
      let (to, from) = leaf.isReturning ? (values[index], targets[index]) : (targets[index], values[index])
      let target = scope.node(to)
      let width = scope.builder { $0.width(of: target) }
      let value = scope.node(scope.sized(from, as: leaf.layout))
      let valueWidth = scope.builder { $0.width(of: value) }
      if hasFixed, !from.isLiteral, leaf.layout != rightLeaves[index].layout {
        let right = rightLeaves[index].layout
        let (own, other) = leaf.isReturning ? (right, leaf.layout) : (leaf.layout, right)
        scope.report(
          .width,
          "\(scope.netlist.describe(target)) is \(own), but \(scope.netlist.describe(value)) is \(other); "
            + own.cure(for: other),
          at: place)
        connections.append(Connection(target: target, value: scope.constant(BitVector(zero: width))))
        continue
      }
      if width != valueWidth {
        scope.report(
          .width,
          "\(scope.netlist.describe(target)) has \(width) bits, but \(scope.netlist.describe(value)) has \(valueWidth); "
            + Self.cure(for: leaf.layout, isWider: valueWidth > width),
          at: place)
        // The target still counts as driven, so that one mistake is reported once.
        connections.append(Connection(target: target, value: scope.constant(BitVector(zero: width))))
        continue
      }
      connections.append(Connection(target: target, value: value))
    }
    self.init(kind: .assign(connections), place: place)
  }
}

extension Circuit {
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

/// `left` takes the value of `right`: at once for wires and outputs, at the next clock edge for registers. Where several
/// statements give a signal a value, the last whose conditions hold wins. The widths are equal.
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
