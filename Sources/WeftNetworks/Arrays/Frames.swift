// Frames of a network in and out of arrays.
extension NumpyArray {
  /// Checks that the array holds frames of a shape and gives their number.
  ///
  /// Its shape is the frame's, or the frame's elements in one dimension, or one of these after the number of frames.
  private func frameCount(of shape: MapShape, at place: String) throws(NetworkError) -> Int {
    let frame = [shape.channels, shape.height, shape.width]
    let forms = [frame, [shape.count]]
    guard shape.count > 0, forms.contains(self.shape) || forms.contains(Array(self.shape.dropFirst())),
      self.count >= shape.count
    else {
      throw NetworkError(
        place, "an array of shape \(self.shape) does not hold frames of \(shape)",
        cure: "its shape must be [frames, \(shape.channels), \(shape.height), \(shape.width)]")
    }
    return self.count / shape.count
  }

  /// The array with its last two dimensions cut down around their centre; one that is small enough
  /// stays as it is.
  ///
  /// - Throws: ``NetworkError`` only if the array is damaged.
  public func cropped(to size: ImageSize) throws(NetworkError) -> NumpyArray {
    guard shape.count >= 2, case let (height, width) = (shape[shape.count - 2], shape[shape.count - 1]),
      height > size.height || width > size.width, size.height > 0, size.width > 0
    else { return self }
    let (rows, columns) = (min(height, size.height), min(width, size.width))
    let (top, left) = ((height - rows) / 2, (width - columns) / 2)
    let result = Array(shape.dropLast(2)) + [rows, columns]
    let maps = shape.dropLast(2).reduce(1, *)
    var places: [Int] = []
    places.reserveCapacity(maps * rows * columns)
    for map in 0..<maps {
      for row in top..<top + rows {
        let first = (map * height + row) * width + left
        places += first..<first + columns
      }
    }
    if let integers {
      return try NumpyArray(shape: result, type: type, integers: places.map { integers[$0] })
    }
    let reals = reals
    return try NumpyArray(shape: result, reals: places.map { reals[$0] })
  }

  /// The frames that the array holds, as real numbers.
  ///
  /// - Parameter name: of the input, for errors.
  /// - Throws: ``NetworkError`` if the array's shape is not that of frames.
  public func frames(of shape: MapShape, input name: String) throws(NetworkError) -> [[Float]] {
    let count = try frameCount(of: shape, at: "input \(quoted(name))")
    let values = reals
    return (0..<count).map { Array(values[$0 * shape.count..<($0 + 1) * shape.count]) }
  }
}

extension QuantizedNetwork.Input {
  /// The hardware codes of the frames that an array holds.
  ///
  /// - Parameter areCodes: whether the array holds integers as the input's storage has them, rather
  ///   than real numbers to be quantised.
  /// - Throws: ``NetworkError`` if the array's shape is not that of frames of this input, or its
  ///   elements are not such codes.
  public func codes(of array: NumpyArray, areCodes: Bool) throws(NetworkError) -> [[Int32]] {
    let place = "input \(quoted(name))"
    guard areCodes else {
      return try array.frames(of: shape, input: name).map { frame in
        frame.map { Int32(quantization.code($0)) }
      }
    }
    guard let integers = array.integers else {
      throw NetworkError(
        place, "an array of \(array.type) does not hold codes", cure: "give it whole numbers")
    }
    let count = try array.frames(of: shape, input: name).count
    let offset = Int64(quantization.storage.offset)
    let stored = Int64(quantization.codes.lowerBound) + offset...Int64(quantization.codes.upperBound) + offset
    if let value = integers.first(where: { !stored.contains($0) }) {
      throw NetworkError(
        place, "the code \(value) does not fit \(quantization.codeDescription)")
    }
    return (0..<count).map { frame in
      integers[frame * shape.count..<(frame + 1) * shape.count].map { Int32($0 - offset) }
    }
  }
}

extension QuantizedNetwork {
  /// An output's frames as an array of shape [frames, channels, height, width].
  ///
  /// - Parameters:
  ///   - output: index of the output.
  ///   - frames: hardware codes, as ``ReferenceExecutor/run(_:)`` gives them.
  ///   - asCodes: whether the array holds integers of the output's storage, rather than float32.
  /// - Throws: ``NetworkError`` if a frame does not fill the output's shape.
  public func array(ofOutput output: Int, frames: [[Int32]], asCodes: Bool) throws(NetworkError)
    -> NumpyArray
  {
    let layer = layers[outputs[output].layer]
    let shape = layer.outputShape
    let quantization = layer.outputQuantization
    let dimensions = [frames.count, shape.channels, shape.height, shape.width]
    guard asCodes else {
      return try NumpyArray(
        shape: dimensions, reals: frames.joined().map { quantization.real(Int($0)) })
    }
    let type: NumpyArray.ElementType =
      switch quantization.storage {
      case .int8: .int8
      case .uint8: .uint8
      case .int16: .int16
      }
    return try NumpyArray(
      shape: dimensions, type: type,
      integers: frames.joined().map { Int64(quantization.stored(Int($0))) })
  }
}
