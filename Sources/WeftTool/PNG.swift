import Foundation
import WeftNetworks

/// A picture in the PNG format: 8 bits a channel, grey or RGB, without compression.
struct PNG {
  /// The bytes of the file.
  let data: Data

  /// The picture of one frame whose values from 0 to 1 become 0 to 255; others are clipped.
  ///
  /// - Throws: `ToolError` for more than one frame, or channels other than 1 and 3.
  init(_ array: NumpyArray) throws {
    guard array.shape.count == 4, array.shape[0] == 1, [1, 3].contains(array.shape[1]) else {
      throw ToolError(
        "a .png holds one frame of 1 or 3 channels, but the output's shape is \(array.shape); write a .npy instead")
    }
    let (channels, height, width) = (array.shape[1], array.shape[2], array.shape[3])
    let values = array.reals
    var pixels = Data(capacity: height * (width * channels + 1))
    for row in 0..<height {
      // Each row begins with its filter: none.
      pixels.append(0)
      for column in 0..<width {
        for channel in 0..<channels {
          let value = values[(channel * height + row) * width + column]
          pixels.append(UInt8(min(max(value.isNaN ? 0 : value, 0), 1) * 255 + 0.5))
        }
      }
    }
    var header = Data()
    header.append(bigEndian: UInt32(width))
    header.append(bigEndian: UInt32(height))
    // 8 bits a channel, grey or RGB, the only compression and filtering there are, no interlacing.
    header.append(contentsOf: [8, channels == 3 ? 2 : 0, 0, 0, 0])
    var data = Data([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    data.append(Self.chunk("IHDR", header))
    data.append(Self.chunk("IDAT", Self.stored(pixels)))
    data.append(Self.chunk("IEND", Data()))
    self.data = data
  }

  /// Writes the file.
  func write(to path: String) throws { try OutputFile(path).write(data) }

  /// A chunk: its length, type, contents and check.
  private static func chunk(_ type: String, _ contents: Data) -> Data {
    let body = Data(type.utf8) + contents
    var chunk = Data()
    chunk.append(bigEndian: UInt32(contents.count))
    chunk.append(body)
    chunk.append(bigEndian: crc(body))
    return chunk
  }

  /// A zlib stream (RFC 1950) of stored blocks (RFC 1951).
  private static func stored(_ data: Data) -> Data {
    var result = Data([0x78, 0x01])
    var start = 0
    repeat {
      let count = min(data.count - start, 65535)
      result.append(start + count == data.count ? 1 : 0)
      for word in [UInt16(count), ~UInt16(count)] { result.append(contentsOf: [UInt8(word & 0xff), UInt8(word >> 8)]) }
      result.append(data[start..<start + count])
      start += count
    } while start < data.count
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in data {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    result.append(bigEndian: b << 16 | a)
    return result
  }

  /// The check of PNG's specification, annex D, bit by bit through a table.
  private static func crc(_ data: Data) -> UInt32 {
    let table = (0..<256 as Range<UInt32>).map { byte in
      (0..<8).reduce(byte) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
    }
    return ~data.reduce(0xffff_ffff) { table[Int(($0 ^ UInt32($1)) & 0xff)] ^ $0 >> 8 }
  }
}

extension Data {
  fileprivate mutating func append(bigEndian value: UInt32) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
