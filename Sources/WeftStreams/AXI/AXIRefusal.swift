import Weft

/// Counts the beats of bursts that no subordinate takes, one burst at a time.
struct AXIRefusal: Module {
  let idWidth: Int
  /// Whether a burst is answered behind its beats, as writes are, and not by them.
  let isWrite: Bool

  /// Bursts that are refused.
  var request: Stream<AXIRefusedBurst> { sink(.bundle(AXIRefusedBurst(idWidth: idWidth))) }
  /// Whether beats of such a burst are to pass.
  var isActive: Bit { output(.bit) }
  /// Whether one passes.
  var passes: Bit { input(.bit) }
  /// Whether the next one is the last.
  var isLast: Bit { output(.bit) }
  /// The burst's identifier.
  var id: Bits { output(.bits(idWidth)) }
  /// Whether all beats of a write have passed, so that it is to be answered.
  var isOver: Bit { output(.bit) }
  /// Whether it is answered.
  var isAnswered: Bit { input(.bit) }

  var isCounting: Bit { register(.bit, reset: 0) }
  var isWaiting: Bit { register(.bit, reset: 0) }
  var burst: AXIRefusedBurst { register(.bundle(AXIRefusedBurst(idWidth: idWidth))) }

  var body: Circuit {
    request.ready <== (isWrite ? !isCounting & !isWaiting : !isCounting)
    isActive <== isCounting
    isLast <== burst.length == 0
    id <== burst.id
    if isWrite {
      isOver <== isWaiting
      When(isAnswered) { isWaiting <== 0 }
    }
    When(isCounting & passes) {
      burst.length <== burst.length &- 1
      When(burst.length == 0) {
        isCounting <== 0
        if isWrite { isWaiting <== 1 }
      }
    }
    When(request.fires) {
      burst <== request.payload
      isCounting <== 1
    }
  }
}
