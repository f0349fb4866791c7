/// A word that an AXI4-Lite manager reads.
public struct AXILiteReadData: Bundle {
  /// The bytes, that of the lowest address in the lowest bits.
  public var data: Bits
  /// How the word was read.
  public var resp: Choice<AXIResponse> = field(.choice(AXIResponse.self))

  /// A word of `dataWidth` bits.
  public init(dataWidth: Int) { data = field(.bits(dataWidth)) }
}
