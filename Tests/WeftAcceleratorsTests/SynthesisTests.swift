import Testing
import Weft
import WeftAccelerators
import WeftLint
import WeftNetworks
import WeftSimulation

/// What synthesis for Xilinx's seventh series makes of a grid, and what lint finds in it.
@Suite struct SynthesisTests {
  /// Two stages whose buffers are large enough for block RAM.
  private static func grid() throws -> ElasticGrid {
    var random = SplitMix64(seed: 5)
    let quantization = Quantization(scale: 1, zeroPoint: 0, storage: .int8)
    let shape = MapShape(channels: 8, height: 8, width: 32)
    func layer(_ name: String, _ source: LayerSource, _ input: MapShape, _ upsampling: Int, channels: Int) -> QuantizedLayer {
      QuantizedLayer(
        name: name, source: source, inputShape: input,
        upsampling: Upsampling(vertical: upsampling, horizontal: upsampling),
        window: ConvolutionWindow(kernelHeight: 3, kernelWidth: 3, padding: Padding(1)),
        inputQuantization: quantization,
        weights: (0..<channels * input.channels * 9).map { _ in Int32.random(in: -127...127, using: &random) },
        weightScales: (0..<channels).map { _ in Float.random(in: 0.001...0.002, using: &random) },
        bias: .perChannel((0..<channels).map { _ in Int64.random(in: -900...900, using: &random) }),
        slopes: Array(repeating: 0.2, count: channels), convolutionQuantization: quantization)
    }
    let first = layer("first", .input(0), shape, 1, channels: 8)
    let second = layer("second", .layer(0), first.outputShape, 2, channels: 4)
    let network = QuantizedNetwork(
      name: "synthesis", inputs: [.init(name: "map", shape: shape, quantization: quantization)],
      layers: [first, second], outputs: [.init(name: "result", layer: 1)])
    return try ElasticGrid(
      network,
      plan: Plan(
        network: network.name,
        stages: [
          Plan.Stage(name: "first", unit: UnitConfiguration(cpf: 2, kpf: 4, h: 1)),
          Plan.Stage(name: "second", unit: UnitConfiguration(cpf: 4, kpf: 1, h: 2)),
        ]))
  }

  @Test func gridIsClean() throws {
    let complaints = try LintTools.complaints(about: Design(Self.grid()))
    #expect(complaints.isEmpty, "\(complaints)")
  }

  @Test func multipliersAndBuffersAreInferred() throws {
    guard LintTools.has("yosys") else { return }
    let grid = try Self.grid()
    let cells = try Self.cells(of: Design(grid))
    // A requantiser's product, a sum times 25 bits, takes two blocks.
    #expect(
      cells.multipliers.count == grid.cost.multipliers + 2 * grid.cost.requantisationMultipliers,
      "\(cells.multipliers)")
    for buffer in ["first_stage.core.input_buffer.buffer0.bank0", "first_stage.core.weight_buffer.words",
      "second_stage.core.weight_buffer.words"]
    {
      #expect(cells.memories.count { $0.contains(buffer) } == 1, "\(buffer) among \(cells.memories)")
    }
    #expect(cells.latches.isEmpty)
  }

  /// 64 words of 40 bits that are never written.
  private struct ShallowTable: Module {
    var address: Unsigned { input(.unsigned(6)) }
    var word: Bits { output(.bits(40)) }
    var words: Memory<Bits> {
      memory(
        depth: 64, of: .bits(40),
        contents: (0..<64).map { BitVector(truncating: ($0 + 1) * 0x9e37_79b9, width: 40) }, style: .distributed)
    }

    var body: Circuit { word <== words.read(address) }
  }

  @Test func shallowTablesAreLogic() throws {
    guard LintTools.has("yosys") else { return }
    let cells = try Self.cells(of: Design(ShallowTable()))
    #expect(cells.memories.isEmpty && cells.latches.isEmpty, "\(cells.memories)")
  }

  private typealias Cells = (multipliers: [Substring], memories: [Substring], latches: [Substring])

  /// The cells that matter in a design that Yosys synthesised up to the mapping of logic to tables.
  private static func cells(of design: Design) throws -> Cells {
    try LintTools.withFiles(of: design) { directory in
      let files = design.modules.map { $0.name + ".v" }.joined(separator: " ")
      let outcome = LintTools.run(
        "yosys -q -p 'read_verilog \(files); synth_xilinx -flatten -run :map_cells -top \(design.top.name); "
          + "check -assert; tee -q -o multipliers select -list t:DSP48E1; tee -q -o memories select -list t:RAMB*; "
          + "tee -q -o latches select -list t:*latch*'", in: directory)
      #expect(outcome.status == 0, "\(outcome.output)")
      let lines = { (name: String) in LintTools.run("cat \(name)", in: directory).output.split(separator: "\n") }
      return (lines("multipliers"), lines("memories"), lines("latches"))
    }
  }
}
