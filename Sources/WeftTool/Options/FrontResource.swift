import WeftExploration

/// What a front trades frames a second for.
enum FrontResource: String, CaseIterable, Encodable {
  case dsp, ramb18, bandwidth

  /// The resource of the search.
  var resource: Resource {
    switch self {
    case .dsp: .dsp
    case .ramb18: .ramb18
    case .bandwidth: .memoryWords
    }
  }

  /// What an axis calls it, with its unit.
  func title(on device: Device) -> String {
    switch self {
    case .dsp: device.dspKind.plural
    case .ramb18: "block RAMs of 18 Kib"
    case .bandwidth: "GB/s of external memory"
    }
  }

  /// The resources of a list; each counts once.
  ///
  /// - Throws: `ToolError` that names what is none.
  static func parse(_ lists: [String]) throws -> [FrontResource] {
    var result: [FrontResource] = []
    for text in lists.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
      guard let resource = FrontResource(rawValue: String(text)) else {
        let names = allCases.map(\.rawValue).joined(separator: ", ")
        throw ToolError("--pareto \(text): there is no such front; take one or several of \(names)")
      }
      if !result.contains(resource) { result.append(resource) }
    }
    return result
  }
}

extension DSPKind {
  /// How people call several of them.
  var plural: String { self == .macUnit ? "MAC units" : "DSPs" }
}
