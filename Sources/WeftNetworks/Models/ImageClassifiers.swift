extension BuiltInModel {
  static func makeAlexNet(scale: Int, seed: UInt64) throws(NetworkError) -> Network {
    func channels(_ count: Int) -> Int { hidden(count, scale, groups: 2) }
    return try Network(named: "alexnet", seed: seed) {
      Input("image", channels: 3, height: 227, width: 227)
      Convolution(channels(96), kernel: 11, stride: 4, padding: Padding(0), name: "conv1")
      ReLU()
      MaxPool(3, stride: 2)
      Convolution(channels(256), kernel: 5, groups: 2, name: "conv2")
      ReLU()
      MaxPool(3, stride: 2)
      Convolution(channels(384), kernel: 3, name: "conv3")
      ReLU()
      Convolution(channels(384), kernel: 3, groups: 2, name: "conv4")
      ReLU()
      Convolution(channels(256), kernel: 3, groups: 2, name: "conv5")
      ReLU()
      MaxPool(3, stride: 2)
      Classifier(hidden: channels(4096), first: 6)
    }
  }

  static func makeZfNet(scale: Int, seed: UInt64) throws(NetworkError) -> Network {
    // Windows of 3 at every second element, the last of them reaching over the edge.
    let pool = MaxPool(3, stride: 2, padding: Padding(top: 0, left: 0, bottom: 1, right: 1))
    return try Network(named: "zfnet", seed: seed) {
      Input("image", channels: 3, height: 224, width: 224)
      Convolution(hidden(96, scale), kernel: 7, stride: 2, padding: Padding(1), name: "conv1")
      ReLU()
      pool
      Convolution(hidden(256, scale), kernel: 5, stride: 2, padding: Padding(0), name: "conv2")
      ReLU()
      pool
      for (index, channels) in [384, 384, 256].enumerated() {
        Convolution(hidden(channels, scale), kernel: 3, name: "conv\(index + 3)")
        ReLU()
      }
      MaxPool(3, stride: 2)
      Classifier(hidden: hidden(4096, scale), first: 6)
    }
  }

  static func makeVGG16(scale: Int, seed: UInt64) throws(NetworkError) -> Network {
    try Network(named: "vgg16", seed: seed) {
      Input("image", channels: 3, height: 224, width: 224)
      for (block, (channels, layers)) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)].enumerated() {
        for layer in 1...layers {
          Convolution(hidden(channels, scale), kernel: 3, name: "conv\(block + 1)_\(layer)")
          ReLU()
        }
        MaxPool(2)
      }
      Classifier(hidden: hidden(4096, scale), first: 6)
    }
  }

  static func makeTinyYOLO(scale: Int, seed: UInt64) throws(NetworkError) -> Network {
    try Network(named: "tiny_yolo", seed: seed) {
      Input("image", channels: 3, height: 416, width: 416)
      for (index, channels) in [16, 32, 64, 128, 256, 512].enumerated() {
        Convolution(hidden(channels, scale), kernel: 3, name: "conv\(index + 1)")
        LeakyReLU(0.1)
        if index < 5 {
          MaxPool(2)
        } else {
          MaxPool(2, stride: 1, padding: Padding(top: 0, left: 0, bottom: 1, right: 1))
        }
      }
      for index in 7...8 {
        Convolution(hidden(1024, scale), kernel: 3, name: "conv\(index)")
        LeakyReLU(0.1)
      }
      Convolution(125, kernel: 1, name: "conv9")
      Output("boxes")
    }
  }
}

/// Three fully connected layers, to 1000 classes.
private struct Classifier: NetworkElement {
  let hidden: Int
  /// Number of the first layer.
  let first: Int

  func append(to network: inout NetworkAssembly) throws(NetworkError) {
    try Flatten().append(to: &network)
    for index in 0..<2 {
      try FullyConnected(hidden, name: "fc\(first + index)").append(to: &network)
      try ReLU().append(to: &network)
    }
    try FullyConnected(1000, name: "fc\(first + 2)").append(to: &network)
    try Output("scores").append(to: &network)
  }
}
