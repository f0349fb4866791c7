extension Netlist {
  /// A wish to the tools that read the Verilog: `(* name = "value" *)`, or `(* name *)` without a value.
  public struct Attribute: Hashable, Sendable {
    /// The name, as the tool knows it.
    public var name: String
    /// The value.
    public var value: String?

    /// An attribute.
    public init(name: String, value: String? = nil) {
      self.name = name
      self.value = value
    }
  }

  /// A module that is written elsewhere.
  public struct ExternalModule: Hashable, Sendable {
    /// Its name in Verilog.
    public var name: String
    /// Its parameters, in order.
    public var parameters: [BlackBoxParameter]
    /// The files that define it.
    public var sources: [String]
    /// The names of its clock and reset ports, by those of the domains' ports that they are connected to.
    public var portNames: [String: String]
    /// The domains that it has ports of, besides those of its model.
    public var domains: [Domain]
    /// Whether the netlist says what it does, so that it can be simulated without its sources.
    public var hasModel: Bool
  }
}
