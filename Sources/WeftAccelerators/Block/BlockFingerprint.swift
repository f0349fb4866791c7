import WeftNetworks

/// A number that tells accelerators apart: FNV-1a, in 32 bits, over all that they are made of.
struct BlockFingerprint {
  /// The number.
  private(set) var value: UInt32 = 0x811c_9dc5

  /// The fingerprint of a grid between ports that a text describes.
  init<Unit: StageUnit>(_ grid: Grid<Unit>, behind ports: String) {
    combine("\(Unit.self) \(ports)")
    for stage in grid.stages {
      let layer = stage.layer
      combine("\(layer.sources) \(layer.inputShape) \(layer.upsampling) \(layer.window) \(stage.configuration)")
      combine("\(layer.requantization) \(layer.outputQuantization) \(layer.clamp) \(layer.steps)")
      for weight in layer.weights { combine(weight) }
      for bias in layer.foldedBias.values { combine(Int32(truncatingIfNeeded: bias)) }
    }
  }

  private mutating func combine(_ text: String) {
    for byte in text.utf8 { combine(byte) }
  }

  private mutating func combine(_ number: Int32) {
    for byte in 0..<4 { combine(UInt8(truncatingIfNeeded: number >> (8 * Int32(byte)))) }
  }

  private mutating func combine(_ byte: UInt8) { value = (value ^ UInt32(byte)) &* 0x0100_0193 }
}
