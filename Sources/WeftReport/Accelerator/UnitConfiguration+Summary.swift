import WeftAccelerators

extension UnitConfiguration {
  /// The factors and how products are computed, in a line.
  public var summary: String {
    let ways = [decomposes ? "phases" : nil, packing == .none ? nil : "packed"].compactMap(\.self)
    let factors = "cpf \(cpf), kpf \(kpf), h \(h), taps \(taps) x \(columnTaps), lanes \(rowLanes) x \(channelLanes)"
    return ([factors] + ways).joined(separator: ", ")
  }
}
