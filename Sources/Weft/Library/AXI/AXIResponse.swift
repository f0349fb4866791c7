/// How an AXI transaction ended; the codes are those of `xRESP`.
public enum AXIResponse: Enumeration {
  /// As it should.
  case okay
  /// As an exclusive access should.
  case exclusiveOkay
  /// The subordinate was reached and failed.
  case subordinateError
  /// There is no subordinate at the address.
  case decodeError
}

extension Choice where E == AXIResponse {
  /// Whether the transaction failed.
  public var isError: Bit { asBits[1] }
}
