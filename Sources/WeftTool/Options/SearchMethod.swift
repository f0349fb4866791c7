import ArgumentParser

/// How a plan is searched for.
enum SearchMethod: String, CaseIterable, Encodable, ExpressibleByArgument {
  /// The best plan and the proof that it is.
  case exact
  /// The two-level search of F-CAD.
  case published
}
