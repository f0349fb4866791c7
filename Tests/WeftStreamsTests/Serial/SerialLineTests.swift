import Testing
import Weft
import WeftSimulation
import WeftStreams

/// A transmitter and a receiver with a line between them.
private struct Loop: Module {
  let sending: Int
  let receiving: Int

  var next: Unsigned { input(.unsigned(8)) }
  var sends: Bit { input(.bit) }
  var isTaken: Bit { output(.bit) }
  var received: Unsigned { output(.unsigned(8)) }
  var isReceived: Bit { output(.bit) }
  var isBroken: Bit { output(.bit) }
  var isGarbled: Bit { output(.bit) }
  /// Takes the line down.
  var cut: Bit { input(.bit) }

  var transmitter: Instance<SerialTransmitter> { instance(SerialTransmitter(cyclesPerBit: sending)) }
  var receiver: Instance<SerialReceiver> { instance(SerialReceiver(cyclesPerBit: receiving)) }

  var body: Circuit {
    transmitter.input.payload <== next
    transmitter.input.valid <== sends
    isTaken <== transmitter.input.fires
    receiver.line <== transmitter.line & !cut
    received <== receiver.received
    isReceived <== receiver.isReceived
    isBroken <== receiver.isBroken
    isGarbled <== receiver.isGarbled
  }
}

@Suite struct SerialLineTests {
  /// The bytes that arrive of those that are sent without a pause.
  private func passed(_ bytes: [UInt8], sent: Int, received: Int) throws -> (bytes: [UInt8], garbled: Int) {
    let sim = try Simulation(Loop(sending: sent, receiving: received))
    var (next, arrived, garbled) = (0, [UInt8](), 0)
    sim.cut = 0
    for _ in 0..<(bytes.count + 3) * 10 * (sent + 1) {
      sim.sends = next < bytes.count ? 1 : 0
      sim.next = next < bytes.count ? Int(bytes[next]) : 0
      if sim.isTaken == 1 { next += 1 }
      if sim.isReceived == 1 { arrived.append(UInt8(sim.received)) }
      if sim.isGarbled == 1 { garbled += 1 }
      sim.step()
    }
    return (arrived, garbled)
  }

  @Test(arguments: [4, 5, 8, 33]) func bytesArrive(cyclesPerBit: Int) throws {
    var random = SplitMix64(seed: UInt64(cyclesPerBit))
    let bytes = [0, 255, 0x55, 0xaa] + (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(try passed(bytes, sent: cyclesPerBit, received: cyclesPerBit) == (bytes, 0))
  }

  /// Three per cent between the speeds of both ends do no harm.
  @Test(arguments: [(33, 32), (32, 33)]) func speedsMayDiffer(sent: Int, received: Int) throws {
    let bytes = (0..<64).map { UInt8($0 * 37 & 255) }
    #expect(try passed(bytes, sent: sent, received: received) == (bytes, 0))
  }

  @Test func anotherSpeedIsNoticed() throws {
    let run = try passed(Array(repeating: 0x5a, count: 30), sent: 8, received: 13)
    #expect(run.garbled > 0)
  }

  @Test func aBreakIsSeenUntilItEnds() throws {
    let sim = try Simulation(Loop(sending: 8, receiving: 8))
    sim.sends = 0
    sim.cut = 1
    sim.step(8 * 9)
    #expect(sim.isBroken == 0)
    sim.step(8 * 3)
    #expect(sim.isBroken == 1)
    sim.step(1_000)
    #expect(sim.isBroken == 1 && sim.isReceived == 0)
    sim.cut = 0
    sim.step(8)
    #expect(sim.isBroken == 0)
    // A glitch is no start bit.
    sim.cut = 1
    sim.step(2)
    sim.cut = 0
    sim.step(200)
    #expect(sim.isBroken == 0 && sim.isGarbled == 0)
  }

  @Test func mistakesInParametersAreExplained() throws {
    let error = #expect(throws: ElaborationError.self) { try Design(SerialReceiver(cyclesPerBit: 3)) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("a bit takes at least 4 cycles; 3 were asked for"))
  }
}
