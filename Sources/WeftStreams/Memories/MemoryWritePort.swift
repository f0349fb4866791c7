import Weft

/// How words are written to a memory that takes its time: bursts are requested, and their words follow in the order of
/// the requests.
public struct MemoryWritePort: Bundle {
  /// The bursts that are asked for.
  public var requests: Stream<MemoryRequest>
  /// Their words.
  public var words: Stream<MemoryWriteWord>
  /// One in a cycle for each request, in their order, once all its words are in the memory, or were refused.
  public var isWritten: Bit = field(.bit.returning)

  /// A port to a memory.
  ///
  /// - Parameters:
  ///   - addressWidth: The bits of the address of a word.
  ///   - wordWidth: The bits of a word.
  ///   - longestBurst: The most words that a request asks for.
  public init(addressWidth: Int, wordWidth: Int = 512, longestBurst: Int = 16) {
    requests = field(
      .stream(of: .bundle(MemoryRequest(addressWidth: addressWidth, longestBurst: longestBurst))))
    words = field(.stream(of: .bundle(MemoryWriteWord(wordWidth: wordWidth))))
  }
}

extension MemoryWritePort {
  /// The bits of a word.
  var wordWidth: Int { words.payload.data.width }
  /// The bits of the number of words of a burst.
  var countWidth: Int { requests.payload.count.width }
}
