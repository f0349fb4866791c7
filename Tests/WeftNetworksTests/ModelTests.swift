import Foundation
import Testing
import WeftNetworks

/// The networks that are built in: their figures against those that are published or follow from their tables.
@Suite struct ModelTests {
  /// Multiply-accumulates and parameters; those of the classifiers as commonly published.
  static let expected: [BuiltInModel: (macs: Int, parameters: Int)] = [
    .avatarDecoder: (6_815_899_648, 7_309_480),
    .alexNet: (724_406_816, 60_965_224),
    .zfNet: (1_168_032_896, 62_357_608),
    .tinyYOLO: (3_485_520_896, 15_858_717),
  ]

  @Test(arguments: expected.keys.sorted { $0.rawValue < $1.rawValue }) func figures(_ model: BuiltInModel) throws {
    let analysis = NetworkAnalysis(try model.network())
    #expect(analysis.macs == Self.expected[model]?.macs && analysis.parameters == Self.expected[model]?.parameters)
  }

  /// VGG16 at a quarter of its channels: 3x3 convolutions and the three layers of its classifier, from their table.
  @Test func vggIsBuiltFromItsTable() throws {
    let analysis = NetworkAnalysis(try BuiltInModel.vgg16.network(scale: 4))
    let rows: [(inputs: Int, outputs: Int, size: Int)] = [
      (3, 16, 224), (16, 16, 224), (16, 32, 112), (32, 32, 112), (32, 64, 56), (64, 64, 56), (64, 64, 56),
      (64, 128, 28), (128, 128, 28), (128, 128, 28), (128, 128, 14), (128, 128, 14), (128, 128, 14),
    ]
    let dense = [(128 * 49, 1024), (1024, 1024), (1024, 1000)]
    #expect(
      analysis.macs == rows.reduce(0) { $0 + 9 * $1.inputs * $1.outputs * $1.size * $1.size }
        + dense.reduce(0) { $0 + $1.0 * $1.1 })
    #expect(
      analysis.parameters == rows.reduce(0) { $0 + (9 * $1.inputs + 1) * $1.outputs }
        + dense.reduce(0) { $0 + ($1.0 + 1) * $1.1 })
  }

  /// The paper's operations for each branch, in GOP, and its parameters.
  @Test func theAvatarDecoderIsTheOneOfThePaper() throws {
    let network = try BuiltInModel.avatarDecoder.network()
    let analysis = NetworkAnalysis(network)
    func rounded(_ operations: Int) -> Int { (operations + 500_000) / 1_000_000 }
    #expect(analysis.branches.map { rounded($0.operations) } == [1889, 11_323, 4931])
    #expect(rounded(analysis.operations) == 13_632)
    #expect(analysis.criticalBranch == "texture")
    #expect(analysis.branches.map(\.output) == ["geometry", "texture", "warp"])
    let untied = network.nodes.reduce(0) { sum, node in
      if case .add(let values) = node.operation { sum + values.count } else { sum }
    }
    #expect(untied == 6_340_608 && analysis.parameters - analysis.biases == 968_848)
    #expect(network.inputs.map(\.shape.count) == [256, 192] && network.inputs.map(\.isVector) == [true, false])
    #expect(
      network.outputs.map { network.shape(of: $0.source).description } == ["3x256x256", "3x1024x1024", "2x256x256"])
    // The biases at 16 bits and the outputs, 360 times a second.
    let traffic = NetworkAnalysis(network, assuming: .init(framesPerSecond: 360)).traffic
    let moved = 256 + 192 + 5 * 256 * 256 + 3 * 1024 * 1024 + 2 * 6_340_608
    #expect(traffic.pipelinedBytesPerFrame == moved && traffic.pipelinedBandwidth == Double(moved) * 360 / 1e9)
  }

  /// Small ones go through a file and quantise; equal seeds give equal weights.
  @Test(arguments: BuiltInModel.allCases) func smallOnesRun(_ model: BuiltInModel) throws {
    let network = try model.network(scale: model == .avatarDecoder ? 8 : 32)
    #expect(try model.network(scale: model == .avatarDecoder ? 8 : 32, seed: 2) != network)
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).onnx")
    defer { try? FileManager.default.removeItem(at: url) }
    try network.write(onnx: url)
    #expect(try Network(onnx: url) == network && Data(contentsOf: url) == network.onnxModel())
    var generator = SeededGenerator(seed: 3)
    let frame = network.inputs.map { input in
      (0..<input.shape.count).map { _ in Float(Int.random(in: -100...100, using: &generator)) / 100 }
    }
    let quantized = try QuantizedNetwork(network, calibration: [frame])
    let codes = try ReferenceExecutor(quantized).run(
      zip(quantized.inputs, frame).map { input, values in values.map { Int32(input.quantization.code($0)) } })
    for (index, exact) in try FloatExecutor(network).run(frame).enumerated() {
      let quantization = quantized.layers[quantized.outputs[index].layer].outputQuantization
      let power = exact.reduce(Float(0)) { $0 + $1 * $1 }
      let noise = zip(codes[index], exact).reduce(Float(0)) { sum, pair in
        let difference = quantization.real(Int(pair.0)) - pair.1
        return sum + difference * difference
      }
      #expect(noise < 0.05 * power, "\(model) output \(index)")
    }
  }

  @Test func scalesThatAreNoneAreRefused() {
    #expect {
      try BuiltInModel.avatarDecoder.network(scale: 3)
    } throws: { error in
      "\(error)" == "model 'avatar-decoder': it has no scale 3; use 1, 2, 4 or 8"
    }
  }
}
