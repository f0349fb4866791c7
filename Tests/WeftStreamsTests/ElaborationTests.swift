import Testing
import Weft
import WeftStreams

/// A payload with fields.
struct Sample: Bundle {
  var level: Signed = field(.signed(12))
  var taps: Vector<Unsigned> = field(.vector(3, of: .unsigned(5)))
  var isLast: Bit = field(.bit)
}

/// Every module of the library elaborates with every kind of payload and at the edges of its parameters.
@Suite struct ElaborationTests {
  private func elaborate<P: Signal>(_ payload: Shape<P>) throws {
    for depth in [1, 2, 3, 8, 13] {
      _ = try Design(FIFO(of: payload, depth: depth))
      _ = try Design(BlockRAMFIFO(of: payload, depth: depth))
    }
    _ = try Design(PipelineRegister(of: payload))
    for count in [1, 2, 5] {
      _ = try Design(Fork(of: payload, branches: count))
      _ = try Design(Join(of: payload, streams: count))
    }
    _ = try Design(Zip(of: payload, .bit))
    for count in [1, 2, 5] {
      _ = try Design(Arbiter(of: payload, streams: count, policy: .priority))
      _ = try Design(Crossbar(of: payload, inputs: count, outputs: 3))
      _ = try Design(Crossbar(of: payload, inputs: 2, outputs: count))
      _ = try Design(Multiplexer(of: payload, streams: count))
      _ = try Design(PacketFramer(of: payload, length: count))
      _ = try Design(MultiportMemory(of: payload, depth: count, writes: count, reads: 2))
    }
    _ = try Design(Filter(of: payload))
    for (from, to) in [(1, 1), (1, 4), (4, 1), (3, 2), (2, 3), (6, 4), (5, 5)] {
      _ = try Design(WidthAdapter(of: payload, from: from, to: to))
    }
  }

  @Test func bits() throws { try elaborate(.bit) }
  @Test func wideNumbers() throws { try elaborate(.signed(100)) }
  @Test func vectors() throws { try elaborate(.vector(4, of: .signed(8))) }
  @Test func bundles() throws { try elaborate(.bundle(Sample())) }

  @Test(arguments: [0, -3]) func impossibleSizesAreReported(size: Int) {
    #expect(throws: ElaborationError.self) { _ = try Design(FIFO(of: .bit, depth: size)) }
    #expect(throws: ElaborationError.self) { _ = try Design(BlockRAMFIFO(of: .bit, depth: size)) }
    #expect(throws: ElaborationError.self) { _ = try Design(Fork(of: .bit, branches: size)) }
    #expect(throws: ElaborationError.self) { _ = try Design(Arbiter(of: .bit, streams: size)) }
    #expect(throws: ElaborationError.self) { _ = try Design(Crossbar(of: .bit, inputs: size, outputs: 1)) }
    #expect(throws: ElaborationError.self) { _ = try Design(Crossbar(of: .bit, inputs: 1, outputs: size)) }
    #expect(throws: ElaborationError.self) { _ = try Design(Multiplexer(of: .bit, streams: size)) }
    #expect(throws: ElaborationError.self) { _ = try Design(CreditCounter(credits: size)) }
    #expect(throws: ElaborationError.self) {
      _ = try Design(MultiportMemory(of: .bit, depth: size, writes: 1, reads: 1))
    }
    #expect(throws: ElaborationError.self) {
      _ = try Design(MultiportMemory(of: .bit, depth: 2, writes: size, reads: 1))
    }
    #expect(throws: ElaborationError.self) { _ = try Design(PacketFramer(of: .bit, length: size)) }
    #expect(throws: ElaborationError.self) { _ = try Design(Join(of: .bit, streams: size)) }
    #expect(throws: ElaborationError.self) { _ = try Design(WidthAdapter(of: .bit, from: size, to: 2)) }
    #expect(throws: ElaborationError.self) { _ = try Design(WidthAdapter(of: .bit, from: 2, to: size)) }
  }
}
