// Nearest-neighbour upsampling, in all the forms that mean integer replication.
extension ONNXImporter {
  mutating func resize(
    _ node: ONNXNode, _ source: Network.Source, _ codes: Quantization.Storage?, _ shape: MapShape
  ) throws(NetworkError) -> Value {
    let mode = node.string("mode", default: "nearest")
    guard mode == "nearest" else {
      throw node.error("mode is \(quoted(mode))", cure: "nearest-neighbour upsampling is supported")
    }
    let factors = try factors(of: node, shape)
    guard factors.allSatisfy({ (1...NetworkLimits.window).contains($0) }) else {
      throw node.error(
        "upsampling factors \(factors) are out of range",
        cure: "whole factors of 1 to \(NetworkLimits.window) are supported")
    }
    if node.type == "Resize", opset >= 11 {
      let transformation = node.string("coordinate_transformation_mode", default: "half_pixel")
      let rounding = node.string("nearest_mode", default: "round_prefer_floor")
      for (factor, size) in zip(factors, [shape.height, shape.width])
      where !Self.replicates(factor, of: size, transformation, rounding) {
        throw node.error(
          "\(quoted(transformation)) with \(quoted(rounding)) does not repeat every element"
            + " \(factor) times",
          cure: "use coordinate_transformation_mode asymmetric with nearest_mode floor")
      }
    }
    let upsampling = Upsampling(vertical: factors[0], horizontal: factors[1])
    guard upsampling != .none else { return .map(source, codes: codes) }
    return .map(
      try network.append(.upsample(upsampling), named: node.name, joining: [source], at: node.place), codes: codes)
  }

  /// The factors of rows and columns.
  private func factors(of node: ONNXNode, _ shape: MapShape) throws(NetworkError) -> [Int] {
    let sizes = [1, shape.channels, shape.height, shape.width]
    let cure = "scales of 1, 1 and two whole numbers are supported"
    let scalesInput = node.type == "Resize" && opset >= 11 ? 2 : 1
    var scales = node.reals("scales") ?? []
    if let tensor = try constant(scalesInput, of: node, "scale") { scales = tensor.reals }
    var chosen = Array(0..<4)
    if let axes = node.integers("axes") { chosen = try normalized(axes, rank: 4, node) }
    var factors = [1, 1, 1, 1]
    if !scales.isEmpty {
      guard scales.count == chosen.count else {
        throw node.error("\(scales.count) scales do not fit \(chosen.count) axes")
      }
      for (axis, scale) in zip(chosen, scales) {
        guard scale.rounded() == scale, scale >= 1, scale <= Float(NetworkLimits.window) else {
          throw node.error("a scale is \(scale)", cure: cure)
        }
        factors[axis] = Int(scale)
      }
    } else if node.type == "Resize", let wanted = try constant(3, of: node, "size")?.integers {
      let policy = node.string("keep_aspect_ratio_policy", default: "stretch")
      guard wanted.count == chosen.count, policy == "stretch" else {
        throw node.error("its sizes do not fit \(chosen.count) axes stretched one by one")
      }
      for (axis, size) in zip(chosen, wanted.map({ Int(clamping: $0) })) {
        guard size > 0, size % sizes[axis] == 0 else {
          throw node.error("it resizes \(sizes[axis]) elements to \(size)", cure: cure)
        }
        factors[axis] = size / sizes[axis]
      }
    } else {
      throw node.error("it has neither scales nor sizes", cure: cure)
    }
    guard factors[0] == 1, factors[1] == 1 else {
      throw node.error("it resizes batch or channels", cure: cure)
    }
    return [factors[2], factors[3]]
  }

  /// Whether nearest-neighbour resizing by a whole factor reads element i / factor for every i.
  private static func replicates(
    _ factor: Int, of size: Int, _ transformation: String, _ rounding: String
  ) -> Bool {
    guard factor > 1 else { return true }
    switch transformation {
    case "align_corners", "tf_half_pixel_for_nn", "tf_crop_and_resize": return size == 1
      && transformation == "align_corners"
    case "asymmetric", "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel": break
    default: return false
    }
    // The place of the element at offset r of a group, times 2 x factor, so that it stays whole.
    let twice = 2 * factor
    return (0..<factor).allSatisfy { offset in
      let place = transformation == "asymmetric" ? 2 * offset : 2 * offset + 1 - factor
      func floor(_ value: Int) -> Int { (value + 4 * twice) / twice - 4 }
      switch rounding {
      case "floor": return floor(place) == 0
      case "ceil": return floor(place + twice - 1) == 0
      case "round_prefer_floor": return floor(place + factor - 1) == 0
      case "round_prefer_ceil": return floor(place + factor) == 0
      default: return false
      }
    }
  }
}
