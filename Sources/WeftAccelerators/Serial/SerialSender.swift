import Weft
import WeftStreams

/// Takes packets of one length apart: their bytes, one after the other, the last one marked.
public struct SerialSender: Module {
  /// Bytes of a packet, at least one.
  public let length: Int

  /// A sender of packets of so many bytes, at least one.
  public init(length: Int) { self.length = length }

  /// The packets, the first byte at index zero.
  public var packets: Stream<Vector<Unsigned>> { sink(.vector(length, of: .unsigned(8))) }
  /// The bytes.
  public var bytes: Stream<Framed<Unsigned>> { source(.bundle(Framed(of: .unsigned(8)))) }

  var rest: Vector<Unsigned> { register(.vector(length, of: .unsigned(8))) }
  var count: Unsigned { register(.unsigned(bitsFor(length)), reset: 0) }

  public var body: Circuit {
    packets.ready <== count == 0
    bytes.valid <== count != 0
    bytes.payload.payload <== rest[0]
    bytes.payload.last <== count == 1
    When(packets.fires) {
      rest <== packets.payload
      count <== Unsigned(length)
    } else: {
      When(bytes.fires) {
        for index in 1..<max(length, 1) { rest[index - 1] <== rest[index] }
        count <== count &- 1
      }
    }
  }
}
