import Weft
import WeftAccelerators
import WeftStreams

/// An elastic unit with another activation: what it computes passes through a hard swish, one multiplication a cycle
/// and a register behind each.
///
/// `Grid<HardSwishUnit>` is an accelerator of such units.
public struct HardSwishUnit: StageUnit {
  let geometry: StageGeometry
  let activation: HardSwish

  public init(_ geometry: StageGeometry) {
    self.geometry = geometry
    activation = HardSwish(geometry.layer.outputQuantization)
  }

  public var verilogName: String? { "\(geometry.layer.name)_hard_swish_unit" }

  public var input: Stream<Signed> { sink(.signed(geometry.layer.inputBits)) }
  public var output: Stream<Signed> { source(.signed(geometry.layer.outputBits)) }

  private var unit: Instance<ElasticUnit> { instance(ElasticUnit(geometry)) }
  private var gated: Instance<PipelineRegister<Signed>> {
    instance(PipelineRegister(of: .signed(activation.productBits)))
  }
  private var activated: Instance<PipelineRegister<Signed>> {
    instance(PipelineRegister(of: .signed(geometry.layer.outputBits)))
  }

  public var body: Circuit {
    unit.input <== input
    gated.input <== unit.output.map(activation.gated)
    activated.input <== gated.output.map(activation.code)
    output <== activated.output
  }
}
