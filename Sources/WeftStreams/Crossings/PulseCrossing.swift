import Weft

/// Brings pulses of one clock cycle from one domain to another: each becomes a pulse of one cycle there.
///
/// Pulses that follow each other faster than the receiver's clock can see merge or vanish: leave at least two of its
/// cycles between them. A ``HandshakeCrossing`` has no such rule.
///
/// - Reset: both sides together, at any time, by one asynchronous reset; synchronous ones have to be active together at
///   an edge of each clock.
public struct PulseCrossing: Module {
  /// The domain that pulses come from.
  public let sender: Domain
  /// The domain that they go to.
  public let receiver: Domain

  /// A crossing between two domains.
  public init(from sender: Domain, to receiver: Domain) {
    self.sender = sender
    self.receiver = receiver
  }

  /// One for a cycle of the sender's clock.
  public var pulse: Bit { input(.bit) }
  /// One for a cycle of the receiver's clock.
  public var crossed: Bit { output(.bit) }

  /// The bit that changes with each pulse, on its way: where two neighbours differ, a pulse has still to pass. For
  /// proofs alone.
  public var way: Vector<Bit> { output(.vector(4, of: .bit)) }

  var toggle: Bit { register(.bit, reset: 0, domain: sender) }
  var seen: Bit { register(.bit, reset: 0, domain: receiver) }
  var synchroniser: Instance<Synchroniser> {
    instance(Synchroniser(from: sender, to: receiver, isReset: true))
  }

  public var body: Circuit {
    When(pulse) { toggle <== !toggle }
    synchroniser.value[0] <== toggle
    seen <== synchroniser.synchronised[0]
    crossed <== synchroniser.synchronised[0] ^ seen
  }

  public var invariants: Circuit {
    way <== Vector([toggle] + synchroniser.contents.map { $0[0] } + [seen])
  }
}
