extension Netlist {
  /// Says a shift that fills with the sign by one that fills with zeros: the number is inverted where it is negative,
  /// moved, and inverted back. Verilator 5.006 loses bits of `>>>`.
  mutating func expressArithmeticShifts() {
    if !nodes.contains(where: { if case .shift(.rightArithmetic, _, _) = $0 { true } else { false } }) { return }
    var rewriter = NetlistRewriter(self) { builder, node, width, _ in
      guard case .shift(.rightArithmetic, let number, let amount) = node else { return nil }
      if width == 1 { return number }
      let sign = builder.extend(builder.slice(number, low: width - 1, width: 1), to: width, signed: true)
      let moved = builder.shift(.right, builder.bitwise(.xor, number, sign), by: amount)
      return builder.bitwise(.xor, moved, sign)
    }
    self = rewriter.finish()
  }
}
