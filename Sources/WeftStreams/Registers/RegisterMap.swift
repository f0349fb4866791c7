import Weft

/// The registers through which software and a piece of hardware speak to each other, as data: ``RegisterBank`` is their
/// hardware, and a header, a Python map, a page and SystemRDL are written from it.
///
/// ```swift
/// let map = RegisterMap("engine", "Makes frames.") {
///   Register("control", "Starts and sets up.") {
///     start
///     mode
///   }
///   Register("status") { busy }
///   Interrupts { done }
/// }
/// ```
/// A map may have mistakes, such as two registers at one offset: ``problems`` lists them. They are diagnostics of the
/// hardware, and errors of what is written.
public struct RegisterMap: Hashable, Sendable {
  /// What the hardware, the header and the map call it.
  public let name: String
  /// The bits of a register: 32 or 64.
  public let wordWidth: Int
  /// The registers in the order in which they were given.
  public let registers: [Register]
  /// What the hardware does.
  public let description: String

  /// A map.
  public init(
    _ name: String, _ description: String = "", wordWidth: Int = 32, @RegisterMapBuilder registers: () -> [Register]
  ) {
    self.name = name
    self.description = description
    self.wordWidth = wordWidth
    self.registers = Self.placed(registers(), wordBytes: max(1, wordWidth / 8))
  }

  /// Registers that have no place of their own follow the one before.
  private static func placed(_ registers: [Register], wordBytes: Int) -> [Register] {
    var next = 0
    return registers.map { register in
      var register = register
      register.stride = register.givenStride ?? wordBytes
      register.offset = register.placement ?? next
      next = (register.end(wordBytes: wordBytes) &+ wordBytes &- 1) / wordBytes &* wordBytes
      return register
    }
  }
}

extension RegisterMap {
  /// The bytes of a word.
  var wordBytes: Int { max(1, wordWidth / 8) }

  /// The bytes from the first to behind the last register.
  public var size: Int { registers.map { $0.end(wordBytes: wordBytes) }.max() ?? wordBytes }

  /// The least bits of an address of a byte that reach every register.
  public var addressWidth: Int { max((size &- 1).bitsToHold, wordBytes.bitsToHold) }

  /// Whether any event interrupts.
  public var hasInterrupts: Bool { registers.contains { $0.interruptEnable != nil } }

  /// The register of a name.
  public subscript(name: String) -> Register? { registers.first { $0.name == name } }
}

/// The mistakes of a register map, of which nothing is written.
public struct RegisterMapError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The mistakes, a sentence each.
  public let problems: [String]

  /// One mistake a line.
  public var description: String { problems.joined(separator: "\n") }
}
