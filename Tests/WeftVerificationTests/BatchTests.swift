import Testing
import Weft
import WeftAccelerators
import WeftExploration
import WeftNetworks
import WeftSimulation
import WeftVerification

/// Outputs with several frames a pass: every value of every frame that a pass gives, in as many cycles as predicted.
@Suite struct BatchTests {
  /// A shape that both eyes share, and for each eye a picture of its own: the example of the page on batches.
  static func stereo() throws -> QuantizedNetwork {
    let stereo = try Network(named: "stereo", seed: 5) {
      Input("code", channels: 4, height: 6, width: 6)
      Input("view", channels: 2, height: 6, width: 6)
      From("code")
      Convolution(6, kernel: 3, name: "shape")
      LeakyReLU(0.2)
      Convolution(3, kernel: 3, name: "geometry_head")
      Output("geometry")
      Concatenate("code", "view")
      Convolution(8, kernel: 3, name: "trunk")
      LeakyReLU(0.2)
      Upsample(2)
      Convolution(3, kernel: 3, name: "texture_head")
      Output("texture")
    }
    return try QuantizedNetwork(stereo, calibration: [[reals(144), reals(72)]])
  }

  private static func reals(_ count: Int) -> [Float] { (0..<count).map { Float($0 * 37 % 101) / 50 - 1 } }

  private static func frames(of network: QuantizedNetwork, _ count: Int, seed: UInt64) -> [[[Int32]]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      network.inputs.map { input in
        let codes = Int32(input.quantization.codes.lowerBound)...Int32(input.quantization.codes.upperBound)
        return (0..<input.shape.count).map { _ in .random(in: codes, using: &random) }
      }
    }
  }

  @Test func aPassGivesWhatThePageSays() throws {
    let network = try Self.stereo()
    var plan = Plan(uniform: UnitConfiguration(cpf: 2, kpf: 2), for: network)
    let single = try ElasticGrid(network, plan: plan)
    let frames = Self.frames(of: network, 6, seed: 1)
    plan.batches = ["texture": 2]
    let grid = try ElasticGrid(network, plan: plan)
    let run = try GridSimulation(grid, engine: .interpreter).run(frames)
    #expect(grid.framesPerPass == 2 && grid.batches == [1, 2] && grid.inputBatches == [2, 2])
    #expect(grid.stages.map(\.batch) == [1, 1, 2, 2])
    #expect(grid.cost.stageCycles == zip(single.cost.stageCycles, [1, 1, 2, 2]).map { $0 * $1 })
    #expect(run.outputs.map { $0.map(\.isEmpty) } == (0..<6).map { [$0 % 2 == 1, false] })
    #expect(run.lastBeats.count == 3 && run.cyclesPerFrame == grid.cost.predictedCyclesPerFrame)
  }

  @Test func theSelectorIsThatOfThePage() throws {
    let expected = """
      // FrameSelector(payload: Vector(1, of: Signed(8)), transfersPerFrame: 144, offered: 2, taken: 1)
      module FrameSelector_1xs8_144_2_1 (
        input clock,
        input reset,
        input [7:0] input_payload,
        input input_valid,
        output input_ready,
        output [7:0] output_payload,
        output output_valid,
        input output_ready
      );
        reg frame = 1'b0;
        wire isTaken;
        reg [7:0] transfer = 8'd0;

        assign input_ready = output_ready | ~isTaken;
        assign output_payload = input_payload;
        assign output_valid = input_valid & isTaken;

        always @(posedge clock) begin
          if (reset) begin
            frame <= 1'b0;
            transfer <= 8'd0;
          end else if (input_valid & input_ready) begin
            transfer <= transfer == 8'd143 ? 8'd0 : transfer + 8'd1;
            if (transfer == 8'd143) begin
              frame <= frame == 1'b1 ? 1'b0 : frame + 1'b1;
            end
          end
        end

        assign isTaken = ~frame;
      endmodule

      """
    let selector = FrameSelector(of: .vector(1, of: .signed(8)), transfersPerFrame: 144, taken: 1, offered: 2)
    #expect(try Design(selector).verilog().modules.map(\.contents) == [expected])
    var plan = Plan(uniform: UnitConfiguration(), for: try Self.stereo())
    plan.batches = ["texture": 2]
    let modules = try Design(ElasticGrid(Self.stereo(), plan: plan)).verilog().modules
    #expect(modules.contains { $0.contents == expected })
  }

  @Test(arguments: [EngineKind.interpreter, .verilator]) func bothEnginesGiveTheReference(engine: EngineKind) throws {
    let network = try Self.stereo()
    var plan = Plan(uniform: UnitConfiguration(cpf: 3, kpf: 2, h: 2, decomposes: false), for: network)
    for batches in [["geometry": 1, "texture": 2], ["geometry": 3, "texture": 2]] {
      plan.batches = batches
      let grid = try ElasticGrid(network, plan: plan)
      let frames = Self.frames(of: network, 4 * grid.framesPerPass, seed: 2)
      for stalls in [nil, 7 as UInt64] {
        let report = try Verification(
          of: grid, against: network, frames: frames, engine: engine, stalls: stalls).report
        let values = zip(grid.batches, grid.outputOrders).reduce(0) { $0 + 4 * $1.0 * $1.1.shape.count }
        #expect(report.bitExact && report.comparedValues == values && report.framesPerPass == grid.framesPerPass)
        if stalls == nil { #expect(report.cyclesPerFrame == report.predictedCyclesPerFrame, "\(batches)") }
      }
    }
  }

  /// Where a branch has the whole pass for a frame that comes in a part of it, its buffer holds the rest of the frame.
  @Test(arguments: [(2, 2), (4, 1)]) func nobodyWaitsForTheBranchWithFewerFrames(batch: Int, kpf: Int) throws {
    let network = try Self.stereo()
    // The shape takes as long for its frame as the trunk for all of a pass.
    let units = [
      UnitConfiguration(cpf: 1, kpf: kpf), UnitConfiguration(cpf: 1, kpf: 1, taps: 3),
      UnitConfiguration(cpf: 3, kpf: 4), UnitConfiguration(cpf: 8, kpf: 3, taps: 3, columnTaps: 3),
    ]
    let plan = Plan(
      network: network.name, stages: zip(network.layers, units).map { Plan.Stage(name: $0.name, unit: $1) },
      batches: ["texture": batch])
    let grid = try ElasticGrid(network, plan: plan)
    let cycles = grid.cost.predictedCyclesPerFrame
    #expect(grid.cost.stageCycles[0] == cycles && grid.cost.stageCycles[2] == cycles)
    let run = try GridSimulation(grid, engine: .interpreter).run(Self.frames(of: network, 16 * batch, seed: 3))
    #expect(run.cycles(fromPass: 4, to: 14) == 10 * cycles)
  }

  /// The frames of a pass side by side: what each replica gives is what the network gives of its frames.
  @Test(arguments: [EngineKind.interpreter, .verilator])
  func replicasGiveTheFramesOfAPassAtOnce(engine: EngineKind) throws {
    let network = try Self.stereo()
    let twofold = try network.replicated(["texture": 2])
    let replicas = ["texture": 2]
    #expect(twofold.inputs.map(\.name) == ["code", "code_2", "view", "view_2"])
    #expect(
      twofold.layers.map(\.name)
        == ["shape", "geometry_head", "trunk", "trunk_2", "texture_head", "texture_head_2"])
    #expect(twofold.outputs.map(\.name) == ["geometry", "texture", "texture_2"])
    #expect(try network.replicated([:]) == network)
    var plan = Plan(uniform: UnitConfiguration(cpf: 2, kpf: 2, h: 2), for: twofold)
    plan.replicas = replicas
    let grid = try ElasticGrid(plan.replicated(network), plan: plan)
    let frames = Self.frames(of: network, 6, seed: 8)
    let dealt = network.dealt(frames, to: replicas)
    let report = try Verification(of: grid, against: twofold, frames: dealt, engine: engine).report
    #expect(report.bitExact && report.cyclesPerFrame == report.predictedCyclesPerFrame)
    let run = try GridSimulation(grid, engine: engine, stalls: 9).run(dealt)
    for (pass, outputs) in run.outputs.enumerated() {
      let both = try frames[2 * pass..<2 * pass + 2].map(ReferenceExecutor(network).run)
      #expect(outputs == [both[0][0], both[0][1], both[1][1]])
    }
    // Texture and trunk twice at once take half the cycles of twice by turns.
    var turns = Plan(uniform: UnitConfiguration(cpf: 2, kpf: 2, h: 2), for: network)
    turns.batches = replicas
    #expect(try ElasticGrid(network, plan: turns).cost.predictedCyclesPerFrame == 2 * grid.cost.predictedCyclesPerFrame)
  }

  @Test func framesAreWholePasses() throws {
    let network = try Self.stereo()
    var plan = Plan(uniform: UnitConfiguration(), for: network)
    plan.batches = ["texture": 2]
    let grid = try ElasticGrid(network, plan: plan)
    #expect(grid.wholePasses(5) == 6)
    #expect(throws: NetworkError.self) {
      try GridSimulation(grid, engine: .interpreter).run(Self.frames(of: network, 3, seed: 4))
    }
  }

  /// What a search promises for batches is what the grid takes.
  @Test func exploredBatchesTakeThePredictedCycles() throws {
    let network = try Self.stereo()
    let device = Device(name: "small", dspKind: .dsp48e2, dsp: 40, ramb18: 100, lut: nil)
    let space = try DesignSpace(
      network, device: device,
      branches: [.init(name: "geometry", batch: 1), .init(name: "texture", batch: 3)])
    let best = try ExactSearch(space.problem, budget: device.budget).run().plan
    let plan = space.plan(best.choices)
    #expect(plan.batches == ["texture": 3])
    let grid = try ElasticGrid(network, plan: plan)
    let report = try Verification(
      of: grid, against: network, frames: Self.frames(of: network, 12, seed: 5), engine: .interpreter).report
    #expect(report.bitExact && report.cyclesPerFrame == best.cycles)
    #expect(PlanFigures(grid.stages, on: device).resources == best.resources)
  }
}
