import Weft

/// How words are read from a memory that answers late: bursts are requested, and their words come back in the order of
/// the requests.
public struct MemoryReadPort: Bundle {
  /// The bursts that are asked for.
  public var requests: Stream<MemoryRequest>
  /// The words that come back.
  public var words: Stream<Bits>

  /// A port to a memory.
  ///
  /// - Parameters:
  ///   - addressWidth: The bits of the address of a word.
  ///   - wordWidth: The bits of a word.
  ///   - longestBurst: The most words that a request asks for.
  public init(addressWidth: Int, wordWidth: Int = 512, longestBurst: Int = 16) {
    requests = field(
      .stream(of: .bundle(MemoryRequest(addressWidth: addressWidth, longestBurst: longestBurst))))
    words = field(.stream(of: .bits(wordWidth)).returning)
  }
}

extension MemoryReadPort {
  /// The bits of a word.
  var wordWidth: Int { words.payload.width }
  /// The bits of the address of a word.
  var addressWidth: Int { requests.payload.address.width }
  /// The bits of the number of words of a burst.
  var countWidth: Int { requests.payload.count.width }
}
