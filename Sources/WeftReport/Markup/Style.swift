/// The one scale of type and the few colours that all drawings share.
enum Style {
  static let font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
  /// Sizes of type in pixels.
  static let textSize = 12.0, smallSize = 11.0
  static let text = "#1f2430", muted = "#6b7280", line = "#d5d9e0", faint = "#eef0f4"
  /// What is meant: as a line, as an area, and two paler shades.
  static let accent = "#2f5fa8", accentFill = "#7ea0d0", accentPale = "#dbe5f3", accentFaint = "#eef3fa"
  /// What stands beside it, likewise.
  static let second = "#b5622a", secondFill = "#e0a878"
}
