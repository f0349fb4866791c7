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
}
