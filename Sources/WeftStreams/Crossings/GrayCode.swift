import Weft

extension Unsigned {
  /// The number in Gray code: neighbours differ in one bit.
  public var gray: Bits { (self ^ (self >> 1).extended(to: width)).asBits }

  /// The number whose Gray code some bits are.
  public init(gray code: Bits) {
    let bits = code.asUnsigned
    self = (1..<max(1, bits.width)).reduce(bits) { $0 ^ (bits >> $1).extended(to: bits.width) }
  }
}
