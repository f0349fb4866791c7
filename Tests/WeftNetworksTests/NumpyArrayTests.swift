import Foundation
import Testing
import WeftNetworks

@Suite struct NumpyArrayTests {
  @Test(arguments: NumpyArray.ElementType.allCases) func everyTypeSurvives(
    _ type: NumpyArray.ElementType
  ) throws {
    let array = try NumpyArray(shape: [1, 2, 3], type: type, integers: [0, 1, 1, 0, 1, 1])
    let again = try NumpyArray(npy: array.npy)
    #expect(again == array)
    #expect(again.reals == [0, 1, 1, 0, 1, 1])
    #expect(array.npy.firstIndex(of: 10).map { ($0 + 1) % 64 } == 0)
  }

  @Test func filesAreWrittenAndRead() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UUID().uuidString).npy")
    defer { try? FileManager.default.removeItem(at: url) }
    let array = try NumpyArray(shape: [2, 2], reals: [1.5, -2, .infinity, 1e-30])
    try array.write(npy: url)
    #expect(try NumpyArray(npy: url) == array)
    #expect(array.integers == nil)
  }

  private func file(_ header: String, version: UInt8 = 1, _ bytes: [UInt8]) -> Data {
    let length = UInt8(header.utf8.count)
    let prefix: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, version, 0, length, 0]
    return Data(prefix + (version > 1 ? [0, 0] : []) + Array(header.utf8) + bytes)
  }

  @Test func headersOfOtherWritersAreRead() throws {
    let header = "{\"shape\": (3,), \"fortran_order\": False, \"descr\": \"<i1\"}\n"
    let array = try NumpyArray(npy: file(header, version: 2, [1, 2, 255]))
    #expect(array.shape == [3] && array.integers == [1, 2, -1])
    let scalar = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }"
    #expect(try NumpyArray(npy: file(scalar, version: 3, [0, 0, 128, 63])).reals == [1])
  }

  @Test(arguments: [
    (
      "{'descr': '>i2', 'fortran_order': False, 'shape': (1,), }",
      "array: elements of type '>i2' are not supported; use int8, uint8, int16, uint16, int32,"
        + " int64, float32, float64 or bool, little-endian"
    ),
    (
      "{'descr': '|i1', 'fortran_order': True, 'shape': (2, 2), }",
      "array: the array is in Fortran order; save numpy.ascontiguousarray of it"
    ),
    (
      "{'descr': '|i1', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
      "array: the .npy header's shape ('4611686018427387904, 4') is damaged"
    ),
    (
      "{'descr': '|i1', 'fortran_order': False, 'shape': (3,), }",
      "array: 2 bytes do not fill the shape [3] of int8"
    ),
    ("{'descr': '|i1'}", "array: the .npy header lacks descr, fortran_order or shape"),
  ]) func damagedHeadersAreRefused(_ header: String, _ sentence: String) {
    #expect {
      try NumpyArray(npy: file(header, [1, 2]))
    } throws: { "\($0)" == sentence }
  }

  @Test func truncationsAreRefused() throws {
    let bytes = try NumpyArray(shape: [3], reals: [1, 2, 3]).npy
    for count in 0..<bytes.count {
      #expect(throws: NetworkError.self) { try NumpyArray(npy: bytes.prefix(count)) }
    }
  }
}
