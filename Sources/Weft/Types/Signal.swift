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
  /// Whether the value is a number with a sign.
  static var isSigned: Bool { get }
  /// Both values in one unit, so that their bits can be chosen between.
  static func aligned(_ a: Self, _ b: Self) -> (Self, Self)
}

extension Scalar {
  /// No sign.
  public static var isSigned: Bool { false }
  /// Both as they are.
  public static func aligned(_ a: Self, _ b: Self) -> (Self, Self) { (a, b) }

  /// The operand, a literal in the least bits that hold it.
  var settledOperand: Operand { operand.isLiteral ? Scope.current.sized(operand, as: signalLayout) : operand }

  /// Reads the bits that the decoder stands for; used for the fields of bundles.
  public init(from decoder: any Decoder) throws {
    self = try BundleBinder.bound(decoder) { Self.bind($0, $1) }
  }

  /// Where the signal's bits come from.
  public var origin: Origin { .value(operand) }
}

/// A scalar whose shape is its width alone.
public protocol PlainScalar: Scalar {
  /// A signal with this value.
  init(operand: Operand)
  /// The layout of a value of `width` bits.
  static func layout(width: Int) -> Layout
}

extension PlainScalar {
  /// The scalar of this layout whose bits come from `origin`.
  public static func bind(_ layout: Layout, _ origin: Origin) -> Self { Self(operand: origin.leaf(layout)) }

  /// The signal's bits.
  public var signalLayout: Layout {
    switch operand {
    case .node(_, let width, _): Self.layout(width: Int(width))
    case .constant(let value): Self.layout(width: value.width)
    case .literal(let value, _): Self.layout(width: Operand.width(of: value, signed: value < 0 || Self.isSigned))
    case .prototype(let layout, _): layout
    }
  }
}

/// The value of a scalar: an expression of the module under elaboration, a constant, which belongs to no module, a
/// literal that has yet to find its width, or the place holder in a bundle that stands for a shape.
public enum Operand {
  /// An expression and its width.
  case node(Netlist.NodeID, width: Int32, turns: Turns = Turns())
  /// A constant of a known width.
  case constant(BitVector)
  /// A number, divided by two to the power of `fraction`, that takes the width and binary point it is used at.
  case literal(Int, fraction: Int = 0)
  /// A field of a bundle that only shows its shape.
  case prototype(Layout, turns: Turns = Turns())

  /// Whether the operand has yet to find its width.
  var isLiteral: Bool { if case .literal = self { true } else { false } }

  /// The directions of the field that the operand is among the bundles around it.
  var turns: Turns {
    switch self {
    case .node(_, _, let turns), .prototype(_, let turns): turns
    case .constant, .literal: Turns()
    }
  }

  /// The same operand as a field with these directions.
  func turned(_ turns: Turns) -> Operand {
    switch self {
    case .node(let node, let width, _): .node(node, width: width, turns: turns)
    case .prototype(let layout, _): .prototype(layout, turns: turns)
    case .constant, .literal: self
    }
  }

  /// The least bits that hold `value`.
  static func width(of value: Int, signed: Bool) -> Int {
    let magnitude = value < 0 ? ~value : value
    return max(1, Int.bitWidth - magnitude.leadingZeroBitCount + (signed ? 1 : 0))
  }
}
