import Foundation

/// Numbers as people read them.
public enum Figures {
  /// A whole number, its thousands apart by thin spaces.
  public static func grouped(_ number: Int) -> String {
    var (groups, rest) = ([String](), number.magnitude)
    while rest >= 1000 {
      groups.append(String(format: "%03d", Int(rest % 1000)))
      rest /= 1000
    }
    groups.append("\(rest)")
    return (number < 0 ? "\u{2212}" : "") + groups.reversed().joined(separator: "\u{2009}")
  }

  /// A part of a whole, in per cent with one decimal.
  public static func percent(_ part: Double) -> String { String(format: "%.1f\u{2009}%%", part * 100) }

  /// An amount of memory.
  public static func bytes(_ count: Int) -> String {
    count < 1024 ? "\(count)\u{2009}B" : "\(decimal(Double(count) / 1024))\u{2009}KiB"
  }

  /// A number with so many decimals.
  public static func decimal(_ number: Double, places: Int = 1) -> String { String(format: "%.\(places)f", number) }
}
