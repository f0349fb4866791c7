import Foundation

/// How a budget is shared among branches: a candidate of the search across branches.
struct ResourceShares {
  /// For compute, memory and bandwidth in turn the part that each branch has; the parts of each add up to one.
  private(set) var parts: [[Double]]

  /// Shares at random: points of the simplex, uniformly.
  init(branches: Int, using random: inout some RandomNumberGenerator) {
    parts = (0..<3).map { _ in
      Self.normalised((0..<branches).map { _ in 1e-6 - log(Double.random(in: 1e-9..<1, using: &random)) })
    }
  }

  /// Moves every part by a random fraction of the way to these shares' best and to the best of all.
  mutating func evolve(
    towards own: ResourceShares, and best: ResourceShares, using random: inout some RandomNumberGenerator
  ) {
    for kind in parts.indices {
      for branch in parts[kind].indices {
        let part = parts[kind][branch]
        let toOwn = Double.random(in: 0..<1, using: &random) * (own.parts[kind][branch] - part)
        let toBest = Double.random(in: 0..<1, using: &random) * (best.parts[kind][branch] - part)
        parts[kind][branch] = max(1e-6, part + toOwn + toBest)
      }
      parts[kind] = Self.normalised(parts[kind])
    }
  }

  /// What a branch has of a budget; look-up tables go with compute.
  func budget(of branch: Int, from whole: Budget) -> Budget {
    func part(_ amount: Int?, _ kind: Int) -> Int? { amount.map { Int(Double($0) * parts[kind][branch]) } }
    return Budget(
      dsp: part(whole.dsp, 0), ramb18: part(whole.ramb18, 1), lut: part(whole.lut, 0),
      memoryWordsPerCycle: whole.memoryWordsPerCycle.map { $0 * parts[2][branch] })
  }

  private static func normalised(_ parts: [Double]) -> [Double] {
    let sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
  }
}
