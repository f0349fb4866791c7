import Foundation

/// The values along one side of a chart: from where to where, and which of them are marked.
public struct Axis: Hashable, Sendable {
  /// What the values are, with their unit.
  public var title: String
  /// The first and the last value.
  public let range: ClosedRange<Double>
  /// The values that are marked.
  public let ticks: [Double]
  private let isLogarithmic: Bool

  /// An axis from zero to at least `most`, marked about `count` times at round numbers.
  public init(_ title: String, upTo most: Double, ticks count: Int = 5) {
    self.title = title
    let span = most > 0 && most.isFinite ? most : 1
    let step = Self.roundStep(span / Double(max(1, count)))
    let last = (span / step - 1e-9).rounded(.up)
    range = 0...last * step
    ticks = (0...Int(last)).map { Double($0) * step }
    isLogarithmic = false
  }

  /// A logarithmic axis that encloses `values`, which are above zero, marked at powers of ten, and between them where
  /// those are few.
  public init(_ title: String, logarithmicAround values: ClosedRange<Double>) {
    self.title = title
    let (low, high) = (max(values.lowerBound, 1e-12), max(values.upperBound, 1e-12))
    let (first, last) = (Int(log10(low).rounded(.down)), Int((log10(high) - 1e-9).rounded(.up)))
    let steps: [Double] = last - first > 4 ? [1] : [1, 2, 5]
    let all = (first...max(last, first + 1)).flatMap { power in steps.map { $0 * pow(10, Double(power)) } }
    let begin = all.last { $0 <= low } ?? low
    let end = all.first { $0 >= high && $0 > begin } ?? high
    range = begin...end
    ticks = all.filter { $0 >= begin && $0 <= end }
    isLogarithmic = true
  }

  /// Where a value lies, from 0 at the beginning to 1 at the end; what lies outside is moved to the nearer of both.
  func place(_ value: Double) -> Double {
    let inside = min(max(value, range.lowerBound), range.upperBound)
    if isLogarithmic { return log(inside / range.lowerBound) / log(range.upperBound / range.lowerBound) }
    return (inside - range.lowerBound) / (range.upperBound - range.lowerBound)
  }

  /// 1, 2, 2.5 or 5 times a power of ten, the first that is not below `least`.
  private static func roundStep(_ least: Double) -> Double {
    let power = pow(10, log10(least).rounded(.down))
    return ([1, 2, 2.5, 5].first { $0 * power >= least * (1 - 1e-9) } ?? 10) * power
  }

  /// The mark at a value: no more digits than it takes, thousands apart.
  static func label(_ value: Double) -> String {
    if value >= 1000 { return Figures.grouped(Int(value.rounded())) }
    let text = String(format: value < 1 ? "%.4f" : "%.2f", value)
    let trimmed = text.contains(".") ? text.replacing(/\.?0+$/, with: "") : text
    return trimmed
  }
}
