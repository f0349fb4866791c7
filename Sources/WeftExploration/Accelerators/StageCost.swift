import WeftAccelerators
import WeftNetworks

/// What a stage takes of a device, modelled from what its unit is made of.
///
/// DSPs are counted product by product, block RAMs memory by memory, look-up tables adder by adder and multiplexer by
/// multiplexer; what is small beside those of the products is left out.
public struct StageCost: Hashable, Sendable {
  let geometry: StageGeometry
  let kind: DSPKind

  /// The cost of a stage on a device that multiplies with `kind`.
  public init(_ geometry: StageGeometry, on kind: DSPKind) {
    self.geometry = geometry
    self.kind = kind
  }

  /// DSPs of the unit.
  var dsp: Int { geometry.isPooling ? 0 : engineDSPs + requantiserDSPs }

  /// What the unit takes without its line buffers.
  public var unit: Resources {
    let memories = [geometry.weightMemory, geometry.biasMemory].compactMap { $0 } + queues
    return Resources(
      dsp: dsp, ramb18: memories.reduce(0) { $0 + $1.ramb18 }, lut: lut,
      memoryWords: geometry.batch * geometry.memoryWordsPerFrame)
  }

  /// The queues of streams from external memory whose words come so fast that they lie in block RAM: about as deep as
  /// the latency.
  private var queues: [MemoryShape] {
    geometry.memoryStreams.filter { geometry.interval(of: $0) < MemoryLayout.slowInterval }
      .map { _ in MemoryShape(depth: MemoryLayout.latency, width: MemoryLayout.wordWidth) }
  }

  /// What the line buffers take.
  public var lineBuffers: Resources {
    Self.lineBuffers(
      geometry.inputOrders.count, banks: geometry.banks, columnBanks: geometry.columnBanks, rows: geometry.bufferRows,
      of: geometry.layer, channels: geometry.inputOrders.reduce(0) { max($0, $1.shape.channels) },
      cpf: geometry.configuration.cpf)
  }

  /// What line buffers of so many banks and rows, all banks together, take for maps of at most so many channels each.
  static func lineBuffers(
    _ count: Int, banks: Int, columnBanks: Int, rows: Int, of layer: QuantizedLayer, channels: Int, cpf: Int
  ) -> Resources {
    let groups = ceilingDivide(channels, cpf)
    let columns = ceilingDivide(layer.inputShape.width, columnBanks)
    let bank = MemoryShape(depth: rows / banks * columns * groups, width: cpf * layer.inputBits)
    let memories = count * banks * columnBanks
    return Resources(ramb18: memories * bank.ramb18, lut: memories * bank.lut(isWritten: true))
  }

  /// DSPs of the multiply-accumulates: two rows share each, where products are packed.
  private var engineDSPs: Int {
    let (unit, layer) = (geometry.configuration, geometry.layer)
    let each = kind.count(layer.inputBits, geometry.kernel.weightBits)
    let perRow = unit.operandLanes * unit.kpf
    // The last of an odd number of rows has multipliers of its own.
    return unit.packing == .none ? perRow * unit.h * each : perRow * (unit.h / 2 + unit.h % 2 * each)
  }

  /// DSPs of the products of a sum and a multiplier of 25 bits.
  private var requantiserDSPs: Int {
    // With deep pipelining they are those of 18 x 18 bits each.
    let kind = geometry.configuration.pipelining == .deep && kind.operandBits != nil ? .mult18x18d : kind
    return geometry.configuration.lanes * kind.count(geometry.layer.accumulatorBits, 25)
  }
}

extension DSPKind {
  /// How products of activations of so many bits and weights of a range are packed; none where they do not fit.
  func packing(activationBits: Int, weights: ClosedRange<Int>) -> UnitConfiguration.Packing {
    let packing: UnitConfiguration.Packing =
      switch self {
      case .dsp48e1: .narrow
      case .dsp48e2: .wide
      case .mult18x18d, .mac16, .macUnit: .none
      }
    return packing.fits(activationBits: activationBits, weights: weights) ? packing : .none
  }

  /// How many multiply two signed numbers of so many bits: operands that are too wide are cut into parts, of which all
  /// but the highest are without a sign.
  func count(_ a: Int, _ b: Int) -> Int {
    guard let bits = operandBits else { return 1 }
    func parts(_ operand: Int, _ width: Int) -> Int {
      operand <= width ? 1 : 1 + (operand - width + width - 2) / (width - 1)
    }
    let (wide, narrow) = (max(a, b), min(a, b))
    return parts(wide, bits.wide) * parts(narrow, bits.narrow)
  }
}
