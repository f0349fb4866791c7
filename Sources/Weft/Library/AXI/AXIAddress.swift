/// What an AXI4 manager asks for: a burst of beats. Fields have the names of the standard (Arm IHI 0022).
public struct AXIAddress: Bundle {
  /// The transaction's identifier; those of one identifier end in the order in which they began.
  public var id: Bits
  /// The address of the first byte.
  public var addr: Unsigned
  /// The number of beats, less one. A burst does not cross a multiple of 4 KB.
  public var len: Unsigned = field(.unsigned(8))
  /// The bytes of a beat, as a power of two; at most those of the data.
  public var size: Unsigned = field(.unsigned(3))
  /// How the address goes on.
  public var burst: Choice<AXIBurst> = field(.choice(AXIBurst.self))
  /// Whether the access is exclusive.
  public var lock: Bit = field(.bit)
  /// What caches and buffers on the way may do: bufferable, modifiable, and the two hints for allocation.
  public var cache: Bits = field(.bits(4))
  /// Who accesses: privileged, non-secure, an instruction.
  public var prot: Bits = field(.bits(3))
  /// The quality of service that is asked for.
  public var qos: Bits = field(.bits(4))

  /// A burst's address.
  public init(addressWidth: Int, idWidth: Int) {
    id = field(.bits(idWidth))
    addr = field(.unsigned(addressWidth))
  }
}
