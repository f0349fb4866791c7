import WeftStreams

/// What a stage has in external memory and takes from there as a stream: elements of equal width, from the first to the
/// last, and again from the first.
public struct MemoryStream: Hashable, Sendable {
  /// What the elements are.
  public enum Content: String, Hashable, Sendable {
    /// The untied biases of a transfer of the output.
    case bias
    /// Weights of a cycle, or a part of them.
    case weight
  }

  /// What the elements are.
  public var content: Content
  /// Bits of an element: what the stage takes at once.
  public var elementWidth: Int
  /// Elements from the first to the last.
  public var elements: Int
  /// How often a frame takes them all: never where they are kept.
  public var passesPerFrame: Int

  /// Words that hold the elements.
  public var words: Int {
    WordUnpacker(wordWidth: MemoryLayout.wordWidth, elementWidth: elementWidth, elements: elements).wordsPerPass
  }
  /// Words fetched for a frame.
  public var wordsPerFrame: Int { words * passesPerFrame }
}
