import Foundation
import SwiftProtobuf

/// Makes an ONNX model of operator set 17 and format version 8 of a network.
private struct ONNXWriter {
  private let network: Network
  private var file = ONNXFile()
  private var names: Set<String> = []

  init(_ network: Network) {
    self.network = network
  }

  mutating func model() -> ONNXFile {
    file.graph.name = network.name.isEmpty ? "network" : network.name
    var values: [Network.Source: String] = [:]
    // An output takes its value's name, unless it is an input or has it under another name.
    for output in network.outputs {
      if case .node = output.source, values[output.source] == nil {
        values[output.source] = output.name
      }
    }
    names = Set(network.inputs.map(\.name) + network.outputs.map(\.name))
    for (index, input) in network.inputs.enumerated() {
      values[.input(index)] = input.name
      file.graph.input.append(info(input.name, input.shape, codes: input.storage, isVector: input.isVector))
    }
    for (index, node) in network.nodes.enumerated() {
      let name = values[.node(index)] ?? fresh(node.name + "_value")
      values[.node(index)] = name
      append(node, from: node.sources.map { values[$0] ?? "" }, to: name)
    }
    for output in network.outputs {
      let value = values[output.source] ?? ""
      if value != output.name {
        append("Identity", named: fresh(output.name + "_copy"), [value], to: output.name)
      }
      file.graph.output.append(
        info(
          output.name, network.shape(of: output.source), codes: network.codes(of: output.source),
          isVector: network.isVector(output.source)))
    }
    return file
  }

  /// A value name that nothing has yet.
  private mutating func fresh(_ name: String) -> String {
    var unique = name
    var number = 2
    while !names.insert(unique).inserted {
      unique = "\(name)_\(number)"
      number += 1
    }
    return unique
  }

  private func info(_ name: String, _ shape: MapShape, codes: Quantization.Storage?, isVector: Bool)
    -> Onnx_ValueInfoProto
  {
    let sizes = isVector ? [1, shape.channels] : [1, shape.channels, shape.height, shape.width]
    var result = Onnx_ValueInfoProto()
    result.name = name
    result.type.tensorType.elemType = Int32(
      (codes.map { $0.elementType } ?? .float32).rawValue)
    result.type.tensorType.shape.dim = sizes.map { size in
      var dimension = Onnx_TensorShapeProto.Dimension()
      dimension.dimValue = Int64(size)
      return dimension
    }
    return result
  }

  // MARK: Nodes

  private mutating func append(
    _ type: String, named name: String, _ inputs: [String], to output: String,
    _ attributes: [Onnx_AttributeProto] = [], domain: String = ""
  ) {
    var node = Onnx_NodeProto()
    node.opType = type
    node.name = name
    node.input = inputs
    node.output = [output]
    node.attribute = attributes
    node.domain = domain
    file.graph.node.append(node)
  }

  private mutating func append(_ node: Network.Node, from inputs: [String], to output: String) {
    let name = node.name
    let input = inputs[0]
    switch node.operation {
    case .convolution(let weights, let bias, let window, let groups):
      let channels = network.shape(of: node.source).channels / groups
      let dimensions = [node.shape.channels, channels, window.kernelHeight, window.kernelWidth]
      var inputs = [input, constant(weights, dimensions, channelAxis: 0, name + "_weight")]
      if let bias { inputs.append(constant(bias, [bias.count], channelAxis: 0, name + "_bias")) }
      append(
        "Conv", named: name, inputs, to: output, attributes(window) + (groups == 1 ? [] : [.integer("group", groups)]))
    case .fullyConnected(let weights, let bias):
      let elements = network.shape(of: node.source).count
      var vector = input
      if !network.isVector(node.source) {
        vector = fresh(name + "_vector")
        append("Flatten", named: name + "_flatten", [input], to: vector)
      }
      var inputs = [vector, constant(weights, [node.shape.channels, elements], channelAxis: 0, name + "_weight")]
      if let bias { inputs.append(constant(bias, [bias.count], channelAxis: 0, name + "_bias")) }
      append("Gemm", named: name, inputs, to: output, [.integer("transB", 1)])
    case .maximum(let window): append("MaxPool", named: name, [input], to: output, attributes(window))
    case .sum where inputs.count > 2: append("Sum", named: name, inputs, to: output)
    case .sum: append("Add", named: name, inputs, to: output)
    case .concatenate: append("Concat", named: name, inputs, to: output, [.integer("axis", 1)])
    case .flatten: append("Flatten", named: name, [input], to: output)
    case .reshape(let shape):
      let sizes = [1, shape.channels, shape.height, shape.width].map { Int64($0) }
      append("Reshape", named: name, [input, tensor(.integers(sizes), [4], name + "_shape", .int64)], to: output)
    case .rectify(let slopes):
      if slopes.allSatisfy({ $0 == 0 }) {
        append("Relu", named: name, [input], to: output)
      } else if slopes.count == 1 {
        append("LeakyRelu", named: name, [input], to: output, [.real("alpha", slopes[0])])
      } else {
        let slope = constant(
          .reals(slopes), node.isVector ? [slopes.count] : [slopes.count, 1, 1], channelAxis: 0, name + "_slope")
        append("PRelu", named: name, [input, slope], to: output)
      }
    case .clip(let lower, let upper): clip(lower, upper, named: name, input, output)
    case .add(let values):
      let shape = node.shape
      let sizes =
        values.count == 1
        ? [1, 1, 1, 1]
        : values.count == shape.channels
          ? [1, shape.channels, 1, 1] : [1, shape.channels, shape.height, shape.width]
      let dimensions = node.isVector ? Array(sizes.prefix(2)) : sizes
      let constant = constant(values, dimensions, channelAxis: 1, name + "_constant")
      append("Add", named: name, [input, constant], to: output)
    case .upsample(let factors):
      let scales = [1, 1, Float(factors.vertical), Float(factors.horizontal)]
      append(
        "Resize", named: name, [input, "", tensor(.reals(scales), [4], name + "_scales")],
        to: output,
        [
          .string("coordinate_transformation_mode", "asymmetric"), .string("mode", "nearest"),
          .string("nearest_mode", "floor"),
        ])
    case .pad(let padding):
      let pads = [0, 0, padding.top, padding.left, 0, 0, padding.bottom, padding.right]
      let constant = tensor(.integers(pads.map { Int64($0) }), [8], name + "_pads", .int64)
      append("Pad", named: name, [input, constant], to: output)
    case .quantize(let quantization):
      var source = input
      if let limits = quantization.limits {
        source = fresh(name + "_limited")
        clip(limits.lowerBound, limits.upperBound, named: name + "_limits", input, source)
      }
      quantize("QuantizeLinear", quantization, node, source, output)
    case .dequantize(let quantization):
      quantize("DequantizeLinear", quantization, node, input, output)
    }
  }

  private func attributes(_ window: ConvolutionWindow) -> [Onnx_AttributeProto] {
    let padding = window.padding
    return [
      .integers("kernel_shape", [window.kernelHeight, window.kernelWidth]),
      .integers("strides", [window.strideVertical, window.strideHorizontal]),
      .integers("pads", [padding.top, padding.left, padding.bottom, padding.right]),
    ]
  }

  private mutating func clip(_ lower: Float, _ upper: Float, named name: String, _ input: String, _ output: String) {
    var inputs = [input, "", ""]
    if lower > -.infinity { inputs[1] = tensor(.reals([lower]), [], name + "_lower") }
    if upper < .infinity { inputs[2] = tensor(.reals([upper]), [], name + "_upper") }
    while inputs.last == "" { inputs.removeLast() }
    append("Clip", named: name, inputs, to: output)
  }

  private mutating func quantize(
    _ type: String, _ quantization: Quantization, _ node: Network.Node, _ input: String,
    _ output: String
  ) {
    let scale = tensor(.reals([quantization.scale]), [], node.name + "_scale")
    let zeroPoint = tensor(
      .integers([Int64(quantization.stored(quantization.zeroPoint))]), [],
      node.name + "_zero_point", quantization.storage.elementType)
    // ONNX's own operator has codes of 16 bits only since operator set 21.
    let isWide = quantization.storage.bits > 8
    file.usesMicrosoftDomain = file.usesMicrosoftDomain || isWide
    append(
      type, named: node.name, [input, scale, zeroPoint], to: output,
      domain: isWide ? "com.microsoft" : "")
  }

  // MARK: Constants

  /// A constant's value: an initialiser, dequantised if it holds codes.
  private mutating func constant(
    _ parameter: Parameter, _ dimensions: [Int], channelAxis: Int, _ name: String
  ) -> String {
    guard case .codes(let codes, let scales) = parameter else {
      return tensor(.reals(parameter.reals), dimensions, name)
    }
    let isNarrow = codes.allSatisfy { Int8(exactly: $0) != nil } && dimensions.count > 1
      && channelAxis == 0
    let type = isNarrow ? ONNXTensor.ElementType.int8 : .int32
    let data = tensor(.codes(codes), dimensions, name + "_codes", type)
    let isPerChannel = scales.count > 1
    let shape = isPerChannel ? [scales.count] : []
    let scale = tensor(.reals(scales), shape, name + "_scale")
    let zeros = tensor(
      .integers(Array(repeating: 0, count: scales.count)), shape, name + "_zero_point", type)
    let output = fresh(name)
    append(
      "DequantizeLinear", named: name, [data, scale, zeros], to: output,
      isPerChannel ? [.integer("axis", channelAxis)] : [])
    return output
  }

  private mutating func tensor(
    _ values: ONNXFile.Constant.Values, _ dimensions: [Int], _ name: String,
    _ type: ONNXTensor.ElementType = .float32
  ) -> String {
    let name = fresh(name)
    file.constants.append(.init(name: name, dimensions: dimensions, type: type, values: values))
    return name
  }
}

extension Quantization.Storage {
  fileprivate var elementType: ONNXTensor.ElementType {
    switch self {
    case .int8: .int8
    case .uint8: .uint8
    case .int16: .int16
    }
  }
}

extension Onnx_AttributeProto {
  // Types as ONNX numbers them.
  fileprivate static func real(_ name: String, _ value: Float) -> Self {
    var result = attribute(name, type: 1)
    result.f = value
    return result
  }

  fileprivate static func integer(_ name: String, _ value: Int) -> Self {
    var result = attribute(name, type: 2)
    result.i = Int64(value)
    return result
  }

  fileprivate static func string(_ name: String, _ value: String) -> Self {
    var result = attribute(name, type: 3)
    result.s = Data(value.utf8)
    return result
  }

  fileprivate static func integers(_ name: String, _ values: [Int]) -> Self {
    var result = attribute(name, type: 7)
    result.ints = values.map { Int64($0) }
    return result
  }

  private static func attribute(_ name: String, type: Int32) -> Self {
    var result = Self()
    result.name = name
    result.type = type
    return result
  }
}

extension Network {
  /// The network as an ONNX model of operator set 17, format version 8. Importing it gives the same
  /// nodes, and constants that are codes follow a `DequantizeLinear`.
  ///
  /// - Throws: ``NetworkError`` if the format cannot hold it.
  public func onnxModel() throws(NetworkError) -> Data {
    var writer = ONNXWriter(self)
    var data = Data()
    do {
      try writer.model().write({ data.append(contentsOf: $0) }, progress: { _, _ in })
    } catch let error as NetworkError {
      throw error
    } catch {
      throw NetworkError("model", "it cannot be written (\(error))")
    }
    return data
  }

  /// Writes the network as ``onnxModel()`` gives it to a file, which is there whole or not at all. Constants go from
  /// the network to the file without a copy in memory.
  ///
  /// - Parameter progress: is told how many of how many bytes are written, at least every 16 MiB.
  /// - Throws: ``NetworkError`` if the file cannot be written or the format cannot hold the network.
  public func write(onnx url: URL, progress: (_ written: Int, _ total: Int) -> Void = { _, _ in })
    throws(NetworkError)
  {
    var writer = ONNXWriter(self)
    let fresh = url.appendingPathExtension("new-\(ProcessInfo.processInfo.processIdentifier)")
    do {
      try Data().write(to: fresh)
      let handle = try FileHandle(forWritingTo: fresh)
      do {
        try writer.model().write(
          { bytes in
            guard let start = bytes.baseAddress else { return }
            try handle.write(
              contentsOf: Data(
                bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: bytes.count, deallocator: .none))
          }, progress: progress)
        try handle.close()
      } catch {
        try? handle.close()
        throw error
      }
      if rename(fresh.path, url.path) != 0 { throw CocoaError(.fileWriteUnknown) }
    } catch {
      try? FileManager.default.removeItem(at: fresh)
      throw error as? NetworkError
        ?? NetworkError("model \(quoted(url.path))", "the file cannot be written (\(error.localizedDescription))")
    }
  }

  /// The integer type of a value; nil for float32.
  func codes(of source: Source) -> Quantization.Storage? {
    switch source {
    case .input(let index): return inputs[index].storage
    case .node(let index):
      switch nodes[index].operation {
      case .quantize(let quantization): return quantization.storage
      case .upsample: return codes(of: nodes[index].source)
      default: return nil
      }
    }
  }
}
