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
    /// What lies there.
    public var stream: MemoryStream
    /// Cycles from one word to the next at the least, if the stage alone sets the pace.
    public var interval: Int
    /// Its words.
    public var words: Int { stream.words }
    /// Whether its words come so fast that they have to come in long bursts.
    var isFast: Bool { interval < MemoryLayout.slowInterval }
    /// The words of a burst.
    fileprivate var burst: Int { isFast ? MemoryLayout.longestBurst : 2 }
  }

  /// Bits of a word of the port.
  public static let wordWidth = 512
  /// Cycles from a request to its first word that the queues are made for.
  public static let latency = 100

  /// The regions, in the order of the stages.
  public let regions: [Region]

  /// The layout for the stages that have their biases, or their weights, in external memory.
  init(_ stages: [StageGeometry]) {
    var regions: [Region] = []
    var end = 0
    for (index, stage) in stages.enumerated() {
      for stream in stage.memoryStreams {
        let region = Region(stage: index, baseAddress: end, stream: stream, interval: stage.interval(of: stream))
        regions.append(region)
        let page = 4096 * 8 / Self.wordWidth
        end += ceilingDivide(region.words, page) * page
      }
    }
    self.regions = regions
  }

  /// Words fetched for a frame.
  public var wordsPerFrame: Int { regions.reduce(0) { $0 + $1.stream.wordsPerFrame } }
  /// Words from address zero to the end of the last region.
  public var size: Int { regions.last.map { $0.baseAddress + $0.words } ?? 0 }

  /// Bytes of all that.
  public var bytes: Int { size * Self.wordWidth / 8 }

  /// The port that all readers share.
  var port: Shape<MemoryReadPort> {
    .bundle(
      MemoryReadPort(addressWidth: bitsFor(max(size - 1, 1)), wordWidth: Self.wordWidth, longestBurst: Self.longestBurst))
  }

  /// The most words that a reader asks for at once.
  private static let longestBurst = 8
  /// Cycles between words from which on short bursts, and a queue in look-up tables, are enough.
  package static let slowInterval = 4

  /// The reader of a region: its queue lasts while the memory answers and the other readers have their turns, beside
  /// the word that is being taken apart and the last one of a frame, which may have less in it.
  func reader(of region: Region) -> MemoryReader {
    let turns = regions.reduce(0) { $0 + $1.burst }
    let buffer = 2 + MemoryReader.sufficientBuffer(
      latency: Self.latency + turns, burst: region.burst, interval: region.interval)
    return MemoryReader(
      of: port, baseAddress: region.baseAddress, words: region.words, burst: region.burst, buffer: buffer,
      style: region.isFast ? .block : .distributed)
  }

  /// What takes a region's words apart.
  func unpacker(of region: Region) -> WordUnpacker {
    WordUnpacker(
      wordWidth: Self.wordWidth, elementWidth: region.stream.elementWidth, elements: region.stream.elements)
  }
}
