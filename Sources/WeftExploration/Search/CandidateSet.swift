/// The options of a stage that are still in question, in columns.
struct CandidateSet {
  /// Their indices among the stage's options, in rising order.
  var options: [Int]
  /// What each takes.
  var costs: [Resources]
  /// The inputs that they have, in rising order.
  var inputs: [Int]
  /// For each option the place of its input among `inputs`.
  var inputPlaces: [Int]
  /// The outputs that they have, in rising order.
  var outputs: [Int]
  /// For each option the place of its output among `outputs`.
  var outputPlaces: [Int]

  /// Those of a stage.
  init(_ options: [Int], of stage: ExplorationProblem.Stage) {
    self.options = options
    costs = options.map { stage.options[$0].resources }
    (inputs, inputPlaces) = Self.places(options.map { stage.options[$0].input })
    (outputs, outputPlaces) = Self.places(options.map { stage.options[$0].output })
  }

  var count: Int { options.count }

  /// The values that occur, and for each element which of them it is.
  private static func places(_ values: [Int]) -> (distinct: [Int], places: [Int]) {
    guard let most = values.max() else { return ([], []) }
    var place = [Int](repeating: -1, count: most + 1)
    for value in values { place[value] = 0 }
    var distinct: [Int] = []
    for value in 0...most where place[value] == 0 {
      place[value] = distinct.count
      distinct.append(value)
    }
    return (distinct, values.map { place[$0] })
  }
}
