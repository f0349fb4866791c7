/// Constants of a node: weights, biases, slopes; as real numbers or as integers with their scales.
public enum Parameter: Hashable, Sendable {
  /// Float32 values.
  case reals([Float])
  /// Integers whose zero point has been subtracted. There is one scale, or there are several that
  /// apply to equal blocks of the values, one after the other: the output channels.
  case codes([Int32], scales: [Float])

  /// Number of values.
  public var count: Int {
    switch self {
    case .reals(let values): values.count
    case .codes(let values, _): values.count
    }
  }

  /// Whether the values are integers with scales.
  public var isQuantized: Bool {
    if case .codes = self { true } else { false }
  }

  /// The values as float32.
  public var reals: [Float] {
    switch self {
    case .reals(let values): return values
    case .codes(let values, let scales):
      let block = max(values.count / max(scales.count, 1), 1)
      return values.indices.map { Float(values[$0]) * scales[$0 / block] }
    }
  }
}
