/// What it takes to connect a stage to the one before: for each way in which that one may emit its elements and each
/// way in which this one may read them, the buffer between, or that they do not go together.
public struct InterfaceLink: Hashable, Sendable {
  /// Ways of the stage before to emit.
  public let outputs: Int
  /// Ways of the stage to read.
  public let inputs: Int
  /// The costs that occur.
  let distinct: [Resources]
  /// For each output, for each input the place of its cost in `distinct`; -1 where they do not go together.
  let places: [Int32]

  /// A link whose cost for each pair of an output and an input `cost` gives: `nil` where they do not go together.
  public init(outputs: Int, inputs: Int, cost: (_ output: Int, _ input: Int) -> Resources?) {
    precondition(outputs >= 0 && inputs >= 0, "a link has at least no interface")
    self.outputs = outputs
    self.inputs = inputs
    var distinct: [Resources] = []
    var known: [Resources: Int32] = [:]
    var places: [Int32] = []
    places.reserveCapacity(outputs * inputs)
    for output in 0..<outputs {
      for input in 0..<inputs {
        guard let cost = cost(output, input) else {
          places.append(-1)
          continue
        }
        if let place = known[cost] {
          places.append(place)
        } else {
          known[cost] = Int32(distinct.count)
          places.append(Int32(distinct.count))
          distinct.append(cost)
        }
      }
    }
    self.distinct = distinct
    self.places = places
  }

  /// The cost of a pair; `nil` where they do not go together.
  public subscript(output output: Int, input input: Int) -> Resources? {
    let place = places[output * inputs + input]
    return place < 0 ? nil : distinct[Int(place)]
  }
}
