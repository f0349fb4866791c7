/// What is around a block in a block design of Vivado: what clocks and resets it, through what software reaches its
/// registers, and through what it reaches memory.
protocol BlockDesign {
  /// The block.
  var interface: BlockInterface { get }
  /// By what tools know it.
  var identity: ComponentIdentity { get }
  /// The board.
  var board: Board { get }

  /// The commands that make all cells, connect them, and assign addresses.
  var commands: [String] { get }
  /// Whether the tools' own description of the board has to be there.
  var needsDescription: Bool { get }
  /// Files of Verilog that cells are made of, beside the block.
  var modules: [ProjectFile] { get }
  /// The constraints beside those of pins, with a remark on where the clock's come from.
  var constraints: String { get }
}

extension BlockDesign {
  var needsDescription: Bool { false }
  var modules: [ProjectFile] { [] }

  /// The ports of the block that are pins of the board.
  var pins: [BlockPort] { interface.loosePorts.filter { $0.width == 1 && board.pins[$0.name] != nil } }

  // MARK: Commands

  /// Makes a cell of a type.
  func cell(_ name: String, _ type: String) -> String { "create_bd_cell -type ip -vlnv \(type) \(name)" }

  /// Makes the block's cell.
  var blockCell: String {
    cell("block", "\(identity.vendor):\(identity.library):\(identity.name):\(identity.version)")
  }

  /// Sets properties of a cell.
  func configuration(_ settings: [(String, String)], of cell: String) -> [String] {
    ["set_property -dict [list \\"] + settings.map { "  CONFIG.\($0.0) {\($0.1)} \\" } + ["] \(cell)"]
  }

  /// Connects a pin to another.
  func connect(_ pin: String, _ other: String) -> String {
    "connect_bd_net [get_bd_pins \(pin)] [get_bd_pins \(other)]"
  }

  /// Connects two sides of a bus.
  func connectBus(_ manager: String, _ subordinate: String) -> String {
    "connect_bd_intf_net [get_bd_intf_pins \(manager)] [get_bd_intf_pins \(subordinate)]"
  }

  /// Connects the block's pins of the board with it.
  var pinCommands: [String] {
    pins.flatMap { pin in
      [
        "create_bd_port -dir \(pin.isInput ? "I" : "O") \(pin.name)",
        "connect_bd_net [get_bd_pins block/\(pin.name)] [get_bd_ports \(pin.name)]",
      ]
    }
  }

  /// Connects the block's reset with the output of the cell `reset` that is active as it wants, where it has one.
  var blockReset: [String] {
    guard let domain = interface.domain, interface.hasReset else { return [] }
    let output = domain.isResetActiveHigh ? "peripheral_reset" : "peripheral_aresetn"
    return [connect("reset/" + output, "block/\(domain.reset)")]
  }

  /// Gives the block's registers their addresses, where it has any.
  func registerAddresses(at base: UInt64) -> [String] {
    guard let control = interface.control else { return [] }
    return [
      "assign_bd_address -offset 0x\(String(base, radix: 16, uppercase: true)) -range 64K "
        + "[get_bd_addr_segs block/\(control.name)/registers]"
    ]
  }
}
