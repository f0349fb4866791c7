/// What may be a name in Verilog.
public enum VerilogNames {
  /// What is wrong with a name, or `nil` for one that can stand in Verilog as it is.
  public static func problem(with name: String) -> String? {
    let isReserved = keywords.contains(name)
    if isIdentifier(name), !isReserved, name != "body" { return nil }
    if name.utf8.contains(UInt8(ascii: "(")) || name == "body" {
      return "a signal made in a loop, in a body or in a function with parameters has no name of its own; "
        + "give it one with `named:`"
    }
    if isReserved { return "`\(name)` is reserved in Verilog; choose another name" }
    return "`\(name)` cannot stand in Verilog; a name has letters a to z, digits and underscores, and no digit first"
  }

  /// Whether a name has letters a to z, digits and underscores, and no digit first.
  static func isIdentifier(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { bytes in !bytes.isEmpty && !isDigit(bytes[0]) && bytes.allSatisfy(isWordByte) }
  }

  /// Whether an identifier can hold this byte.
  static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    default: isDigit(byte)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  /// The words that Verilog-2005 and SystemVerilog keep for themselves.
  public static let keywords: Set<String> = Set(
    """
    accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before begin bind bins
    binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class clocking cmos config const
    constraint context continue cover covergroup coverpoint cross deassign default defparam design disable dist do edge
    else end endcase endchecker endclass endclocking endconfig endfunction endgenerate endgroup endinterface endmodule
    endpackage endprimitive endprogram endproperty endsequence endspecify endtable endtask enum event eventually expect
    export extends extern final first_match for force foreach forever fork forkjoin function generate genvar global
    highz0 highz1 if iff ifnone ignore_bins illegal_bins implements implies import incdir include initial inout input
    inside instance int integer interconnect interface intersect join join_any join_none large let liblist library local
    localparam logic longint macromodule matches medium modport module nand negedge nettype new nexttime nmos nor
    noshowcancelled not notif0 notif1 null or output package packed parameter pmos posedge primitive priority program
    property protected pull0 pull1 pulldown pullup pulsestyle_ondetect pulsestyle_onevent pure rand randc randcase
    randsequence rcmos real realtime ref reg reject_on release repeat restrict return rnmos rpmos rtran rtranif0 rtranif1
    s_always s_eventually s_nexttime s_until s_until_with scalared sequence shortint shortreal showcancelled signed small
    soft solve specify specparam static string strong strong0 strong1 struct super supply0 supply1 sync_accept_on
    sync_reject_on table tagged task this throughout time timeprecision timeunit tran tranif0 tranif1 tri tri0 tri1 triand
    trior trireg type typedef union unique unique0 unsigned until until_with untyped use uwire var vectored virtual void
    wait wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor xor
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
