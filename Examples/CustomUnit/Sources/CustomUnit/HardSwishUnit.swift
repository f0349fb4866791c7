import Weft
import WeftAccelerators
import WeftStreams

/// An elastic unit with another activation: what it computes passes through a hard swish, one multiplication a cycle
/// and a register behind each.
///
/// `Grid<HardSwishUnit>` is an accelerator of such units.
public struct HardSwishUnit: StageUnit {
  public let geometry: StageGeometry
  let activation: HardSwish

  public init(_ geometry: StageGeometry) {
    self.geometry = geometry
    activation = HardSwish(geometry.layer.outputQuantization)
  }

  public var verilogName: String? { "\(geometry.layer.name)_hard_swish_unit" }

  /// Codes pass side by side, as many as the configuration says.
  private func lanes(of bits: Int) -> Shape<Vector<Signed>> {
    .vector(geometry.configuration.lanes, of: .signed(bits))
  }

  private var unit: Instance<ElasticUnit> { instance(ElasticUnit(geometry)) }
  private var gated: Instance<PipelineRegister<Vector<Signed>>> {
    instance(PipelineRegister(of: lanes(of: activation.productBits)))
  }
  private var activated: Instance<PipelineRegister<Vector<Signed>>> {
    instance(PipelineRegister(of: lanes(of: geometry.layer.outputBits)))
  }

  public var body: Circuit {
    for (inner, outer) in zip(unit.inputs, inputs) { inner <== outer }
    for (inner, outer) in zip(unit.biases, biases) { inner <== outer }
    for (inner, outer) in zip(unit.weights, weights) { inner <== outer }
    gated.input <== unit.output.map { Vector($0.map(activation.gated)) }
    activated.input <== gated.output.map { Vector($0.map(activation.code)) }
    output <== activated.output
  }
}
