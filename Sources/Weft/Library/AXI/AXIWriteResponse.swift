/// How a burst of writes ended.
public struct AXIWriteResponse: Bundle {
  /// The identifier of the transaction.
  public var id: Bits
  /// How it ended.
  public var resp: Choice<AXIResponse> = field(.choice(AXIResponse.self))

  /// A response.
  public init(idWidth: Int) { id = field(.bits(idWidth)) }
}
