/// A state machine: a register that holds a case of an enumeration, and the state that it takes at the next clock edge.
///
/// ```swift
/// enum Phase: Enumeration { case idle, load, run }
///
/// var phase: StateMachine<Phase> { stateMachine(startingIn: .idle) }
/// ...
/// phase.states {
///   During(.idle) { When(go) { phase.go(to: .load) } }
///   During(.load, cycles: 4, then: .run) { isLoading <== 1 }
///   During(.run) { When(isLast) { phase.go(to: .idle) } } entry: { count <== 0 } exit: { isDone <== 1 }
/// }
/// ```
/// A machine stays in its state until `go(to:)` is reached; the last one reached wins. A machine is nested by putting
/// its states inside a state of another: it moves while that one lasts, and `restart()` in that state's `entry` begins
/// anew.
public struct StateMachine<E: Enumeration> {
  /// The state now: a register.
  public let state: Choice<E>
  /// The state after the next clock edge: a signal named after the machine, with `_next`.
  public let next: Choice<E>
  private let start: E
  private let name: String
  private let domain: Domain
  private let scope: Scope
  private let place: SourcePlace

  fileprivate init(startingIn start: E, domain: Domain, name: String, scope: Scope, place: SourcePlace) {
    (self.start, self.name, self.domain, self.scope, self.place) = (start, name, domain, scope, place)
    state = scope.signal(name, .choice(), at: place) { _, _ in
      .register(Netlist.Register(domain: domain, resetValue: start.code, initialValue: start.code))
    }
    next = scope.signal("\(name)_next", .choice(), at: place) { _, _ in .wire }
    scope.wires.append(Circuit(connecting: next, to: state, at: place))
    scope.wires.append(Circuit(connecting: state, to: next, at: place))
  }

  /// Takes `state` at the next clock edge.
  public func go(to state: E) -> Circuit { next <== state }

  /// Takes the state that the machine starts in at the next clock edge.
  public func restart() -> Circuit { go(to: start) }

  /// Whether the machine is in `state`.
  public func isIn(_ state: E) -> Bit { self.state == state }
  /// Whether the machine comes into `state`, from another, at the next clock edge.
  public func isEntering(_ state: E) -> Bit { (self.state != state) & (next == state) }
  /// Whether the machine leaves `state`, for another, at the next clock edge.
  public func isLeaving(_ state: E) -> Bit { (self.state == state) & (next != state) }

  /// What happens in each state; every state of the enumeration is listed once.
  public func states(@StateBuilder<E> _ states: () -> [During<E>]) -> Circuit {
    let states = states()
    let timer = timer(for: states)
    let cases = match(
      state, states.map { Case(values: [$0.state], body: body(of: $0, timer), place: $0.place) },
      in: "the state machine `\(name)`", cure: "list every state once")
    let entries = states.compactMap { one in
      one.entry.map { entry in
        let isEntering = scope.node(isEntering(one.state).operand)
        return Circuit(kind: .when(isEntering, then: entry, else: Circuit([])), place: one.place)
      }
    }
    return Circuit([cases] + entries)
  }

  /// A count of the cycles that the machine has been in a state with a duration, where that is more than one.
  private func timer(for states: [During<E>]) -> Unsigned? {
    let widest = states.compactMap { one -> Int? in
      switch one.duration {
      case .fixed(let cycles) where cycles > 1: Operand.width(of: cycles - 1, signed: false)
      case .given(let cycles): cycles.width
      case .fixed, nil: nil
      }
    }.max()
    guard let widest else { return nil }
    let timer = "\(name)_timer"
    return scope.generated(timer, from: [], at: place) {
      let zero = BitVector(zero: widest)
      return scope.signal(timer, .unsigned(zero.width), at: place) { _, _ in
        .register(Netlist.Register(domain: domain, resetValue: zero, initialValue: zero))
      }
    }
  }

  /// Whether the cycle that a timer counts is the last of a duration; `nil` for one of a single cycle.
  private func isLast(_ timer: Unsigned, of duration: During<E>.Duration) -> Bit? {
    switch duration {
    case .fixed(let cycles): cycles > 1 ? timer == Unsigned(cycles - 1) : nil
    case .given(let cycles): timer + 1 >= cycles
    }
  }

  private func body(of one: During<E>, _ timer: Unsigned?) -> Circuit {
    var parts = [one.body]
    if let duration = one.duration, let following = one.following {
      if case .fixed(let cycles) = duration, cycles < 1 {
        scope.report(
          .cases, "the state \(one.state) of `\(name)` lasts \(cycles) cycles; a state lasts 1 at least", at: one.place)
      }
      if let timer, let isLast = isLast(timer, of: duration) {
        parts.insert(When(isLast) { go(to: following) }, at: 0)
        parts.append(When(next == one.state) { timer <== timer &+ 1 } else: { timer <== 0 })
      } else {
        parts.insert(go(to: following), at: 0)
      }
    }
    if let exit = one.exit { parts.append(When(next != one.state) { exit }) }
    return Circuit(parts)
  }
}

/// What happens in one state of a state machine.
public struct During<E: Enumeration> {
  /// How many cycles a state lasts.
  enum Duration {
    case fixed(Int)
    case given(Unsigned)
  }

  let state: E
  let duration: Duration?
  let following: E?
  let body: Circuit
  let entry: Circuit?
  let exit: Circuit?
  let place: SourcePlace

  /// What happens while the machine is in `state`.
  ///
  /// - Parameters:
  ///   - body: what happens in every cycle.
  ///   - entry: what happens in the cycle before the first, in which the machine is still in another state.
  ///   - exit: what happens in the last cycle.
  public init(
    _ state: E, file: String = #fileID, line: Int = #line, @CircuitBuilder _ body: () -> Circuit,
    @CircuitBuilder entry: () -> Circuit = { Circuit([]) }, @CircuitBuilder exit: () -> Circuit = { Circuit([]) }
  ) {
    self.init(state, nil, nil, body, entry, exit, SourcePlace(file: file, line: line))
  }

  /// What happens while the machine is in `state`, which lasts `cycles`, at least one, before the machine goes on to
  /// `following`, unless the body goes elsewhere earlier.
  public init(
    _ state: E, cycles: Int, then following: E, file: String = #fileID, line: Int = #line,
    @CircuitBuilder _ body: () -> Circuit = { Circuit([]) }, @CircuitBuilder entry: () -> Circuit = { Circuit([]) },
    @CircuitBuilder exit: () -> Circuit = { Circuit([]) }
  ) {
    self.init(state, .fixed(cycles), following, body, entry, exit, SourcePlace(file: file, line: line))
  }

  /// What happens while the machine is in `state`, which lasts until the machine has been in it for as many cycles as
  /// `cycles` says then, at least one, before the machine goes on to `following`, unless the body goes elsewhere
  /// earlier.
  public init(
    _ state: E, cycles: Unsigned, then following: E, file: String = #fileID, line: Int = #line,
    @CircuitBuilder _ body: () -> Circuit = { Circuit([]) }, @CircuitBuilder entry: () -> Circuit = { Circuit([]) },
    @CircuitBuilder exit: () -> Circuit = { Circuit([]) }
  ) {
    self.init(state, .given(cycles), following, body, entry, exit, SourcePlace(file: file, line: line))
  }

  private init(
    _ state: E, _ duration: Duration?, _ following: E?, _ body: () -> Circuit, _ entry: () -> Circuit,
    _ exit: () -> Circuit, _ place: SourcePlace
  ) {
    func unlessEmpty(_ part: Circuit) -> Circuit? {
      if case .block(let parts) = part.kind, parts.isEmpty { nil } else { part }
    }
    (self.state, self.duration, self.following, self.place) = (state, duration, following, place)
    (self.body, self.entry, self.exit) = (body(), unlessEmpty(entry()), unlessEmpty(exit()))
  }
}

/// Collects the states of a state machine.
@resultBuilder
public enum StateBuilder<E: Enumeration> {
  public static func buildExpression(_ one: During<E>) -> [During<E>] { [one] }
  public static func buildBlock(_ parts: [During<E>]...) -> [During<E>] { parts.flatMap { $0 } }
  public static func buildArray(_ parts: [[During<E>]]) -> [During<E>] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [During<E>]?) -> [During<E>] { part ?? [] }
  public static func buildEither(first part: [During<E>]) -> [During<E>] { part }
  public static func buildEither(second part: [During<E>]) -> [During<E>] { part }
}

extension Module {
  /// A state machine that holds `start` under its domain's reset, and starts with it.
  public func stateMachine<E: Enumeration>(
    startingIn start: E, domain: Domain = .main, named name: String = #function, file: String = #fileID,
    line: Int = #line
  ) -> StateMachine<E> {
    declare(name, SourcePlace(file: file, line: line)) { scope, place in
      StateMachine(startingIn: start, domain: domain, name: name, scope: scope, place: place)
    }
  }
}
