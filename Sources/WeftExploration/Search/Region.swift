/// The part of a design space in which the plans within some limits are.
struct Region {
  /// The options in question.
  var candidates: Candidates
  /// The prices that took the other options away; they do so under tighter limits as well.
  var prices: [Resources]
}
