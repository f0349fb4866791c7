import Weft

/// How assertions are proved.
public enum ProofMethod: Hashable, Sendable {
  /// Bounded model checking: no run of so many steps from the start breaks an assertion.
  case bounded(_ steps: Int)
  /// k-induction: the assertions hold for `depth` steps from the start, and wherever all of them have held for `depth`
  /// steps, they hold at the next; so they always hold.
  ///
  /// With `distinctStates` only steps that begin in different states are looked at: a shortest way to a failure goes
  /// through none twice. Then every assertion that holds is proved from some depth on, also of hardware that may stand
  /// still in a state which it never reaches; but each step costs the solver more.
  case induction(_ depth: Int = 1, distinctStates: Bool = false)

  /// The number of steps from the start that are looked at.
  var depth: Int {
    switch self {
    case .bounded(let depth), .induction(let depth, _): max(1, depth)
    }
  }
}

/// What was proved.
public struct Proof: Hashable, Sendable {
  /// The assertions that hold.
  public var assertions: [PlacedProperty]
  /// How they were proved, and so for how many steps.
  public var method: ProofMethod
}

/// Proves all assertions of a module and of what is below it, its invariants among them, for all inputs that keep to
/// its assumptions.
///
/// ```swift
/// @Test func neverOverflows() throws { try prove(FIFO(of: .unsigned(8), depth: 4)) }
/// ```
/// Registers and memories start with their initial values. A design with several clocks is proved for every order in
/// which their edges may come.
///
/// - Parameter resets: What resets do meanwhile; by default they stay inactive.
/// - Throws: ``Counterexample`` where an assertion fails or does not follow; ``FormalError`` where there is nothing to
///   prove, the assumptions contradict each other, or the solver gives no answer; `ElaborationError` for mistakes in
///   the module.
@discardableResult
public func prove(
  _ module: some Module, by method: ProofMethod = .induction(), resets: ResetBehaviour = .inactive,
  using solver: Solver = Solver()
) throws -> Proof {
  try prove(Design(module, includingInvariants: true), by: method, resets: resets, using: solver)
}

/// Proves all assertions of a design. See ``prove(_:by:resets:using:)``.
@discardableResult
public func prove(
  _ design: Design, by method: ProofMethod = .induction(), resets: ResetBehaviour = .inactive,
  using solver: Solver = Solver()
) throws -> Proof {
  try Prover(design, solver: solver, resets: resets).prove(by: method)
}

extension Prover {
  /// Proves all assertions.
  func prove(by method: ProofMethod) throws -> Proof {
    let assertions = design.properties.filter { $0.property.kind == .assertion }
    if assertions.isEmpty { throw FormalError("\(design.top.summary) has no assertion to prove; `Assert` makes one") }
    try checkAssumptions(depth: method.depth)
    if let counterexample = try refute(depth: method.depth) { throw counterexample }
    if case .induction(let depth, let distinctStates) = method,
      let counterexample = try failInduction(depth: max(1, depth), distinctStates: distinctStates)
    {
      throw counterexample
    }
    return Proof(assertions: assertions, method: method)
  }
}

/// A cover, and a shortest run that meets it.
public struct CoverWitness: Sendable {
  /// The cover.
  public let property: PlacedProperty
  /// The run, at whose last step the cover is met; `nil` where no run of the depth that was searched meets it.
  public let trace: Trace?
}

/// Looks for a shortest run that meets each cover of a module and of what is below it, within so many steps.
///
/// - Parameter resets: What resets do meanwhile; by default they stay inactive.
/// - Throws: ``FormalError`` where the solver gives no answer; `ElaborationError` for mistakes in the module.
public func findCovers(
  _ module: some Module, within steps: Int, resets: ResetBehaviour = .inactive, using solver: Solver = Solver()
) throws -> [CoverWitness] {
  let prover = try Prover(Design(module, includingInvariants: true), solver: solver, resets: resets)
  return try prover.system.claims.filter { $0.property.property.kind == .cover }.map { cover in
    CoverWitness(property: cover.property, trace: try prover.reach(cover, depth: steps))
  }
}

extension Design {
  /// The question that bounded model checking of the design asks a solver, in SMT-LIB 2: a run of at most `steps` steps
  /// that breaks an assertion.
  ///
  /// - Throws: ``FormalError`` for logic that feeds itself.
  public func smtLib(steps: Int) throws -> String {
    try Prover(self, solver: Solver()).refutation(in: 0..<max(1, steps)).text
  }
}
