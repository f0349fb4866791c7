import Foundation
import Testing
import WeftNetworks

/// The forms of operators that the importer takes.
@Suite struct ImportTests {
  private func operation(_ body: (inout ModelBytes) -> Void) throws -> Network.Operation {
    let network = try Network(onnx: ModelBytes.graph(body))
    return try #require(network.nodes.last).operation
  }

  private func window(_ attributes: [String: ModelBytes.Attribute]) throws -> ConvolutionWindow {
    let operation = try operation { model in
      model.constant("w", [3, 2, 2, 3], reals: Array(repeating: 1, count: 36))
      model.node("Conv", ["x", "w"], "y", attributes)
    }
    guard case .convolution(_, nil, let window, 1) = operation else {
      throw NetworkError("test", "this is not a convolution")
    }
    return window
  }

  @Test func convolutionTakesItsPaddingInEveryForm() throws {
    #expect(try window([:]).padding == Padding(0))
    #expect(try window(["auto_pad": .string("VALID")]).padding == Padding(0))
    #expect(
      try window(["pads": .integers([0, 1, 2, 3])]).padding
        == Padding(top: 0, left: 1, bottom: 2, right: 3))
    #expect(
      try window(["auto_pad": .string("SAME_UPPER")]).padding
        == Padding(top: 0, left: 1, bottom: 1, right: 1))
    #expect(
      try window(["auto_pad": .string("SAME_LOWER")]).padding
        == Padding(top: 1, left: 1, bottom: 0, right: 1))
    let strided = try window(["auto_pad": .string("SAME_UPPER"), "strides": .integers([3, 2])])
    #expect(strided.padding == Padding(top: 0, left: 0, bottom: 1, right: 1))
    #expect(strided.strideVertical == 3 && strided.strideHorizontal == 2)
  }

  @Test func resizeTakesScalesAndSizes() throws {
    let expected = Network.Operation.upsample(Upsampling(vertical: 2, horizontal: 3))
    let asymmetric: [String: ModelBytes.Attribute] = [
      "coordinate_transformation_mode": .string("asymmetric"), "nearest_mode": .string("floor"),
    ]
    #expect(
      try operation { model in
        model.constant("s", [4], reals: [1, 1, 2, 3])
        model.node("Resize", ["x", "", "s"], "y", asymmetric)
      } == expected)
    // The defaults, half_pixel and round_prefer_floor, repeat elements as well.
    #expect(
      try operation { model in
        model.constant("s", [4], integers: [1, 2, 8, 12])
        model.node("Resize", ["x", "", "", "s"], "y")
      } == expected)
    #expect(
      try operation { model in
        model.opset = 9
        model.constant("s", [4], reals: [1, 1, 2, 3])
        model.node("Upsample", ["x", "s"], "y")
      } == expected)
  }

  /// The sizes as exporters write them: the map's own shape, sliced, doubled, joined again.
  @Test func sizesThatAreComputedAreFolded() throws {
    let operation = try operation { model in
      model.node("Shape", ["x"], "shape")
      model.constant("zero", [1], integers: [0])
      model.constant("two", [1], integers: [2])
      model.constant("four", [1], integers: [4])
      model.node("Slice", ["shape", "zero", "two", "zero"], "head")
      model.node("Slice", ["shape", "two", "four", "zero"], "tail")
      model.node("Cast", ["tail"], "real", ["to": .integer(1)])
      model.node("Constant", [], "factor", ["value_float": .real(2)])
      model.node("Mul", ["real", "factor"], "doubled")
      model.node("Floor", ["doubled"], "floor")
      model.node("Cast", ["floor"], "whole", ["to": .integer(7)])
      model.node("Concat", ["head", "whole"], "sizes", ["axis": .integer(0)])
      model.node("Resize", ["x", "", "", "sizes"], "y")
    }
    #expect(operation == .upsample(Upsampling(vertical: 2, horizontal: 2)))
  }

  /// Paddings as PyTorch exports them: counted from the last axis, turned round by a slice.
  @Test func paddingsThatAreComputedAreFolded() throws {
    let operation = try operation { model in
      model.constant("given", [4], integers: [1, 2, 3, 4])
      model.constant("count", [1], integers: [4])
      model.node("ConstantOfShape", ["count"], "zeros", [
        "value": .tensor(ModelBytes.tensor("", [1], integers: [0]))
      ])
      model.node("Concat", ["given", "zeros"], "all", ["axis": .integer(0)])
      model.constant("pairs", [2], integers: [-1, 2])
      model.node("Reshape", ["all", "pairs"], "table")
      model.constant("last", [1], integers: [-1])
      model.constant("first", [1], integers: [.min + 1])
      model.constant("axis", [1], integers: [0])
      model.node("Slice", ["table", "last", "first", "axis", "last"], "turned")
      model.node("Transpose", ["turned"], "columns", ["perm": .integers([1, 0])])
      model.node("Reshape", ["columns", "last"], "flat")
      model.node("Cast", ["flat"], "pads", ["to": .integer(7)])
      model.node("Pad", ["x", "pads"], "y")
    }
    #expect(operation == .pad(Padding(top: 3, left: 1, bottom: 4, right: 2)))
  }

  @Test func clipTakesAttributesAndInputs() throws {
    #expect(
      try operation { model in
        model.opset = 7
        model.node("Clip", ["x"], "y", ["min": .real(0), "max": .real(6)])
      } == .clip(lower: 0, upper: 6))
    #expect(
      try operation { model in
        model.constant("high", [], reals: [1])
        model.node("Clip", ["x", "", "high"], "y")
      } == .clip(lower: -.infinity, upper: 1))
  }

  @Test func constantsAreAddedForTheWholeMapItsChannelsOrItsElements() throws {
    func added(_ dimensions: [Int], _ values: [Float]) throws -> Network.Operation {
      try operation { model in
        model.constant("c", dimensions, reals: values)
        model.node("Add", ["c", "x"], "y")
      }
    }
    #expect(try added([], [5]) == .add(.reals([5])))
    #expect(try added([2, 1, 1], [5, 6]) == .add(.reals([5, 6])))
    let elements = (0..<32).map { Float($0) }
    #expect(try added([1, 2, 4, 4], elements) == .add(.reals(elements)))
    let row = try added([4], [1, 2, 3, 4])
    let repeated = (0..<32).map { Float($0 % 4 + 1) }
    #expect(row == .add(.reals(repeated)))
  }

  @Test func nodesThatNoOutputNeedsAreDropped() throws {
    let network = try Network(
      onnx: ModelBytes.graph { model in
        model.input("unused", [1, 9, 9, 9])
        model.node("Softmax", ["unused"], "nothing")
        model.node("Identity", ["x"], "same")
        model.node("Relu", ["same"], "y")
      })
    #expect(network.inputs.map(\.name) == ["x"])
    #expect(network.nodes.map(\.operation) == [.rectify(slopes: [0])])
  }

  @Test func analysisCountsSharedLayersOnce() throws {
    let network = try Network(
      onnx: PhotoDecoderTests.folder.appendingPathComponent("decoder_128_s8.onnx"))
    let analysis = NetworkAnalysis(network)
    #expect(analysis.macs == 164_659_200)
    #expect(analysis.parameters == 90_710)
    #expect(analysis.branches.map(\.macs) == [154_828_800, 56_524_800])
    #expect(analysis.branches.map(\.sharedLayers) == [6, 6])
    let json = try JSONEncoder().encode(analysis)
    #expect(try JSONDecoder().decode(NetworkAnalysis.self, from: json) == analysis)
    #expect(analysis.criticalBranch == "image")
    #expect("\(analysis)".contains("total                 11          164659200       90710       477.9"))
  }
}
