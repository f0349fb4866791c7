import Weft
import WeftStreams

/// A stage after F-CAD's elastic architecture: `h` compute engines of `kpf` processing elements of `cpf` multipliers,
/// their buffers, and requantisation with bias and activation. Upsampling is a matter of how the input is read. For a max
/// pooling the engines compare, and nothing is requantised.
///
/// The initiation interval of a processing element is one: it multiplies in every cycle as long as input is there and
/// output is taken.
public struct ElasticUnit: StageUnit {
  public let geometry: StageGeometry

  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(geometry.layer.name)_unit" }

  private var core: Instance<ConvolutionCore> { instance(ConvolutionCore(geometry)) }
  private var requantiser: Instance<Requantiser> { instance(Requantiser(geometry)) }
  private var copier: Instance<ResultCopier> { instance(ResultCopier(geometry)) }
  private var outputRegister: Instance<PipelineRegister<Vector<Signed>>> {
    instance(PipelineRegister(of: geometry.outputPayload), named: "output_register")
  }

  public var body: Circuit {
    if geometry.isPooling { pooling } else { convolution }
    output <== outputRegister.output
  }

  @CircuitBuilder private var pooling: Circuit {
    let core = instance(PoolingCore(geometry), named: "core")
    core.input <== inputs[0]
    outputRegister.input <== core.codes
  }

  @CircuitBuilder private var convolution: Circuit {
    for (index, stream) in inputs.enumerated() { core.inputs[index] <== stream }
    for (index, stream) in weights.enumerated() { core.weights[index] <== stream }
    for (index, stream) in biases.enumerated() { requantiser.biases[index] <== stream }
    requantiser.accumulations <== core.accumulations
    if geometry.kernel.copies.count > 1 {
      copier.codes <== requantiser.codes
      outputRegister.input <== copier.copies
    } else {
      outputRegister.input <== requantiser.codes
    }
  }
}
