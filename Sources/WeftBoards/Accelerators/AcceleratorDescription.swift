import Foundation
import WeftAccelerators

/// What a driver has to know of an accelerator.
public struct AcceleratorDescription: Hashable, Sendable, Codable {
  /// An input or an output.
  public struct Tensor: Hashable, Sendable, Codable {
    /// The name of its stream.
    public var name: String
    /// Its elements in memory, the innermost last; the frames of a pass outermost, where there are several.
    public var shape: [Int]
    /// The integer type of an element.
    public var type: String
    /// The real step between neighbouring integers.
    public var scale: Float
    /// The integer that stands for zero.
    public var zeroPoint: Int
    /// The least and the greatest integer.
    public var range: [Int]
    /// The bytes of all of it.
    public var bytes: Int

    /// A tensor; in another layout than that in which it travels, where the driver sees to that.
    init(_ format: TensorFormat, layout: TensorFormat.Layout? = nil) {
      let (shape, quantization) = (format.shape, format.quantization)
      let pixels =
        switch layout ?? format.layout {
        case .nchw: [shape.channels, shape.height, shape.width]
        case .nhwc: [shape.height, shape.width, shape.channels]
        }
      name = format.name
      self.shape = (format.frames > 1 ? [format.frames] : []) + pixels
      type = quantization.storage.rawValue
      scale = quantization.scale
      zeroPoint = quantization.stored(quantization.zeroPoint)
      range = [quantization.codes.lowerBound, quantization.codes.upperBound].map(quantization.stored)
      bytes = format.bytes
    }
  }

  /// Through what software reaches an accelerator.
  public enum Platform: String, Hashable, Sendable, Codable {
    /// The processors beside it, under PYNQ.
    case pynq
    /// The driver of a DMA behind PCI Express, XDMA.
    case xdma
  }

  /// The name of the design.
  public var name: String
  /// Through what software reaches it, unless it is told otherwise.
  public var platform: Platform
  /// The file of the bitstream, without its folder.
  public var bitstream: String
  /// What tells the accelerator from others.
  public var hash: UInt32
  /// The most frames under way.
  public var framesInFlight: Int
  /// The bits of the address of a byte.
  public var addressBits: Int
  /// The bytes of the image of weights and biases; zero where there is none.
  public var parameterBytes: Int
  /// The inputs and the outputs, in the order of the registers of their addresses.
  public var inputs, outputs: [Tensor]

  /// The description of a block.
  public init<Unit: StageUnit>(_ block: AcceleratorBlock<Unit>, name: String, platform: Platform = .pynq) {
    self.name = name
    self.platform = platform
    bitstream = name + ".bit"
    hash = block.configurationHash
    framesInFlight = block.settings.framesInFlight
    addressBits = block.settings.addressWidth
    parameterBytes = block.hasParameters ? block.grid.memoryLayout.bytes : 0
    inputs = block.inputs.map { Tensor($0) }
    outputs = block.outputs.map { Tensor($0) }
  }

  /// As JSON.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = (try? encoder.encode(self)) ?? Data()
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// As a header for C.
  var header: String {
    func tensors(_ tensors: [Tensor], _ kind: String) -> String {
      tensors.enumerated().map { index, tensor in
        """
        /* \(kind) \(index): \(tensor.name), \(tensor.type), \
        \(tensor.shape.map(String.init).joined(separator: " x ")); \
        real = \(tensor.scale) x (integer - \(tensor.zeroPoint)) */
        #define ACCELERATOR_\(kind.uppercased())_\(index)_BYTES \(tensor.bytes)u

        """
      }.joined()
    }
    return """
      /* What the driver has to know of \(name). */
      #ifndef ACCELERATOR_CONFIGURATION_H
      #define ACCELERATOR_CONFIGURATION_H

      #define ACCELERATOR_MAGIC \(hexadecimal(UInt32(BlockRegisters.magic)))u
      #define ACCELERATOR_REVISION \(BlockRegisters.version)u
      #define ACCELERATOR_HASH \(hexadecimal(hash))u
      #define ACCELERATOR_ADDRESS_BITS \(addressBits)
      #define ACCELERATOR_FRAMES_IN_FLIGHT \(framesInFlight)u
      #define ACCELERATOR_PARAMETER_BYTES \(parameterBytes)
      #define ACCELERATOR_INPUTS \(inputs.count)u
      #define ACCELERATOR_OUTPUTS \(outputs.count)u

      \(tensors(inputs, "input"))\(tensors(outputs, "output"))
      #endif

      """
  }

  private func hexadecimal(_ number: UInt32) -> String { "0x" + String(number, radix: 16) }
}
