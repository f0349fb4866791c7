import Weft
import WeftStreams

/// The part of a unit that multiplies: input buffer, weight buffer and compute engines, up to finished sums.
/// A unit with another activation puts what it likes behind it.
public struct ConvolutionCore: Module {
  let geometry: StageGeometry

  /// The core of a stage.
  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(geometry.layer.name)_core" }

  /// The maps in the orders of the stage's inputs.
  public var inputs: [Stream<Vector<Signed>>] {
    geometry.inputOrders.indices.map { sink(geometry.inputPayload($0), named: geometry.inputName($0)) }
  }
  /// The weights, where they come from external memory; else nothing.
  public var weights: [Stream<Bits>] {
    geometry.hasExternalWeights ? [sink(geometry.weightPayload, named: "weights")] : []
  }
  /// Sums of products in the stage's output order.
  public var accumulations: Stream<Accumulation> { source(.bundle(Accumulation(of: geometry))) }

  private var inputBuffer: Instance<InputBuffer> { instance(InputBuffer(geometry), named: "input_buffer") }
  private var weightBuffer: Instance<WeightBuffer> { instance(WeightBuffer(geometry), named: "weight_buffer") }
  private var drain: Instance<ResultDrain> { instance(ResultDrain(geometry), named: "drain") }

  /// Whether the pipeline moves: all of it, or nothing.
  private var advance: Bit { wire(!EngineControl(self).isDone | drain.ready) }

  public var body: Circuit {
    let (configuration, control) = (geometry.configuration, EngineControl(self))
    for (index, stream) in inputs.enumerated() { inputBuffer.elements[index] <== stream }
    inputBuffer.advance <== advance
    weightBuffer.advance <== advance
    weightBuffer.next <== inputBuffer.issue
    for (index, stream) in weights.enumerated() {
      weightBuffer.parts[index] <== stream
      inputBuffer.areWeightsAvailable[index] <== weightBuffer.isAvailable[index]
    }
    for (index, loop) in weightBuffer.loop.enumerated() { loop <== inputBuffer.loop[index] }
    When(advance) { control.follow(inputBuffer) }
    let packs = configuration.packing != .none
    for row in stride(from: 0, to: configuration.h, by: packs ? 2 : 1) {
      let isPair = packs && row + 1 < configuration.h
      let engine = instance(
        ComputeEngine(
          lanes: configuration.operandLanes, kpf: configuration.kpf, packing: isPair ? configuration.packing : .none,
          activationBits: geometry.layer.inputBits, weightBits: geometry.kernel.weightBits,
          accumulatorBits: geometry.layer.accumulatorBits),
        named: "engine\(row)")
      engine.advance <== advance
      engine.accumulate <== control.accumulate
      engine.first <== control.isFirst
      engine.activations <== inputBuffer.operands[row]
      engine.weights <== weightBuffer.weights
      drain.results[row] <== engine.sums
      if isPair {
        engine.secondActivations <== inputBuffer.operands[row + 1]
        drain.results[row + 1] <== engine.secondSums
      }
    }
    drain.valid <== control.isDone
    accumulations <== drain.accumulations
  }
}
