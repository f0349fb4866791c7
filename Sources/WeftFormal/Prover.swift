import Weft
import WeftSimulation

/// Asks a solver about the properties of one design.
struct Prover {
  let design: Design
  let solver: Solver
  let system: TransitionSystem
  /// Bits that are one in every state that can be reached, for the step of an induction.
  private var lemmas: [Netlist.NodeID] = []

  /// A prover for a design.
  init(_ design: Design, solver: Solver, resets: ResetBehaviour = .inactive) throws {
    self.design = design
    self.solver = solver
    system = try SystemBuilder.system(of: design, resets: resets)
  }

  private func claims(_ kind: Netlist.Property.Kind) -> [TransitionSystem.Claim] {
    system.claims.filter { $0.property.property.kind == kind }
  }

  /// All of some bits of a step, as one.
  private func all(_ nodes: [Netlist.NodeID], _ script: SMTScript, _ step: Int) -> String {
    nodes.reduce(nil) { all, node in
      let value = script.value(node, step)
      return all.map { "(bvand \($0) \(value))" } ?? value
    } ?? "#b1"
  }

  private func script(_ roots: [Netlist.NodeID], _ start: SMTScript.Start) -> SMTScript {
    SMTScript(system, of: roots + assumptions, start: start)
  }

  /// What the surroundings see to at every step: the design's assumptions, and that something happens.
  private var assumptions: [Netlist.NodeID] {
    claims(.assumption).map(\.holds) + (system.isStep.map { [$0] } ?? [])
  }

  /// Adds a step, and a bit that tells whether the assumptions have held until its edge.
  private func addStep(to script: inout SMTScript) -> Int {
    let step = script.steps
    script.addStep()
    if !assumptions.isEmpty {
      let holds = all(assumptions, script, step)
      script.define("$assumed@\(step)", step == 0 ? holds : "(bvand $assumed@\(step - 1) \(holds))")
    }
    return step
  }

  /// A bit at a step until which the assumptions have held.
  private func assumed(_ bit: String, _ step: Int) -> String {
    assumptions.isEmpty ? bit : "(bvand $assumed@\(step) \(bit))"
  }
}

// MARK: - Runs from the start

extension Prover {
  /// The question for a run from the start at one of whose steps a bit is one.
  private func search(
    for bit: (SMTScript, Int) -> String, of roots: [Netlist.NodeID], in range: Range<Int>
  ) -> SMTScript {
    var script = script(roots, .initial)
    var found: [String] = []
    for _ in 0..<range.upperBound {
      let step = addStep(to: &script)
      guard range.contains(step) else { continue }
      script.define("$found@\(step)", assumed(bit(script, step), step))
      script.ask(for: ["$found@\(step)"])
      found.append("(= $found@\(step) #b1)")
    }
    script.require(found.count == 1 ? found[0] : "(or \(found.joined(separator: " ")))")
    return script
  }

  /// The question whether an assertion fails at one of some steps.
  func refutation(in range: Range<Int>) -> SMTScript {
    let assertions = claims(.assertion).map(\.holds)
    return search(for: { "(bvnot \(all(assertions, $0, $1)))" }, of: assertions, in: range)
  }

  /// The shortest of what can be found at one of `depth` steps: ever longer runs are searched, and one that is found is
  /// shortened as far as it goes.
  ///
  /// - Parameters:
  ///   - question: The question for some steps.
  ///   - result: What an answer gives, and the last step of its run.
  private func shortest<Found>(
    depth: Int, _ question: (Range<Int>) -> SMTScript,
    _ result: ([String: BitVector], SMTScript) throws -> (found: Found, step: Int)
  ) throws -> Found? {
    var (start, end) = (0, min(4, depth))
    var best: Found?
    while start < end {
      let script = question(start..<end)
      switch try solver.answer(script) {
      case .satisfiable(let values):
        let (found, step) = try result(values, script)
        best = found
        end = step
      case .unsatisfiable:
        if best != nil { return best }
        (start, end) = (end, min(2 * end, depth))
      }
    }
    return best
  }

  /// A shortest run of at most `depth` steps after which an assertion fails.
  func refute(depth: Int) throws -> Counterexample? {
    try shortest(depth: depth, refutation) { values, script in
      let found = try counterexample(values, script, .initial)
      return (found, found.trace.steps.count - 1)
    }
  }

  /// A shortest run of at most `depth` steps at the last of which a cover is met.
  func reach(_ cover: TransitionSystem.Claim, depth: Int) throws -> Trace? {
    let question = { search(for: { $0.value(cover.holds, $1) }, of: [cover.holds], in: $0) }
    return try shortest(depth: depth, question) { values, script in
      var trace = Trace(values, of: system, design: design, script: script, start: .initial)
      let step = trace.steps.indices.first { values["$found@\($0)"]?.isZero == false } ?? trace.steps.count - 1
      trace.steps.removeLast(trace.steps.count - step - 1)
      return (trace, step)
    }
  }

  /// Makes sure that some run of `depth` steps keeps to all assumptions.
  func checkAssumptions(depth: Int) throws {
    let assumptions = claims(.assumption)
    if assumptions.isEmpty { return }
    var script = script([], .initial)
    for _ in 0..<depth { _ = addStep(to: &script) }
    script.require("(= \(assumed("#b1", depth - 1)) #b1)")
    guard case .unsatisfiable = try solver.answer(script) else { return }
    let list = assumptions.map { "\($0.property.property.place): \($0.property.property.sentence)" }
    throw FormalError(
      "no run of \(depth) steps keeps to the assumptions of \(design.top.summary), so that anything would follow from "
        + "them:\n" + list.joined(separator: "\n"))
  }
}

// MARK: - Induction

extension Prover {
  /// The question for a run, from anywhere, that keeps all assertions for `depth` steps and breaks one at the next.
  func inductionStep(depth: Int, distinctStates: Bool) -> SMTScript {
    let assertions = claims(.assertion).map(\.holds)
    var script = script(assertions + lemmas, .any)
    for _ in 0...depth {
      let step = addStep(to: &script)
      let holds = all(assertions, script, step)
      for lemma in lemmas { script.require("(= \(script.value(lemma, step)) #b1)") }
      script.require("(= \(step < depth ? holds : "(bvnot \(holds))") #b1)")
    }
    script.require("(= \(assumed("#b1", depth)) #b1)")
    if distinctStates { script.requireDistinctStates() }
    return script
  }

  /// A run that shows why the assertions do not follow by induction over `depth` steps.
  func failInduction(depth: Int, distinctStates: Bool) throws -> Counterexample? {
    let script = inductionStep(depth: depth, distinctStates: distinctStates)
    guard case .satisfiable(let values) = try solver.answer(script) else { return nil }
    return try counterexample(values, script, .any)
  }

  /// Takes as lemmas what of some candidates, all of them one at the start, stays one together with the others.
  mutating func addLemmas(_ candidates: [Netlist.NodeID]) throws {
    var candidates = candidates
    while !candidates.isEmpty {
      var script = script(candidates, .any)
      _ = addStep(to: &script)
      script.require("(= \(all(candidates, script, 0)) #b1)")
      script.require("(= \(assumed("#b1", addStep(to: &script))) #b1)")
      script.require("(= \(all(candidates, script, 1)) #b0)")
      script.ask(for: candidates.map { script.value($0, 1) })
      guard case .satisfiable(let values) = try solver.answer(script) else { break }
      let count = candidates.count
      candidates.removeAll { values[script.value($0, 1)]?.isZero == true }
      if candidates.count == count { return }
    }
    lemmas += candidates
  }

  mutating func withNetlist(_ body: (inout TransitionSystem) -> [Netlist.NodeID]) throws {
    var copy = self.system
    let candidates = body(&copy)
    self = Prover(design: design, solver: solver, system: copy, lemmas: lemmas)
    try addLemmas(candidates)
  }

  private init(design: Design, solver: Solver, system: TransitionSystem, lemmas: [Netlist.NodeID]) {
    self.design = design
    self.solver = solver
    self.system = system
    self.lemmas = lemmas
  }
}

// MARK: - What a solver found

extension Prover {
  /// A solver's run up to its first failure, which the interpreter has to confirm.
  private func counterexample(_ values: [String: BitVector], _ script: SMTScript, _ start: SMTScript.Start) throws
    -> Counterexample
  {
    var trace = Trace(values, of: system, design: design, script: script, start: start)
    let engine = InterpreterEngine(design)
    var failed: (step: Int, property: PlacedProperty)?
    let note = { (step: Int) in
      guard failed == nil else { return }
      let failure = engine.monitor?.failures.first { $0.property.property.kind == .assertion }
      if let failure { failed = (step, failure.property) }
    }
    trace.replay(on: engine) { note($0 - 1) }
    note(trace.steps.count - 1)
    guard let failed else {
      throw FormalError(
        "the solver found a run of \(design.top.summary) in which an assertion fails, but on the interpreter none does; "
          + "please report this design as a mistake in Weft:\n\(trace.waveform.text())")
    }
    trace.steps.removeLast(trace.steps.count - failed.step - 1)
    return Counterexample(property: failed.property, trace: trace)
  }
}
