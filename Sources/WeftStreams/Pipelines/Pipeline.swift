import Weft

/// Stages of registers in a stream. What is computed in one stage and used in a later one travels there by itself: only
/// the registers that it needs are made.
///
/// ```swift
/// var body: Circuit {
///   let pipeline = Pipeline(from: input, to: output, stages: 2, in: self)
///   let square = pipeline.stage(0, "square") { now in now[pipeline.entry] * now[pipeline.entry] }
///   let sum = pipeline.stage(1, "sum") { now in now[square] + now[pipeline.entry] }
///   pipeline.finish(sum)
/// }
/// ```
/// Logic of stage 0 stands before the first register, that of stage k behind k registers.
///
/// - Latency: a cycle a stage.
/// - Throughput: a payload a cycle. A stage that holds nothing takes a payload even while the sink stalls.
/// - Paths: combinational from `output.ready` to `input.ready`; a ``PipelineRegister`` breaks it.
public struct Pipeline<Input: Signal, Output: Signal> {
  /// The number of register stages.
  public let stages: Int
  /// The payload that enters.
  public let entry: Staged<Input>
  private let input: Stream<Input>
  private let output: Stream<Output>
  private let valid: [Bit]
  /// Whether the registers at the end of each stage take something new.
  private let advances: [Bit]

  /// A pipeline of `stages` register stages, at least one, in the body of `module`.
  public init(
    from input: Stream<Input>, to output: Stream<Output>, stages: Int, named name: String = "pipeline",
    in module: some Module, file: String = #fileID, line: Int = #line
  ) {
    self.stages = stages
    self.input = input
    self.output = output
    entry = Staged(value: input.payload, label: "\(name)_entry", stage: 0)
    let valid: [Bit] = (0..<max(stages, 1)).map {
      module.register(.bit, reset: 0, named: "\(name)_valid\($0 + 1)", file: file, line: line)
    }
    self.valid = valid
    var advances: [Bit] = []
    for stage in valid.indices.reversed() {
      let next = advances.first ?? output.ready
      let advance: Bit = module.wire(
        !valid[stage] | next, named: "\(name)_advance\(stage + 1)", file: file, line: line)
      advances.insert(advance, at: 0)
    }
    self.advances = advances
  }

  /// A value computed in a stage, from values of this and earlier ones.
  ///
  /// - Parameter label: the name of the registers that carry it on: `label1`, `label2` ...
  public func stage<Value: Signal>(_ stage: Int, _ label: String, _ compute: (Stage) -> Value) -> Staged<Value> {
    Staged(value: compute(Stage(index: stage, advances: advances)), label: label, stage: stage)
  }

  /// Whether the registers at the end of each stage hold a payload.
  public var occupied: [Bit] { valid }

  /// What a value is in the registers at the end of its stage and of each later one.
  public func registers<Value: Signal>(of staged: Staged<Value>) -> [Value] {
    valid.indices.dropFirst(staged.stage).map { Stage(index: $0 + 1, advances: advances)[staged] }
  }

  /// Gives `result` to the output behind the last stage, and moves the stages on.
  public func finish(_ result: Staged<Output>) -> Circuit {
    Circuit([
      require(stages >= 1, "a pipeline has at least 1 stage; \(stages) were asked for"),
      input.ready <== advances[0],
      output.valid <== valid[valid.count - 1],
      output.payload <== Stage(index: valid.count, advances: advances)[result],
      Circuit(
        valid.indices.map { stage in
          When(advances[stage]) { valid[stage] <== (stage == 0 ? input.valid : valid[stage - 1]) }
        }),
    ])
  }

  /// A stage of a pipeline, which sees the values of earlier ones.
  public struct Stage {
    let index: Int
    let advances: [Bit]

    /// A value in this stage.
    public subscript<Value>(staged: Staged<Value>) -> Value {
      var value = staged.value
      for stage in staged.stage..<max(staged.stage, min(index, advances.count)) {
        value = value.delayed(by: 1, enable: advances[stage], named: "\(staged.label)\(stage + 1)")
      }
      return value
    }
  }
}

/// A value and the stage of a pipeline in which it was computed.
public struct Staged<Value: Signal> {
  let value: Value
  let label: String
  let stage: Int
}
