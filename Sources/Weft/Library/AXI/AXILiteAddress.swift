/// What an AXI4-Lite manager asks for: one word.
public struct AXILiteAddress: Bundle {
  /// The address of the word's first byte.
  public var addr: Unsigned
  /// Who accesses: privileged, non-secure, an instruction.
  public var prot: Bits = field(.bits(3))

  /// A word's address.
  public init(addressWidth: Int) { addr = field(.unsigned(addressWidth)) }
}
