import Testing
import WeftAccelerators
import WeftExploration
import WeftNetworks

/// What has no unit yet is refused with the layer's name and what takes it instead.
@Suite struct UnsupportedLayerTests {
  private func message(@NetworkBuilder _ elements: () -> [any NetworkElement]) throws -> String {
    let network = try Network(named: "n", elements)
    let frame = network.inputs.map { input in (0..<input.shape.count).map { Float($0 % 7) } }
    let quantized = try QuantizedNetwork(network, calibration: [frame])
    do {
      _ = try ElasticGrid(quantized, plan: Balance.plan(for: quantized, multipliers: 64))
      return "none"
    } catch let error as PlanError {
      return error.message
    }
  }

  private static let end = ", for which the accelerator has no unit yet; the reference computes it (`weft run`) and"
    + " `weft analyze` counts it"

  @Test func layersWithoutAUnitAreNamed() throws {
    let input = Input("x", channels: 2, height: 4, width: 4)
    let reshaped = try message {
      input
      Convolution(2, kernel: 3)
      Reshape(channels: 4, height: 4, width: 2)
      Convolution(1, kernel: 1)
    }
    #expect(reshaped == "the layer 'conv_2' reads a map of 2x4x4 reshaped to 4x4x2" + Self.end)
  }

  /// Groups, any stride, fully connected layers and a vector that is seen as a map are convolutions, which are built, and
  /// so are poolings and what adds or joins maps.
  @Test func whatIsAConvolutionIsBuilt() throws {
    let message = try message {
      Input("code", elements: 36)
      Reshape(channels: 4, height: 3, width: 3)
      Convolution(4, kernel: 3, stride: 3, padding: Padding(2), groups: 2)
      ReLU()
      Label("skip")
      Convolution(4, kernel: 3)
      Add("skip")
      Label("sum")
      Convolution(1, kernel: 1)
      Label("one")
      Concatenate("sum", "one")
      MaxPool(2)
      Flatten()
      FullyConnected(3)
    }
    #expect(message == "none")
  }
}
