/// The edition of IP-XACT that a component is described in.
public enum IPXACTDialect: String, Hashable, Sendable, CaseIterable {
  /// IEEE 1685-2009, which Vivado reads.
  case ieee2009
  /// IEEE 1685-2014.
  case ieee2014

  /// The prefix of its elements.
  var prefix: String { self == .ieee2009 ? "spirit" : "ipxact" }

  /// The namespace of its elements.
  var namespace: String {
    switch self {
    case .ieee2009: "http://www.spiritconsortium.org/XMLSchema/SPIRIT/1685-2009"
    case .ieee2014: "http://www.accellera.org/XMLSchema/IPXACT/1685-2014"
    }
  }
}
