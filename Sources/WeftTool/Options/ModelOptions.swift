import ArgumentParser
import WeftNetworks

/// The model, and how one of float32 becomes integers.
struct ModelOptions: ParsableArguments {
  @OptionGroup var file: ModelFile

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Frames that show the ranges of a float32 model's values; repeats. Without it the inputs serve.",
      valueName: "[NAME=]X.npy"))
  var calibration: [String] = []

  @Option(
    help: ArgumentHelp(
      "Bits that a float32 model is quantised to, 4 to 16: of activations and weights, or of both (default: 8).",
      valueName: "N|AxW"))
  var bits: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Other bits for one layer: of the codes that it gives, and of its weights. Repeats.",
      valueName: "NAME=N|NAME=AxW"))
  var layerBits: [String] = []

  /// The options that say how many bits there are, as they were given.
  var bitOptions: [String] { (bits.map { ["--bits", $0] } ?? []) + layerBits.flatMap { ["--layer-bits", $0] } }
  /// The sizes that are declared for inputs.
  var size: [String] { file.size }

  func validate() throws { _ = try options() }

  /// Reads the model.
  func network() throws -> Network { try file.network() }

  /// The network of integers: that of a QDQ model, or a float32 model quantised on the calibration frames, else on the
  /// inputs, else on random ones.
  func quantized(_ network: Network, inputs: InputArrays?, console: inout Console) throws -> QuantizedNetwork {
    if network.isQuantized {
      if let option = calibration.isEmpty ? bitOptions.first : "--calibration" {
        throw ToolError("\(option): '\(file.model)' is quantised already; leave the option out")
      }
      return try QuantizedNetwork(network)
    }
    let frames: [[[Float]]]
    if !calibration.isEmpty {
      frames = try InputArrays(calibration, option: "--calibration", network, isCropped: !size.isEmpty)
        .reals(of: network)
    } else if let inputs {
      console.note("calibrating on the inputs; --calibration gives other frames")
      frames = try inputs.reals(of: network)
    } else {
      console.note("calibrating on random frames between -1 and 1; --calibration gives real ones")
      frames = RandomFrames(seed: 1).reals(of: network, count: 4)
    }
    return try QuantizedNetwork(network, calibration: frames, options: options())
  }

  /// How a network of float32 is quantised.
  private func options() throws -> QuantizationOptions {
    var options = QuantizationOptions()
    if let bits { options.bits = try Self.bits(bits, in: "--bits \(bits)") }
    for text in layerBits {
      guard let equals = text.lastIndex(of: "="), equals > text.startIndex else {
        throw ValidationError("--layer-bits \(text): name the layer and its bits, as in conv_1=8x6")
      }
      let bits = try Self.bits(text[text.index(after: equals)...], in: "--layer-bits \(text)")
      guard options.layers.updateValue(bits, forKey: String(text[..<equals])) == nil else {
        throw ValidationError("--layer-bits \(text): the layer is given bits twice; leave one out")
      }
    }
    return options
  }

  /// Reads `8`, or `8x6` for activations and weights.
  private static func bits(_ text: some StringProtocol, in place: String) throws -> QuantizationOptions.Bits {
    let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    let widths = numbers.compactMap(\.self).filter(QuantizationOptions.Bits.range.contains)
    guard (1...2).contains(numbers.count), widths.count == numbers.count, let weights = widths.last else {
      throw ValidationError(
        "\(place): bits are numbers from 4 to 16, of both as in 8, or of activations and of weights as in 8x6")
    }
    return QuantizationOptions.Bits(activations: widths[0], weights: weights)
  }
}
