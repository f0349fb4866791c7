import Weft

/// Joins runs of bytes into packets without gaps: every transfer but a packet's last is full, and the first byte of a
/// packet is the lowest of a transfer.
///
/// - Latency: none.
/// - Throughput: a run a cycle; a cycle more for a packet whose last run does not fit the transfer that it completes.
/// - Capacity: less than a transfer.
/// - Paths: combinational from `input` to `output` and back.
public struct BytePacker: Module {
  /// The bits of a beat and of a transfer, a power of two from eight up.
  public let dataWidth: Int

  /// A packer of beats of `dataWidth` bits.
  public init(dataWidth: Int) { self.dataWidth = dataWidth }

  /// The runs.
  public var input: Stream<ByteRun> { sink(.bundle(ByteRun(dataWidth: dataWidth))) }
  /// The packets; bytes that are not kept are zero.
  public var output: Stream<AXIStreamTransfer> { source(.bundle(AXIStreamTransfer(dataWidth: dataWidth))) }

  private var lanes: ByteLanes { ByteLanes(dataWidth: dataWidth) }
  /// The bytes that wait, and how many they are.
  var held: Bits { register(.bits(dataWidth)) }
  var fill: Unsigned { register(.unsigned(lanes.indexWidth), reset: 0) }
  /// Whether the packet ends with what waits.
  var isEnding: Bit { register(.bit, reset: 0) }
  /// The bytes that there are with those that come.
  var total: Unsigned {
    wire(
      fill.extended(to: lanes.countWidth) &+ input.payload.endLane
        &- input.payload.firstLane.extended(to: lanes.countWidth))
  }

  public var body: Circuit {
    let isFull = total.mostSignificantBit
    let rest = lanes.addressBits == 0 ? Unsigned(0, width: 1) : total.truncated(to: lanes.addressBits)
    let isLeft = isFull & (rest != 0)
    let gives = isFull | input.payload.last
    let places = input.payload.firstLane &- fill
    let turned = input.payload.data.rotatedDown(by: places, partWidth: 8)
    let joined = lanes.choose({ Unsigned($0) < fill }, held, else: turned)
    let count = isEnding.select(fill.extended(to: lanes.countWidth), else: total)
    let keep = lanes.mask { Unsigned($0) < count }
    output.payload.data <== lanes.choose({ keep[$0] }, joined, else: Bits.zeros(dataWidth))
    output.payload.keep <== keep
    output.payload.last <== isEnding | (input.payload.last & !isLeft)
    output.valid <== isEnding | (input.valid & gives)
    input.ready <== !isEnding & (output.ready | !gives)
    When(input.fires) {
      held <== isFull.select(turned, else: joined)
      fill <== (input.payload.last & !isLeft).select(0, else: rest)
      isEnding <== input.payload.last & isLeft
    }
    When(isEnding & output.ready) {
      isEnding <== 0
      fill <== 0
    }
  }
}
