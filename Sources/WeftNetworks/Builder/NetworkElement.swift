/// Something that a network written in Swift is made of: an operator, an input, an output, a name.
///
/// A type of your own that puts several operators together is an element too:
/// ```swift
/// struct UpsamplingStage: NetworkElement {
///   var channels: Int
///   func append(to network: inout NetworkAssembly) throws(NetworkError) {
///     try Convolution(channels, kernel: 5).append(to: &network)
///     try LeakyReLU(0.2).append(to: &network)
///     try Upsample(2).append(to: &network)
///   }
/// }
/// ```
public protocol NetworkElement: Sendable {
  /// Adds the element to a network.
  ///
  /// - Throws: ``NetworkError`` if it does not fit.
  func append(to network: inout NetworkAssembly) throws(NetworkError)
}
