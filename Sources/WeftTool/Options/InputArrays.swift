import Foundation
import WeftNetworks

/// The arrays that a user gave for a network's inputs, one each.
struct InputArrays {
  private let arrays: [NumpyArray]

  /// Reads the arrays of a repeated option whose values are `[NAME=]X.npy`.
  ///
  /// - Parameter isCropped: Whether larger arrays are cut down to the inputs' size.
  /// - Throws: `ToolError` where an input has no array or two, `NetworkError` where an array cannot be read.
  init(_ values: [String], option: String, _ network: Network, isCropped: Bool) throws {
    let names = network.inputs.map(\.name)
    let inputs = try assignInputs(to: values, names: names, option: option) { value in
      URL(fileURLWithPath: value).deletingPathExtension().lastPathComponent
    }
    if let missing = names.indices.first(where: { !inputs.contains($0) }) {
      throw ToolError(
        "\(option): no array is given for the input '\(names[missing])'; add \(option) \(names[missing])=X.npy")
    }
    var arrays: [Int: NumpyArray] = [:]
    for (value, input) in zip(values, inputs) {
      let path = String(value.drop(through: "=", after: names[input]))
      var array = try NumpyArray(npy: URL(fileURLWithPath: path))
      let shape = network.inputs[input].shape
      if isCropped { array = try array.cropped(to: ImageSize(height: shape.height, width: shape.width)) }
      arrays[input] = array
    }
    self.arrays = names.indices.compactMap { arrays[$0] }
  }

  /// The frames as real numbers: frame by frame, every input.
  func reals(of network: Network) throws -> [[[Float]]] {
    try frames(zip(arrays, network.inputs).map { try $0.frames(of: $1.shape, input: $1.name) })
  }

  /// The frames as codes: quantised, or as they are for an input that the model declares as integers.
  func codes(of quantized: QuantizedNetwork, from network: Network) throws -> [[[Int32]]] {
    let perInput = try zip(arrays, quantized.inputs).map { array, input in
      let isInteger = network.inputs.first { $0.name == input.name }?.storage != nil
      return try input.codes(of: array, areCodes: isInteger)
    }
    return try frames(perInput)
  }

  private func frames<Value>(_ perInput: [[[Value]]]) throws -> [[[Value]]] {
    let counts = perInput.map(\.count)
    guard let count = counts.first, counts.allSatisfy({ $0 == count }) else {
      throw ToolError(
        "the inputs have \(counts.map(String.init).joined(separator: ", ")) frames; give each the same number")
    }
    return (0..<count).map { frame in perInput.map { $0[frame] } }
  }
}

/// The input that each value of a repeated option is for: the one it names with `NAME=`, else the one that `stem`
/// matches, else the next in order that nothing names.
///
/// - Throws: `ToolError` for an unknown name, two values for one input, or more values than inputs.
func assignInputs(to values: [String], names: [String], option: String, stem: (String) -> String?) throws -> [Int] {
  var result: [Int?] = values.map { value in
    names.firstIndex { value.hasPrefix($0 + "=") } ?? stem(value).flatMap(names.firstIndex(of:))
  }
  for (index, value) in values.enumerated() where result[index] == nil {
    if let equals = value.firstIndex(of: "="), !FileManager.default.fileExists(atPath: value) {
      throw ToolError(
        "\(option) \(value): the network has no input '\(value[..<equals])'; its inputs are "
          + names.joined(separator: ", "))
    }
    guard let free = names.indices.first(where: { !result.contains($0) }) else {
      throw ToolError(
        "\(option) \(value): the network's inputs (\(names.joined(separator: ", "))) have a value already")
    }
    result[index] = free
  }
  let inputs = result.compactMap(\.self)
  if let twice = inputs.first(where: { input in inputs.count { $0 == input } > 1 }) {
    throw ToolError("\(option): the input '\(names[twice])' is given two values; leave one out")
  }
  return inputs
}

extension String {
  /// What follows `name` and the separator, or the whole text where it does not begin with them.
  func drop(through separator: String, after name: String) -> Substring {
    hasPrefix(name + separator) ? dropFirst(name.count + separator.count) : self[...]
  }
}
