import Weft

/// `kpf` processing elements that share the activations of some lanes: one output row's part of the array, or that of
/// two rows that share multipliers.
public struct ComputeEngine: Module {
  /// Products at once of each output channel: input channels, kernel rows and kernel columns.
  public let lanes: Int
  /// Output channels at once.
  public let kpf: Int
  /// How two rows share the multipliers; without packing there is one row.
  public let packing: UnitConfiguration.Packing
  /// Bits of an activation.
  public let activationBits: Int
  /// Bits of a weight.
  public let weightBits: Int
  /// Bits of an accumulator.
  public let accumulatorBits: Int
  /// Whether sums of products are registered.
  public let pipelining: UnitConfiguration.Pipelining

  /// An engine.
  public init(
    lanes: Int, kpf: Int, packing: UnitConfiguration.Packing = .none, activationBits: Int, weightBits: Int,
    accumulatorBits: Int, pipelining: UnitConfiguration.Pipelining = .standard
  ) {
    self.lanes = lanes
    self.kpf = kpf
    self.packing = packing
    self.activationBits = activationBits
    self.weightBits = weightBits
    self.accumulatorBits = accumulatorBits
    self.pipelining = pipelining
  }

  /// What each output channel has.
  public var element: ProcessingElement {
    ProcessingElement(
      lanes: lanes, packing: packing, activationBits: activationBits, weightBits: weightBits,
      accumulatorBits: accumulatorBits, pipelining: pipelining)
  }

  /// As the processing element's.
  public var advance: Bit { input(.bit) }
  /// As the processing element's.
  public var accumulate: Bit { input(.bit) }
  /// As the processing element's.
  public var first: Bit { input(.bit) }
  /// One activation for each lane.
  public var activations: Vector<Signed> { input(.vector(lanes, of: .signed(activationBits))) }
  /// The same of the second row, where there are two.
  public var secondActivations: Vector<Signed> { input(.vector(lanes, of: .signed(activationBits))) }
  /// For each output channel, one weight for each lane.
  public var weights: Vector<Vector<Signed>> {
    input(.vector(kpf, of: .vector(lanes, of: .signed(weightBits))))
  }
  /// One accumulator for each output channel.
  public var sums: Vector<Signed> { output(.vector(kpf, of: .signed(accumulatorBits))) }
  /// The same of the second row, where there are two.
  public var secondSums: Vector<Signed> { output(.vector(kpf, of: .signed(accumulatorBits))) }

  /// The operands that all elements share.
  var operands: Vector<Signed> { wire(.vector(lanes, of: .signed(element.operandBits))) }

  public var body: Circuit {
    let packed = PackedProduct(packing)
    if let packed {
      for lane in 0..<lanes { operands[lane] <== packed.operand(activations[lane], secondActivations[lane]) }
    }
    for channel in 0..<kpf {
      let pe = instance(element, named: "pe\(channel)")
      pe.advance <== advance
      pe.accumulate <== accumulate
      pe.first <== first
      pe.activations <== (packed == nil ? activations : operands)
      pe.weights <== weights[channel]
      sums[channel] <== pe.sum
      if packed != nil { secondSums[channel] <== pe.secondSum }
    }
  }
}
