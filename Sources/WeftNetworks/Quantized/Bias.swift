/// What a layer adds to its sums of products, in units of the accumulator.
public enum Bias: Hashable, Sendable {
  /// One value for each output channel.
  case perChannel([Int64])
  /// One value for each output element, in channel, row, column order: an untied bias.
  case perPixel([Int64])

  /// All values, in the order of their case.
  public var values: [Int64] {
    switch self {
    case .perChannel(let values), .perPixel(let values): values
    }
  }

  /// Adds one value for each output channel.
  func adding(perChannel corrections: [Int64]) -> Bias {
    switch self {
    case .perChannel(let values):
      return .perChannel(zip(values, corrections).map { $0 + $1 })
    case .perPixel(let values):
      let pixels = values.count / max(corrections.count, 1)
      return .perPixel(values.indices.map { values[$0] + corrections[$0 / pixels] })
    }
  }

  /// The values that one output channel meets.
  func values(ofChannel channel: Int, channels: Int) -> ArraySlice<Int64> {
    switch self {
    case .perChannel(let values): return values[channel...channel]
    case .perPixel(let values):
      let pixels = values.count / channels
      return values[channel * pixels..<(channel + 1) * pixels]
    }
  }
}
