import Testing
import Weft

/// A request that goes one way and its response, which comes back.
private struct Link: Bundle {
  var request: Stream<Unsigned> = field(.stream(of: .unsigned(8)))
  var response: Stream<Signed> = field(.stream(of: .signed(16)).returning)
}

private struct Passing: Module {
  var requester: Link { input(.bundle(Link())) }
  var responder: Link { output(.bundle(Link())) }
  var body: Circuit { responder <== requester }
}

private struct PassingByHalves: Module {
  var requester: Link { input(.bundle(Link())) }
  var responder: Link { output(.bundle(Link())) }
  var body: Circuit {
    responder.request <== requester.request
    requester.response <== responder.response
  }
}

private struct Splitting: Module {
  var requesters: Vector<Link> { input(.vector(2, of: .bundle(Link()))) }
  var responders: Vector<Link> { output(.vector(2, of: .bundle(Link()))) }
  var first: Instance<Passing> { instance(Passing()) }
  var second: Instance<PassingByHalves> { instance(PassingByHalves()) }
  var body: Circuit {
    first.requester <== requesters[0]
    responders[0] <== first.responder
    second.requester <== requesters[1]
    responders[1] <== second.responder
  }
}

private struct Doubling: Module {
  var input: Stream<Unsigned> { sink(.unsigned(8)) }
  var output: Stream<Unsigned> { source(.unsigned(9)) }
  var body: Circuit {
    output <== Stream(payload: input.payload << 1, valid: input.valid, ready: input.ready)
  }
}

/// Connections of whole bundles find out which fields go which way, however deep they are.
@Suite struct DirectionTests {
  private func drivers(_ module: some Module) throws -> Set<String> {
    let netlist = try Design(module).top
    return Set(
      netlist.processes.flatMap { process in
        process.statements.compactMap { statement -> String? in
          guard case .assign(let target, let low, let value, _) = statement else { return nil }
          return "\(netlist.describe(bits: low..<(low + netlist.width(of: value)), of: netlist[target]))"
            + " <== \(netlist.describe(value))"
        }
      })
  }

  @Test func returningFieldsGoTheOtherWay() throws {
    let expected: Set = [
      "responder_request_payload <== `requester_request_payload`",
      "responder_request_valid <== `requester_request_valid`",
      "requester_request_ready <== `responder_request_ready`",
      "requester_response_payload <== `responder_response_payload`",
      "requester_response_valid <== `responder_response_valid`",
      "responder_response_ready <== `requester_response_ready`",
    ]
    #expect(try drivers(Passing()) == expected)
    #expect(try drivers(PassingByHalves()) == expected)
  }

  @Test func elementsOfVectorsKeepTheirDirections() throws {
    let found = try drivers(Splitting())
    #expect(found.count == 24)
    #expect(found.contains("requesters_request_ready[1] <== `second_requester_request_ready`"))
    #expect(found.contains("first_responder_request_ready <== `responders_request_ready[0]`"))
    #expect(found.contains("responders_response_ready[1] <== `second_responder_response_ready`"))
  }

  @Test func streamsAreMadeOfSignals() throws {
    #expect(
      try drivers(Doubling()) == [
        "output_payload <== a concatenation", "output_valid <== `input_valid`", "input_ready <== `output_ready`",
      ])
  }
}
