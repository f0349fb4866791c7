/// Where a clock comes from, as seen in one module.
enum ClockSource: Hashable {
  /// A clock port of a domain.
  case port(String)
  /// A bit of an input.
  case input(BitDependencies.BitOf, name: String)
  /// An output of a black box, by the names that lead to it.
  case made(String)

  /// What it is called here.
  var name: String {
    switch self {
    case .port(let name), .input(_, let name), .made(let name): name
    }
  }
}
