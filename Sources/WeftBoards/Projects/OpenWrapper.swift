/// What stands around a design on a board that open tools build for: its clock, from the oscillator's, and a reset that
/// ends once the clock is steady.
struct OpenWrapper {
  /// The name of the module.
  let name: String
  /// The name of its clock port.
  static let oscillator = "weft_oscillator"
  private let interface: BlockInterface
  private let source: ClockSource
  private let title: String
  /// Whether the reset is a pin of the board too.
  private let hasResetPin: Bool

  /// The wrapper of a design; `nil` where the oscillator feeds the design as it is.
  init?(_ interface: BlockInterface, identity: ComponentIdentity, board: Board, source: ClockSource) {
    guard interface.domain != nil, source.loop != nil || interface.hasReset else { return nil }
    name = identity.name + "_board"
    self.interface = interface
    self.source = source
    title = board.title
    hasResetPin = interface.domain.map { interface.hasReset && board.pins[$0.reset] != nil } ?? false
  }

  /// The ports of the design that are ports of the wrapper too.
  var ports: [BlockPort] {
    let own = interface.domain.map { hasResetPin ? [$0.clock] : [$0.clock, $0.reset] } ?? []
    return interface.ports.filter { !own.contains($0.name) }
  }

  /// The Verilog.
  var file: ProjectFile {
    let domain = interface.domain ?? .main
    let lines = ports.map { port in
      "  \(port.isInput ? "input" : "output")\(port.width == 1 ? "" : " [\(port.width - 1):0]") \(port.name)"
    }
    let header = (["  input \(Self.oscillator)"] + lines).joined(separator: ",\n")
    var connections = ports.filter { $0.name != domain.reset }.map { "    .\($0.name)(\($0.name))" }
    connections.insert("    .\(domain.clock)(weft_clock)", at: 0)
    if interface.hasReset {
      let pin = hasResetPin ? (domain.isResetActiveHigh ? " | " : " & ") + domain.reset : ""
      connections.append("    .\(domain.reset)(\(domain.isResetActiveHigh ? "" : "~")weft_held[0]\(pin))")
    }
    let clock =
      source.loop?.instance(
        input: Self.oscillator, at: source.oscillator.pins.first ?? "", output: "weft_clock", locked: "weft_locked")
      ?? "  assign weft_clock = \(Self.oscillator);\n  assign weft_locked = 1'b1;"
    return ProjectFile(
      name + ".v",
      """
      // \(interface.name) on the \(title): a clock of \(source.frequency / 1e6) MHz, and a reset until it is steady.
      module \(name) (
      \(header)
      );
        wire weft_clock;
        wire weft_locked;
      \(clock)

        reg [1:0] weft_steady = 2'd0;
        reg [7:0] weft_held = 8'hff;
        always @(posedge weft_clock) begin
          weft_steady <= {weft_steady[0], weft_locked};
          weft_held <= weft_steady[1] ? weft_held >> 1 : 8'hff;
        end

        \(interface.name) weft_design (
      \(connections.joined(separator: ",\n"))
        );
      endmodule

      """)
  }
}
