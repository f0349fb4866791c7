import Testing
import Weft
import WeftLint
import WeftSimulation
import WeftStreams

@Suite struct WordUnpackerTests {
  /// Sizes of words and elements, and the elements of a pass.
  struct Sizes: Hashable, Sendable {
    var word: Int
    var element: Int
    var count: Int
    /// The words of a pass.
    var words: Int
  }

  @Test(arguments: [
    Sizes(word: 512, element: 24, count: 50, words: 3), Sizes(word: 64, element: 8, count: 16, words: 2),
    Sizes(word: 64, element: 9, count: 22, words: 4), Sizes(word: 20, element: 13, count: 3, words: 3),
    Sizes(word: 96, element: 70, count: 1, words: 1), Sizes(word: 12, element: 3, count: 3, words: 1),
  ])
  func elementsComeInOrder(sizes: Sizes) throws {
    for (engine, seed) in [(EngineKind.interpreter, 1), (.interpreter, 2), (.verilator, 3)] as [(EngineKind, UInt64)] {
      if engine == .verilator, !LintTools.has("verilator") { continue }
      let module = WordUnpacker(wordWidth: sizes.word, elementWidth: sizes.element, elements: sizes.count)
      let passes = (0..<4).map { randomPayloads(sizes.count, width: sizes.element, seed: seed &* 8 &+ $0) }
      let words = passes.map { WordUnpacker.packed($0, intoWordsOf: sizes.word) }
      #expect(words.allSatisfy { $0.count == sizes.words } && module.wordsPerPass == sizes.words)
      let found = try passed(
        words.flatMap { $0 }, through: module, \.input, \.output, expecting: 4 * sizes.count, engine: engine, seed: seed)
      #expect(found == passes.flatMap { $0 }, "\(module), \(engine), seed \(seed)")
    }
  }

  @Test func anElementACycle() throws {
    let module = WordUnpacker(wordWidth: 32, elementWidth: 10, elements: 8)
    let elements = randomPayloads(80, width: 10, seed: 4)
    let words = stride(from: 0, to: 80, by: 8).flatMap {
      WordUnpacker.packed(Array(elements[$0..<($0 + 8)]), intoWordsOf: 32)
    }
    let run = try flow(of: words, through: module, \.input, \.output, cycles: 90)
    #expect(run.cycles == Array(0..<80))
    #expect(run.taken == words.count)
  }

  @Test func elementsLieAtTheLowEnd() {
    let elements = [1, 2, 3, 4, 5].map { BitVector(truncating: $0, width: 4) }
    let words = WordUnpacker.packed(elements, intoWordsOf: 15)
    #expect(words == [0x321, 0x54].map { BitVector(truncating: $0, width: 15) })
    #expect(WordUnpacker.packed([], intoWordsOf: 15).isEmpty)
  }

  @Test func mistakesInParametersAreExplained() throws {
    for (module, sentence) in [
      (
        WordUnpacker(wordWidth: 8, elementWidth: 9, elements: 1),
        "an element of 9 bits does not lie in a word of 8"
      ),
      (WordUnpacker(wordWidth: 8, elementWidth: -1, elements: 1), "an element of -1 bits does not lie in a word of 8"),
      (WordUnpacker(wordWidth: 8, elementWidth: 4, elements: 0), "a pass has at least 1 element; 0 were asked for"),
    ] {
      let error = #expect(throws: ElaborationError.self) { try Design(module) }
      #expect("\(error.map { "\($0)" } ?? "")".contains(sentence))
    }
  }
}
