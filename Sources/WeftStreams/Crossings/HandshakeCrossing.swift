import Weft

/// Brings a stream from one clock to another, a payload at a time: the sender holds it still until the receiver has
/// taken it over and said so.
///
/// Small, and slow: a payload takes about three cycles of both clocks. An ``AsynchronousFIFO`` passes one a cycle.
///
/// - Capacity: two, one on each side.
/// - Reset: both sides together, at any time, by one asynchronous reset; synchronous ones have to be active together at
///   an edge of each clock.
public struct HandshakeCrossing<Payload: Signal>: Module {
  /// What passes.
  public let payload: Shape<Payload>
  /// The domain that payloads come from.
  public let sender: Domain
  /// The domain that they go to.
  public let receiver: Domain

  /// A crossing between two domains.
  public init(of payload: Shape<Payload>, from sender: Domain, to receiver: Domain) {
    self.payload = payload
    self.sender = sender
    self.receiver = receiver
  }

  /// Where payloads enter, at the sender's clock.
  public var input: Stream<Payload> { sink(payload) }
  /// Where payloads leave, at the receiver's clock.
  public var output: Stream<Payload> { source(payload) }

  /// The payloads inside, the older first; from index `count` on they mean nothing. For proofs alone.
  public var contents: Vector<Payload> { output(.vector(2, of: payload)) }
  /// How many payloads are inside, 0 to 2. For proofs alone.
  public var count: Unsigned { output(.unsigned(2)) }

  var held: Payload { register(payload, domain: sender) }
  var requested: Bit { register(.bit, reset: 0, domain: sender) }
  var captured: Payload { register(payload, domain: receiver, samples: sender) }
  var taken: Bit { register(.bit, reset: 0, domain: receiver) }
  var isOffering: Bit { register(.bit, reset: 0, domain: receiver) }
  var request: Instance<Synchroniser> { instance(Synchroniser(from: sender, to: receiver, isReset: true)) }
  var acknowledge: Instance<Synchroniser> { instance(Synchroniser(from: receiver, to: sender, isReset: true)) }

  public var body: Circuit {
    input.ready <== requested == acknowledge.synchronised[0]
    When(input.fires) {
      held <== input.payload
      requested <== !requested
    }
    request.value[0] <== requested
    acknowledge.value[0] <== taken
    output.valid <== isOffering
    output.payload <== captured
    When(!isOffering & (request.synchronised[0] != taken)) {
      captured <== held
      taken <== request.synchronised[0]
      isOffering <== 1
    }
    When(output.fires) { isOffering <== 0 }
  }

  public var invariants: Circuit {
    let ring =
      [requested] + request.contents.map { $0[0] } + [taken] + acknowledge.contents.map { $0[0] }
    let changes = zip(ring, ring.dropFirst()).map { ($0 ^ $1).asUnsigned }
    Assert(changes.sum() <= 1, "one request, or the word that it was taken, is on its way at a time", domain: nil)
    Assert(
      (requested != taken).implies(!input.ready), "what is sent is held still until it is taken over", domain: nil)
    contents <== Vector([isOffering.select(captured, else: held), held])
    count <== isOffering.asUnsigned + (requested ^ taken).asUnsigned
  }
}
