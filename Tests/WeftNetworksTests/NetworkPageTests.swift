import Foundation
import Testing
import WeftNetworks

struct UpsamplingStage: NetworkElement {
  var channels: Int

  func append(to network: inout NetworkAssembly) throws(NetworkError) {
    try Convolution(channels, kernel: 5, biases: .untied).append(to: &network)
    try LeakyReLU(0.2).append(to: &network)
    try Upsample(2).append(to: &network)
  }
}

/// What the pages on networks show.
@Suite struct NetworkPageTests {
  @Test func aNetworkIsWrittenDownAndToAFile() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).onnx")
    defer { try? FileManager.default.removeItem(at: file) }
    let decoder = try Network(named: "decoder") {
      Input("latent", channels: 4, height: 8, width: 8)
      Convolution(16, kernel: 3)
      LeakyReLU(0.2)
      Upsample(2)
      Convolution(3, kernel: 3, name: "image")
    }
    try decoder.write(onnx: file)
    #expect(decoder.shape(of: decoder.outputs[0].source) == MapShape(channels: 3, height: 16, width: 16))
    #expect(decoder.outputs[0].name == "output" && decoder.nodes.last?.name == "image")
    #expect(try Network(onnx: file) == decoder)
  }

  @Test func branchesAndSkipsAreNames() throws {
    let network = try Network(named: "branches") {
      Input("view", channels: 3, height: 8, width: 8)
      Input("code", elements: 64)
      Reshape(channels: 1, height: 8, width: 8)
      Label("code map")
      Concatenate("code map", "view")
      UpsamplingStage(channels: 8)
      Label("trunk")
      Convolution(8, kernel: 3)
      Add("trunk")
      Convolution(3, kernel: 1)
      Output("image")
      From("trunk")
      Convolution(2, kernel: 3)
      Output("warp")
    }
    #expect(network.outputs.map { network.shape(of: $0.source).description } == ["3x16x16", "2x16x16"])
    let branches = NetworkAnalysis(network).branches
    #expect(branches.map(\.layers.count) == [9, 7] && branches.map(\.sharedLayers) == [6, 6])
  }

  @Test func widthsAreChosen() throws {
    let model = try Network(named: "decoder") {
      Input("latent", channels: 2, height: 3, width: 3)
      Convolution(4, kernel: 3)
      Convolution(3, kernel: 3, name: "head")
    }
    let frames = [[(0..<18).map { (index: Int) -> Float in Float(index) / 9 - 1 }]]
    let options = QuantizationOptions(
      activationBits: 8, weightBits: 6, layers: ["head": .init(activations: 12, weights: 8)])
    let network = try QuantizedNetwork(model, calibration: frames, options: options)
    #expect(network.layers.map(\.weightBits) == [6, 8] && network.layers.map(\.outputBits) == [8, 12])
  }
}
