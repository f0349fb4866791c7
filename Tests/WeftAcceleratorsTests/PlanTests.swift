import Foundation
import Testing
import Weft
import WeftAccelerators
import WeftNetworks

/// Plans: what is refused, and the file.
@Suite struct PlanTests {
  /// A layer of 4 channels, and one with untied biases of 11 bits that upsamples by 3 and keeps the size.
  private static let network: QuantizedNetwork = {
    let quantization = Quantization(scale: 1, zeroPoint: 0, storage: .int8)
    func layer(
      _ name: String, _ source: LayerSource, _ input: MapShape, _ factor: Int, channels: Int, weight: Int32, bias: Bias
    ) -> QuantizedLayer {
      QuantizedLayer(
        name: name, source: source, inputShape: input, upsampling: Upsampling(vertical: factor, horizontal: factor),
        window: ConvolutionWindow(kernelHeight: 3, kernelWidth: 3, padding: Padding(1)),
        inputQuantization: quantization, weights: Array(repeating: weight, count: channels * input.channels * 9),
        weightScales: Array(repeating: 0.01, count: channels), bias: bias, convolutionQuantization: quantization)
    }
    let first = layer(
      "first", .input(0), MapShape(channels: 3, height: 4, width: 4), 1, channels: 4, weight: 1,
      bias: .perChannel([0, 0, 0, 0]))
    let second = layer(
      "second", .layer(0), first.outputShape, 3, channels: 6, weight: 127,
      bias: .perPixel((0..<6 * 12 * 12).map { $0 - 900 }))
    return QuantizedNetwork(
      name: "pair", inputs: [.init(name: "x", shape: first.inputShape, quantization: quantization)],
      layers: [first, second], outputs: [.init(name: "y", layer: 1)])
  }()

  /// What a plan's stages are refused with.
  private static func refusal(_ stages: [Plan.Stage]) -> String? {
    do throws(PlanError) {
      _ = try Plan(network: network.name, stages: stages).geometries(for: network)
      return nil
    } catch {
      return error.description
    }
  }

  private static func refusal(
    _ first: UnitConfiguration = UnitConfiguration(), _ second: UnitConfiguration = UnitConfiguration()
  ) -> String? {
    refusal([Plan.Stage(name: "first", unit: first), Plan.Stage(name: "second", unit: second)])
  }

  @Test func whatFitsIsTaken() {
    let first = UnitConfiguration(cpf: 2, kpf: 4, h: 3, taps: 2, columnTaps: 3, rowLanes: 2, channelLanes: 4, packing: .narrow)
    let second = UnitConfiguration(cpf: 4, kpf: 8, h: 2, rowLanes: 2, channelLanes: 2, decomposes: true)
    #expect(Self.refusal() == nil)
    #expect(Self.refusal(first, second) == nil)
    // All channels of a map may come at once to a unit that takes more.
    #expect(Self.refusal(first, UnitConfiguration(cpf: 5)) == nil)
  }

  @Test func batchesAreOfOutputs() throws {
    func refusal(_ batches: [String: Int]) -> String? {
      var plan = Plan(uniform: UnitConfiguration(), for: Self.network)
      plan.batches = batches
      do throws(PlanError) {
        _ = try plan.geometries(for: Self.network)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(refusal(["y": 1024]) == nil)
    #expect(refusal(["z": 2]) == "the plan has a batch for an output 'z', but the network's outputs are y")
    #expect(throws: PlanError("the plan has a number of replicas for an output 'z', but the network's outputs are y")) {
      try Self.network.replicated(["z": 2])
    }
    #expect(refusal(["y": 0]) == "the plan has a batch of 0 for the output 'y'; give it one from 1 to 1024")
    var plan = Plan(uniform: UnitConfiguration(), for: Self.network)
    let text = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
    #expect(!text.contains("batches") && !text.contains("replicas"))
    (plan.batches, plan.replicas) = (["y": 2], ["y": 3])
    #expect(plan.frames == ["y": 6])
    #expect(try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan)) == plan)
  }

  /// Lanes beyond what a layer has multiply by zero.
  @Test func factorsMayExceedTheLayer() throws {
    let plan = Plan(uniform: UnitConfiguration(cpf: 9, kpf: 40, h: 20, taps: 5), for: Self.network)
    #expect(throws: Never.self) { try Design(ElasticGrid(Self.network, plan: plan)) }
  }

  @Test func factorsArePositiveAndBounded() {
    #expect(
      Self.refusal(UnitConfiguration(cpf: 0, kpf: 2))
        == "stage 'first' has cpf 0, kpf 2, h 1, taps 1, columnTaps 1, rowLanes 1, channelLanes 1; each is a number from "
        + "1 to 65536")
    #expect(
      Self.refusal(UnitConfiguration(), UnitConfiguration(cpf: 1024, kpf: 1024, h: 2))
        == "stage 'second' asks for 1024 x 1024 x 2 x 1 x 1 multipliers; a stage has at most 1048576")
  }

  @Test func lanesDivide() {
    #expect(
      Self.refusal(UnitConfiguration(kpf: 4, channelLanes: 3))
        == "stage 'first' passes on 3 channels at once, which have to divide its kpf 4 and its 4 output channels")
    #expect(
      Self.refusal(UnitConfiguration(), UnitConfiguration(kpf: 4, channelLanes: 4))
        == "stage 'second' passes on 4 channels at once, which have to divide its kpf 4 and its 6 output channels")
    #expect(
      Self.refusal(UnitConfiguration(h: 2, rowLanes: 3))
        == "stage 'first' passes on 3 rows at once, but computes only h = 2")
    #expect(
      Self.refusal(UnitConfiguration(kpf: 4, channelLanes: 4), UnitConfiguration(cpf: 2))
        == "stage 'first' passes on 4 channels at once, but 'second' takes cpf = 2; the first has to divide the second")
  }

  @Test func onlyWhatHasPhasesIsDecomposed() {
    #expect(
      Self.refusal(UnitConfiguration(decomposes: true))
        == "stage 'first' decomposes its upsampling, but only nearest upsampling before a convolution with a step of 1 "
        + "that keeps the size has phases; set decomposes to false")
  }

  @Test func onlyProductsThatKeepApartArePacked() {
    #expect(
      Self.refusal(UnitConfiguration(), UnitConfiguration(h: 2, decomposes: true, packing: .wide))
        == "stage 'second' packs two products of 8-bit activations and weights from 0 to 1143 into one multiplier, "
        + "which has room for activations of 8 bits and products of 18; set packing to none")
    #expect(Self.refusal(UnitConfiguration(), UnitConfiguration(h: 2, packing: .narrow)) == nil)
  }

  @Test func aPoolingGivesTheChannelsThatItReads() throws {
    let codes = Quantization(scale: 1, zeroPoint: 0, storage: .int8)
    let shape = MapShape(channels: 4, height: 6, width: 6)
    let pooling = QuantizedLayer(
      maximumIn: ConvolutionWindow(kernelHeight: 3, kernelWidth: 3), name: "pool", sources: [.input(0)],
      inputShape: shape, quantization: codes)
    let network = QuantizedNetwork(
      name: "n", inputs: [.init(name: "x", shape: shape, quantization: codes)], layers: [pooling],
      outputs: [.init(name: "y", layer: 0)])
    func refusal(_ unit: UnitConfiguration) -> String? {
      do throws(PlanError) {
        _ = try Plan(network: "n", stages: [Plan.Stage(name: "pool", unit: unit)]).geometries(for: network)
        return nil
      } catch {
        return error.message
      }
    }
    let message =
      "stage 'pool' is a max pooling: its kpf has to be its cpf, taps and columnTaps have to divide the window's 3 x 3, "
      + "and nothing is packed"
    #expect(refusal(UnitConfiguration(cpf: 2, kpf: 2, h: 2, taps: 3)) == nil)
    #expect(refusal(UnitConfiguration(cpf: 2, kpf: 1)) == message)
    #expect(refusal(UnitConfiguration(columnTaps: 2)) == message)
    #expect(refusal(UnitConfiguration(h: 2, packing: .wide)) == message)
  }

  @Test func onlyUntiedBiasesAreKeptOutside() {
    #expect(
      Self.refusal(UnitConfiguration(biasStore: .external))
        == "stage 'first' has no untied bias to keep in external memory; set biasStore to chip")
    let outside = UnitConfiguration(kpf: 6, h: 12, rowLanes: 7, channelLanes: 6, biasStore: .external)
    #expect(Self.refusal(UnitConfiguration(), outside) == nil)
  }

  @Test func biasesOfATransferLieInAWord() {
    #expect(
      Self.refusal(
        UnitConfiguration(), UnitConfiguration(kpf: 6, h: 12, rowLanes: 8, channelLanes: 6, biasStore: .external))
        == "stage 'second' takes 48 biases of 11 bits at once, which do not lie in a word of external memory, of 512 "
        + "bits; pass on fewer rows or channels at once, or set biasStore to chip")
  }

  @Test func everyLayerHasOneStage() {
    let (first, second) = (
      Plan.Stage(name: "first", unit: UnitConfiguration()), Plan.Stage(name: "second", unit: UnitConfiguration())
    )
    #expect(Self.refusal([first]) == "the plan has no stage for the layer 'second'; add one")
    #expect(Self.refusal([first, second, first]) == "the plan has two stages named 'first'; remove one")
    #expect(
      Self.refusal([first, second, Plan.Stage(name: "third", unit: UnitConfiguration())])
        == "the plan has a stage 'third', but the network's layers are first, second")
  }

  // MARK: The file

  private static func decoded(_ json: String) throws -> Plan {
    try JSONDecoder().decode(Plan.self, from: Data(json.utf8))
  }

  @Test func whatAFileLeavesOutIsTheSimplest() throws {
    let plan = try Self.decoded(
      #"{"network": "n", "stages": [{"name": "a", "unit": {"cpf": 2, "kpf": 3, "h": 4}}]}"#)
    #expect(
      plan == Plan(network: "n", stages: [Plan.Stage(name: "a", unit: UnitConfiguration(cpf: 2, kpf: 3, h: 4))]))
    let unit = plan.stages[0].unit
    #expect(unit.taps == 1 && unit.columnTaps == 1 && unit.rowLanes == 1 && unit.channelLanes == 1)
    #expect(!unit.decomposes && unit.packing == .none && unit.biasStore == .chip && unit.weightStore == .chip)
  }

  @Test func aFileGivesThePlanBack() throws {
    let units = [
      UnitConfiguration(
        cpf: 2, kpf: 4, h: 3, taps: 5, columnTaps: 8, rowLanes: 6, channelLanes: 7, decomposes: true, biasStore: .external,
        weightStore: .streamed),
      UnitConfiguration(packing: .wide),
    ]
    let plan = Plan(network: "n", stages: units.map { Plan.Stage(name: "s\($0.cpf)", unit: $0) })
    #expect(try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan)) == plan)
  }

  @Test func aFileSaysTheThreeFactors() {
    for unit in [#"{"cpf": 2, "kpf": 3}"#, #"{"cpf": 2, "kpf": 3, "h": 1, "biasStore": "elsewhere"}"#] {
      #expect(throws: DecodingError.self) {
        try Self.decoded(#"{"network": "n", "stages": [{"name": "a", "unit": \#(unit)}]}"#)
      }
    }
  }
}
