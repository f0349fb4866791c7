/// Signals with names that belong together: a structure whose stored properties are made by `field`.
///
/// ```swift
/// struct Pixel: Bundle {
///   var red: Unsigned = field(.unsigned(8))
///   var green: Unsigned = field(.unsigned(8))
/// }
/// ```
/// All stored properties are variables and signals. A bundle may have parameters, in an initialiser that makes its
/// fields, and other bundles or vectors as fields.
public protocol Bundle: Signal where Sample == Never {
  /// The names of the fields that are channels of a bus: the names of their signals follow the field's at once, and that
  /// of a payload is left out, as bus standards want it. A stream `aw` of addresses has `awvalid`, `awready` and
  /// `awaddr` instead of `aw_valid`, `aw_ready` and `aw_payload_addr`. None unless the bundle says otherwise.
  static var channels: Set<String> { get }
}

/// A bundle's field of this shape.
public func field<T: Signal>(_ shape: Shape<T>) -> T {
  T.bind(shape.layout, .turned(.prototype, Turns().inside(isReturning: shape.isReturning)))
}

extension Bundle {
  /// None.
  public static var channels: Set<String> { [] }

  public static func bind(_ layout: Layout, _ origin: Origin) -> Self {
    do {
      return try Self(from: BundleBinder(layout: layout, origin: origin, turns: origin.turns))
    } catch {
      preconditionFailure("the bundle \(Self.self) cannot be bound: \(error)")
    }
  }

  public var signalLayout: Layout {
    .bundle(fields.map { name, signal in
      Layout.Field(
        name: name, layout: signal.signalLayout, isReturning: signal.turns.isReturning,
        isChannel: Self.channels.contains(name))
    })
  }

  public var origin: Origin { .given(fields.flatMap { $0.signal.leaves }) }

  fileprivate var fields: [(name: String, signal: any Signal)] {
    Mirror(reflecting: self).children.map { child in
      guard let signal = child.value as? any Signal else {
        preconditionFailure(
          "`\(child.label ?? "?")` of the bundle \(Self.self) is no signal; every stored property of a bundle is one")
      }
      return (child.label ?? "", signal)
    }
  }
}

extension Signal {
  /// The directions of the signal among the bundles that it is a field of.
  fileprivate var turns: Turns {
    switch self {
    case let scalar as any Scalar: scalar.operand.turns
    case let bundle as any Bundle: bundle.fields.first?.signal.turns.outside ?? Turns()
    default: origin.turns
    }
  }
}

/// Hands the fields of a bundle their bits, through the `Decodable` conformance that Swift synthesises.
struct BundleBinder: Decoder {
  let layout: Layout
  let origin: Origin
  let turns: Turns
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  struct Misuse: Error, CustomStringConvertible {
    var description: String
  }

  /// What `decoder` binds; signals are decoded by nothing else.
  static func bound<T>(_ decoder: any Decoder, _ bind: (Layout, Origin) -> T) throws -> T {
    guard let binder = decoder as? BundleBinder else {
      throw Misuse(description: "signals are not decoded from data; `Decodable` only serves to bind bundles")
    }
    return bind(binder.layout, .turned(binder.origin, binder.turns))
  }

  func container<Key: CodingKey>(keyedBy: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .bundle(let fields) = layout else { throw Misuse(description: "\(layout) has no fields") }
    return KeyedDecodingContainer(Fields(fields: fields, origin: origin, turns: turns))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Misuse(description: "a bundle has names") }
  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    throw Misuse(description: "a bundle's stored properties are signals")
  }

  private struct Fields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let fields: [Layout.Field]
    let origin: Origin
    let turns: Turns
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { fields.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool { fields.contains { $0.name == key.stringValue } }
    func decodeNil(forKey key: Key) throws -> Bool { false }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
      guard let index = fields.firstIndex(where: { $0.name == key.stringValue }) else {
        throw Misuse(description: "there is no field `\(key.stringValue)`")
      }
      return try T(
        from: BundleBinder(
          layout: fields[index].layout, origin: origin.field(index, of: fields),
          turns: turns.inside(isReturning: fields[index].isReturning)))
    }

    func nestedContainer<Nested: CodingKey>(keyedBy: Nested.Type, forKey key: Key) throws
      -> KeyedDecodingContainer<Nested>
    { throw Misuse(description: "fields are signals") }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      throw Misuse(description: "fields are signals")
    }
    func superDecoder() throws -> any Decoder { throw Misuse(description: "bundles are structures") }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw Misuse(description: "bundles are structures") }
  }
}
