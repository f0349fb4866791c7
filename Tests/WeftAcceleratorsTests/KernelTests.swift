import Testing
import WeftAccelerators
import WeftNetworks
import WeftSimulation

/// Kernels of all phases against the layers that they stand for.
@Suite struct KernelTests {
  /// A layer of two maps whose codes are its sums.
  private static func layer(
    kernel: (height: Int, width: Int), factors: Upsampling, padding: (top: Int, left: Int), weight: () -> Int32
  ) -> QuantizedLayer {
    let window = ConvolutionWindow(
      kernelHeight: kernel.height, kernelWidth: kernel.width,
      padding: Padding(
        top: padding.top, left: padding.left, bottom: kernel.height - 1 - padding.top,
        right: kernel.width - 1 - padding.left))
    return QuantizedLayer(
      name: "layer", source: .input(0), inputShape: MapShape(channels: 2, height: 3, width: 4), upsampling: factors,
      window: window, inputQuantization: Quantization(scale: 1, zeroPoint: 2, storage: .int8),
      weights: (0..<3 * 2 * kernel.height * kernel.width).map { _ in weight() }, weightScales: [1, 1, 1],
      bias: .perChannel([0, 0, 0]), convolutionQuantization: Quantization(scale: 1, zeroPoint: 0, storage: .int16))
  }

  private static func kernel(of layer: QuantizedLayer, decomposes: Bool = true) -> Kernel {
    StageGeometry(
      layer: layer, configuration: UnitConfiguration(decomposes: decomposes), inputOrders: [.raster(layer.inputShape)]
    ).kernel
  }

  /// What a kernel makes of a map: each phase applied to the map before upsampling.
  private static func sums(_ kernel: Kernel, of layer: QuantizedLayer, _ map: [Int32]) -> [Int32] {
    let (input, output) = (layer.inputShape, layer.outputShape)
    /// How far an element is from the zero point; padding is not.
    func value(_ channel: Int, _ row: Int, _ column: Int) -> Int {
      guard (0..<input.height).contains(row), (0..<input.width).contains(column) else { return 0 }
      return Int(map[(channel * input.height + row) * input.width + column]) - layer.inputZeroPoint
    }
    var result = [Int32](repeating: .max, count: output.count)
    for group in kernel.groups {
      for phase in group.phases {
        let weights = kernel.weights(of: phase, in: group)
        for element in 0..<output.channels * kernel.rows * kernel.columns {
          let (channel, pixel) = element.quotientAndRemainder(dividingBy: kernel.rows * kernel.columns)
          let (row, column) = pixel.quotientAndRemainder(dividingBy: kernel.columns)
          var sum = 0
          var tap = channel * input.channels * group.rows.count * group.columns.count
          for source in 0..<input.channels {
            for y in group.rows {
              for x in group.columns {
                let (top, left) = (kernel.window.padding.top, kernel.window.padding.left)
                sum += weights[tap] * value(source, row + y - top, column + x - left)
                tap += 1
              }
            }
          }
          for copy in kernel.copies {
            let mapRow = row * kernel.verticalPhases + phase.row + copy.row
            let mapColumn = column * kernel.horizontalPhases + phase.column + copy.column
            result[(channel * output.height + mapRow) * output.width + mapColumn] = Int32(sum)
          }
        }
      }
    }
    return result
  }

  @Test(arguments: 1...7) func phasesEqualTheLayer(height: Int) throws {
    var random = SplitMix64(seed: UInt64(height))
    for vertical in 1...4 {
      for width in 1...7 {
        let horizontal = Int.random(in: vertical == 1 ? 2...4 : 1...4, using: &random)
        let padding = (
          top: Int.random(in: 0..<height, using: &random), left: Int.random(in: 0..<width, using: &random)
        )
        let layer = Self.layer(
          kernel: (height, width), factors: Upsampling(vertical: vertical, horizontal: horizontal), padding: padding
        ) { .random(in: -9...9, using: &random) }
        let network = QuantizedNetwork(
          name: "n", inputs: [.init(name: "x", shape: layer.inputShape, quantization: layer.inputQuantization)],
          layers: [layer], outputs: [.init(name: "y", layer: 0)])
        let map = (0..<layer.inputShape.count).map { _ in Int32.random(in: -8...8, using: &random) }
        let kernel = Self.kernel(of: layer)
        let expected = try ReferenceExecutor(network).run([map])[0]
        #expect(
          Self.sums(kernel, of: layer, map) == expected,
          "\(height)x\(width) after x\(vertical), x\(horizontal), padding \(padding)")
        #expect(kernel.macs <= layer.macs)
      }
    }
  }

  /// Multiplications for all phases of a pixel, of the layer as it is written, and the groups that read the same.
  private static func figures(_ size: Int, factor: Int) -> [Int] {
    let padding = (top: (size - 1) / 2, left: (size - 1) / 2)
    let layer = layer(
      kernel: (size, size), factors: Upsampling(vertical: factor, horizontal: factor), padding: padding) { 1 }
    let pairs = layer.inputShape.count * layer.outputShape.channels
    return [Self.kernel(of: layer).macs / pairs, layer.macs / pairs, Self.kernel(of: layer).groups.count]
  }

  @Test func multiplicationsAreThoseOfThePhases() {
    #expect(Self.figures(5, factor: 2) == [36, 100, 1])
    #expect(Self.figures(3, factor: 2) == [16, 36, 4])
    #expect(Self.figures(7, factor: 2) == [64, 196, 4])
    #expect(Self.figures(3, factor: 3) == [25, 81, 9])
    // Computed before upsampling.
    #expect(Self.figures(1, factor: 2) == [1, 4, 1])
    #expect(Self.figures(1, factor: 3) == [1, 9, 1])
  }

  @Test func weightBitsHoldEveryWeight() {
    for size in 1...7 {
      for factor in 2...4 {
        for extreme in [Int32(-128), 127] {
          let layer = Self.layer(
            kernel: (size, size), factors: Upsampling(vertical: factor, horizontal: factor), padding: (size / 2, 0)
          ) { extreme }
          let kernel = Self.kernel(of: layer)
          let weights = kernel.groups.flatMap { group in
            group.phases.flatMap { kernel.weights(of: $0, in: group) }
          }
          let most = 1 << (kernel.weightBits - 1)
          #expect(weights.allSatisfy { (-most..<most).contains($0) }, "\(size)x\(size) after x\(factor)")
          #expect(
            kernel.weightRange.lowerBound == min(0, weights.min() ?? 0)
              && kernel.weightRange.upperBound == max(0, weights.max() ?? 0))
          // The last bit is needed by the least weight.
          if extreme < 0 { #expect(weights.contains { $0 < -most / 2 }, "\(size)x\(size) after x\(factor)") }
        }
      }
    }
  }

  @Test func aLayerAsItIsWrittenHasOnePhase() {
    let factors = Upsampling(vertical: 2, horizontal: 2)
    let layer = Self.layer(kernel: (3, 3), factors: factors, padding: (1, 1)) { 5 }
    let kernel = Self.kernel(of: layer, decomposes: false)
    #expect(kernel.macs == layer.macs && kernel.weightBits == 8 && kernel.upsampling == factors)
    #expect(kernel.groups.map(\.phases.count) == [1])
    #expect(kernel.weights(of: kernel.groups[0].phases[0], in: kernel.groups[0]) == layer.weights.map { Int($0) })
  }
}
