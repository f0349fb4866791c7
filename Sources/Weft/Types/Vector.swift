/// Equal signals beside each other, the first in the lowest bits. Taking an element costs nothing until it is used.
public struct Vector<Element: Signal>: Signal, RandomAccessCollection {
  /// The elements.
  public typealias Sample = [Element.Sample]
  let element: Layout
  /// The number of elements.
  public let count: Int
  public let origin: Origin

  init(element: Layout, count: Int, origin: Origin) {
    self.element = element
    self.count = count
    self.origin = origin
  }

  /// Reads the bits that the decoder stands for; used for the fields of bundles.
  public init(from decoder: any Decoder) throws {
    self = try BundleBinder.bound(decoder) { Self.bind($0, $1) }
  }

  /// The vector of these signals, which have one shape. There is at least one.
  public init(_ elements: some Collection<Element>) {
    let list = Array(elements)
    guard let first = list.first else {
      Scope.report(.width, "a Vector cannot be made of no elements; give it at least one")
      self.init(element: .bit, count: 1, origin: .given([.literal(0)]))
      return
    }
    let layout = first.signalLayout
    if let odd = list.first(where: { $0.signalLayout != layout }) {
      Scope.report(
        .width, "the elements of a Vector have one shape, but \(layout) and \(odd.signalLayout) were given")
      self.init([Element](repeating: first, count: list.count))
      return
    }
    let parts = list.map(\.leaves)
    let widths = layout.leaves.map(\.layout.width)
    self.init(
      element: layout, count: list.count,
      origin: .given(
        widths.indices.map { leaf in
          Scope.current.concatenated(parts.map { Scope.current.sized($0[leaf], width: widths[leaf]) })
        }))
  }

  public static func bind(_ layout: Layout, _ origin: Origin) -> Self {
    guard case .vector(let count, let element) = layout else {
      preconditionFailure("a vector is bound to the layout \(layout)")
    }
    return Self(element: element, count: count, origin: origin)
  }

  public var signalLayout: Layout { .vector(count, element) }
  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  /// The element at `index`; an index outside the vector is reported.
  public subscript(index: Int) -> Element {
    guard indices.contains(index) else {
      Scope.report(.index, "element \(index) is asked of a vector of \(count)")
      return self[Swift.min(Swift.max(index, 0), count - 1)]
    }
    return Element.bind(element, origin.element(index, of: count, element))
  }

  /// The element at a place that the hardware computes; beyond the last element it reads zero and takes nothing.
  public subscript(index: Unsigned) -> Element {
    let scope = Scope.current
    let width = Swift.max(1, Int.bitWidth - (count - 1).leadingZeroBitCount)
    let position = scope.sized(index.operand, width: width)
    return Element.bind(element, origin.element(at: position, of: count, element))
  }

  /// All bits, the first element's in the lowest.
  public var asBits: Bits {
    let scope = Scope.current
    return Bits(operand: scope.operand(scope.packed(origin, signalLayout)))
  }
}
