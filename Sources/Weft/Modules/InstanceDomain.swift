/// The clock and the reset of a domain as an instance takes them: each can be given a signal, in place of the port of
/// that name which the parent passes on otherwise.
///
/// ```swift
/// core[.main].reset <== synchroniser.isReset
/// camera[.main].clock <== clocks.CLKOUT0
/// ```
public struct InstanceDomain {
  let domain: Domain
  let instance: Netlist.InstanceID
  /// The instance's name in the parent.
  let name: String
  let scope: Scope
  let place: SourcePlace

  /// The clock: an input's bit, or what a black box makes, a PLL or a clock gate. Where it is given, so is the reset.
  public var clock: Bit { port(domain.clock) }

  /// The reset, one while it is active, whatever the level of the port is. It belongs to the domain's clock; one that
  /// acts at once comes straight from a register, an input or a black box.
  public var reset: Bit {
    let port = port(domain.reset)
    guard !domain.isResetActiveHigh, let host = scope.host else { return port }
    return host.declaration("\(name)_\(domain.reset)_active", at: place, isBound: false) {
      let isActive: Bit = host.signal("\(name)_\(domain.reset)_active", .bit, at: place) { _, _ in .wire }
      host.wires.append(Circuit(connecting: port, to: !isActive, at: place))
      return isActive
    }
  }

  private func port(_ port: String) -> Bit {
    scope.declaration(port, at: place, isBound: false) {
      scope.signal(port, .bit, at: place) { _, _ in .instanceDomain(instance, port: port) }
    }
  }
}
