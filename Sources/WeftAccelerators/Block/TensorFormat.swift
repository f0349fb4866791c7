import WeftNetworks

/// How a tensor lies in memory: the codes of its frames without gaps, each in the integer type that files and users
/// see, the least significant byte first.
public struct TensorFormat: Hashable, Sendable {
  /// In which order the elements of a frame lie.
  public enum Layout: String, Hashable, Sendable, Codable, CaseIterable {
    /// A plane of rows for each channel.
    case nchw
    /// Rows of pixels, all channels of a pixel together.
    case nhwc
  }

  /// The name of its stream at the grid.
  public let name: String
  /// The shape of a frame.
  public let shape: MapShape
  /// What its codes stand for, and the integer type in which they lie.
  public let quantization: Quantization
  /// The order of the elements.
  public let layout: Layout
  /// The frames of a pass, which lie one behind the other.
  public let frames: Int
}

extension TensorFormat {
  /// The bytes of an element.
  public var elementBytes: Int { quantization.storage.bits / 8 }
  /// The bytes of a frame.
  public var bytesPerFrame: Int { shape.count * elementBytes }
  /// The bytes of all frames of a pass.
  public var bytes: Int { frames * bytesPerFrame }

  /// Whether the elements lie in the order of pixels, all channels of one together; with one channel, or one pixel,
  /// both layouts are that.
  var isInterleaved: Bool { layout == .nhwc || shape.channels == 1 || shape.height * shape.width == 1 }

  /// The place of an element in its frame, given its index in channel, row, column order.
  func place(of index: Int) -> Int {
    guard isInterleaved else { return index }
    let (channel, pixel) = index.quotientAndRemainder(dividingBy: shape.height * shape.width)
    return pixel * shape.channels + channel
  }

  /// The bytes of frames, each the hardware codes in channel, row, column order.
  public func bytes(of frames: [[Int32]]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: frames.count * bytesPerFrame)
    for (frame, codes) in frames.enumerated() {
      for (index, code) in codes.enumerated() {
        let first = frame * bytesPerFrame + place(of: index) * elementBytes
        let stored = quantization.stored(Int(code))
        for byte in 0..<elementBytes { bytes[first + byte] = UInt8(truncatingIfNeeded: stored >> (8 * byte)) }
      }
    }
    return bytes
  }

  /// The frames of bytes, each the hardware codes in channel, row, column order; bytes that are no whole frame are left
  /// out.
  public func frames(in bytes: [UInt8]) -> [[Int32]] {
    (0..<bytes.count / max(1, bytesPerFrame)).map { frame in
      (0..<shape.count).map { index in
        let first = frame * bytesPerFrame + place(of: index) * elementBytes
        let stored =
          switch quantization.storage {
          case .uint8: Int(bytes[first])
          case .int8: Int(Int8(bitPattern: bytes[first]))
          case .int16: Int(Int16(bitPattern: UInt16(bytes[first]) | UInt16(bytes[first + 1]) << 8))
          }
        return Int32(quantization.code(stored: stored))
      }
    }
  }
}

extension Grid {
  /// How the inputs lie in memory, in the order of the network.
  func inputFormats(_ layout: TensorFormat.Layout) -> [TensorFormat] {
    network.inputs.indices.map {
      TensorFormat(
        name: portNames.inputs[$0], shape: inputOrders[$0].shape, quantization: network.inputs[$0].quantization,
        layout: layout, frames: inputBatches[$0])
    }
  }

  /// How the outputs lie in memory, in the order of the network.
  func outputFormats(_ layout: TensorFormat.Layout) -> [TensorFormat] {
    network.outputs.indices.map {
      let layer = stages[network.outputs[$0].layer].layer
      return TensorFormat(
        name: portNames.outputs[$0], shape: outputOrders[$0].shape, quantization: layer.outputQuantization,
        layout: layout, frames: batches[$0])
    }
  }
}
