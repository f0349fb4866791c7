/// Networks that are built in, to explore and to measure accelerators with. Their weights are random, from a seed.
public enum BuiltInModel: String, CaseIterable, Hashable, Sendable {
  /// The codec avatar decoder of F-CAD (Zhang et al., 2021), its channels reconstructed from the paper's tables.
  case avatarDecoder = "avatar-decoder"
  /// AlexNet (Krizhevsky et al., 2012), two groups, without its local response normalisation.
  case alexNet = "alexnet"
  /// ZFNet (Zeiler and Fergus, 2013), without its contrast normalisation.
  case zfNet = "zfnet"
  /// VGG16 (Simonyan and Zisserman, 2014).
  case vgg16
  /// Tiny YOLO, version 2 for the 20 classes of VOC (Redmon and Farhadi, 2016), its batch normalisation folded.
  case tinyYOLO = "tiny-yolo"

  /// What the network is, in a line.
  public var summary: String {
    switch self {
    case .avatarDecoder: "codec avatar decoder of F-CAD: geometry, texture and warp field from a latent code and a view"
    case .alexNet: "AlexNet, 1000 classes; local response normalisation and softmax are left out"
    case .zfNet: "ZFNet, 1000 classes; contrast normalisation and softmax are left out"
    case .vgg16: "VGG16, 1000 classes; softmax is left out"
    case .tinyYOLO: "Tiny YOLO v2 for VOC, batch normalisation folded; the decoding of boxes is left out"
    }
  }

  /// Makes the network.
  ///
  /// - Parameters:
  ///   - scale: divides the channels of all hidden maps, rounded up; for the decoder also height and width of its
  ///     inputs, so there it is 1, 2, 4 or 8.
  ///   - seed: of the weights.
  /// - Throws: ``NetworkError`` for a scale that the network does not have.
  public func network(scale: Int = 1, seed: UInt64 = 1) throws(NetworkError) -> Network {
    guard (1...64).contains(scale), self != .avatarDecoder || [1, 2, 4, 8].contains(scale) else {
      throw NetworkError(
        "model \(quoted(rawValue))", "it has no scale \(scale)",
        cure: self == .avatarDecoder ? "use 1, 2, 4 or 8" : "use 1 to 64")
    }
    return switch self {
    case .avatarDecoder: try Self.makeAvatarDecoder(scale: scale, seed: seed)
    case .alexNet: try Self.makeAlexNet(scale: scale, seed: seed)
    case .zfNet: try Self.makeZfNet(scale: scale, seed: seed)
    case .vgg16: try Self.makeVGG16(scale: scale, seed: seed)
    case .tinyYOLO: try Self.makeTinyYOLO(scale: scale, seed: seed)
    }
  }
}
