import Foundation
import Testing
import WeftNetworks

/// The trained photo decoders against ONNX Runtime's results.
@Suite struct PhotoDecoderTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Models/photo-decoder")

  static func model(_ name: String) throws -> Network {
    try Network(onnx: folder.appendingPathComponent("decoder_\(name).onnx"))
  }

  static func vector(_ name: String) throws -> NumpyArray {
    try NumpyArray(npy: folder.appendingPathComponent("vectors/\(name).npy"))
  }

  @Test(arguments: ["s8", "u8"], ["chelsea", "coffee"])
  func integersAreWithinOneCodeOfTheRuntime(kind: String, photo: String) throws {
    let network = try QuantizedNetwork(Self.model("128_\(kind)"))
    #expect(network.layers.count == 5)
    let latent = try Self.vector("\(photo)_128_latent")
    let input = try network.inputs[0].codes(of: latent, areCodes: false)
    let outputs = try ReferenceExecutor(network).run(input)
    #expect(network.outputs.map(\.name) == ["image", "preview"])
    for (index, output) in network.outputs.enumerated() {
      let expected = try Self.vector("\(photo)_128_\(kind)_\(output.name)")
      let result = try network.array(ofOutput: index, frames: [outputs[index]], asCodes: true)
      #expect(result.shape == expected.shape && result.type == expected.type)
      let differences = try zip(#require(result.integers), #require(expected.integers)).map {
        abs($0 - $1)
      }
      #expect((differences.max() ?? 0) <= 1)
      #expect(differences.reduce(0, +) < 40, "of \(differences.count) values of \(output.name)")
    }
  }

  /// Against the photo the decoder of float32 has 27.7 dB, so that noise 44 dB below costs 0.1 dB.
  @Test(arguments: ["chelsea", "coffee"])
  func ownQuantizationIsCloseToFloat32(photo: String) throws {
    let model = try Self.model("128_fp32")
    let latent = try Self.vector("\(photo)_128_latent")
    let frames = try latent.frames(of: model.inputs[0].shape, input: "latent")
    let network = try QuantizedNetwork(model, calibration: frames.map { [$0] })
    #expect(network.inputs[0].quantization == .init(scale: 1, zeroPoint: 0, storage: .int8))
    #expect(network.layers.count == 5)
    let outputs = try ReferenceExecutor(network).run(
      network.inputs[0].codes(of: latent, areCodes: true))
    for (index, output) in network.outputs.enumerated() {
      let expected = try Self.vector("\(photo)_128_fp32_\(output.name)").reals
      let reals = try network.array(ofOutput: index, frames: [outputs[index]], asCodes: false).reals
      let error = zip(reals, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let ratio = -10 * log10(Double(error) / Double(expected.count))
      #expect(ratio > 44, "\(output.name)")
    }
  }

  @Test func qdqModelsOfTheDecodersGiveTheSameLayersAgain() throws {
    for kind in ["s8", "u8"] {
      let network = try QuantizedNetwork(Self.model("128_\(kind)"))
      #expect(try QuantizedNetwork(Network(onnx: network.qdqModel())) == network)
    }
  }
}
