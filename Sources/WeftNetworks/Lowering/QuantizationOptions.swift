/// How a network of float32 is quantised.
public struct QuantizationOptions: Hashable, Sendable {
  /// The widths of one layer, each 4 to 16 bits.
  public struct Bits: Hashable, Sendable {
    /// Bits of the codes that the layer gives.
    public var activations: Int
    /// Bits of its weights.
    public var weights: Int

    /// Creates widths.
    public init(activations: Int, weights: Int) {
      self.activations = activations
      self.weights = weights
    }

    /// The widths that there are.
    public static let range = 4...16
  }

  /// The widths of the whole network, its inputs included.
  public var bits: Bits
  /// Other widths for single layers, by the names that layers have in the quantised network. Maps that are joined, and
  /// the result of a max pooling and what it reads, have one quantisation: that with the most bits of those given here.
  public var layers: [String: Bits]
  /// Whether every zero point is 0. Otherwise the codes cover exactly the range that was seen,
  /// which is finer where it is lopsided, as after a LeakyReLU.
  public var isSymmetric: Bool

  /// Creates options; without arguments the default ones.
  public init(
    activationBits: Int = 8, weightBits: Int = 8, layers: [String: Bits] = [:], isSymmetric: Bool = false
  ) {
    bits = Bits(activations: activationBits, weights: weightBits)
    self.layers = layers
    self.isSymmetric = isSymmetric
  }

  /// The widths of a layer.
  func bits(of layer: String) -> Bits { layers[layer] ?? bits }

  /// Checks the widths, and that those of single layers are for layers of the network.
  func check(for names: [String]) throws(NetworkError) {
    if let unknown = layers.keys.sorted().first(where: { !names.contains($0) }) {
      throw NetworkError(
        "layer \(quoted(unknown))", "widths are given for it, but the network has no such layer",
        cure: "its layers are " + names.joined(separator: ", "))
    }
    let given = [("network", bits)] + layers.sorted { $0.key < $1.key }.map { ("layer \(quoted($0.key))", $0.value) }
    for (place, bits) in given {
      for (kind, width) in [("activations", bits.activations), ("weights", bits.weights)]
      where !Bits.range.contains(width) {
        throw NetworkError(
          place, "\(kind) of \(width) bits are asked for",
          cure: "widths are \(Bits.range.lowerBound) to \(Bits.range.upperBound) bits")
      }
    }
  }
}
