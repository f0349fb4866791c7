/// Frames made from a seed.
public struct RandomFrames: Hashable, Sendable {
  /// What they are made from; equal seeds give equal frames.
  public let seed: UInt64

  /// Frames of a seed.
  public init(seed: UInt64) { self.seed = seed }

  /// Frames of real numbers between -1 and 1.
  public func reals(of network: Network, count: Int) -> [[[Float]]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      network.inputs.map { input in
        (0..<input.shape.count).map { _ in Float(Int.random(in: -32768...32768, using: &generator)) / 32768 }
      }
    }
  }

  /// Frames of codes over the inputs' whole range.
  public func codes(of network: QuantizedNetwork, count: Int) -> [[[Int32]]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      network.inputs.map { input in
        let codes = Int32(input.quantization.codes.lowerBound)...Int32(input.quantization.codes.upperBound)
        return (0..<input.shape.count).map { _ in .random(in: codes, using: &generator) }
      }
    }
  }
}
