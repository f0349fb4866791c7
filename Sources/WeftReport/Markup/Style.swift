/// The one scale of type and the few colours that all drawings share.
enum Style {
  static let font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
  /// Sizes of type in pixels.
  static let textSize = 12.0, smallSize = 11.0
  static let text = "#1f2430", muted = "#6b7280", line = "#d5d9e0", faint = "#eef0f4"
  /// What is measured or meant, and its paler shades.
  static let accent = "#2f5fa8", accentPale = "#c9d8ee", accentFaint = "#eaf0f8"
  /// What stands beside it.
  static let second = "#c2702c", secondPale = "#f3ddc9"
}
