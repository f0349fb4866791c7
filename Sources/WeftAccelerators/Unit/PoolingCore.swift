import Weft
import WeftStreams

/// What a unit has for a max pooling: input buffer and engines. Its codes mean what those of its input do, so that
/// nothing is requantised.
public struct PoolingCore: Module {
  let geometry: StageGeometry

  /// The core of a stage whose layer is a max pooling.
  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(geometry.layer.name)_core" }

  /// The map in the order of the stage's input.
  public var input: Stream<Vector<Signed>> { sink(geometry.inputPayload(0), named: "input") }
  /// The greatest elements in the stage's output order.
  public var codes: Stream<Vector<Signed>> { source(geometry.outputPayload) }

  private var inputBuffer: Instance<InputBuffer> { instance(InputBuffer(geometry), named: "input_buffer") }
  private var drain: Instance<ResultDrain> { instance(ResultDrain(geometry), named: "drain") }

  public var body: Circuit {
    let configuration = geometry.configuration
    let control = EngineControl(self, treeLevels: geometry.treeLevels)
    let gate = ResultGate(self, geometry, control: control, drain: drain)
    inputBuffer.elements[0] <== input
    for row in 0..<configuration.h {
      let engine = instance(
        PoolingEngine(
          channels: configuration.cpf, taps: configuration.taps * configuration.columnTaps,
          bits: geometry.layer.inputBits, pipelining: configuration.pipelining), named: "engine\(row)")
      engine.advance <== gate.advance
      engine.accumulate <== control.accumulate
      engine.first <== control.isFirst
      engine.elements <== inputBuffer.operands[row]
      gate.results[row] <== engine.maxima
    }
    gate.connect(inputBuffer)
    codes <== drain.accumulations.map { $0.sums }
  }
}
