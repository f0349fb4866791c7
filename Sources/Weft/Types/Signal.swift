/// Something that carries bits in hardware: a scalar, a vector or a bundle.
///
/// A signal is neither `Equatable` nor `Hashable`: `==` builds a comparator. What can be compared and stored is its
/// `Shape`.
public protocol Signal: Decodable {
  /// What a test bench reads and writes.
  associatedtype Sample
  /// The signal of this layout whose bits come from `origin`.
  static func bind(_ layout: Layout, _ origin: Origin) -> Self
  /// The signal's bits.
  var signalLayout: Layout { get }
  /// Where the signal's bits come from.
  var origin: Origin { get }
}

extension Signal {
  /// The signal's pieces, as `Layout.leaves` orders them.
  var leaves: [Operand] { origin.leaves(signalLayout) }

  /// All bits as one value, the first field or element in the lowest.
  var packed: Netlist.NodeID {
    let scope = Scope.current
    return scope.packed(origin, signalLayout)
  }
}

/// A signal that is one value.
public protocol Scalar: Signal {
  /// The value.
  var operand: Operand { get }
  /// A signal with this value.
  init(operand: Operand)
  /// The layout of a value of `width` bits.
  static func layout(width: Int) -> Layout
}

extension Scalar {
  /// Reads the bits that the decoder stands for; used for the fields of bundles.
  public init(from decoder: any Decoder) throws {
    self = try BundleBinder.bound(decoder) { Self.bind($0, $1) }
  }

  /// The scalar of this layout whose bits come from `origin`.
  public static func bind(_ layout: Layout, _ origin: Origin) -> Self { Self(operand: origin.leaf(layout)) }

  /// The signal's bits.
  public var signalLayout: Layout {
    switch operand {
    case .node(_, let width, _): Self.layout(width: Int(width))
    case .literal(let value): Self.layout(width: Operand.width(of: value, signed: value < 0 || Self.self == Signed.self))
    case .prototype(let layout, _): layout
    }
  }

  /// Where the signal's bits come from.
  public var origin: Origin { .given([operand]) }
}

/// The value of a scalar: an expression of the module under elaboration, a literal that has yet to find its width, or
/// the place holder in a bundle that stands for a shape.
public enum Operand {
  /// An expression and its width.
  case node(Netlist.NodeID, width: Int32, turns: Turns = Turns())
  /// A number that takes the width it is used at.
  case literal(Int)
  /// A field of a bundle that only shows its shape.
  case prototype(Layout, turns: Turns = Turns())

  /// The directions of the field that the operand is among the bundles around it.
  var turns: Turns {
    switch self {
    case .node(_, _, let turns), .prototype(_, let turns): turns
    case .literal: Turns()
    }
  }

  /// The same operand as a field with these directions.
  func turned(_ turns: Turns) -> Operand {
    switch self {
    case .node(let node, let width, _): .node(node, width: width, turns: turns)
    case .prototype(let layout, _): .prototype(layout, turns: turns)
    case .literal: self
    }
  }

  /// The least bits that hold `value`.
  static func width(of value: Int, signed: Bool) -> Int {
    let magnitude = value < 0 ? ~value : value
    return max(1, Int.bitWidth - magnitude.leadingZeroBitCount + (signed ? 1 : 0))
  }
}
