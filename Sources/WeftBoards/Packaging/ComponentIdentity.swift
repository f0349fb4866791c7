import Weft

/// By what tools know a block: vendor, library, name and version.
public struct ComponentIdentity: Hashable, Sendable {
  /// Who makes it, as a domain, such as `example.com`.
  public var vendor: String
  /// The library it belongs to.
  public var library: String
  /// Its name, a legal identifier in Verilog.
  public var name: String
  /// Its version, such as `1.0`.
  public var version: String

  /// An identity.
  ///
  /// - Throws: `BoardError` where a part holds more than letters, digits, underscores, dots and hyphens.
  public init(vendor: String = "weft.local", library: String = "user", name: String, version: String = "1.0")
    throws(BoardError)
  {
    for (part, text) in [("vendor", vendor), ("library", library), ("name", name), ("version", version)] {
      guard let first = text.unicodeScalars.first, text.count <= 100, first.isASCII, first.properties.isAlphabetic
        || part == "version", text.unicodeScalars.allSatisfy({ $0.isPartOfName })
      else {
        throw BoardError(
          "'\(text.prefix(100))' cannot be the \(part) of a block: it takes up to 100 letters, digits, underscores, "
            + "dots and hyphens, a letter first")
      }
    }
    guard !name.contains("."), !name.contains("-"), VerilogNames.problem(with: name) == nil else {
      throw BoardError("'\(name)' cannot be the name of a block, since it is none in Verilog")
    }
    self.vendor = vendor
    self.library = library
    self.name = name
    self.version = version
  }
}

extension Unicode.Scalar {
  /// Whether a name that is written into scripts may hold it.
  var isPartOfName: Bool {
    switch self {
    case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "-": true
    default: false
    }
  }
}
