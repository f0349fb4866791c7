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
