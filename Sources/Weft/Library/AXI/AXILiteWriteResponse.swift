/// How an AXI4-Lite write ended.
public struct AXILiteWriteResponse: Bundle {
  /// How it ended.
  public var resp: Choice<AXIResponse> = field(.choice(AXIResponse.self))

  /// A response.
  public init() {}
}
