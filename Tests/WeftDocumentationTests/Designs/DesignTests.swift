import Testing
import Weft
import WeftLint
import WeftSimulation

/// The designs of the comparison: what they do on both engines, and what the linters say.
@Suite struct DesignTests {
  @Test(arguments: [EngineKind.interpreter, .verilator])
  func bytesCrossTheLine(engine: EngineKind) throws {
    let (transmitter, receiver) = (
      try Simulation(UARTTransmitter(divisor: 5), engine: engine), try Simulation(UARTReceiver(divisor: 5), engine: engine)
    )
    let driver = StreamDriver(transmitter, \.bytes)
    let bytes = [0x00, 0xff, 0x55, 0xa3]
    driver.send(contentsOf: bytes)
    let bench = StreamBench(transmitter, driver)
    var received: [Int] = []
    for _ in 0..<260 {
      try bench.step()
      receiver.line = transmitter.line
      receiver.step()
      #expect(receiver.isBroken == 0)
      if receiver.isValid == 1 { received.append(receiver.data) }
    }
    #expect(received == bytes)
  }

  @Test func aFrameWithoutStopBitIsBroken() throws {
    let receiver = try Simulation(UARTReceiver(divisor: 5))
    var broken = 0
    for _ in 0..<55 {
      receiver.line = 0
      receiver.step()
      broken += receiver.isBroken
    }
    #expect(broken == 1)
  }

  @Test(arguments: [EngineKind.interpreter, .verilator])
  func registersAreWrittenByBytes(engine: EngineKind) throws {
    let sim = try Simulation(AXI4LiteRegisters(), engine: engine)
    sim.reset()
    func write(_ value: Int, _ strobes: Int, at address: Int) -> Int {
      (sim.awaddr, sim.awvalid, sim.wdata, sim.wstrb, sim.wvalid, sim.bready) = (address, 1, value, strobes, 1, 1)
      #expect(sim.awready == 1 && sim.wready == 1)
      sim.step()
      (sim.awvalid, sim.wvalid) = (0, 0)
      #expect(sim.bvalid == 1)
      defer { sim.step() }
      return sim.bresp
    }
    func read(at address: Int) -> (value: Int, response: Int) {
      (sim.araddr, sim.arvalid, sim.rready) = (address, 1, 0)
      #expect(sim.arready == 1)
      sim.step()
      sim.step(2)
      // The answer waits for `rready`, and nothing else is taken until then.
      #expect(sim.rvalid == 1 && sim.arready == 0)
      (sim.arvalid, sim.rready) = (0, 1)
      defer { sim.step() }
      return (sim.rdata, sim.rresp)
    }
    #expect(write(0x1234_5678, 0b1111, at: 4) == 0)
    #expect(write(0xaabb_ccdd, 0b0101, at: 4) == 0)
    #expect(write(0xffff_ffff, 0b1111, at: 16) == 2)
    #expect(read(at: 4) == (0x12bb_56dd, 0))
    #expect(read(at: 0) == (0, 0))
    #expect(read(at: 20) == (0, 2))
    #expect(sim.values == [0, 0x12bb_56dd, 0, 0])
    // The data channel alone is not taken.
    (sim.wvalid, sim.awvalid) = (1, 0)
    #expect(sim.wready == 0)
  }

  @Test func lintersFindNothing() throws {
    let designs = [
      try Design(Counter()), try Design(FIRFilter(coefficients: [3, -1, 4, 1])), try Design(Queue()),
      try Design(SampleBuffer()), try Design(MatrixMultiplier(size: 3)), try Design(UARTTransmitter(divisor: 104)),
      try Design(UARTReceiver(divisor: 104)), try Design(AXI4LiteRegisters()),
    ]
    for design in designs {
      let complaints = try LintTools.complaints(about: design)
      #expect(complaints.isEmpty, "\(design.top.name): \(complaints)")
    }
  }
}
