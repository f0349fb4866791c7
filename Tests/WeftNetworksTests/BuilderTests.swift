import Testing
import WeftNetworks

/// Networks written in Swift are those that are put together by hand.
@Suite struct BuilderTests {
  /// Two convolutions with a skip: a type of the test's own.
  private struct Residual: NetworkElement {
    let channels: Int
    let name: String

    func append(to network: inout NetworkAssembly) throws(NetworkError) {
      try Label(name).append(to: &network)
      try Convolution(channels, kernel: 1, biases: .none, weights: [1, 0, 0, 1]).append(to: &network)
      try Add(name).append(to: &network)
    }
  }

  @Test func elementsMakeTheGraph() throws {
    let built = try Network(named: "n") {
      Input("x", channels: 1, height: 2, width: 3)
      Convolution(
        2, kernel: 2, biases: .untied, weights: Array(repeating: 1, count: 8),
        biasValues: Array(repeating: 2, count: 12),
        name: "c")
      LeakyReLU(0.25)
      for index in 0..<2 { Residual(channels: 2, name: "skip_\(index)") }
      Output("narrow")
      Upsample(2)
      Clip(-1...1)
      Output("wide")
    }
    var network = Network(name: "n", inputs: [.init(name: "x", shape: MapShape(channels: 1, height: 2, width: 3))])
    let padding = Padding(top: 0, left: 0, bottom: 1, right: 1)
    let window = ConvolutionWindow(kernelHeight: 2, kernelWidth: 2, padding: padding)
    let ones = Parameter.reals(Array(repeating: 1, count: 8))
    var value = try network.append(.convolution(weights: ones, bias: nil, window: window), named: "c", after: .input(0))
    value = try network.append(.add(.reals(Array(repeating: 2, count: 12))), named: "c_bias", after: value)
    value = try network.append(.rectify(slopes: [0.25]), named: "leakyrelu_1", after: value)
    for index in 0..<2 {
      let identity = Network.Operation.convolution(weights: .reals([1, 0, 0, 1]), bias: nil, window: .pointwise)
      let copy = try network.append(identity, named: "conv_\(index + 2)", after: value)
      value = try network.append(.sum, named: "add_\(index + 2)", joining: [copy, value])
    }
    network.outputs.append(.init(name: "narrow", source: value))
    value = try network.append(.upsample(Upsampling(vertical: 2, horizontal: 2)), named: "resize_1", after: value)
    value = try network.append(.clip(lower: -1, upper: 1), named: "clip_1", after: value)
    network.outputs.append(.init(name: "wide", source: value))
    #expect(built == network)
  }

  @Test func theLastValueIsTheOutputAndSeedsMakeWeights() throws {
    func network(seed: UInt64) throws -> Network {
      try Network(seed: seed) {
        Input("x", channels: 2, height: 4, width: 4)
        Convolution(3, kernel: 3)
      }
    }
    let first = try network(seed: 1)
    #expect(first.outputs == [.init(name: "output", source: .node(0))])
    #expect(try network(seed: 1) == first && network(seed: 2) != first)
  }
}
