import Weft

/// A register in a stream that breaks every path through it: payload, valid and ready (a skid buffer).
///
/// One register offers the payload; a spare one catches what arrives in the cycle in which the sink stops.
///
/// - Latency: one cycle.
/// - Throughput: a payload a cycle.
/// - Capacity: two.
/// - Paths: every output comes straight from a register.
public struct PipelineRegister<Payload: Signal>: Module {
  /// What passes.
  public let payload: Shape<Payload>

  /// A register for payloads of this shape.
  public init(of payload: Shape<Payload>) { self.payload = payload }

  /// Where payloads enter.
  public var input: Stream<Payload> { sink(payload) }
  /// Where payloads leave.
  public var output: Stream<Payload> { source(payload) }

  /// The payloads in the register, the oldest first. For proofs alone.
  public var contents: Vector<Payload> { output(.vector(2, of: payload)) }
  /// How many payloads the register holds, 0 to 2. For proofs alone.
  public var count: Unsigned { output(.unsigned(2)) }

  var offered: Payload { register(payload) }
  var isOffering: Bit { register(.bit, reset: 0) }
  var spare: Payload { register(payload) }
  var isSpareFree: Bit { register(.bit, reset: 1) }

  public var body: Circuit {
    input.ready <== isSpareFree
    output.valid <== isOffering
    output.payload <== offered
    When(isSpareFree) { spare <== input.payload }
    When(!isOffering | output.ready) {
      offered <== isSpareFree.select(input.payload, else: spare)
      isOffering <== input.valid | !isSpareFree
      isSpareFree <== 1
    } else: {
      When(input.fires) { isSpareFree <== 0 }
    }
  }

  public var invariants: Circuit {
    Assert(isSpareFree | isOffering, "the spare register is used only behind the one that offers")
    contents <== Vector([offered, spare])
    count <== isOffering.asUnsigned + (!isSpareFree).asUnsigned
  }
}
