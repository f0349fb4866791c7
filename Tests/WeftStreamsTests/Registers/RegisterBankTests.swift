import Testing
import Weft
import WeftLint
import WeftSimulation
import WeftStreams

private typealias Device = DeviceRegisters

private let engines: [EngineKind] = LintTools.has("verilator") ? [.interpreter, .verilator] : [.interpreter]

/// Registers behind a bus do what their map says.
@Suite struct RegisterBankTests {
  private static let bank = RegisterBank(Device.map())

  private func device(_ engine: EngineKind) throws -> (sim: Simulation<RegisterBank>, bus: RegisterBus) {
    let sim = try Simulation(Self.bank, engine: engine)
    return (sim, RegisterBus(sim, \.s_axi))
  }

  @Test(arguments: engines) func softwareWritesWhatTheHardwareReads(engine: EngineKind) throws {
    let (sim, bus) = try device(engine)
    #expect(sim[Device.enable] == 1 && sim[Device.pace] == .fast && sim[Device.scale] == -3)
    #expect(try bus.read(0x0) == (1 | 1 << 4 | (0xffd << 10), .okay))
    #expect(try bus.write(2 << 4 | 5 << 10, to: 0x0) == .okay)
    #expect(sim[Device.enable] == 0 && sim[Device.pace] == .turbo && sim[Device.scale] == 5)
    // One byte at a time: the scale lies in two.
    try bus.write(0x3f_ffff, to: 0x0, strobes: 0b0100)
    #expect(sim[Device.enable] == 0 && sim[Device.pace] == .turbo && sim[Device.scale] == 5 - 64)
    try bus.write(0, to: 0x0, strobes: 0b0010)
    #expect(sim[Device.scale] == -64)
    try bus.write(1, to: 0x0, strobes: 0)
    #expect(sim[Device.enable] == 0)
    sim.reset()
    #expect(sim[Device.enable] == 1 && sim[Device.scale] == -3)
  }

  @Test(arguments: engines) func softwareReadsWhatTheHardwareSays(engine: EngineKind) throws {
    let (sim, bus) = try device(engine)
    sim[Device.busy] = 1
    sim[Device.position] = 0xabcde
    #expect(try bus.read(0x4) == (0xabcde01, .okay))
    #expect(try bus.write(-1 & 0xffff_ffff, to: 0x4) == .okay)
    #expect(try bus.read(0x4) == (0xabcde01, .okay))
  }

  @Test(arguments: engines) func whatIsWriteOnlyReadsAsZero(engine: EngineKind) throws {
    let (sim, bus) = try device(engine)
    #expect(sim[Device.key] == 0x155)
    try bus.write(0x0a3 << 4, to: 0x8)
    #expect(sim[Device.key] == 0x0a3)
    #expect(try bus.read(0x8) == (0, .okay))
  }

  @Test(arguments: engines) func aPulseLastsOneCycle(engine: EngineKind) throws {
    let (sim, bus) = try device(engine)
    let (start, step) = (sim[\.[Device.start]], sim[\.[Device.step]])
    var pulses: [[Int]] = []
    bus.manager.write(1 | 777 << 3, at: 0xc)
    for _ in 0..<8 {
      try bus.bench.step()
      pulses.append([start.value, step.value])
    }
    #expect(pulses.filter { $0 != [0, 0] } == [[1, 777]])
    #expect(try bus.read(0xc) == (0, .okay))
  }

  @Test(arguments: engines) func onesClearWhatTheHardwareSets(engine: EngineKind) throws {
    let (sim, bus) = try device(engine)
    sim[set: Device.errors] = 0b10_0000_0101
    sim.step()
    sim[set: Device.errors] = 0
    #expect(try bus.read(0x10).word == 0b10_0000_0101)
    try bus.write(0b10_0000_0001, to: 0x10, strobes: 1)
    #expect(sim[Device.errors] == 0b10_0000_0100)
    try bus.write(0b10_0000_0000, to: 0x10)
    #expect(sim[Device.errors] == 0b100)
    // What is set while it is cleared stays set.
    sim[set: Device.errors] = 0b100
    try bus.write(0b100, to: 0x10)
    #expect(sim[Device.errors] == 0b100)
  }

  @Test(arguments: engines) func onesSetWhatTheHardwareClears(engine: EngineKind) throws {
    let (sim, bus) = try device(engine)
    try bus.write(0b1011 << 12, to: 0x10)
    try bus.write(0b0100 << 12, to: 0x10)
    #expect(sim[Device.requests] == 0b1111)
    sim[clear: Device.requests] = 0b0110
    sim.step()
    #expect(sim[Device.requests] == 0b1001)
    #expect(try bus.read(0x10).word == 0b1001 << 12)
  }

  @Test(arguments: engines) func readingClears(engine: EngineKind) throws {
    let (sim, bus) = try device(engine)
    sim[set: Device.seen] = 0b10110
    sim.step()
    sim[set: Device.seen] = 0
    sim.step(3)
    #expect(try bus.read(0x14).word == 0b10110 << 2)
    #expect(try bus.read(0x14).word == 0)
    // What comes as it is read is there the next time.
    sim[set: Device.seen] = 0b1
    #expect(try bus.read(0x14).word & ~4 == 0)
    #expect(try bus.read(0x14).word == 4)
  }

  @Test(arguments: engines) func arraysHaveElements(engine: EngineKind) throws {
    let (sim, bus) = try device(engine)
    #expect(sim[all: Device.threshold] == [7, 7, 7])
    for (index, address) in [0x20, 0x28, 0x30].enumerated() {
      #expect(try bus.write(100 + index, to: address) == .okay)
      #expect(sim[Device.threshold, index] == 100 + index && sim["limits", "threshold", index] == 100 + index)
    }
    #expect(sim[all: Device.threshold] == [100, 101, 102])
    #expect(try bus.read(0x28) == (101, .okay))
    #expect(try bus.read(0x24) == (0, .decodeError))
  }

  @Test(arguments: engines) func enabledEventsInterrupt(engine: EngineKind) throws {
    let (sim, bus) = try device(engine)
    sim[set: Device.failed] = 1
    sim.step()
    sim[set: Device.failed] = 0
    #expect(try bus.read(0x40).word == 0b10)
    #expect(sim.irq == 0)
    try bus.write(0b01, to: 0x44)
    #expect(sim.irq == 0)
    try bus.write(0b10, to: 0x44)
    #expect(sim.irq == 1)
    try bus.write(0b10, to: 0x40)
    #expect(sim.irq == 0)
  }

  @Test(arguments: engines) func accessesThatCannotBeAreAnswered(engine: EngineKind) throws {
    let (sim, bus) = try device(engine)
    for address in [0x18, 0x1c, 0x38, 0x48, 0x7c] {
      #expect(try bus.read(address) == (0, .decodeError))
      #expect(try bus.write(-1 & 0xffff_ffff, to: address) == .decodeError)
    }
    for address in [0x1, 0x2, 0x3, 0x11, 0x7e] {
      #expect(try bus.read(address) == (0, .subordinateError))
      #expect(try bus.write(-1 & 0xffff_ffff, to: address) == .subordinateError)
    }
    #expect(sim[Device.enable] == 1 && sim[Device.scale] == -3)
    #expect(try bus.read(0x0).response == .okay)
  }

  @Test func aWiderAddressReachesNothingElse() throws {
    let sim = try Simulation(RegisterBank(Device.map(), addressWidth: 12))
    let bus = RegisterBus(sim, \.s_axi)
    #expect(try bus.read(0x0).response == .okay)
    #expect(try bus.read(0x80).response == .decodeError)
    #expect(try bus.write(0, to: 0x800) == .decodeError)
    #expect(sim[Device.enable] == 1)
  }

  @Test(arguments: engines, [true, false]) func addressAndDataComeInAnyOrder(
    engine: EngineKind, addressFirst: Bool
  ) throws {
    let sim = try Simulation(Self.bank, engine: engine)
    let late = Stalls.none.holding(during: 0..<20)
    let bus = RegisterBus(sim, \.s_axi, stalls: addressFirst ? AXIStalls(w: late) : AXIStalls(aw: late))
    bus.manager.write(0x0a3 << 4, at: 0x8)
    try bus.bench.run(cycles: 20)
    #expect(!bus.manager.isIdle && sim[Device.key] == 0x155)
    try bus.bench.run(until: { bus.manager.isIdle }, limit: 4)
    #expect(sim[Device.key] == 0x0a3)
  }

  @Test func accessesTakeTheCyclesThatAreDocumented() throws {
    let (_, bus) = try device(.interpreter)
    for _ in 0..<20 {
      bus.manager.write(0, at: 0x8)
      bus.manager.read(at: 0x0)
    }
    try bus.bench.run(cycles: 60)
    #expect(bus.manager.writes.map(\.cycle) == (0..<20).map { 2 + 2 * $0 })
    #expect(bus.manager.reads.map(\.cycle) == (0..<20).map { 1 + 2 * $0 })
  }

  /// A run of random accesses, with a model beside it that says in every cycle what has to be there.
  @Test(arguments: engines, [(1, 32), (2, 32), (3, 64)] as [(UInt64, Int)])
  func randomAccessesAreAsTheModelSays(engine: EngineKind, run: (seed: UInt64, wordWidth: Int)) throws {
    let map = Device.map(wordWidth: run.wordWidth)
    let sim = try Simulation(RegisterBank(map), engine: engine)
    let model = RegisterModel(sim, seed: run.seed)
    let bus = RegisterBus(sim, \.s_axi, stalls: .random(seed: run.seed), with: [model])
    var generator = SplitMix64(seed: ~run.seed)
    var addresses = Array(stride(from: 0, to: map.size + 16, by: run.wordWidth / 8))
    addresses += addresses + addresses + [1, 2, 3, 5]
    let count = 800
    for _ in 0..<count {
      let strobes = Int(truncatingIfNeeded: (generator.next() | generator.next()) & 0xff)
      let word = Int(truncatingIfNeeded: generator.next())
      bus.manager.write(word, at: addresses.randomElement(using: &generator) ?? 0, strobes: strobes)
      bus.manager.read(at: addresses.randomElement(using: &generator) ?? 0)
    }
    do {
      try bus.bench.run(until: { bus.manager.isIdle }, limit: 40 * count)
    } catch {
      Issue.record("seed \(run.seed), \(engine): \(error)")
    }
    #expect(model.writes == count && model.reads == count && model.errors > count / 10, "seed \(run.seed)")
  }

  @Test(arguments: [32, 64]) func toolsFindNoFault(wordWidth: Int) throws {
    #expect(try LintTools.complaints(about: Design(RegisterBank(Device.map(wordWidth: wordWidth)))) == "")
  }

  @Test func itIsWrittenAsAPersonWouldWriteIt() throws {
    let limit = RegisterField("limit", .unsigned(12), reset: 99)
    let map = RegisterMap("counter") {
      Register("setting") {
        RegisterField("go", .bit, .writePulse)
        limit
      }
      Register("state") { RegisterField("over", .bit, .writeOneToClear) }
    }
    #expect(try Design(RegisterBank(map)).verilog().modules.map(\.contents) == [expectedVerilog])
  }
}

private let expectedVerilog = """
  // RegisterBank(map: (name=counter,wordWidth=32,registers ..., addressWidth: 3)
  module counter_registers (
    input clock,
    input reset,
    input [2:0] s_axi_awaddr,
    input [2:0] s_axi_awprot,
    input s_axi_awvalid,
    output s_axi_awready,
    input [31:0] s_axi_wdata,
    input [3:0] s_axi_wstrb,
    input s_axi_wvalid,
    output s_axi_wready,
    output [1:0] s_axi_bresp,
    output s_axi_bvalid,
    input s_axi_bready,
    input [2:0] s_axi_araddr,
    input [2:0] s_axi_arprot,
    input s_axi_arvalid,
    output s_axi_arready,
    output [31:0] s_axi_rdata,
    output [1:0] s_axi_rresp,
    output s_axi_rvalid,
    input s_axi_rready,
    output setting_go,
    output [11:0] setting_limit,
    output state_over,
    input state_over_set
  );
    localparam [1:0] AXIResponse_okay = 2'd0;
    localparam [1:0] AXIResponse_subordinateError = 2'd2;
    localparam [1:0] AXIResponse_decodeError = 2'd3;
    reg held_setting_go = 1'b0;
    reg held_state_over = 1'b0;
    reg hasAddress = 1'b0;
    reg hasData = 1'b0;
    reg isWriteAnswered = 1'b0;
    reg [1:0] writeResponse = AXIResponse_okay;
    reg [2:0] writeAddress = 3'd0;
    reg [31:0] writeData = 32'd0;
    reg [3:0] writeStrobes = 4'd0;
    wire isWriting;
    reg [11:0] held_setting_limit = 12'd99;
    reg isReadAnswered = 1'b0;
    reg [31:0] readData = 32'd0;
    reg [1:0] readResponse = AXIResponse_okay;

    assign s_axi_awready = ~hasAddress;
    assign s_axi_wready = ~hasData;
    assign s_axi_bresp = writeResponse;
    assign s_axi_bvalid = isWriteAnswered;
    assign s_axi_arready = ~isReadAnswered;
    assign s_axi_rdata = readData;
    assign s_axi_rresp = readResponse;
    assign s_axi_rvalid = isReadAnswered;
    assign setting_go = held_setting_go;
    assign setting_limit = held_setting_limit;
    assign state_over = held_state_over;

    wire and_s_axi_awvalid_s_axi_awready = s_axi_awvalid & s_axi_awready;
    wire and_s_axi_wvalid_s_axi_wready = s_axi_wvalid & s_axi_wready;
    always @(posedge clock) begin
      if (reset) begin
        held_setting_go <= 1'b0;
        held_state_over <= 1'b0;
        hasAddress <= 1'b0;
        hasData <= 1'b0;
        isWriteAnswered <= 1'b0;
        writeResponse <= AXIResponse_okay;
        held_setting_limit <= 12'd99;
      end else begin
        held_setting_go <= 1'b0;
        held_state_over <= held_state_over | state_over_set;
        if (and_s_axi_awvalid_s_axi_awready) begin
          hasAddress <= 1'b1;
        end
        if (and_s_axi_wvalid_s_axi_wready) begin
          hasData <= 1'b1;
        end
        if (s_axi_bvalid & s_axi_bready) begin
          isWriteAnswered <= 1'b0;
        end
        if (isWriting) begin
          hasAddress <= 1'b0;
          hasData <= 1'b0;
          isWriteAnswered <= 1'b1;
          writeResponse <= AXIResponse_decodeError;
          if (|writeAddress[1:0]) begin
            writeResponse <= AXIResponse_subordinateError;
          end else begin
            case (writeAddress[2])
              1'b0: begin
                writeResponse <= AXIResponse_okay;
                if (writeStrobes[0]) begin
                  held_setting_go <= writeData[0];
                  held_setting_limit[6:0] <= writeData[7:1];
                end
                if (writeStrobes[1]) begin
                  held_setting_limit[11:7] <= writeData[12:8];
                end
              end
              1'b1: begin
                writeResponse <= AXIResponse_okay;
                if (writeStrobes[0]) begin
                  held_state_over <= (held_state_over & ~writeData[0]) | state_over_set;
                end
              end
              default: ;
            endcase
          end
        end
      end
    end

    always @(posedge clock) begin
      if (and_s_axi_awvalid_s_axi_awready) begin
        writeAddress <= s_axi_awaddr;
      end
      if (and_s_axi_wvalid_s_axi_wready) begin
        writeData <= s_axi_wdata;
        writeStrobes <= s_axi_wstrb;
      end
    end

    assign isWriting = hasAddress & hasData & ~isWriteAnswered;

    wire and_s_axi_arvalid_s_axi_arready = s_axi_arvalid & s_axi_arready;
    wire any_s_axi_araddr_1_0 = |s_axi_araddr[1:0];
    always @(posedge clock) begin
      if (reset) begin
        isReadAnswered <= 1'b0;
        readResponse <= AXIResponse_okay;
      end else begin
        if (s_axi_rvalid & s_axi_rready) begin
          isReadAnswered <= 1'b0;
        end
        if (and_s_axi_arvalid_s_axi_arready) begin
          isReadAnswered <= 1'b1;
          readResponse <= AXIResponse_decodeError;
          if (any_s_axi_araddr_1_0) begin
            readResponse <= AXIResponse_subordinateError;
          end else begin
            case (s_axi_araddr[2])
              1'b0: readResponse <= AXIResponse_okay;
              1'b1: readResponse <= AXIResponse_okay;
              default: ;
            endcase
          end
        end
      end
    end

    always @(posedge clock) begin
      if (and_s_axi_arvalid_s_axi_arready) begin
        readData <= 32'd0;
        if (!any_s_axi_araddr_1_0) begin
          case (s_axi_araddr[2])
            1'b0: readData[12:1] <= held_setting_limit;
            1'b1: readData[0] <= held_state_over;
            default: ;
          endcase
        end
      end
    end

    wire unused = &{1'b0, s_axi_awprot, s_axi_arprot, writeData[31:13], writeStrobes[3:2]};
  endmodule

  """
