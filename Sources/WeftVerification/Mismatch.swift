import WeftNetworks

/// The first value in which an accelerator differs from the reference.
public struct Mismatch: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The frame, from zero.
  public var frame: Int
  /// The output's name.
  public var output: String
  /// The layer that makes the output.
  public var layer: String
  /// The position in the output.
  public var channel, row, column: Int
  /// The hardware's code and the reference's.
  public var hardware, reference: Int32

  /// The first difference in an output, in channel, row, column order; `nil` where there is none.
  init?(frame: Int, output: Int, of network: QuantizedNetwork, hardware: [Int32], reference: [Int32]) {
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
