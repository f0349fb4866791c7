import Weft

/// A word of a register map, or several alike: fields that software reads and writes together.
public struct Register: Hashable, Sendable {
  /// What the hardware, the header and the map call it.
  public let name: String
  /// What it is for.
  public let description: String
  /// Its fields, from the lowest bit up unless their places were given.
  public let fields: [Field]
  /// How many of them there are one behind the other; `nil` for a single one.
  public let count: Int?
  /// The offset of the first one in bytes, once the register is in a map.
  public internal(set) var offset = 0
  /// The bytes from one to the next, once the register is in a map.
  public internal(set) var stride = 0
  /// Where the fields are the events of ``Interrupts``: the register whose fields of the same names enable them.
  public internal(set) var interruptEnable: String?
  /// The offset and the stride as they were given.
  let placement, givenStride: Int?

  /// A register.
  ///
  /// - Parameters:
  ///   - offset: Its place in bytes; behind the register before it, unless given.
  ///   - count: How many there are, for an array.
  ///   - stride: The bytes from one element to the next; those of a word, unless given.
  public init(
    _ name: String, _ description: String = "", at offset: Int? = nil, count: Int? = nil, stride: Int? = nil,
    @RegisterFieldBuilder fields: () -> [Field]
  ) {
    self.name = name
    self.description = description
    self.fields = Self.placed(fields())
    self.count = count
    placement = offset
    givenStride = stride
  }

  /// Fields that have no place of their own follow the one before.
  private static func placed(_ fields: [Field]) -> [Field] {
    var next = 0
    return fields.map { field in
      var field = field
      field.lowBit = field.placement ?? next
      next = field.lowBit &+ field.width
      return field
    }
  }
}

extension Register {
  /// A name for a value of a field.
  public struct Value: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The value.
    public let number: Int
  }

  /// Bits of a register with one meaning.
  public struct Field: Hashable, Sendable {
    /// What the hardware, the header and the map call it.
    public let name: String
    /// What it means.
    public let description: String
    /// What it holds.
    public let layout: Layout
    /// What software may do with it.
    public let access: RegisterAccess
    /// What it holds after the reset.
    public let reset: Int
    /// The values that have names.
    public let values: [Value]
    /// Its lowest bit in the word, once it is in a register.
    public internal(set) var lowBit = 0
    /// The lowest bit as it was given.
    let placement: Int?

    init(
      name: String, description: String, layout: Layout, access: RegisterAccess, reset: Int = 0,
      values: [Value] = [], placement: Int?
    ) {
      self.name = name
      self.description = description
      self.layout = layout
      self.access = access
      self.reset = reset
      self.values = values
      self.placement = placement
    }
  }
}

extension Register.Field {
  /// The number of its bits.
  public var width: Int { layout.width }
  /// Its bits in the word.
  public var bits: Range<Int> { lowBit..<(lowBit + width) }
  /// Whether it is a number in two's complement.
  public var isSigned: Bool { if case .signed = layout { true } else { false } }
  /// Its bits in the word, as a number with ones there.
  public var mask: UInt64 { (UInt64.max >> (64 - width)) << lowBit }
  /// What it holds after the reset, as bits.
  public var resetBits: UInt64 { pattern(of: reset) }

  /// The bits that stand for a value.
  func pattern(of number: Int) -> UInt64 { UInt64(truncatingIfNeeded: number) & UInt64.max >> (64 - width) }

  /// Whether the field holds a value.
  func holds(_ number: Int) -> Bool {
    if isSigned { return number >> (width - 1) == 0 || number >> (width - 1) == -1 }
    return width == 64 || number >= 0 && number >> width == 0
  }

  /// Whether this is the field that `other`, which has no place yet, became.
  func isPlaced(_ other: Register.Field) -> Bool {
    var field = self
    field.lowBit = other.lowBit
    return field == other
  }
}

extension Register {
  /// How many words it is.
  var words: Int { count ?? 1 }
  /// The offset behind it; an array takes the stride behind its last element too.
  func end(wordBytes: Int) -> Int { offset &+ (count == nil ? wordBytes : words &* stride) }
  /// The word after the reset, with zeros where there is no field that keeps a value.
  public var resetBits: UInt64 { fields.filter(\.access.isStored).reduce(0) { $0 | $1.resetBits << $1.lowBit } }
  /// Whether software reads any of its fields.
  public var isReadable: Bool { fields.contains(where: \.access.isReadable) }
  /// Whether software writes any of its fields.
  public var isWritable: Bool { fields.contains(where: \.access.isWritable) }
}
