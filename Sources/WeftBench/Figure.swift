import Foundation

/// A measured figure and the bound that it is held to.
struct Figure {
  /// On which side of the bound the figure has to lie.
  enum Bound {
    case atMost(Double)
    case atLeast(Double)
  }

  let name: String
  let value: Double
  let unit: String
  let bound: Bound

  /// Whether the bound holds.
  var passes: Bool {
    switch bound {
    case .atMost(let limit): value <= limit
    case .atLeast(let limit): value >= limit
    }
  }

  /// A line with the figure, its bound and whether that holds.
  var line: String {
    let limit = switch bound {
    case .atMost(let limit): "at most \(Self.number(limit))"
    case .atLeast(let limit): "at least \(Self.number(limit))"
    }
    let text = "\(Self.number(value)) \(unit)"
    return "\(passes ? "pass" : "FAIL")  \(Self.padded(name, 62)) \(Self.padded(text, 18)) \(limit)"
  }

  private static func number(_ value: Double) -> String {
    value.rounded() == value || value >= 1000 ? String(Int(value.rounded())) : String(format: "%.3f", value)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

/// The shortest of some times.
func fastest(_ times: [Double]) -> Double { times.min() ?? .nan }

/// The seconds that `body` takes.
func measured(_ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let time = try clock.measure(body).components
  return Double(time.seconds) + Double(time.attoseconds) * 1e-18
}

/// The seconds that the thread computes for `body`, which runs on it alone.
func processorTime(_ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  let start = now()
  try body()
  return now() - start
}
