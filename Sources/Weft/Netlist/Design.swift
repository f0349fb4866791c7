/// A hierarchy of modules after elaboration: what simulation and the Verilog back end read.
public struct Design: Sendable {
  /// All modules, each once, instantiated ones before those that use them; the top module is the last.
  public internal(set) var modules: [Netlist]

  /// The module the elaboration began with.
  public var top: Netlist { modules[modules.count - 1] }

  /// A design of modules in order, children first. The netlists refer to each other by index.
  public init(modules: [Netlist]) {
    precondition(!modules.isEmpty, "a design has a top module")
    self.modules = modules
  }

  /// The module that an instance stands for.
  public func module(of instance: Netlist.Instance) -> Netlist { modules[instance.module] }
}
