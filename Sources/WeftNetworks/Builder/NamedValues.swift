/// An input of a network written in Swift; what follows reads it.
public struct Input: NetworkElement {
  private let input: Network.Input

  /// A map.
  public init(_ name: String, channels: Int, height: Int, width: Int) {
    input = Network.Input(name: name, shape: MapShape(channels: channels, height: height, width: width))
  }

  /// A vector of `elements`.
  public init(_ name: String, elements: Int) {
    input = Network.Input(name: name, shape: MapShape(channels: elements, height: 1, width: 1), isVector: true)
  }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) { try network.append(input) }
}

/// Shows the value before it as an output of the network.
public struct Output: NetworkElement {
  private let name: String

  /// An output of this name.
  public init(_ name: String) { self.name = name }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) { try network.appendOutput(named: name) }
}

/// Gives the value before it a name, for ``From``, ``Concatenate`` and ``Add``.
public struct Label: NetworkElement {
  private let name: String

  /// A name that no other value has.
  public init(_ name: String) { self.name = name }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) { try network.name(name) }
}

/// Goes on after the value of a name: the beginning of another branch.
public struct From: NetworkElement {
  private let name: String

  /// The name of an input or of a ``Label`` above.
  public init(_ name: String) { self.name = name }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) { try network.proceed(from: name) }
}
