import WeftNetworks

/// A network computed node by node as ONNX defines the operators, with nothing fused: what the executors are held to.
struct PlainNetwork {
  let network: Network

  /// All outputs for one frame.
  func outputs(_ inputs: [[Float]]) -> [[Float]] {
    var results: [[Float]] = []
    func value(_ source: Network.Source) -> [Float] {
      switch source {
      case .input(let index): inputs[index]
      case .node(let index): results[index]
      }
    }
    for node in network.nodes {
      results.append(compute(node, network.shape(of: node.source), node.sources.map(value)))
    }
    return network.outputs.map { value($0.source) }
  }

  private func compute(_ node: Network.Node, _ shape: MapShape, _ maps: [[Float]]) -> [Float] {
    let map = maps[0]
    let pixels = node.shape.height * node.shape.width
    switch node.operation {
    case .convolution(let weights, let bias, let window, let groups):
      let (weights, bias) = (weights.reals, bias?.reals)
      let inputs = shape.channels / groups
      return elements(node.shape) { channel, row, column in
        var sum = bias?[channel] ?? 0
        for input in 0..<inputs {
          visit(window, shape, row, column) { tap, place in
            let source = channel / (node.shape.channels / groups) * inputs + input
            sum += weights[(channel * inputs + input) * window.kernelHeight * window.kernelWidth + tap]
              * map[source * shape.height * shape.width + place]
          }
        }
        return sum
      }
    case .maximum(let window):
      return elements(node.shape) { channel, row, column in
        var greatest = -Float.infinity
        visit(window, shape, row, column) { _, place in
          greatest = max(greatest, map[channel * shape.height * shape.width + place])
        }
        return greatest
      }
    case .fullyConnected(let weights, let bias):
      let weights = weights.reals
      return (0..<node.shape.channels).map { output in
        map.indices.reduce(bias?.reals[output] ?? 0) { $0 + weights[output * map.count + $1] * map[$1] }
      }
    case .rectify(let slopes):
      return map.indices.map { map[$0] < 0 ? map[$0] * slopes[slopes.count == 1 ? 0 : $0 / pixels] : map[$0] }
    case .clip(let lower, let upper): return map.map { min(max($0, lower), upper) }
    case .add(let constant):
      let values = constant.reals
      return map.indices.map { index in
        map[index] + values[values.count == 1 ? 0 : values.count == map.count ? index : index / pixels]
      }
    case .upsample(let factors):
      return elements(node.shape) { channel, row, column in
        map[(channel * shape.height + row / factors.vertical) * shape.width + column / factors.horizontal]
      }
    case .pad(let padding):
      return elements(node.shape) { channel, row, column in
        let (row, column) = (row - padding.top, column - padding.left)
        guard (0..<shape.height).contains(row), (0..<shape.width).contains(column) else { return 0 }
        return map[(channel * shape.height + row) * shape.width + column]
      }
    case .sum: return map.indices.map { index in maps.reduce(0) { $0 + $1[index] } }
    case .concatenate: return Array(maps.joined())
    case .reshape, .flatten, .quantize, .dequantize: return map
    }
  }

  private func elements(_ shape: MapShape, _ value: (Int, Int, Int) -> Float) -> [Float] {
    (0..<shape.count).map { index in
      value(index / shape.width / shape.height, index / shape.width % shape.height, index % shape.width)
    }
  }

  /// The taps of a window that lie in the map, and the places in it that they meet.
  private func visit(
    _ window: ConvolutionWindow, _ shape: MapShape, _ row: Int, _ column: Int, _ body: (Int, Int) -> Void
  ) {
    for tap in 0..<window.kernelHeight * window.kernelWidth {
      let y = row * window.strideVertical + tap / window.kernelWidth - window.padding.top
      let x = column * window.strideHorizontal + tap % window.kernelWidth - window.padding.left
      if (0..<shape.height).contains(y), (0..<shape.width).contains(x) { body(tap, y * shape.width + x) }
    }
  }
}
