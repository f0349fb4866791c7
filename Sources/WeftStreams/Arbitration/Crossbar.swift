import Weft

/// Sends payloads from every input to the output that each names. Payloads for different outputs pass in one cycle;
/// those for one output take turns.
///
/// Payloads from one input to one output keep their order.
///
/// - Latency: none.
/// - Throughput: a payload a cycle at each output.
public struct Crossbar<Payload: Signal>: Module {
  /// What passes.
  public let payload: Shape<Payload>
  /// The number of streams that enter, and of those that leave, each at least one.
  public let inputCount, outputCount: Int

  /// A crossbar of so many inputs and outputs, at least one of each.
  public init(of payload: Shape<Payload>, inputs: Int, outputs: Int) {
    self.payload = payload
    inputCount = inputs
    outputCount = outputs
  }

  /// The streams that enter.
  public var inputs: Vector<Stream<Routed<Payload>>> {
    input(.vector(inputCount, of: .stream(of: .bundle(Routed(of: payload, outputs: outputCount)))))
  }
  /// The streams that leave.
  public var outputs: Vector<Stream<Payload>> { output(.vector(outputCount, of: .stream(of: payload))) }

  public var body: Circuit {
    let demultiplexers = inputs.indices.map {
      instance(Demultiplexer(of: payload, streams: outputCount), named: "from\($0)")
    }
    let arbiters = outputs.indices.map { instance(Arbiter(of: payload, streams: inputCount), named: "to\($0)") }
    for (from, demultiplexer) in demultiplexers.enumerated() {
      demultiplexer.input.payload <== inputs[from].payload.payload
      demultiplexer.input.valid <== inputs[from].valid
      inputs[from].ready <== demultiplexer.input.ready
      demultiplexer.index <== inputs[from].payload.destination
      for (to, arbiter) in arbiters.enumerated() { arbiter.inputs[from] <== demultiplexer.outputs[to] }
    }
    for (to, arbiter) in arbiters.enumerated() { outputs[to] <== arbiter.output }
  }
}
