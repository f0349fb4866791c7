import Weft

extension Unsigned {
  /// The number in Gray code: neighbours differ in one bit.
  public var gray: Bits { (self ^ (self >> 1).extended(to: width)).asBits }
}
