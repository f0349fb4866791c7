/// The statements of the first block where `condition` is one, else those of the second.
///
/// ```swift
/// When(enable) { count <== count &+ 1 } else: { count <== 0 }
/// ```
public func When(
  _ condition: Bit, @CircuitBuilder _ then: () -> Circuit,
  @CircuitBuilder else otherwise: () -> Circuit = { Circuit([]) }
) -> Circuit {
  let scope = Scope.current
  return Circuit(
    kind: .when(scope.node(scope.sized(condition.operand, width: 1)), then: then(), else: otherwise()))
}

extension Circuit {
  /// A second block wants its label.
  @available(*, unavailable, message: "a second block needs the label `else:`")
  public func callAsFunction(_ block: () -> Circuit) -> Circuit { preconditionFailure("unavailable") }
}

/// One case of a `Switch`: what to do where the subject is one of the values.
public struct Case<Value> {
  let values: [Value]?
  let body: Circuit
  let place: SourcePlace

  /// Where the subject is any of `values`.
  public init(
    _ values: Value..., file: String = #fileID, line: Int = #line, @CircuitBuilder body: () -> Circuit
  ) {
    self.init(values: values, body: body(), place: SourcePlace(file: file, line: line))
  }

  init(values: [Value]?, body: Circuit, place: SourcePlace) {
    self.values = values
    self.body = body
    self.place = place
  }
}

/// Where no case before applies.
public func Default<Value>(
  file: String = #fileID, line: Int = #line, @CircuitBuilder _ body: () -> Circuit
) -> Case<Value> {
  Case(values: nil, body: body(), place: SourcePlace(file: file, line: line))
}

/// Collects the cases of a `Switch`.
@resultBuilder
public enum CaseBuilder<Value> {
  public static func buildExpression(_ one: Case<Value>) -> [Case<Value>] { [one] }
  public static func buildBlock(_ parts: [Case<Value>]...) -> [Case<Value>] { parts.flatMap { $0 } }
  public static func buildArray(_ parts: [[Case<Value>]]) -> [Case<Value>] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [Case<Value>]?) -> [Case<Value>] { part ?? [] }
  public static func buildEither(first part: [Case<Value>]) -> [Case<Value>] { part }
  public static func buildEither(second part: [Case<Value>]) -> [Case<Value>] { part }
}

/// The statements of the case that the subject holds. Where all cases are listed, bits that are no case's code count as
/// the last one's.
public func Switch<E: Enumeration>(_ subject: Choice<E>, @CaseBuilder<E> _ cases: () -> [Case<E>]) -> Circuit {
  var cases = cases()
  let listed = cases.compactMap(\.values).flatMap { $0 }
  let hasDefault = cases.contains { $0.values == nil }
  if !hasDefault, Set(listed).count == E.allCases.count, let last = cases.popLast() {
    cases.append(Case(values: nil, body: last.body, place: last.place))
  }
  return match(Scope.current.node(subject.operand), cases) { $0.code }
}

/// The statements of the case whose number the subject is.
public func Switch(_ subject: Unsigned, @CaseBuilder<Int> _ cases: () -> [Case<Int>]) -> Circuit {
  match(subject.operand, signed: false, cases())
}

/// The statements of the case whose number the subject is.
public func Switch(_ subject: Signed, @CaseBuilder<Int> _ cases: () -> [Case<Int>]) -> Circuit {
  match(subject.operand, signed: true, cases())
}

/// The statements of the case whose bits the subject is.
public func Switch(_ subject: Bits, @CaseBuilder<Int> _ cases: () -> [Case<Int>]) -> Circuit {
  match(subject.operand, signed: false, cases())
}

private func match(_ subject: Operand, signed: Bool, _ cases: [Case<Int>]) -> Circuit {
  let scope = Scope.current
  let node = scope.node(subject)
  let width = scope.builder { $0.width(of: node) }
  for one in cases {
    for value in one.values ?? [] where Operand.width(of: value, signed: signed) > width || (value < 0 && !signed) {
      scope.report(
        .literal, "the case \(value) does not fit the \(width) bits of the subject of a Switch", at: one.place)
    }
  }
  return match(node, cases) { BitVector(truncating: $0, width: width) }
}

private func match<Value>(_ subject: Netlist.NodeID, _ cases: [Case<Value>], code: (Value) -> BitVector) -> Circuit {
  var seen: Set<BitVector> = []
  var arms: [(patterns: [BitVector], body: Circuit)] = []
  var otherwise: Circuit?
  for one in cases {
    guard let values = one.values else {
      if otherwise != nil { Scope.report(.cases, "a Switch has more than one Default", at: one.place) }
      otherwise = one.body
      continue
    }
    var patterns: [BitVector] = []
    for value in values {
      let pattern = code(value)
      if seen.insert(pattern).inserted {
        patterns.append(pattern)
      } else {
        Scope.report(.cases, "a Switch lists the case \(value) twice", at: one.place)
      }
    }
    if !patterns.isEmpty { arms.append((patterns, one.body)) }
  }
  return Circuit(kind: .match(subject, cases: arms, default: otherwise))
}
