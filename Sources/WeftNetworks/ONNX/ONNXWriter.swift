import Foundation
import SwiftProtobuf

/// Writes a network as an ONNX model of operator set 17 and format version 8.
private struct ONNXWriter {
  private let network: Network
  private var graph = Onnx_GraphProto()
  private var names: Set<String> = []
  private var usesMicrosoftDomain = false

  init(_ network: Network) {
    self.network = network
  }

  mutating func model() throws(NetworkError) -> Data {
    graph.name = network.name.isEmpty ? "network" : network.name
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
      graph.input.append(info(input.name, input.shape, codes: input.storage))
    }
    for (index, node) in network.nodes.enumerated() {
      let name = values[.node(index)] ?? fresh(node.name + "_value")
      values[.node(index)] = name
      append(node, from: values[node.source] ?? "", to: name)
    }
    for output in network.outputs {
      let value = values[output.source] ?? ""
      if value != output.name {
        append("Identity", named: fresh(output.name + "_copy"), [value], to: output.name)
      }
      graph.output.append(
        info(
          output.name, network.shape(of: output.source), codes: network.codes(of: output.source)))
    }
    var model = Onnx_ModelProto()
    model.irVersion = 8
    model.producerName = "weft"
    model.opsetImport = [("", 17)].map(Self.operatorSet)
    if usesMicrosoftDomain { model.opsetImport.append(Self.operatorSet("com.microsoft", 1)) }
    model.graph = graph
    do {
      return try model.serializedData()
    } catch {
      throw NetworkError("model", "it cannot be written (\(error))")
    }
  }

  private static func operatorSet(_ domain: String, _ version: Int64) -> Onnx_OperatorSetIdProto {
    var result = Onnx_OperatorSetIdProto()
    result.domain = domain
    result.version = version
    return result
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

  private func info(_ name: String, _ shape: MapShape, codes: Quantization.Storage?)
    -> Onnx_ValueInfoProto
  {
    var result = Onnx_ValueInfoProto()
    result.name = name
    result.type.tensorType.elemType = Int32(
      (codes.map { $0.elementType } ?? .float32).rawValue)
    result.type.tensorType.shape.dim = [1, shape.channels, shape.height, shape.width].map { size in
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
    graph.node.append(node)
  }

  private mutating func append(_ node: Network.Node, from input: String, to output: String) {
    let name = node.name
    switch node.operation {
    case .convolution(let weights, let bias, let window):
      let channels = network.shape(of: node.source).channels
      let dimensions = [node.shape.channels, channels, window.kernelHeight, window.kernelWidth]
      var inputs = [input, constant(weights, dimensions, channelAxis: 0, name + "_weight")]
      if let bias { inputs.append(constant(bias, [bias.count], channelAxis: 0, name + "_bias")) }
      let padding = window.padding
      append(
        "Conv", named: name, inputs, to: output,
        [
          .integers("kernel_shape", [window.kernelHeight, window.kernelWidth]),
          .integers("strides", [window.strideVertical, window.strideHorizontal]),
          .integers("pads", [padding.top, padding.left, padding.bottom, padding.right]),
        ])
    case .rectify(let slopes):
      if slopes.allSatisfy({ $0 == 0 }) {
        append("Relu", named: name, [input], to: output)
      } else if slopes.count == 1 {
        append("LeakyRelu", named: name, [input], to: output, [.real("alpha", slopes[0])])
      } else {
        let slope = constant(
          .reals(slopes), [slopes.count, 1, 1], channelAxis: 0, name + "_slope")
        append("PRelu", named: name, [input, slope], to: output)
      }
    case .clip(let lower, let upper):
      var inputs = [input, "", ""]
      if lower > -.infinity { inputs[1] = tensor(.reals([lower]), [], name + "_lower") }
      if upper < .infinity { inputs[2] = tensor(.reals([upper]), [], name + "_upper") }
      while inputs.last == "" { inputs.removeLast() }
      append("Clip", named: name, inputs, to: output)
    case .add(let values):
      let shape = node.shape
      let dimensions =
        values.count == 1
        ? [1, 1, 1, 1]
        : values.count == shape.channels
          ? [1, shape.channels, 1, 1] : [1, shape.channels, shape.height, shape.width]
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
      quantize("QuantizeLinear", quantization, node, input, output)
    case .dequantize(let quantization):
      quantize("DequantizeLinear", quantization, node, input, output)
    }
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
    let isWide = quantization.bits > 8
    usesMicrosoftDomain = usesMicrosoftDomain || isWide
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
    let data = tensor(.integers(codes.map { Int64($0) }), dimensions, name + "_codes", type)
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
    _ values: ONNXTensor.Values, _ dimensions: [Int], _ name: String,
    _ type: ONNXTensor.ElementType = .float32
  ) -> String {
    var result = Onnx_TensorProto()
    result.name = fresh(name)
    result.dims = dimensions.map { Int64($0) }
    result.dataType = Int32(type.rawValue)
    var data = Data()
    switch values {
    case .reals(let reals): for real in reals { data.append(littleEndian: real.bitPattern) }
    case .integers(let integers):
      for value in integers {
        switch type.size {
        case 1: data.append(UInt8(truncatingIfNeeded: value))
        case 2: data.append(littleEndian: UInt16(truncatingIfNeeded: value))
        case 4: data.append(littleEndian: UInt32(truncatingIfNeeded: value))
        default: data.append(littleEndian: value)
        }
      }
    case .quantized: break
    }
    result.rawData = data
    graph.initializer.append(result)
    return result.name
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
    return try writer.model()
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
