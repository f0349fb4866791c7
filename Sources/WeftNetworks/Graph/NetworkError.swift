import Foundation

/// Why a network, a tensor or a file of one cannot be used: a sentence that names the place, the
/// reason and, where there is one, the nearest form that is supported.
public struct NetworkError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
  /// What the error is about: a node with its operator, an input, a file.
  public let place: String
  /// What is wrong.
  public let reason: String
  /// The nearest supported form or what to do; empty where there is none.
  public let cure: String

  /// Creates an error.
  public init(_ place: String, _ reason: String, cure: String = "") {
    self.place = place
    self.reason = reason
    self.cure = cure
  }

  /// The whole sentence.
  public var description: String {
    "\(place): \(reason)" + (cure.isEmpty ? "" : "; \(cure)")
  }

  /// The same sentence.
  public var errorDescription: String? { description }
}

/// A name from a file as an error shows it: quoted, printable and at most 80 characters.
func quoted(_ name: String) -> String {
  let printable = name.unicodeScalars.prefix(80).map { scalar in
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      ? "?" : String(scalar)
  }
  return "'\(printable.joined())\(name.unicodeScalars.count > 80 ? "..." : "")'"
}
