/// The bits of a signal: what kind of value they are and how they lie beside each other.
public enum Layout: Hashable, Sendable {
  /// One bit.
  case bit
  /// Bits without a meaning as a number.
  case bits(Int)
  /// An unsigned number of so many bits.
  case unsigned(Int)
  /// A number in two's complement of so many bits.
  case signed(Int)
  /// A number in two's complement with a binary point: the bits before it, the sign among them, and those after it.
  case fixed(Int, Int)
  /// A value of an enumeration.
  indirect case choice(ChoiceLayout)
  /// Equal elements, the first in the lowest bits.
  indirect case vector(Int, Layout)
  /// Named fields, the first in the lowest bits.
  case bundle([Field])

  /// One field of a bundle.
  public struct Field: Hashable, Sendable {
    /// The Swift name of the field.
    public let name: String
    /// What it holds.
    public let layout: Layout
    /// Whether it runs against the bundle's direction.
    public let isReturning: Bool
    /// Whether it is a channel: the names of what it holds follow its own at once.
    public let isChannel: Bool
  }

  /// The names and codes of an enumeration.
  public struct ChoiceLayout: Hashable, Sendable {
    /// The enumeration's Swift name.
    public let name: String
    /// The number of bits of a code.
    public let width: Int
    /// The cases in order of declaration.
    public let cases: [Netlist.Format.EnumerationCase]
  }

  /// The number of bits.
  public var width: Int {
    switch self {
    case .bit: 1
    case .bits(let width), .unsigned(let width), .signed(let width): width
    case .fixed(let integer, let fraction): integer + fraction
    case .choice(let choice): choice.width
    case .vector(let count, let element): count * element.width
    case .bundle(let fields): fields.reduce(0) { $0 + $1.layout.width }
    }
  }

  /// How a person reads the bits of one leaf.
  package var format: Netlist.Format {
    switch self {
    case .bit: .bit
    case .bits, .bundle: .bits
    case .unsigned: .unsigned
    case .signed: .signed
    case .fixed(_, let fraction): .fixed(fractionBits: fraction)
    case .choice(let choice): .enumeration(name: choice.name, cases: choice.cases)
    case .vector(let count, let element): .vector(count: count, element.format)
    }
  }

  /// The pieces that have a signal of their own: scalars, or vectors of them. A vector of bundles has, for each of the
  /// bundle's leaves, a vector.
  var leaves: [Leaf] { leaves(isInChannel: false) }

  private func leaves(isInChannel: Bool) -> [Leaf] {
    switch self {
    case .bit, .bits, .unsigned, .signed, .fixed, .choice: [Leaf(suffix: "", layout: self, isReturning: false)]
    case .vector(let count, let element):
      element.leaves(isInChannel: isInChannel).map {
        Leaf(suffix: $0.suffix, layout: .vector(count, $0.layout), isReturning: $0.isReturning)
      }
    case .bundle(let fields):
      fields.flatMap { field in
        field.layout.leaves(isInChannel: isInChannel || field.isChannel).map {
          Leaf(
            suffix: field.suffix(isInChannel: isInChannel) + $0.suffix, layout: $0.layout,
            isReturning: field.isReturning != $0.isReturning)
        }
      }
    }
  }

  /// What is wrong with the layout, a size below one somewhere in it, as the end of a sentence.
  var problem: String? {
    switch self {
    case .bit, .choice: nil
    case .bits(let width), .unsigned(let width), .signed(let width):
      width < 1 ? "\(self), but a width is at least 1" : nil
    case .fixed(let integer, let fraction):
      integer + fraction < 1 ? "\(self), but a width is at least 1" : nil
    case .vector(let count, let element):
      count < 1 ? "\(self), but a Vector has at least 1 element" : element.problem
    case .bundle(let fields):
      fields.isEmpty ? "a bundle without fields, which carries nothing" : fields.lazy.compactMap(\.layout.problem).first
    }
  }

  /// Whether the layout is one leaf.
  var isLeaf: Bool {
    switch self {
    case .bit, .bits, .unsigned, .signed, .fixed, .choice: true
    case .vector(_, let element): element.isLeaf
    case .bundle: false
    }
  }

  struct Leaf {
    var suffix: String
    var layout: Layout
    var isReturning: Bool
  }
}

extension Layout.Field {
  /// What follows the bundle's name in that of the field. In a channel nothing stands between the two, and a payload with
  /// fields of its own adds none: `awvalid` and `awaddr`, not `aw_valid` and `aw_payload_addr`.
  func suffix(isInChannel: Bool) -> String {
    guard isInChannel else { return "_" + name }
    return name == "payload" && !layout.isLeaf ? "" : name
  }

  /// The same field with another layout.
  fileprivate func holding(_ layout: Layout) -> Layout.Field {
    Layout.Field(name: name, layout: layout, isReturning: isReturning, isChannel: isChannel)
  }
}

extension Layout: CustomStringConvertible {
  /// The layout as a person says it, such as `Signed(8)`.
  public var description: String {
    switch self {
    case .bit: "Bit"
    case .bits(let width): "Bits(\(width))"
    case .unsigned(let width): "Unsigned(\(width))"
    case .signed(let width): "Signed(\(width))"
    case .fixed(let integer, let fraction): "Fixed(\(integer), \(fraction))"
    case .choice(let choice): choice.name
    case .vector(let count, let element): "Vector(\(count), of: \(element))"
    case .bundle(let fields): "{" + fields.map { "\($0.name): \($0.layout)" }.joined(separator: ", ") + "}"
    }
  }
}

extension Layout {
  /// Whether the bits are a number in two's complement.
  var isSigned: Bool {
    switch self {
    case .signed, .fixed: true
    case .vector(_, let element): element.isSigned
    default: false
    }
  }

  /// The bits after the binary point of a fixed-point number, or of a vector's elements; `nil` for anything else.
  package var fractionBits: Int? {
    switch self {
    case .fixed(_, let fraction): fraction
    case .vector(_, let element): element.fractionBits
    default: nil
    }
  }

  /// The layout of the same kind of scalar with `width` bits.
  func resized(to width: Int) -> Layout {
    switch self {
    case .bits: .bits(width)
    case .unsigned: .unsigned(width)
    case .signed: .signed(width)
    case .fixed(_, let fraction): .fixed(width - fraction, fraction)
    default: self
    }
  }

  /// The layout with every impossible size replaced by one, so that elaboration can go on after it was reported.
  var repaired: Layout {
    switch self {
    case .bit, .choice: self
    case .bits(let width): .bits(max(1, width))
    case .unsigned(let width): .unsigned(max(1, width))
    case .signed(let width): .signed(max(1, width))
    case .fixed(let integer, let fraction): .fixed(max(integer, 1 - fraction), fraction)
    case .vector(let count, let element): .vector(max(1, count), element.repaired)
    case .bundle(let fields):
      .bundle(fields.map { $0.holding($0.layout.repaired) })
    }
  }
}
