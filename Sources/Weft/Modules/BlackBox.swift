/// A module that is written elsewhere: a vendor's primitive, or Verilog of your own.
///
/// Its signals are declared as in every module. `body` is its model for simulation: what it does, or, where nothing is
/// said of that, a list of its ports.
///
/// ```swift
/// struct ClockBuffer: BlackBox {
///   var verilogName: String? { "BUFG" }
///   var I: Bit { input(.bit) }
///   var O: Bit { output(.bit) }
///   var body: Circuit { O <== I }
/// }
/// ```
/// In Verilog an instance names the external module; the model is left out.
public protocol BlackBox: Module {
  /// The parameters of the external module, in order.
  var parameters: [BlackBoxParameter] { get }
  /// The files that define it, for tools that run the Verilog.
  var sources: [String] { get }
  /// The domains that it has ports of, besides those of its model.
  var domains: [Domain] { get }
  /// The names of its clock and reset ports, where they are not those of the domains' ports: `["clock": "CLK"]`.
  var portNames: [String: String] { get }
}

extension BlackBox {
  /// None.
  public var parameters: [BlackBoxParameter] { [] }
  /// None.
  public var sources: [String] { [] }
  /// None.
  public var domains: [Domain] { [] }
  /// As the domains' ports.
  public var portNames: [String: String] { [:] }

  /// The body of a black box without a model: its ports, in any order.
  public func ports(_ ports: any Signal...) -> Circuit { Circuit([]) }
}

/// A parameter of a black box: `.P(value)`.
public struct BlackBoxParameter: Hashable, Sendable {
  /// What a parameter may be.
  public enum Value: Hashable, Sendable {
    /// A whole number.
    case integer(Int)
    /// A real number.
    case real(Double)
    /// A text.
    case string(String)
    /// Bits with their width.
    case bits(BitVector)
  }

  /// The name in Verilog.
  public var name: String
  /// The value.
  public var value: Value

  /// A parameter.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

extension BlackBoxParameter.Value: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral {
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A real number.
  public init(floatLiteral value: Double) { self = .real(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
}

/// Puts an attribute on a signal: `(* name = "value" *)` before each of its declarations in Verilog.
public func attribute(_ name: String, _ value: String? = nil, on signal: some Signal) -> Circuit {
  let scope = Scope.current
  for leaf in signal.leaves {
    guard case .reference(let id) = scope.builder({ $0.netlist[scope.node(leaf)] }) else {
      scope.report(.direction, "an attribute stands on a declared signal; this is an expression")
      continue
    }
    scope.builder { $0.netlist[id].attributes.append(.init(name: name, value: value)) }
  }
  return Circuit([])
}

/// Puts an attribute on a memory.
public func attribute<Element>(_ name: String, _ value: String? = nil, on memory: Memory<Element>) -> Circuit {
  let scope = Scope.current
  scope.builder { $0.netlist[memory.id].attributes.append(.init(name: name, value: value)) }
  return Circuit([])
}

/// Puts an attribute on an instance.
public func attribute<M>(_ name: String, _ value: String? = nil, on instance: Instance<M>) -> Circuit {
  let scope = Scope.current
  scope.builder { $0.netlist[instance.id].attributes.append(.init(name: name, value: value)) }
  return Circuit([])
}
