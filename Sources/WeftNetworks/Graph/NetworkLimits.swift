/// Bounds on what a model may ask for, so that a damaged or hostile file ends in a sentence rather
/// than in exhausted memory or overflowing arithmetic.
enum NetworkLimits {
  /// Elements of one feature map.
  static let mapElements = 1 << 27
  /// Elements of one constant that is computed rather than read from the file.
  static let foldedElements = 1 << 24
  /// Elements of all such constants together.
  static let foldedTotal = 1 << 26
  /// Nodes of a graph.
  static let nodes = 1 << 16
  /// Multiply-accumulates of one frame, over all nodes.
  static let macs = 1 << 48
  /// Kernel sizes, strides, paddings and upsampling factors.
  static let window = 1 << 12
  /// Maps that one layer reads at once.
  static let joinedMaps = 1 << 10
  /// Bytes of a model file.
  static let fileBytes = 1 << 31
}

/// The product of factors that are not negative, or nil where it exceeds `limit`.
func product(_ factors: some Sequence<Int>, limit: Int) -> Int? {
  var result = 1
  var overflows = false
  for factor in factors {
    guard factor > 0 else { return factor == 0 ? 0 : nil }
    let (value, overflow) = result.multipliedReportingOverflow(by: factor)
    if overflow || value > limit {
      overflows = true
      result = 1
    } else {
      result = value
    }
  }
  return overflows ? nil : result
}
