import Weft

/// What is kept of a manager's burst.
struct AXIConvertedBurst: Bundle {
  var id: Bits
  /// The beats, less one.
  var length: Unsigned = field(.unsigned(8))
  /// The narrower beat with which it begins, in its wider one.
  var piece: Unsigned
  var isRefused: Bit = field(.bit)

  init(_ widths: AXIWidths) {
    id = field(.bits(widths.id))
    piece = field(.unsigned(widths.indexWidth))
  }

  func takes(_ burst: AXIAddress, _ widths: AXIWidths) -> Circuit {
    Circuit([
      id <== burst.id, length <== burst.len, piece <== widths.piece(of: burst.addr),
      isRefused <== !widths.isConverted(burst),
    ])
  }
}
