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

extension Case where Value == BitPattern {
  /// Where the subject is any of these numbers.
  public init(_ numbers: Int..., file: String = #fileID, line: Int = #line, @CircuitBuilder body: () -> Circuit) {
    self.init(values: numbers.map { BitPattern($0) }, body: body(), place: SourcePlace(file: file, line: line))
  }
}

/// The statements of the case that the subject holds. The cases list every case of the enumeration, or there is a
/// `Default`. Where all are listed, bits that are no case's code count as the last one's.
public func Switch<E: Enumeration>(_ subject: Choice<E>, @CaseBuilder<E> _ cases: () -> [Case<E>]) -> Circuit {
  match(subject, cases(), in: "a Switch over \(E.self)", cure: "add these cases, or a `Default`")
}

/// The cases of an enumeration, all of which are said to be listed in what a message calls `name`.
func match<E: Enumeration>(_ subject: Choice<E>, _ cases: [Case<E>], in name: String, cure: String) -> Circuit {
  var cases = cases
  let listed = Set(cases.compactMap(\.values).flatMap { $0 })
  let missing = E.allCases.filter { !listed.contains($0) }
  if cases.allSatisfy({ $0.values != nil }) {
    if missing.isEmpty, let last = cases.popLast() {
      cases.append(Case(values: nil, body: last.body, place: last.place))
    } else {
      let list = missing.map { "\($0)" }.joined(separator: ", ")
      Scope.report(.cases, "\(name) does not say what happens in \(list); \(cure)")
    }
  }
  return match(Scope.current.node(subject.operand), cases) { $0.code }
}

/// The statements of the case whose number the subject is.
public func Switch(_ subject: Signed, @CaseBuilder<Int> _ cases: () -> [Case<Int>]) -> Circuit {
  let (cases, width) = (cases(), subject.width)
  for one in cases {
    for value in one.values ?? [] where Operand.width(of: value, signed: true) > width {
      Scope.report(
        .literal, "the case \(value) does not fit the \(width) bits of the subject of a Switch", at: one.place)
    }
  }
  return match(Scope.current.node(subject.operand), cases) { BitVector(truncating: $0, width: width) }
}

/// The statements of the first case whose number, or one of whose patterns, the subject is.
public func Switch(_ subject: Unsigned, @CaseBuilder<BitPattern> _ cases: () -> [Case<BitPattern>]) -> Circuit {
  match(subject.asBits, cases())
}

/// The statements of the first case whose bits, or one of whose patterns, the subject is.
public func Switch(_ subject: Bits, @CaseBuilder<BitPattern> _ cases: () -> [Case<BitPattern>]) -> Circuit {
  match(subject, cases())
}

private func match(_ subject: Bits, _ cases: [Case<BitPattern>]) -> Circuit {
  let width = subject.width
  var cubes: [BitPattern: Cube] = [:]
  for one in cases {
    for pattern in one.values ?? [] {
      do throws(BitPattern.Misfit) {
        cubes[pattern] = try pattern.cube(width: width)
      } catch {
        Scope.report(.literal, error.message, at: one.place)
      }
    }
  }
  let fitting = cases.map { one in
    Case(values: one.values?.filter { cubes[$0] != nil }, body: one.body, place: one.place)
  }
  if cubes.values.allSatisfy(\.isSingle) {
    return match(Scope.current.node(subject.operand), fitting) { cubes[$0]?.value ?? BitVector(zero: width) }
  }
  return matchInOrder(subject, fitting) { cubes[$0] ?? Cube(any: width) }
}

/// The first case one of whose patterns holds: a chain of conditions. What no case can reach is reported.
private func matchInOrder(
  _ subject: Bits, _ cases: [Case<BitPattern>], cube: (BitPattern) -> Cube
) -> Circuit {
  var rest = [Cube(any: subject.width)]
  var arms: [(condition: Bit, body: Circuit, place: SourcePlace)] = []
  var otherwise: Circuit?
  for one in cases {
    guard let patterns = one.values else {
      if otherwise != nil { Scope.report(.cases, "a Switch has more than one Default", at: one.place) }
      otherwise = one.body
      continue
    }
    for pattern in patterns {
      let cube = cube(pattern)
      if !rest.contains(where: cube.meets) {
        Scope.report(
          .cases,
          "the case \(pattern) of a Switch is never reached, since the cases before it take all that it stands for; "
            + "put it before them, or remove it", at: one.place)
      }
      rest = rest.flatMap { $0.subtracting(cube) }
    }
    if !patterns.isEmpty { arms.append((patterns.map { subject.matches(cube($0)) }.isAnySet, one.body, one.place)) }
  }
  if otherwise == nil, rest.isEmpty { otherwise = arms.popLast()?.body }
  let scope = Scope.current
  return arms.reversed().reduce(otherwise ?? Circuit([])) { rest, arm in
    Circuit(kind: .when(scope.node(arm.condition.operand), then: arm.body, else: rest), place: arm.place)
  }
}

extension Bits {
  /// Whether the bits are one of the values.
  fileprivate func matches(_ cube: Cube) -> Bit {
    cube.fixedRuns.map { run in
      let value = cube.value.slice(low: run.lowerBound, width: run.count)
      return run.count == 1 ? (value[0] ? self[run.lowerBound] : !self[run.lowerBound]) : self[run] == Bits(value)
    }.areAllSet
  }
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
