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

  public var body: Circuit {
    let configuration = geometry.configuration
    let control = EngineControl(self, treeLevels: geometry.treeLevels)
    let gate = ResultGate(self, geometry, control: control, drain: drain)
    for (index, stream) in inputs.enumerated() { inputBuffer.elements[index] <== stream }
    weightBuffer.advance <== gate.advance
    weightBuffer.next <== inputBuffer.issue
    for (index, stream) in weights.enumerated() {
      weightBuffer.parts[index] <== stream
      inputBuffer.areWeightsAvailable[index] <== weightBuffer.isAvailable[index]
    }
    for (index, loop) in weightBuffer.loop.enumerated() { loop <== inputBuffer.loop[index] }
    let packs = configuration.packing != .none
    for row in stride(from: 0, to: configuration.h, by: packs ? 2 : 1) {
      let isPair = packs && row + 1 < configuration.h
      let engine = instance(
        ComputeEngine(
          lanes: configuration.operandLanes, kpf: configuration.kpf, packing: isPair ? configuration.packing : .none,
          activationBits: geometry.layer.inputBits, weightBits: geometry.kernel.weightBits,
          accumulatorBits: geometry.layer.accumulatorBits, pipelining: configuration.pipelining),
        named: "engine\(row)")
      engine.advance <== gate.advance
      engine.accumulate <== control.accumulate
      engine.first <== control.isFirst
      engine.activations <== inputBuffer.operands[row]
      engine.weights <== weightBuffer.weights
      gate.results[row] <== engine.sums
      if isPair {
        engine.secondActivations <== inputBuffer.operands[row + 1]
        gate.results[row + 1] <== engine.secondSums
      }
    }
    gate.connect(inputBuffer)
    accumulations <== drain.accumulations
  }
}
