import Weft

/// Counts the beats of bursts that no subordinate takes, one burst at a time.
struct AXIRefusal: Module {
  let idWidth: Int

  /// Bursts that are refused.
  var request: Stream<AXIRefusedBurst> { sink(.bundle(AXIRefusedBurst(idWidth: idWidth))) }
  /// Whether a beat passes, of a burst that is refused.
  var takes: Bit { input(.bit) }
  /// Whether there is such a burst.
  var isAnswering: Bit { output(.bit) }
  /// Whether its next beat is its last.
  var isLast: Bit { output(.bit) }
  /// Its identifier.
  var id: Bits { output(.bits(idWidth)) }

  var isBusy: Bit { register(.bit, reset: 0) }
  var burst: AXIRefusedBurst { register(.bundle(AXIRefusedBurst(idWidth: idWidth))) }

  var body: Circuit {
    request.ready <== !isBusy
    isAnswering <== isBusy
    isLast <== burst.length == 0
    id <== burst.id
    When(request.fires) {
      burst <== request.payload
      isBusy <== 1
    }
    When(isBusy & takes) {
      burst.length <== burst.length &- 1
      When(burst.length == 0) { isBusy <== 0 }
    }
  }
}

/// A burst that is refused: its identifier, and its beats less one.
struct AXIRefusedBurst: Bundle {
  var id: Bits
  var length: Unsigned = field(.unsigned(8))

  init(idWidth: Int) { id = field(.bits(idWidth)) }
}
