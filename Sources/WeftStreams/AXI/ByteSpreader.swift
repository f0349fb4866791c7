import Weft

/// Lays the bytes of a packet into the places that are asked for, beat by beat.
///
/// - Latency: none.
/// - Throughput: a beat a cycle.
/// - Capacity: less than a transfer.
/// - Paths: combinational from `packet` and `beats` to `output` and back.
struct ByteSpreader: Module {
  let dataWidth: Int

  /// The packet; all transfers but the last are full.
  var packet: Stream<AXIStreamTransfer> { sink(.bundle(AXIStreamTransfer(dataWidth: dataWidth))) }
  /// The place of the first byte of the beat that is asked for, and the place behind its last; there is one at least.
  var firstLane: Unsigned { input(.unsigned(lanes.indexWidth)) }
  var endLane: Unsigned { input(.unsigned(lanes.countWidth)) }
  /// Whether a beat is asked for.
  var asks: Bit { input(.bit) }
  /// Whether beats are given without bytes, and the packet is left alone.
  var isBlank: Bit { input(.bit) }
  /// Begins with a new packet.
  var restarts: Bit { input(.bit) }
  /// The beats.
  var output: Stream<MemoryWriteWord> { source(.bundle(MemoryWriteWord(wordWidth: dataWidth))) }
  /// Whether the last transfer of the packet was taken.
  var isEnded: Bit { output(.bit) }
  /// Whether the packet has fewer bytes than the beat that is offered asks for.
  var isShort: Bit { output(.bit) }
  /// Whether bytes of the packet wait.
  var isLeft: Bit { output(.bit) }

  private var lanes: ByteLanes { ByteLanes(dataWidth: dataWidth) }
  /// The last transfer, of which the bytes from `place` on wait, while there are any.
  var held: Bits { register(.bits(dataWidth)) }
  var heldKeep: Bits { register(.bits(lanes.count)) }
  var place: Unsigned { register(.unsigned(lanes.indexWidth), reset: 0) }
  var isHolding: Bit { register(.bit, reset: 0) }
  var hasEnded: Bit { register(.bit, reset: 0) }

  /// The place behind the last byte that is asked for, counted from the first byte of what is held.
  var end: Unsigned {
    wire(
      place.extended(to: lanes.countWidth + 1) &+ endLane.extended(to: lanes.countWidth + 1)
        &- firstLane.extended(to: lanes.countWidth + 1), named: "end_place")
  }
  /// Whether what is held does not do.
  var lacks: Bit { wire(!isHolding | (end > Unsigned(lanes.count))) }
  var takes: Bit { wire(lacks & !hasEnded & !isBlank) }

  var body: Circuit {
    let isHeld = { (lane: Int) in isHolding & (Unsigned(lane) >= place) }
    let joined = lanes.choose(isHeld, held, else: packet.payload.data)
    let comingKeep = takes.select(packet.payload.keep, else: Bits.zeros(lanes.count))
    let joinedKeep = lanes.choose(isHeld, heldKeep, else: comingKeep)
    let places = place &- firstLane
    let keep = joinedKeep.rotatedDown(by: places, partWidth: 1)
    let asked = lanes.mask { (Unsigned($0) >= firstLane) & (Unsigned($0) < endLane) }
    output.payload.data <== joined.rotatedDown(by: places, partWidth: 8)
    output.payload.strobe <== isBlank.select(Bits.zeros(lanes.count), else: keep & asked)
    output.valid <== asks & (!takes | packet.valid)
    packet.ready <== asks & takes & output.ready
    isShort <== output.valid & !isBlank & (asked & ~keep).isAnySet
    isEnded <== hasEnded
    isLeft <== lanes.mask { isHeld($0) & heldKeep[$0] }.isAnySet
    steps
  }

  @CircuitBuilder private var steps: Circuit {
    When(packet.fires) {
      held <== packet.payload.data
      heldKeep <== packet.payload.keep
      hasEnded <== packet.payload.last
    }
    When(output.fires) {
      place <== (lanes.addressBits == 0 ? Unsigned(0, width: 1) : end.truncated(to: lanes.addressBits))
      let isUsedUp = end == Unsigned(lanes.count)
      isHolding <== takes.select(isHolding | !isUsedUp, else: !lacks & !isUsedUp)
    }
    When(restarts) {
      hasEnded <== 0
      isHolding <== 0
      place <== 0
    }
  }
}
