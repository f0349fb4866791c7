import Testing
import WeftNetworks

/// What becomes of operators that are folded into others, and the forms of those that join or reshape.
@Suite struct FoldingTests {
  private func network(_ body: (inout ModelBytes) -> Void) throws -> Network {
    try Network(onnx: ModelBytes.graph(body))
  }

  private func normalization(_ model: inout ModelBytes) {
    model.constant("scale", [2], reals: [3, -2])
    model.constant("offset", [2], reals: [0.5, 1])
    model.constant("mean", [2], reals: [1, 2])
    model.constant("variance", [2], reals: [8.75, 3.75])
  }

  private static let epsilon: [String: ModelBytes.Attribute] = ["epsilon": .real(0.25)]

  @Test func batchNormalizationFoldsIntoTheConvolutionBefore() throws {
    let network = try network { model in
      normalization(&model)
      model.constant("w", [2, 2, 1, 1], reals: [1, 2, 3, 4])
      model.constant("b", [2], reals: [1, 1])
      model.node("Conv", ["x", "w", "b"], "c")
      model.node("BatchNormalization", ["c", "scale", "offset", "mean", "variance"], "y", Self.epsilon)
    }
    // Factors 3 / 3 and -2 / 2.
    #expect(
      network.nodes.map(\.operation) == [
        .convolution(weights: .reals([1, 2, -3, -4]), bias: .reals([0.5, 2]), window: .pointwise)
      ])
  }

  @Test func normalizationThatCannotFoldConvolvesChannelByChannel() throws {
    let network = try network { model in
      normalization(&model)
      model.node("BatchNormalization", ["x", "scale", "offset", "mean", "variance"], "n", Self.epsilon)
      model.constant("factor", [2, 1, 1], reals: [2, 4])
      model.node("Mul", ["factor", "n"], "y")
    }
    #expect(
      network.nodes.map(\.operation) == [
        .convolution(weights: .reals([2, -4]), bias: .reals([-1, 12]), window: .pointwise, groups: 2)
      ])
  }

  /// A map that something else reads as well keeps its values.
  @Test func normalizationLeavesWhatOthersRead() throws {
    let network = try network { model in
      model.constant("w", [2, 2, 1, 1], reals: [1, 2, 3, 4])
      model.constant("two", [], reals: [2])
      model.node("Conv", ["x", "w"], "c")
      model.node("Mul", ["c", "two"], "m")
      model.node("Add", ["c", "m"], "y")
    }
    #expect(network.nodes.map(\.operation.operatorName) == ["Conv", "Conv", "Add"])
    let frame = (0..<32).map { Float($0) }
    let sums = try FloatExecutor(network).run([frame])[0]
    // 3 x (1 x + 2 y), x and y the two channels.
    let expected: [Float] = [96, 105]
    #expect(Array(sums.prefix(2)) == expected)
  }

  /// Weight normalisation as exporters write it: a direction, its norm over each output channel, and a length.
  @Test func weightNormalizationIsComputed() throws {
    let network = try network { model in
      model.constant("v", [2, 2, 1, 1], reals: [3, 4, 0, 5])
      model.constant("g", [2, 1, 1, 1], reals: [10, 2])
      model.node("ReduceL2", ["v"], "norm", ["axes": .integers([1, 2, 3]), "keepdims": .integer(1)])
      model.node("Div", ["v", "norm"], "direction")
      model.node("Mul", ["g", "direction"], "w")
      model.node("Conv", ["x", "w"], "y")
    }
    guard case .convolution(let weights, nil, .pointwise, 1) = network.nodes.first?.operation else {
      Issue.record("this is not a convolution")
      return
    }
    #expect(weights == .reals([6, 8, 0, 2]))
  }

  @Test func poolingTakesItsPaddingInEveryForm() throws {
    func window(_ attributes: [String: ModelBytes.Attribute]) throws -> ConvolutionWindow? {
      let network = try network { model in
        model.node("MaxPool", ["x"], "y", attributes.merging(["kernel_shape": .integers([3, 2])]) { $1 })
      }
      guard case .maximum(let window)? = network.nodes.first?.operation else { return nil }
      return window
    }
    #expect(try window([:]) == ConvolutionWindow(kernelHeight: 3, kernelWidth: 2))
    let strides = ModelBytes.Attribute.integers([2, 3])
    #expect(
      try window(["strides": strides, "auto_pad": .string("SAME_UPPER")])?.padding
        == Padding(top: 0, left: 0, bottom: 1, right: 1))
    // Rows 0 to 2 and 2 to 4; columns 0 and 1, then 3 alone.
    #expect(
      try window(["strides": strides, "ceil_mode": .integer(1)])?.padding
        == Padding(top: 0, left: 0, bottom: 1, right: 1))
    // A window that would start in the padding is none.
    #expect(
      try window(["strides": .integers([3, 4]), "pads": .integers([0, 0, 1, 1]), "ceil_mode": .integer(1)])?.padding
        == Padding(top: 0, left: 0, bottom: 2, right: 1))
  }

  @Test func matricesAreTakenAsTheyLie() throws {
    func operation(_ type: String, _ dimensions: [Int], _ attributes: [String: ModelBytes.Attribute]) throws
      -> Network.Operation?
    {
      let network = try network { model in
        model.constant("w", dimensions, reals: (0..<64).map { Float($0) })
        model.constant("c", [2], reals: [1, 2])
        model.node("Flatten", ["x"], "f")
        model.node(type, type == "Gemm" ? ["f", "w", "c"] : ["f", "w"], "y", attributes)
      }
      return network.nodes.last?.operation
    }
    let rows = (0..<64).map { Float($0) }
    let columns: [Float] = (0..<64).map { (index: Int) in Float(index % 32 * 2 + index / 32) }
    let halves = columns.map { $0 / 2 }
    #expect(
      try operation("Gemm", [2, 32], ["transB": .integer(1), "beta": .real(3)])
        == .fullyConnected(weights: .reals(rows), bias: .reals([3, 6])))
    #expect(
      try operation("Gemm", [32, 2], ["alpha": .real(0.5)])
        == .fullyConnected(weights: .reals(halves), bias: .reals([1, 2])))
    #expect(try operation("MatMul", [32, 2], [:]) == .fullyConnected(weights: .reals(columns), bias: nil))
  }

  @Test func shapesAreTakenInEveryForm() throws {
    func shapes(_ body: (inout ModelBytes) -> Void) throws -> [MapShape] { try network(body).nodes.map(\.shape) }
    let flat = MapShape(channels: 32, height: 1, width: 1)
    let tall = MapShape(channels: 1, height: 16, width: 2)
    #expect(
      try shapes { model in
        model.constant("s", [4], integers: [0, 1, -1, 2])
        model.constant("one", [2], integers: [1, -1])
        model.constant("axes", [2], integers: [2, 3])
        model.node("Reshape", ["x", "s"], "tall")
        model.node("Reshape", ["tall", "one"], "flat")
        model.node("Unsqueeze", ["flat", "axes"], "map")
        model.node("Squeeze", ["map", "axes"], "again")
        model.node("Relu", ["again"], "y")
      } == [tall, flat, flat, flat, flat])
    let joined = try network { model in
      model.input("v", [1, 6])
      model.node("Flatten", ["x"], "f", ["axis": .integer(-3)])
      model.node("Concat", ["v", "f"], "y", ["axis": .integer(-1)])
    }
    #expect(joined.inputs.map(\.isVector).filter { $0 }.count == 1)
    #expect(joined.nodes.map(\.shape.channels) == [32, 38] && joined.nodes.map(\.isVector) == [true, true])
  }
}
