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
    var costs = DistinctCosts()
    var places: [Int32] = []
    places.reserveCapacity(outputs * inputs)
    for output in 0..<outputs {
      for input in 0..<inputs { places.append(cost(output, input).map { costs.place(of: $0) } ?? -1) }
    }
    self.distinct = costs.distinct
    self.places = places
  }

  /// A link whose outputs have one of a few rows of costs, a cost for each input.
  ///
  /// - Parameters:
  ///   - rows: for each output the row of costs that it has.
  ///   - fits: whether an output and an input go together at all.
  init(costs: [[Resources]], rows: [Int], inputs: Int, fits: (_ output: Int, _ input: Int) -> Bool) {
    outputs = rows.count
    self.inputs = inputs
    var table = DistinctCosts()
    let placeRows = costs.map { $0.map { table.place(of: $0) } }
    distinct = table.distinct
    var places: [Int32] = []
    places.reserveCapacity(rows.count * inputs)
    for (output, row) in rows.enumerated() {
      let row = placeRows[row]
      for input in 0..<inputs { places.append(fits(output, input) ? row[input] : -1) }
    }
    self.places = places
  }

  /// The cost of a pair; `nil` where they do not go together.
  public subscript(output output: Int, input input: Int) -> Resources? {
    let place = places[output * inputs + input]
    return place < 0 ? nil : distinct[Int(place)]
  }
}

/// The costs that occur in a link, each once.
private struct DistinctCosts {
  private(set) var distinct: [Resources] = []
  private var known: [Resources: Int32] = [:]

  /// The place of a cost, a new one where it has not occurred before.
  mutating func place(of cost: Resources) -> Int32 {
    if let place = known[cost] { return place }
    let place = Int32(distinct.count)
    known[cost] = place
    distinct.append(cost)
    return place
  }
}
