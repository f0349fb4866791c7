import Weft

/// `kpf` processing elements that share the activations of `cpf` lanes: one output row's part of the array, or that of
/// two rows that share multipliers.
public struct ComputeEngine: Module {
  /// Lanes: input channels, and kernel rows, at once.
  public let cpf: Int
  /// Output channels at once.
  public let kpf: Int
  /// Rows that share the multipliers: 1 or 2.
  public let rows: Int
  /// Bits of an activation.
  public let activationBits: Int
  /// Bits of a weight.
  public let weightBits: Int
  /// Bits of an accumulator.
  public let accumulatorBits: Int

  /// An engine.
  public init(cpf: Int, kpf: Int, rows: Int = 1, activationBits: Int, weightBits: Int, accumulatorBits: Int) {
    self.cpf = cpf
    self.kpf = kpf
    self.rows = rows
    self.activationBits = activationBits
    self.weightBits = weightBits
    self.accumulatorBits = accumulatorBits
  }

  /// What each output channel has.
  public var element: ProcessingElement {
    ProcessingElement(
      lanes: cpf, rows: rows, activationBits: activationBits, weightBits: weightBits,
      accumulatorBits: accumulatorBits)
  }

  /// As the processing element's.
  public var advance: Bit { input(.bit) }
  /// As the processing element's.
  public var accumulate: Bit { input(.bit) }
  /// As the processing element's.
  public var first: Bit { input(.bit) }
  /// One activation for each lane.
  public var activations: Vector<Signed> { input(.vector(cpf, of: .signed(activationBits))) }
  /// The same of the second row, where there are two.
  public var secondActivations: Vector<Signed> { input(.vector(cpf, of: .signed(activationBits))) }
  /// For each output channel, one weight for each lane.
  public var weights: Vector<Vector<Signed>> {
    input(.vector(kpf, of: .vector(cpf, of: .signed(weightBits))))
  }
  /// One accumulator for each output channel.
  public var sums: Vector<Signed> { output(.vector(kpf, of: .signed(accumulatorBits))) }
  /// The same of the second row, where there are two.
  public var secondSums: Vector<Signed> { output(.vector(kpf, of: .signed(accumulatorBits))) }

  /// The operands that all elements share.
  var operands: Vector<Signed> { wire(.vector(cpf, of: .signed(element.operandBits))) }

  public var body: Circuit {
    if rows == 2 {
      for lane in 0..<cpf { operands[lane] <== PackedProduct.operand(activations[lane], secondActivations[lane]) }
    }
    for channel in 0..<kpf {
      let pe = instance(element, named: "pe\(channel)")
      pe.advance <== advance
      pe.accumulate <== accumulate
      pe.first <== first
      pe.activations <== (rows == 2 ? operands : activations)
      pe.weights <== weights[channel]
      sums[channel] <== pe.sum
      if rows == 2 { secondSums[channel] <== pe.secondSum }
    }
  }
}
