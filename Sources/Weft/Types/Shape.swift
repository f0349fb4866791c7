/// What a signal looks like, as opposed to the signal itself: a value that a module can have as a parameter.
///
/// Shapes are written with a leading dot where the type is known: `.signed(8)`, `.vector(4, of: .bit)`.
public struct Shape<Value: Signal>: Hashable, Sendable {
  /// The bits.
  public let layout: Layout
  /// Whether a bundle's field of this shape runs against the bundle's direction.
  let isReturning: Bool

  init(_ layout: Layout, isReturning: Bool = false) {
    self.layout = layout
    self.isReturning = isReturning
  }

  /// The number of bits.
  public var width: Int { layout.width }

  /// The same shape for a bundle's field that runs against the bundle's direction, such as a stream's `ready`.
  public var returning: Shape { Shape(layout, isReturning: !isReturning) }
}

extension Shape: CustomStringConvertible {
  /// The shape as a person says it, such as `Signed(8)`.
  public var description: String { layout.description }
}

extension Shape where Value == Bit {
  /// One bit.
  public static var bit: Shape { Shape(.bit) }
}

extension Shape where Value == Bits {
  /// `width` bits that are no number.
  public static func bits(_ width: Int) -> Shape { Shape(.bits(width)) }
}

extension Shape where Value == Unsigned {
  /// An unsigned number of `width` bits, at least one.
  public static func unsigned(_ width: Int) -> Shape { Shape(.unsigned(width)) }
}

extension Shape where Value == Signed {
  /// A two's complement number of `width` bits, at least one.
  public static func signed(_ width: Int) -> Shape { Shape(.signed(width)) }
}

extension Shape {
  /// `count` elements, at least one.
  public static func vector<Element>(_ count: Int, of element: Shape<Element>) -> Shape
  where Value == Vector<Element> {
    Shape(.vector(count, element.layout))
  }

  /// A value of an enumeration.
  public static func choice<E>(_: E.Type = E.self) -> Shape where Value == Choice<E> { Shape(.choice(E.layout)) }
}

extension Shape where Value: Bundle {
  /// A bundle like `prototype`, whose fields were made by `field`.
  public static func bundle(_ prototype: Value) -> Shape { Shape(prototype.signalLayout) }
}
