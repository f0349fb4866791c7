import Weft

/// A module that runs: its ports and internal signals are its properties.
///
/// ```swift
/// let sim = try Simulation(ProcessingElement(lanes: 4))
/// sim.enable = 1
/// sim.activations = [1, 2, 3, 4]
/// sim.weights = [5, 6, 7, 8]
/// sim.step()
/// #expect(sim.sum == 70)
/// ```
/// Every read gives the value that belongs to the inputs as they stand. A name that the hardware does not have stops
/// the program with a sentence: it is a mistake in the test. A simulation is used from one thread at a time.
@dynamicMemberLookup
public final class Simulation<M: Module> {
  /// The module that runs.
  public let module: M
  /// What runs it.
  public let engine: any SimulationEngine
  let view: ModuleView<M>
  private let collector: CoverageCollector?
  /// The path is kept beside its handle, so that its address is never reused.
  private var handles: [ObjectIdentifier: (path: AnyKeyPath, location: SignalLocation)] = [:]
  private var last: (path: AnyKeyPath, location: SignalLocation)?

  /// Elaborates `module` and makes it ready to run.
  ///
  /// - Parameters:
  ///   - kind: What runs the module.
  ///   - randomState: A seed for all that has no defined value after power-up: registers without reset and memories
  ///     without contents, which otherwise start at zero. Both engines begin alike.
  ///   - coverage: What is counted from the start; ``coverage`` gives the counts. Nothing unless asked for, at no cost.
  /// - Throws: `ElaborationError` for mistakes in the module, `SimulationError` where the engine cannot be had.
  public init(
    _ module: M, engine kind: EngineKind = .interpreter, randomState: UInt64? = nil, coverage: CoverageKinds = []
  ) throws {
    self.module = module
    let looksInside = randomState != nil || !coverage.isEmpty
    var design = try Design(module)
    var points: [[CoveragePoint]] = []
    if coverage.contains(.statements) {
      let instrumented = InstrumentedDesign(design)
      (design, points) = (instrumented.design, instrumented.points)
    }
    engine = try (looksInside ? kind.keepingInternals : kind).makeEngine(for: design)
    view = ModuleView(module)
    if let randomState { engine.randomizeState(seed: randomState) }
    collector = coverage.isEmpty ? nil : CoverageCollector(engine, coverage, points: points)
    if let collector { engine.timeline.add(collector) }
  }

  /// What the run has reached so far, of what ``init(_:engine:randomState:coverage:)`` was told to count.
  public var coverage: Coverage { collector?.coverage ?? Coverage() }

  /// Runs whole cycles of the main clock.
  @inlinable
  public func step(_ cycles: Int = 1) { engine.step(cycles) }

  /// Runs for so many periods of a domain's clock, which has to tick.
  public func step(_ cycles: Int = 1, of domain: Domain) { engine.step(cycles, of: domain) }

  /// Lets a domain's clock tick by itself as time passes: it rises at `phase`, half a period unless given, and every
  /// period after that.
  public func clock(_ domain: Domain, period: Time, phase: Time? = nil) {
    engine.clock(domain, period: period, phase: phase)
  }

  /// Lets time pass, with all clock edges up to and including those at its end.
  public func run(for duration: Time) { engine.run(for: duration) }

  /// The simulated time since the start.
  public var time: Time { engine.time }

  /// Holds the main domain's reset active for some cycles. A design without reset just runs them.
  public func reset(cycles: Int = 1) {
    let reset = ResetLine(self)
    reset.set(true)
    step(cycles)
    reset.set(false)
  }
}

// MARK: - Signals as properties

extension Simulation {
  /// A number at a port or inside.
  public subscript<S: Scalar>(dynamicMember path: KeyPath<M, S>) -> Int where S.Sample == Int {
    get { location(path).number }
    set { location(path).number = newValue }
  }

  /// A case of an enumeration; `nil` is never set, and read where the bits are no case's.
  public subscript<E: Enumeration>(dynamicMember path: KeyPath<M, Choice<E>>) -> E? {
    get { E.value(ofCode: location(path).bits) }
    set { if let newValue { location(path).bits = newValue.code } }
  }

  /// The state that a state machine is in; `nil` where the bits are no state's.
  public subscript<E: Enumeration>(dynamicMember path: KeyPath<M, StateMachine<E>>) -> E? {
    E.value(ofCode: leaves(of: path.appending(path: \.state))[0].bits)
  }

  /// The numbers of a vector, as many as it has.
  public subscript<S: Scalar>(dynamicMember path: KeyPath<M, Vector<S>>) -> [Int] where S.Sample == Int {
    get { location(path).numbers }
    set { location(path).numbers = newValue }
  }

  /// A fixed-point number, or the nearest that a `Double` holds. It is set to a number that the signal holds exactly:
  /// `Shape.nearest(to:)` finds one.
  public subscript(dynamicMember path: KeyPath<M, Fixed>) -> Double {
    get { location(path).fixedPointNumbers[0] }
    set { location(path).fixedPointNumbers = [newValue] }
  }

  /// The fixed-point numbers of a vector, as many as it has.
  public subscript(dynamicMember path: KeyPath<M, Vector<Fixed>>) -> [Double] {
    get { location(path).fixedPointNumbers }
    set { location(path).fixedPointNumbers = newValue }
  }

  /// A handle to a scalar, resolved once: reading and writing through it cost a memory access.
  public subscript<S: Scalar>(path: KeyPath<M, S>) -> Handle<S> { Handle(location: location(path)) }

  /// A handle to a vector, resolved once.
  public subscript<S: Scalar>(path: KeyPath<M, Vector<S>>) -> Handle<Vector<S>> { Handle(location: location(path)) }

  /// The leaves of any signal, a bundle's among them, in the order of its fields.
  public func leaves<S: Signal>(of path: KeyPath<M, S>) -> [SignalLocation] {
    guard let locations = view.locations(of: path) else {
      preconditionFailure("\(path) of \(M.self) is an expression without a name; give it one with `wire`")
    }
    return locations.map { location in
      guard let storage = engine.storage(ofPort: location.signal) ?? engine.storage(ofSignal: location.signal) else {
        preconditionFailure(
          "`\(location.signal)` of \(M.self) is no part of the running hardware: its body never mentions it, or the "
            + "engine keeps no internal signals")
      }
      return SignalLocation(
        storage: storage, low: location.low, elementWidth: location.layout.elementWidth,
        count: location.layout.elementCount, isSigned: location.layout.hasSignedElements,
        fractionBits: location.layout.fractionBits ?? 0)
    }
  }

  /// A word of a memory, by its name or `instance.name`; `nil` where there is none.
  public func readMemory(_ memory: String, at address: Int) -> BitVector? { engine.readMemory(memory, at: address) }

  @inline(__always)
  private func location<S: Signal>(_ path: KeyPath<M, S>) -> SignalLocation {
    if let last, last.path === path { return last.location }
    return lookUp(path)
  }

  @inline(never)
  private func lookUp<S: Signal>(_ path: KeyPath<M, S>) -> SignalLocation {
    let key = ObjectIdentifier(path)
    let location: SignalLocation
    if let known = handles[key] {
      location = known.location
    } else {
      location = leaves(of: path)[0]
      handles[key] = (path, location)
    }
    last = (path, location)
    return location
  }
}
