import Weft
import WeftStreams

/// Where in external memory a grid finds what its stages stream: a region for each, read from its first word to its
/// last in every frame.
public struct MemoryLayout: Hashable, Sendable {
  /// What one stage reads.
  public struct Region: Hashable, Sendable {
    /// The stage, by its layer.
    public var stage: Int
    /// The address of its first word, on a boundary of 4 KB.
    public var baseAddress: Int
    /// Its words.
    public var words: Int
    /// Bits of an element: what the stage takes at once.
    public var elementWidth: Int
    /// Elements of a frame.
    public var elements: Int
    /// Cycles from one word to the next at the least, if the stage alone sets the pace: those of the transfers that a
    /// word has, or of a frame's words on average where the last one has fewer.
    public var interval: Int
  }

  /// Bits of a word of the port.
  public static let wordWidth = 512
  /// Cycles from a request to its first word that the queues are made for.
  public static let latency = 100

  /// The regions, in the order of the stages.
  public let regions: [Region]

  /// The layout for the stages that have their biases in external memory.
  init(_ stages: [StageGeometry]) {
    var regions: [Region] = []
    var end = 0
    for (index, stage) in stages.enumerated() where stage.hasExternalBiases {
      let (width, elements) = (stage.configuration.lanes * stage.biasBits, stage.outputOrder.transfersPerFrame)
      let words = WordUnpacker(wordWidth: Self.wordWidth, elementWidth: width, elements: elements).wordsPerPass
      regions.append(
        Region(
          stage: index, baseAddress: end, words: words, elementWidth: width, elements: elements,
          interval: max(1, min(stage.cycles(ofTransfers: Self.wordWidth / width), stage.computeCycles / words))))
      let page = 4096 * 8 / Self.wordWidth
      end += ceilingDivide(words, page) * page
    }
    self.regions = regions
  }

  /// Words fetched for a frame.
  public var wordsPerFrame: Int { regions.reduce(0) { $0 + $1.words } }
  /// Words from address zero to the end of the last region.
  public var size: Int { regions.last.map { $0.baseAddress + $0.words } ?? 0 }

  /// The port that all readers share.
  var port: Shape<MemoryReadPort> {
    .bundle(
      MemoryReadPort(addressWidth: bitsFor(max(size - 1, 1)), wordWidth: Self.wordWidth, longestBurst: Self.longestBurst))
  }

  /// The most words that a reader asks for at once.
  private static let longestBurst = 8

  /// The reader of a region: its queue lasts while the memory answers and the other readers have their turns, beside
  /// the word that is being taken apart and the last one of a frame, which may have less in it.
  func reader(of region: Region) -> MemoryReader {
    let burst = region.interval < 4 ? Self.longestBurst : 2
    let turns = regions.reduce(0) { $0 + ($1.interval < 4 ? Self.longestBurst : 2) }
    let buffer = 2 + MemoryReader.sufficientBuffer(
      latency: Self.latency + turns, burst: burst, interval: region.interval)
    return MemoryReader(
      of: port, baseAddress: region.baseAddress, words: region.words, burst: burst, buffer: buffer,
      style: buffer <= 64 ? .distributed : .block)
  }

  /// What takes a region's words apart.
  func unpacker(of region: Region) -> WordUnpacker {
    WordUnpacker(wordWidth: Self.wordWidth, elementWidth: region.elementWidth, elements: region.elements)
  }
}
