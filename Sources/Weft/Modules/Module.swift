/// A piece of hardware as a value: its stored properties are its parameters, its computed properties its signals.
///
/// ```swift
/// struct Counter: Module {
///   var bits = 8
///   var enable: Bit { input(.bit) }
///   var count: Unsigned { output(.unsigned(bits)) }
///   var value: Unsigned { register(.unsigned(bits), reset: 0) }
///   var body: Circuit {
///     When(enable) { value <== value &+ 1 }
///     count <== value
///   }
/// }
/// ```
/// Equal modules are the same hardware: elaborated once, emitted once and compiled for simulation once.
public protocol Module: Hashable, Sendable {
  /// What the hardware does: connections, `When`, `Switch` and instances. It depends on the module's parameters alone.
  @CircuitBuilder var body: Circuit { get }

  /// What holds of the module whatever its surroundings do, besides what the body claims: assertions that proofs of
  /// this module and of those around it build on, and the logic and outputs that only such proofs need. None by
  /// default. It is elaborated for proofs alone, so that it costs nothing elsewhere.
  @CircuitBuilder var invariants: Circuit { get }

  /// The module's name in Verilog; `nil` for one made from its type and parameters. Modules that differ need different
  /// names.
  var verilogName: String? { get }
}

extension Module {
  /// No name of its own.
  public var verilogName: String? { nil }

  /// No invariants.
  public var invariants: Circuit { Circuit([]) }
}

// MARK: - Declaring signals

extension Module {
  /// A port that is driven from outside.
  public func input<T: Signal>(
    _ shape: @autoclosure () -> Shape<T>, named name: String = #function, file: String = #fileID, line: Int = #line
  ) -> T {
    port(shape, isInput: true, name, SourcePlace(file: file, line: line))
  }

  /// A port that the body drives.
  public func output<T: Signal>(
    _ shape: @autoclosure () -> Shape<T>, named name: String = #function, file: String = #fileID, line: Int = #line
  ) -> T {
    port(shape, isInput: false, name, SourcePlace(file: file, line: line))
  }

  /// A port that takes payloads of this shape from a ready/valid stream.
  public func sink<T: Signal>(
    _ payload: @autoclosure () -> Shape<T>, named name: String = #function, file: String = #fileID, line: Int = #line
  ) -> Stream<T> {
    port({ .stream(of: payload()) }, isInput: true, name, SourcePlace(file: file, line: line))
  }

  /// A port that offers payloads of this shape as a ready/valid stream.
  public func source<T: Signal>(
    _ payload: @autoclosure () -> Shape<T>, named name: String = #function, file: String = #fileID, line: Int = #line
  ) -> Stream<T> {
    port({ .stream(of: payload()) }, isInput: false, name, SourcePlace(file: file, line: line))
  }

  /// A name for a value.
  public func wire<T: Signal>(
    _ value: @autoclosure () -> T, named name: String = #function, file: String = #fileID, line: Int = #line
  ) -> T {
    declare(name, SourcePlace(file: file, line: line)) { scope, place in
      let value = value()
      let sized = T.bind(value.signalLayout, value.origin)
      let wire: T = scope.signal(name, Shape(value.signalLayout), at: place) { _, _ in .wire }
      scope.wires.append(Circuit(connecting: wire, to: sized, at: place))
      return wire
    }
  }

  /// A signal that the body drives with `<==`, on every path.
  public func wire<T: Signal>(
    _ shape: @autoclosure () -> Shape<T>, named name: String = #function, file: String = #fileID, line: Int = #line
  ) -> T {
    declare(name, SourcePlace(file: file, line: line)) { scope, place in
      scope.signal(name, shape(), at: place) { _, _ in .wire }
    }
  }

  /// A register without reset, which starts at zero. While `enable`, if there is one, is zero it keeps its value.
  ///
  /// - Parameter samples: the other domain whose values the register takes at its own clock's edges: it is the first
  ///   stage of a synchroniser, or takes what a handshake holds still. Without it, a value of another clock is an
  ///   error.
  public func register<T: Signal>(
    _ shape: @autoclosure () -> Shape<T>, enable: @autoclosure () -> Bit? = nil, domain: Domain = .main,
    samples: Domain? = nil, named name: String = #function, file: String = #fileID, line: Int = #line
  ) -> T {
    register(shape, reset: { _ in nil }, enable, domain, samples, name, SourcePlace(file: file, line: line))
  }

  /// A register that takes the constant `reset` under its domain's reset, and starts with it.
  public func register<T: Signal>(
    _ shape: @autoclosure () -> Shape<T>, reset: @autoclosure () -> T, enable: @autoclosure () -> Bit? = nil,
    domain: Domain = .main, samples: Domain? = nil, named name: String = #function, file: String = #fileID,
    line: Int = #line
  ) -> T {
    register(shape, reset: { _ in reset().leaves }, enable, domain, samples, name, SourcePlace(file: file, line: line))
  }

  /// A vector of registers, each of which takes the constant `reset` under its domain's reset, and starts with it.
  public func register<T: Scalar>(
    _ shape: @autoclosure () -> Shape<Vector<T>>, reset: @autoclosure () -> T, enable: @autoclosure () -> Bit? = nil,
    domain: Domain = .main, samples: Domain? = nil, named name: String = #function, file: String = #fileID,
    line: Int = #line
  ) -> Vector<T> {
    register(
      shape,
      reset: { layout in
        guard case .vector(let count, let element) = layout else { return nil }
        let one = Scope.current.sized(reset().operand, as: element)
        return [Scope.current.concatenated(Array(repeating: one, count: count))]
      }, enable, domain, samples, name, SourcePlace(file: file, line: line))
  }

  /// A register that holds `reset` under its domain's reset, and starts with it.
  public func register<E: Enumeration>(
    _ shape: @autoclosure () -> Shape<Choice<E>>, reset: E, enable: @autoclosure () -> Bit? = nil,
    domain: Domain = .main, samples: Domain? = nil, named name: String = #function, file: String = #fileID,
    line: Int = #line
  ) -> Choice<E> {
    register(
      shape, reset: { _ in [Choice(reset).operand] }, enable, domain, samples, name,
      SourcePlace(file: file, line: line))
  }

  /// A memory of `depth` words that is read after a clock edge and written at one.
  ///
  /// - Parameter contents: the words at the start, from address zero, each as many bits as the word has; the others are
  ///   zero. Negative numbers stand for their two's complement.
  public func memory<T: Signal>(
    depth: Int, of shape: @autoclosure () -> Shape<T>, contents: @autoclosure () -> [BitVector] = [],
    style: Netlist.MemoryStyle = .automatic, domain: Domain = .main, named name: String = #function,
    file: String = #fileID, line: Int = #line
  ) -> Memory<T> {
    declare(name, SourcePlace(file: file, line: line)) { scope, place in
      Memory(
        name: name, depth: depth, shape: shape(), contents: contents(), style: style, domain: domain, scope: scope,
        place: place)
    }
  }

  /// An instance of another module, reached through its ports: `adder.left <== a`.
  public func instance<M: Module>(
    _ module: @autoclosure () -> M, named name: String = #function, file: String = #fileID, line: Int = #line
  ) -> Instance<M> {
    declare(name, SourcePlace(file: file, line: line)) { scope, place in
      Instance(module(), name: name, scope: scope, place: place)
    }
  }
}

// MARK: - How declarations find their scope

extension Module {
  func declare<T>(_ name: String, _ place: SourcePlace, _ make: (Scope, SourcePlace) -> T) -> T {
    guard let scope = Scope.currentOrNil else {
      preconditionFailure(
        "\(place): `\(Self.self).\(name)` is read outside any module's body: read it through an instance or a "
          + "simulation")
    }
    guard scope.moduleType == ObjectIdentifier(Self.self),
      unsafeDowncast(scope, to: ModuleScope<Self>.self).module == self
    else {
      preconditionFailure(
        "\(place): `\(Self.self).\(name)` is read in the body of another module: make an instance of it and read that")
    }
    return scope.declaration(name, at: place) {
      if case .instance = scope.kind {
        scope.host?.report(
          .notAPort, "`\(name)` of \(Self.self) is not a port, so that a parent cannot reach it")
      }
      return make(scope, place)
    }
  }

  private func port<T: Signal>(_ shape: () -> Shape<T>, isInput: Bool, _ name: String, _ place: SourcePlace) -> T {
    guard let scope = Scope.currentOrNil, scope.moduleType == ObjectIdentifier(Self.self),
      unsafeDowncast(scope, to: ModuleScope<Self>.self).module == self
    else { return declare(name, place) { scope, place in scope.signal(name, shape(), at: place) { _, _ in .input } } }
    if let child = scope.child, let known = scope.reachedPort(name, of: child, shape) { return known }
    return scope.declaration(name, at: place) {
      scope.signal(name, shape(), at: place) { leaf, _ in
        let isInput = isInput != leaf.isReturning
        switch scope.kind {
        case .definition, .constants: return isInput ? .input : .output
        case .instance(let id, _):
          let port = name + leaf.suffix
          return isInput ? .instanceInput(id, port: port) : .instanceOutput(id, port: port)
        }
      }
    }
  }

  private func register<T: Signal>(
    _ shape: () -> Shape<T>, reset: (Layout) -> [Operand]?, _ enable: () -> Bit?, _ domain: Domain,
    _ samples: Domain?, _ name: String, _ place: SourcePlace
  ) -> T {
    declare(name, place) { scope, place in
      let shape = shape()
      let enable = enable().map { scope.node(scope.sized($0.operand, width: 1)) }
      let values = reset(shape.layout.repaired)
      return scope.signal(name, shape, at: place) { leaf, index in
        var value: BitVector?
        if let values, index < values.count {
          let node = scope.node(scope.sized(values[index], as: leaf.layout))
          value = scope.builder { $0.constant(of: node) }
          if value == nil || value?.width != leaf.layout.width {
            scope.report(
              .reset,
              "the reset value of `\(name + leaf.suffix)` has to be a constant of \(leaf.layout.width) bits, but "
                + (value.map { "one of \($0.width) was given" } ?? "a signal was given"))
            value = BitVector(zero: leaf.layout.width)
          }
        }
        return .register(
          Netlist.Register(
            domain: domain, resetValue: value, initialValue: value ?? BitVector(zero: leaf.layout.width),
            enable: enable,
            samples: samples))
      }
    }
  }
}
