import Weft
import WeftStreams

/// Takes packets apart: their bytes, one after the other.
public struct SerialSender: Module {
  /// Bytes of a packet at the most.
  public let longest: Int

  /// A sender of packets of at most so many bytes, at least two.
  public init(longest: Int) { self.longest = longest }

  /// The packets.
  public var packets: Stream<SerialPacket> { sink(.bundle(SerialPacket(longest: longest))) }
  /// The bytes.
  public var bytes: Stream<Unsigned> { source(.unsigned(8)) }

  var rest: Vector<Unsigned> { register(.vector(longest, of: .unsigned(8))) }
  var count: Unsigned { register(.unsigned(bitsFor(longest)), reset: 0) }

  public var body: Circuit {
    packets.ready <== count == 0
    bytes.valid <== count != 0
    bytes.payload <== rest[0]
    When(packets.fires) {
      rest <== packets.payload.bytes
      count <== packets.payload.count
    } else: {
      When(bytes.fires) {
        for index in 1..<longest { rest[index - 1] <== rest[index] }
        count <== count &- 1
      }
    }
  }
}
