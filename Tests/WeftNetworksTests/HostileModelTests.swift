import Foundation
import Testing
import WeftNetworks

/// Damaged files end in an error or in a valid network: no crash, no hang.
@Suite struct HostileModelTests {
  /// Takes a file as far as it goes; small networks are run as well.
  private static func attempt(_ data: Data) -> Bool {
    guard let network = try? Network(onnx: data) else { return false }
    _ = NetworkAnalysis(network).description.count
    let size = network.inputs.reduce(0) { $0 + $1.shape.count }
    guard size < 1 << 16 else { return true }
    let frame = network.inputs.map { Array(repeating: Float(1), count: $0.shape.count) }
    let work = NetworkAnalysis(network).macs
      + network.nodes.reduce(0) { $0 + $1.shape.count * $1.shape.channels }
    guard work < 1 << 20 || network.isQuantized,
      let quantized = try? QuantizedNetwork(network, calibration: [frame]), work < 1 << 20
    else { return true }
    _ = try? quantized.qdqModel()
    let codes = zip(quantized.inputs, frame).map { input, values in
      values.map { Int32(input.quantization.code($0)) }
    }
    _ = try? ReferenceExecutor(quantized).run(codes)
    return true
  }

  private static func small() throws -> [Data] {
    let random = RandomNetwork(seed: 5)
    return [try random.network.onnxModel(), try random.quantized().qdqModel()]
  }

  private static func decoders() throws -> [Data] {
    try ["fp32", "s8", "u8"].flatMap { kind in
      try [128, 256].map { size in
        try Data(contentsOf: PhotoDecoderTests.folder.appendingPathComponent("decoder_\(size)_\(kind).onnx"))
      }
    }
  }

  @Test func everyTruncation() throws {
    for data in try Self.small() + Self.decoders() {
      for count in 0..<data.count { _ = Self.attempt(data.prefix(count)) }
      #expect(Self.attempt(data))
    }
  }

  @Test func twoThousandChangedBytes() throws {
    var generator = SeededGenerator(seed: 2026)
    let files = try Self.small() + Self.decoders()
    for number in 0..<2000 {
      // Most of a decoder is weights; the names and numbers of its graph are at the ends.
      var data = files[number % files.count]
      let reach = number % 3 == 0 ? data.count : min(data.count, 4096)
      let place = Int.random(in: 0..<reach, using: &generator)
      let index = number % 2 == 0 ? place : data.count - 1 - place
      data[index] ^= UInt8.random(in: 1...255, using: &generator)
      _ = Self.attempt(data)
    }
  }

  @Test func sizesBeyondReasonAreRefused() {
    let huge = 1 << 40
    func refuses(_ body: (inout ModelBytes) -> Void) -> Bool {
      (try? Network(onnx: ModelBytes.graph(body))) == nil
    }
    #expect(
      refuses { model in
        model.input("z", [1, huge, huge, huge])
        model.node("Relu", ["z"], "y")
      })
    #expect(
      refuses { model in
        model.constant("n", [2], integers: [huge, huge])
        model.node("ConstantOfShape", ["n"], "c")
        model.node("Add", ["x", "c"], "y")
      })
    #expect(
      refuses { model in
        model.constant("s", [4], integers: [1, 2, 4 * huge, 4])
        model.node("Resize", ["x", "", "", "s"], "y")
      })
    #expect(
      refuses { model in
        model.constant("p", [8], integers: [0, 0, .max, 0, 0, 0, .max, 0])
        model.node("Pad", ["x", "p"], "y")
      })
    #expect(
      refuses { model in
        model.constant("a", [1], integers: [.max])
        model.node("Mul", ["a", "a"], "n")
        model.node("Resize", ["x", "", "", "n"], "y")
      })
  }

  /// Zero, infinite, denormal scales and the like, in every place that takes one.
  @Test(arguments: [0, -1, .infinity, .nan, 0x1p-140, 0x1p126] as [Float]) func oddScales(_ scale: Float)
    throws
  {
    let data = ModelBytes.graph { model in
      model.constant("s", [], reals: [scale])
      model.constant("one", [], reals: [1])
      model.constant("w", [1, 2, 1, 1], integers: [1, -128], type: 3)
      model.node("QuantizeLinear", ["x", "one"], "q")
      model.node("DequantizeLinear", ["q", "one"], "d")
      model.node("DequantizeLinear", ["w", "s"], "v")
      model.node("Conv", ["d", "v"], "c")
      model.node("QuantizeLinear", ["c", "one"], "r")
      model.node("DequantizeLinear", ["r", "one"], "y")
    }
    #expect(Self.attempt(data) == (scale == 0x1p126))
  }
}
