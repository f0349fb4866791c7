extension BuiltInModel {
  /// The codec avatar decoder: three branches, of which the second and the third share their trunk.
  static func makeAvatarDecoder(scale: Int, seed: UInt64) throws(NetworkError) -> Network {
    let size = 8 / scale
    return try Network(named: "avatar_decoder", seed: seed) {
      Input("latent", elements: 4 * size * size)
      Reshape(channels: 4, height: size, width: size)
      Label("code")
      Input("view", channels: 3, height: size, width: size)

      From("code")
      for (index, channels) in [128, 64, 64, 32, 32].enumerated() {
        DecoderStage(channels, scale: scale, isUntied: true, name: "geometry_\(index + 1)")
      }
      Convolution(3, kernel: 5, name: "geometry_head")
      Output("geometry")

      Concatenate("code", "view")
      for (index, channels) in [128, 64, 64, 64, 64].enumerated() {
        DecoderStage(channels, scale: scale, isUntied: true, name: "trunk_\(index + 1)")
      }
      Label("trunk")

      DecoderStage(16, scale: scale, isUntied: false, name: "texture_1")
      DecoderStage(16, scale: scale, isUntied: true, name: "texture_2")
      Convolution(3, kernel: 1, name: "texture_head")
      Output("texture")

      From("trunk")
      Convolution(2, kernel: 5, name: "warp_head")
      Output("warp")
    }
  }
}

/// A 5x5 convolution, its activation and upsampling by 2.
private struct DecoderStage: NetworkElement {
  private let convolution: Convolution

  init(_ channels: Int, scale: Int, isUntied: Bool, name: String) {
    convolution = Convolution(
      hidden(channels, scale), kernel: 5, biases: isUntied ? .untied : .tied, name: name)
  }

  func append(to network: inout NetworkAssembly) throws(NetworkError) {
    try convolution.append(to: &network)
    try LeakyReLU(0.2).append(to: &network)
    try Upsample(2).append(to: &network)
  }
}

/// Channels at a scale, in equal groups.
func hidden(_ channels: Int, _ scale: Int, groups: Int = 1) -> Int {
  (channels + scale * groups - 1) / (scale * groups) * groups
}
