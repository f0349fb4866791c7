/// Collects the elements of a network that is written in Swift, in order.
@resultBuilder
public enum NetworkBuilder {
  /// An element.
  public static func buildExpression(_ element: some NetworkElement) -> [any NetworkElement] { [element] }
  /// Elements that a function or a property makes.
  public static func buildExpression(_ elements: [any NetworkElement]) -> [any NetworkElement] { elements }
  /// Elements, one after the other.
  public static func buildBlock(_ parts: [any NetworkElement]...) -> [any NetworkElement] { parts.flatMap(\.self) }
  /// The elements of every turn of a loop.
  public static func buildArray(_ parts: [[any NetworkElement]]) -> [any NetworkElement] { parts.flatMap(\.self) }
  /// The elements under an `if`.
  public static func buildOptional(_ part: [any NetworkElement]?) -> [any NetworkElement] { part ?? [] }
  /// The elements of the branch that is taken.
  public static func buildEither(first part: [any NetworkElement]) -> [any NetworkElement] { part }
  /// The elements of the branch that is taken.
  public static func buildEither(second part: [any NetworkElement]) -> [any NetworkElement] { part }
}

extension Network {
  /// Writes a network in Swift: each element takes the value before it.
  ///
  /// ```swift
  /// let decoder = try Network(named: "decoder") {
  ///   Input("latent", channels: 4, height: 8, width: 8)
  ///   Convolution(16, kernel: 3)
  ///   LeakyReLU(0.2)
  ///   Upsample(2)
  ///   Convolution(3, kernel: 3, name: "image")
  /// }
  /// ```
  ///
  /// Weights that are not given are random, made from the seed. Values get names with ``Label``, ``From`` continues
  /// after one of them, and ``Output`` names what the network shows; without any the last value is its one output.
  ///
  /// - Parameters:
  ///   - name: the graph's name.
  ///   - seed: of the weights; equal seeds give equal networks.
  ///   - elements: the operators, in order.
  /// - Throws: ``NetworkError`` if an operator does not fit what it reads, a name is unknown or given twice, or nothing
  ///   makes a value.
  public init(
    named name: String = "network", seed: UInt64 = 1, @NetworkBuilder _ elements: () -> [any NetworkElement]
  ) throws(NetworkError) {
    var assembly = NetworkAssembly(named: name, seed: seed)
    for element in elements() { try element.append(to: &assembly) }
    self = try assembly.finished()
  }
}
