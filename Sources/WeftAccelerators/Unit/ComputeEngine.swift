import Weft

/// `kpf` processing elements that share `cpf` activations: one output row's part of the array.
public struct ComputeEngine: Module {
  /// Input channels at once.
  public let cpf: Int
  /// Output channels at once.
  public let kpf: Int
  /// Bits of an activation.
  public let activationBits: Int
  /// Bits of a weight.
  public let weightBits: Int
  /// Bits of an accumulator.
  public let accumulatorBits: Int

  /// An engine.
  public init(cpf: Int, kpf: Int, activationBits: Int, weightBits: Int, accumulatorBits: Int) {
    self.cpf = cpf
    self.kpf = kpf
    self.activationBits = activationBits
    self.weightBits = weightBits
    self.accumulatorBits = accumulatorBits
  }

  /// What each output channel has.
  public var element: ProcessingElement {
    ProcessingElement(
      lanes: cpf, activationBits: activationBits, weightBits: weightBits, accumulatorBits: accumulatorBits)
  }

  /// As the processing element's.
  public var advance: Bit { input(.bit) }
  /// As the processing element's.
  public var accumulate: Bit { input(.bit) }
  /// As the processing element's.
  public var first: Bit { input(.bit) }
  /// One activation for each input channel.
  public var activations: Vector<Signed> { input(.vector(cpf, of: .signed(activationBits))) }
  /// For each output channel, one weight for each input channel.
  public var weights: Vector<Vector<Signed>> {
    input(.vector(kpf, of: .vector(cpf, of: .signed(weightBits))))
  }
  /// One accumulator for each output channel.
  public var sums: Vector<Signed> { output(.vector(kpf, of: .signed(accumulatorBits))) }

  public var body: Circuit {
    for channel in 0..<kpf {
      let pe = instance(element, named: "pe\(channel)")
      pe.advance <== advance
      pe.accumulate <== accumulate
      pe.first <== first
      pe.activations <== activations
      pe.weights <== weights[channel]
      sums[channel] <== pe.sum
    }
  }
}
