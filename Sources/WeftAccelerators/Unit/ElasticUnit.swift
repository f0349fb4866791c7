import Weft
import WeftStreams

/// One stage of a grid: takes a map as a stream and gives a map as a stream, frame after frame without a pause between.
public protocol StageUnit: Module {
  /// The unit of a stage.
  init(_ geometry: StageGeometry)
  /// The input map, in the geometry's input order.
  var input: Stream<Signed> { get }
  /// The output map, in the geometry's output order.
  var output: Stream<Signed> { get }
}

/// A stage after F-CAD's elastic architecture: `h` compute engines of `kpf` processing elements of `cpf` multipliers,
/// their buffers, and requantisation with bias and activation. Upsampling is a matter of how the input is read.
///
/// The initiation interval of a processing element is one: it multiplies in every cycle as long as input is there and
/// output is taken.
public struct ElasticUnit: StageUnit {
  let geometry: StageGeometry

  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(geometry.layer.name)_unit" }

  public var input: Stream<Signed> { sink(.signed(geometry.layer.inputBits)) }
  public var output: Stream<Signed> { source(.signed(geometry.layer.outputBits)) }

  private var core: Instance<ConvolutionCore> { instance(ConvolutionCore(geometry)) }
  private var requantiser: Instance<Requantiser> { instance(Requantiser(geometry)) }
  private var outputRegister: Instance<PipelineRegister<Signed>> {
    instance(PipelineRegister(of: .signed(geometry.layer.outputBits)), named: "output_register")
  }

  public var body: Circuit {
    core.input <== input
    requantiser.accumulations <== core.accumulations
    outputRegister.input <== requantiser.codes
    output <== outputRegister.output
  }
}
