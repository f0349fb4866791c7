import Weft
import WeftStreams

/// One stage of a grid: takes maps as streams and gives a map as a stream, frame after frame without a pause between.
///
/// A unit of one's own says what it is made of in `body`; its ports follow from its geometry.
public protocol StageUnit: Module {
  /// The unit of a stage.
  init(_ geometry: StageGeometry)
  /// What the unit is built from.
  var geometry: StageGeometry { get }
}

extension StageUnit {
  /// The maps that feed the unit, in the geometry's input orders.
  public var inputs: [Stream<Vector<Signed>>] {
    geometry.inputOrders.indices.map { sink(geometry.inputPayload($0), named: geometry.inputName($0)) }
  }
  /// The biases of the elements, in the order of the output, where they come from external memory; else nothing.
  public var biases: [Stream<Vector<Signed>>] {
    geometry.hasExternalBiases ? [sink(geometry.biasPayload, named: "biases")] : []
  }
  /// The weights in the parts that lie in external memory, in the order in which the unit uses them, where they come
  /// from there; else nothing.
  public var weights: [Stream<Bits>] {
    geometry.hasExternalWeights ? [sink(geometry.weightPayload, named: "weights")] : []
  }
  /// The output map, in the geometry's output order.
  public var output: Stream<Vector<Signed>> { source(geometry.outputPayload, named: "output") }
}
