import ArgumentParser
import WeftAccelerators

/// Where stages have their weights.
enum WeightStore: String, CaseIterable, ExpressibleByArgument {
  /// In memories on the chip.
  case chip
  /// In memories on the chip that are filled from external memory after the reset.
  case loaded
  /// In external memory.
  case streamed

  /// The stores of a list; each counts once.
  static func list(_ text: String) throws -> [WeightStore] {
    var result: [WeightStore] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let store = WeightStore(rawValue: String(name)) else {
        throw ValidationError("'\(name)' is no place for weights; take \(allValueStrings.joined(separator: ", "))")
      }
      if !result.contains(store) { result.append(store) }
    }
    return result
  }

  /// As plans say it.
  var store: UnitConfiguration.WeightStore {
    switch self {
    case .chip: .chip
    case .loaded: .loaded
    case .streamed: .streamed
    }
  }
}
