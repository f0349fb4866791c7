import Weft

/// Takes the words of a memory apart: gives the elements that lie in them, from the low end on.
///
/// No element lies across two words, so that some bits at the high end of a word may be left over; and each pass of
/// `elements` elements begins with a new word, so that what is left of a pass's last word is dropped.
///
/// - Latency: none.
/// - Throughput: an element a cycle, also from one word to the next.
/// - Paths: combinational from `input` to `output`, and from `output.ready` to `input.ready`.
public struct WordUnpacker: Module {
  /// The bits of a word.
  public let wordWidth: Int
  /// The bits of an element, at most those of a word.
  public let elementWidth: Int
  /// The elements of a pass, at least one.
  public let elements: Int

  /// An unpacker of passes of `elements` elements.
  public init(wordWidth: Int, elementWidth: Int, elements: Int) {
    self.wordWidth = wordWidth
    self.elementWidth = elementWidth
    self.elements = elements
  }

  /// Where words enter.
  public var input: Stream<Bits> { sink(.bits(wordWidth)) }
  /// Where elements leave.
  public var output: Stream<Bits> { source(.bits(elementWidth)) }

  /// The place in the word of the element that is offered. For proofs alone.
  public var place: Unsigned { output(.unsigned((elementsPerWord - 1).bitsToHold)) }
  /// The words of the pass that were taken. For proofs alone.
  public var wordsTaken: Unsigned { output(.unsigned((wordsPerPass - 1).bitsToHold)) }

  private var elementsPerWord: Int { Self.elements(of: elementWidth, inWordsOf: wordWidth) }
  /// The words of a pass.
  public var wordsPerPass: Int { (elements + elementsPerWord - 1) / elementsPerWord }
  private var elementsOfLastWord: Int { elements - (wordsPerPass - 1) * elementsPerWord }

  var lane: Unsigned { register(.unsigned((elementsPerWord - 1).bitsToHold), reset: 0) }
  var wordIndex: Unsigned { register(.unsigned((wordsPerPass - 1).bitsToHold), reset: 0) }

  public var body: Circuit {
    require(
      elementWidth >= 1 && elementWidth <= wordWidth,
      "an element of \(elementWidth) bits does not lie in a word of \(wordWidth)")
    require(elements >= 1, "a pass has at least 1 element; \(elements) were asked for")
    let isLastLane = lane == Unsigned(elementsPerWord - 1)
    if elements % elementsPerWord == 0 {
      passing(wordEnds: isLastLane)
    } else {
      let isLastWord = wordIndex == Unsigned(wordsPerPass - 1)
      passing(wordEnds: isLastLane | isLastWord & (lane == Unsigned(elementsOfLastWord - 1)))
      When(input.fires) { wordIndex <== isLastWord.select(0, else: wordIndex &+ 1) }
    }
  }

  @CircuitBuilder private func passing(wordEnds: Bit) -> Circuit {
    output.payload <== lanes[lane].truncated(to: max(1, elementWidth))
    output.valid <== input.valid
    input.ready <== output.ready & wordEnds
    When(output.fires) { lane <== wordEnds.select(0, else: lane &+ 1) }
  }

  /// The elements of the word, each in as many bits as the next power of two: to choose one then takes no multiplier.
  private var lanes: Vector<Bits> {
    let width = max(1, elementWidth)
    let place = width == 1 ? 1 : 1 << (width - 1).bitsToHold
    return Vector(
      (0..<elementsPerWord).map { input.payload[($0 * width)..<(($0 + 1) * width)].extended(to: place) })
  }

  public var invariants: Circuit {
    place <== lane
    wordsTaken <== (elements % elementsPerWord == 0 ? 0 : wordIndex)
  }
}

extension WordUnpacker {
  private static func elements(of elementWidth: Int, inWordsOf wordWidth: Int) -> Int {
    max(1, wordWidth / max(1, elementWidth))
  }

  /// The words in which an unpacker finds these elements: a pass, for the image of a memory. All elements are equally
  /// wide, and at most as wide as a word.
  public static func packed(_ elements: [BitVector], intoWordsOf wordWidth: Int) -> [BitVector] {
    guard let elementWidth = elements.first?.width else { return [] }
    let count = Self.elements(of: elementWidth, inWordsOf: wordWidth)
    return stride(from: 0, to: elements.count, by: count).map { first in
      var word = BitVector(zero: wordWidth)
      for (lane, element) in elements[first..<min(first + count, elements.count)].enumerated() {
        word.insert(element, at: lane * elementWidth)
      }
      return word
    }
  }
}
