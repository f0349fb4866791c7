import Weft

/// Takes regions apart into their rows.
///
/// - Latency: one cycle.
/// - Throughput: a row a cycle; a cycle between regions.
/// - Paths: every output comes from registers.
struct DMARows: Module {
  let addressWidth: Int

  /// The regions; none is empty.
  var descriptors: Stream<DMADescriptor> { sink(.bundle(DMADescriptor(addressWidth: addressWidth))) }
  /// Their rows.
  var rows: Stream<ByteRange> { source(.bundle(ByteRange(addressWidth: addressWidth, countWidth: 24))) }
  /// Drops what is left of the region.
  var stops: Bit { input(.bit) }

  var isBusy: Bit { register(.bit, reset: 0) }
  /// The next row, and how many there are with it.
  var address: Unsigned { register(.unsigned(addressWidth)) }
  var left: Unsigned { register(.unsigned(16)) }
  var rowBytes: Unsigned { register(.unsigned(24)) }
  var stride: Unsigned { register(.unsigned(addressWidth)) }

  var body: Circuit {
    rows.payload.address <== address
    rows.payload.count <== rowBytes
    rows.payload.isLast <== left == 1
    rows.valid <== isBusy
    descriptors.ready <== !isBusy
    When(descriptors.fires) {
      isBusy <== 1
      address <== descriptors.payload.address
      left <== descriptors.payload.rows
      rowBytes <== descriptors.payload.rowBytes
      stride <== descriptors.payload.stride
    }
    When(rows.fires) {
      isBusy <== left != 1
      address <== address &+ stride
      left <== left &- 1
    }
    When(stops) { isBusy <== 0 }
  }
}
