/// A moment or span of simulated time: an exact fraction of a nanosecond.
public struct Time: Hashable, Comparable, Sendable, AdditiveArithmetic, Codable, CustomStringConvertible {
  /// Nanoseconds, divided by ``denominator``; the fraction is in lowest terms.
  public let numerator: Int
  /// The parts into which a nanosecond is divided, one or more.
  public let denominator: Int

  private init(_ numerator: Int, _ denominator: Int) {
    precondition(denominator > 0, "a time is a fraction whose denominator is above zero, not \(denominator)")
    let divisor = max(1, greatestCommonDivisor(numerator, denominator))
    self.numerator = numerator / divisor
    self.denominator = denominator / divisor
  }

  /// A number of nanoseconds, whole or a fraction: `.nanoseconds(40, over: 3)` is 13 and a third.
  public static func nanoseconds(_ count: Int, over denominator: Int = 1) -> Time { Time(count, denominator) }

  /// A number of picoseconds.
  public static func picoseconds(_ count: Int) -> Time { Time(count, 1000) }

  /// A number of microseconds.
  public static func microseconds(_ count: Int) -> Time { Time(count * 1000, 1) }

  /// The period of a frequency in megahertz, whole or a fraction: `.period(megahertz: 297, over: 2)` is that of
  /// 148.5 MHz.
  public static func period(megahertz: Int, over denominator: Int = 1) -> Time {
    precondition(megahertz > 0, "a frequency is above zero, not \(megahertz) MHz")
    return Time(1000 * denominator, megahertz)
  }

  /// Whole picoseconds, rounded down: the unit of wave files.
  public var picoseconds: Int {
    let (nanoseconds, rest) = (numerator / denominator, numerator % denominator)
    return nanoseconds * 1000 + rest * 1000 / denominator
  }

  /// `7 ns` or `40/3 ns`.
  public var description: String { denominator == 1 ? "\(numerator) ns" : "\(numerator)/\(denominator) ns" }

  /// No time.
  public static var zero: Time { Time(0, 1) }

  public static func + (a: Time, b: Time) -> Time {
    Time(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
  }

  public static func - (a: Time, b: Time) -> Time { a + Time(-b.numerator, b.denominator) }

  /// `count` times as long.
  public static func * (time: Time, count: Int) -> Time { Time(time.numerator * count, time.denominator) }

  /// One of `count` equal parts.
  public static func / (time: Time, count: Int) -> Time { Time(time.numerator, time.denominator * count) }

  public static func < (a: Time, b: Time) -> Bool {
    a.numerator * b.denominator < b.numerator * a.denominator
  }
}

/// The greatest number that divides both; never negative.
func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (a, b) = (abs(a), abs(b))
  while b != 0 { (a, b) = (b, a % b) }
  return a
}
