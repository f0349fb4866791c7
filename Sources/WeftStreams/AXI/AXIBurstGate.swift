import Weft

/// Lets a manager's bursts pass to one subordinate at a time: those to another one wait until all are answered, so that
/// answers come in the order of the bursts, whatever their identifiers.
struct AXIBurstGate: Module {
  /// The subordinates, and one behind them that answers for all other addresses.
  let destinations: Int
  /// The most bursts on their way.
  let outstanding: Int

  private var indexWidth: Int { (destinations - 1).bitsToHold }
  /// The subordinate of the burst that is offered.
  var destination: Unsigned { input(.unsigned(indexWidth)) }
  /// Whether a burst passes, and whether one is answered.
  var passes: Bit { input(.bit) }
  var ends: Bit { input(.bit) }
  /// Whether the burst that is offered may pass.
  var isOpen: Bit { output(.bit) }
  /// The subordinate that the bursts on their way are for.
  var current: Unsigned { output(.unsigned(indexWidth)) }

  var target: Unsigned { register(.unsigned(indexWidth), reset: 0) }
  var count: Unsigned { register(.unsigned(outstanding.bitsToHold), reset: 0) }

  var body: Circuit {
    isOpen <== (count == 0) | ((destination == target) & (count != Unsigned(outstanding)))
    current <== target
    When(passes) { target <== destination }
    When(passes != ends) { count <== passes.select(count &+ 1, else: count &- 1) }
  }
}
