import Weft

extension AXI4ReadChannels {
  /// Leaves the channels alone, as a manager that never reads.
  @CircuitBuilder public var neverAsk: Circuit {
    ar.payload.asksNothing
    ar.valid <== 0
    r.ready <== 1
  }
}

extension AXI4WriteChannels {
  /// Leaves the channels alone, as a manager that never writes.
  @CircuitBuilder public var neverAsk: Circuit {
    aw.payload.asksNothing
    aw.valid <== 0
    w.payload.data <== 0
    w.payload.strb <== 0
    w.payload.last <== 0
    w.valid <== 0
    b.ready <== 1
  }
}

extension AXIAddress {
  /// What stands at a channel that is not used.
  fileprivate var asksNothing: Circuit {
    Circuit([
      id <== 0, addr <== 0, len <== 0, size <== 0, burst <== .incrementing, lock <== 0, cache <== 0, prot <== 0,
      qos <== 0,
    ])
  }
}
