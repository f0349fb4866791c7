import WeftExploration

/// A design space of the size of the codec avatar decoder's: fifteen stages with thousands of options each, at about
/// the costs that units have.
enum DecoderSpace {
  /// A layer: channels, size of the map, taps of a phase, phases, words of biases a frame.
  private struct Layer {
    var name: String
    var input: Int
    var output: Int
    var size: Int
    var taps = 9
    var phases = 4
    var isUntied = true
    var predecessor: Int?
    var branch: Int
  }

  private static let layers = [
    Layer(name: "face1", input: 4, output: 128, size: 8, branch: 0),
    Layer(name: "face2", input: 128, output: 64, size: 16, predecessor: 0, branch: 0),
    Layer(name: "face3", input: 64, output: 64, size: 32, predecessor: 1, branch: 0),
    Layer(name: "face4", input: 64, output: 32, size: 64, predecessor: 2, branch: 0),
    Layer(name: "face5", input: 32, output: 32, size: 128, predecessor: 3, branch: 0),
    Layer(
      name: "face6", input: 32, output: 3, size: 256, taps: 25, phases: 1, isUntied: false, predecessor: 4, branch: 0),
    Layer(name: "trunk1", input: 7, output: 128, size: 8, branch: 1),
    Layer(name: "trunk2", input: 128, output: 64, size: 16, predecessor: 6, branch: 1),
    Layer(name: "trunk3", input: 64, output: 64, size: 32, predecessor: 7, branch: 1),
    Layer(name: "trunk4", input: 64, output: 64, size: 64, predecessor: 8, branch: 1),
    Layer(name: "trunk5", input: 64, output: 64, size: 128, predecessor: 9, branch: 1),
    Layer(name: "texture1", input: 64, output: 16, size: 256, isUntied: false, predecessor: 10, branch: 1),
    Layer(name: "texture2", input: 16, output: 16, size: 512, predecessor: 11, branch: 1),
    Layer(
      name: "texture3", input: 16, output: 3, size: 1024, taps: 1, phases: 1, isUntied: false, predecessor: 12,
      branch: 1),
    Layer(
      name: "warp", input: 64, output: 2, size: 256, taps: 25, phases: 1, isUntied: false, predecessor: 10, branch: 2),
  ]

  /// The problem.
  static func problem() throws(ExplorationError) -> ExplorationProblem {
    let spaces = layers.map(Space.init)
    return try ExplorationProblem(
      stages: zip(layers, spaces).map { layer, space in
        ExplorationProblem.Stage(
          name: layer.name, options: space.options, predecessor: layer.predecessor,
          link: layer.predecessor.map { space.link(after: spaces[$0]) }, branch: layer.branch)
      },
      branches: ["geometry", "texture", "warp"].map { ExplorationProblem.Branch(name: $0) })
  }

  /// The options of a layer.
  private struct Space {
    /// How a unit emits: so many rows and channels together.
    struct Output: Hashable {
      var rows: Int
      var channels: Int
    }

    /// How a unit reads: so many rows, channels and taps at once.
    struct Input: Hashable {
      var rows: Int
      var channels: Int
      var taps: Int
    }

    let layer: Layer
    private(set) var options: [ExplorationProblem.Option] = []
    private(set) var outputs: [Output] = []
    private(set) var inputs: [Input] = []

    init(_ layer: Layer) {
      self.layer = layer
      var outputPlaces: [Output: Int] = [:]
      var inputPlaces: [Input: Int] = [:]
      for rows in 1...8 {
        for cpf in Self.steps(layer.input) {
          for taps in Self.steps(layer.taps) {
            for kpf in Self.steps(layer.output) where rows * cpf * taps * kpf <= 4096 {
              let output = Output(rows: rows, channels: kpf)
              let input = Input(rows: rows, channels: cpf, taps: taps)
              if outputPlaces[output] == nil {
                outputPlaces[output] = outputs.count
                outputs.append(output)
              }
              if inputPlaces[input] == nil {
                inputPlaces[input] = inputs.count
                inputs.append(input)
              }
              for isStreamed in [false, true] {
                var option = self.option(rows: rows, cpf: cpf, taps: taps, kpf: kpf, isStreamed: isStreamed)
                option.input = inputPlaces[input] ?? 0
                option.output = outputPlaces[output] ?? 0
                option.configuration = options.count
                options.append(option)
              }
            }
          }
        }
      }
    }

    private func option(rows: Int, cpf: Int, taps: Int, kpf: Int, isStreamed: Bool) -> ExplorationProblem.Option {
      let rounds = ceiling(layer.input, cpf) * ceiling(layer.taps, taps)
      let groups = ceiling(layer.output, kpf) * ceiling(layer.size, rows) * layer.size * layer.phases
      let lanes = rows * cpf * taps * kpf
      let weightBits = layer.phases == 1 ? 8 : 10
      let depth = rounds * ceiling(layer.output, kpf) * layer.phases
      let width = cpf * taps * kpf * weightBits
      let results = ceiling(rows * kpf, max(1, rounds))
      let biasWords = layer.isUntied ? layer.output * layer.size * layer.size * layer.phases * 16 / 512 : 0
      let weightWords = layer.input * layer.output * layer.taps * layer.phases * weightBits / 512
      let stored = isStreamed ? 2 * ceiling(width, 36) : ceiling(width, 36) * ceiling(depth, 512)
      let inDistributed = !isStreamed && depth <= 64
      return ExplorationProblem.Option(
        cycles: groups * rounds,
        resources: Resources(
          dsp: ceiling(lanes, 2) + results, ramb18: inDistributed ? 0 : stored,
          lut: 300 + 12 * lanes + (inDistributed ? width * ceiling(depth, 64) : 0) + 40 * results,
          memoryWords: biasWords + (isStreamed ? weightWords * ceiling(layer.size, rows) : 0)))
    }

    /// What the rows between a stage and this one take.
    func link(after before: Space) -> InterfaceLink {
      let scale = before.layer.phases == 4 ? 2 : 1
      return InterfaceLink(outputs: before.outputs.count, inputs: inputs.count) { output, input in
        let rows = 2 + inputs[input].rows + before.outputs[output].rows * scale
        let width = inputs[input].channels * 8 * (inputs[input].taps > 1 ? 2 : 1)
        let depth = layer.size * ceiling(layer.input, inputs[input].channels)
        return Resources(
          ramb18: ceiling(rows * depth, 512) * ceiling(width, 36), lut: 20 * rows + before.outputs[output].channels)
      }
    }

    /// For each number of rounds the least factor that makes do with it.
    private static func steps(_ count: Int) -> [Int] {
      (1...count).filter { $0 == 1 || ceiling(count, $0) < ceiling(count, $0 - 1) }
    }
  }

  private static func ceiling(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }
}
