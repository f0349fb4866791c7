import Weft

extension AXIAddress {
  /// Asks for a burst of beats of two to the power of `size` bytes, under the identifier zero.
  ///
  /// - Parameter attributes: what else is said of the access; ordinary memory unless given.
  func asks(from start: AXIBurstStart, size: Int, _ attributes: AXIAttributes? = nil) -> Circuit {
    Circuit([
      id <== 0, addr <== start.address, len <== start.length, self.size <== Unsigned(size), burst <== .incrementing,
      lock <== 0, cache <== (attributes?.cache ?? 0b0011), prot <== (attributes?.prot ?? 0),
      qos <== (attributes?.qos ?? 0),
    ])
  }
}
