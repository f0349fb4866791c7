import Testing
import Weft
import WeftSimulation

/// A request that goes one way and its response, which comes back.
struct Link: Bundle {
  var request: Stream<Unsigned> = field(.stream(of: .unsigned(8)))
  var response: Stream<Signed> = field(.stream(of: .signed(16)).returning)
}

struct Passing: Module {
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

  @Test func oneConnectionIsAnAssignmentALeaf() throws {
    #expect(
      try Design(Passing()).verilog().modules[0].contents == """
        // Passing()
        module Passing (
          input [7:0] requester_request_payload,
          input requester_request_valid,
          output requester_request_ready,
          output [15:0] requester_response_payload,
          output requester_response_valid,
          input requester_response_ready,
          output [7:0] responder_request_payload,
          output responder_request_valid,
          input responder_request_ready,
          input [15:0] responder_response_payload,
          input responder_response_valid,
          output responder_response_ready
        );
          assign requester_request_ready = responder_request_ready;
          assign requester_response_payload = responder_response_payload;
          assign requester_response_valid = responder_response_valid;
          assign responder_request_payload = requester_request_payload;
          assign responder_request_valid = requester_request_valid;
          assign responder_response_ready = requester_response_ready;
        endmodule

        """)
  }

  @Test(arguments: [EngineKind.interpreter, .verilator]) func leavesGoTheirOwnWays(engine: EngineKind) throws {
    let sim = try Simulation(Passing(), engine: engine)
    sim[\.requester.request.payload].value = 200
    sim[\.requester.request.valid].value = 1
    sim[\.responder.request.ready].value = 1
    sim[\.responder.response.payload].value = -7
    sim[\.responder.response.valid].value = 1
    sim[\.requester.response.ready].value = 0
    #expect(sim[\.responder.request.payload].value == 200 && sim[\.responder.request.valid].value == 1)
    #expect(sim[\.requester.request.ready].value == 1)
    #expect(sim[\.requester.response.payload].value == -7 && sim[\.requester.response.valid].value == 1)
    #expect(sim[\.responder.response.ready].value == 0)
  }
}
