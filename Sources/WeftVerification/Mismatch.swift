import WeftNetworks

/// The first value in which an accelerator differs from the reference.
public struct Mismatch: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The frame, from zero.
  public var frame: Int
  /// The name of the first output that differs.
  public var output: String
  /// The first layer whose result differs.
  public var layer: String
  /// The position in that layer's result.
  public var channel, row, column: Int
  /// The hardware's code and the reference's.
  public var hardware, reference: Int32

  /// The first difference among the outputs of frames, each output in channel, row, column order; `nil` where there is
  /// none.
  init?(of network: QuantizedNetwork, hardware: [[[Int32]]], reference: [[[Int32]]]) {
    for (frame, (given, wanted)) in zip(hardware, reference).enumerated() {
      for output in given.indices where given[output] != wanted[output] {
        self.init(frame: frame, output: output, of: network, hardware: given[output], reference: wanted[output])
        return
      }
    }
    return nil
  }

  private init?(frame: Int, output: Int, of network: QuantizedNetwork, hardware: [Int32], reference: [Int32]) {
    guard let index = zip(hardware, reference).enumerated().first(where: { $1.0 != $1.1 })?.offset else { return nil }
    let layer = network.layers[network.outputs[output].layer]
    self.frame = frame
    self.output = network.outputs[output].name
    self.layer = layer.name
    let shape = layer.outputShape
    channel = index / (shape.height * shape.width)
    row = index / shape.width % shape.height
    column = index % shape.width
    self.hardware = hardware[index]
    self.reference = reference[index]
  }

  /// The whole sentence.
  public var description: String {
    "layer '\(layer)', output '\(output)', frame \(frame), channel \(channel), row \(row), column \(column): "
      + "the hardware gives \(hardware), the reference \(reference)"
  }
}
