import Weft

/// Connects a manager with a subordinate of wider or narrower data, by powers of two.
///
/// Incrementing bursts of full beats become incrementing bursts of full beats, as many as 4 KB and 256 beats want. A
/// single beat of fewer bytes is read or written as a whole one, with its strobes. Other bursts, `fixed` or `wrapping`
/// ones and narrow ones of several beats, never reach the subordinate: they are answered with a subordinate error. All
/// bursts go on under the identifier zero, so that answers come in the order of the bursts, and exclusive ones as
/// ordinary ones. Of several responses that become one, the first error counts.
///
/// - Latency: one cycle for addresses, none for the wider data.
/// - Throughput: a beat a cycle at the narrower side.
/// - Capacity: `outstanding` bursts of the manager in each direction.
/// - Paths: combinational from data to data and back.
public struct AXIWidthConverter: Module {
  /// The bits of the address of a byte, more than twelve.
  public let addressWidth: Int
  /// The bits of a manager's identifier.
  public let idWidth: Int
  /// The bits of a beat of the manager, and of the subordinate: powers of two from 8 to 1024.
  public let managerWidth, subordinateWidth: Int
  /// The most bursts of the manager on their way, at least one.
  public let outstanding: Int

  /// A converter from beats of `managerWidth` bits to beats of `subordinateWidth`.
  public init(
    addressWidth: Int, from managerWidth: Int, to subordinateWidth: Int, idWidth: Int = 1, outstanding: Int = 8
  ) {
    self.addressWidth = addressWidth
    self.idWidth = idWidth
    self.managerWidth = managerWidth
    self.subordinateWidth = subordinateWidth
    self.outstanding = outstanding
  }

  /// The manager.
  public var manager: AXI4 {
    input(.bundle(AXI4(addressWidth: addressWidth, dataWidth: managerWidth, idWidth: idWidth)))
  }
  /// The subordinate.
  public var subordinate: AXI4 {
    output(.bundle(AXI4(addressWidth: addressWidth, dataWidth: subordinateWidth, idWidth: idWidth)))
  }

  private var widths: AXIWidths {
    AXIWidths(
      address: addressWidth, id: idWidth, manager: managerWidth, subordinate: subordinateWidth, outstanding: outstanding
    )
  }
  var reader: Instance<AXIReadWidthConverter> { instance(AXIReadWidthConverter(widths: widths)) }
  var writer: Instance<AXIWriteWidthConverter> { instance(AXIWriteWidthConverter(widths: widths)) }

  public var body: Circuit {
    require(outstanding >= 1, "at least 1 burst is on its way at a time; \(outstanding) were asked for")
    require(
      managerWidth.nonzeroBitCount == 1 && (8...1024).contains(managerWidth),
      "a beat has 8, 16, 32 ... 1024 bits; \(managerWidth) were asked for")
    reader.manager <== manager.reads
    subordinate.reads <== reader.subordinate
    writer.manager <== manager.writes
    subordinate.writes <== writer.subordinate
  }
}

extension ByteRange {
  /// Takes the bytes of a burst, to the end of its last beat.
  func takes(_ burst: AXIAddress, _ widths: AXIWidths) -> Circuit {
    let lanes = widths.managerLanes
    let bytes = (burst.len + 1) << lanes.addressBits
    let skipped = lanes.index(burst.addr).extended(to: bytes.width)
    return Circuit([address <== burst.addr, count <== bytes &- skipped, isLast <== 1])
  }
}
