/// A clock that rises at `phase` and every period after that, and falls half a period after each rise.
struct TickingClock: Hashable, Sendable, Codable {
  /// The clock port.
  var port: String
  var period: Time
  /// The first rise, counted from the start.
  var phase: Time
}
