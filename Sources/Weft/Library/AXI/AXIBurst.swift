/// How the address of an AXI burst goes on from beat to beat; the codes are those of `AxBURST`.
public enum AXIBurst: Enumeration {
  /// Every beat has the same address.
  case fixed
  /// Each beat begins where the one before it ends.
  case incrementing
  /// As `incrementing`, but around at a multiple of the burst's size.
  case wrapping
}
