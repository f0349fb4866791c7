import Testing
import Weft
import WeftFormal
import WeftStreams

/// A reader of memory in front of surroundings that stall as they like and give only words that were asked for.
struct ReaderProof: Module {
  var words: Int
  var burst: Int
  var buffer: Int
  var base = 0
  var boundary = 4096
  /// The places of the queue that are claimed to stay free.
  var unused = 0

  var takesRequest: Bit { input(.bit) }
  var answers: Bit { input(.bit) }
  var takesWord: Bit { input(.bit) }
  var reader: Instance<MemoryReader> {
    instance(
      MemoryReader(
        of: .bundle(MemoryReadPort(addressWidth: 4, wordWidth: 8, longestBurst: 4)), baseAddress: base, words: words,
        burst: burst, buffer: buffer, boundary: boundary))
  }
  /// The words that were asked for and did not come yet.
  var expected: Unsigned { register(.unsigned(8), reset: 0) }
  /// The words in the queue, by what has passed at its ends.
  var held: Unsigned { register(.unsigned(8), reset: 0) }
  /// The next address that is to be asked for.
  var next: Unsigned { register(.unsigned(5), reset: Unsigned(base)) }
  var comes: Bit { wire(answers & (expected != 0)) }
  var free: Unsigned { output(.unsigned(8)) }

  var body: Circuit {
    let (request, word) = (reader.memory.requests, reader.memory.words)
    let count = request.payload.count.extended(to: 8)
    request.ready <== takesRequest
    word.valid <== comes
    word.payload <== 0
    reader.output.ready <== takesWord
    expected <== expected &+ request.fires.select(count, else: 0) &- comes.asUnsigned.extended(to: 8)
    held <== held &+ comes.asUnsigned.extended(to: 8) &- reader.output.fires.asUnsigned.extended(to: 8)

    Assert(expected &+ held <= Unsigned(buffer - unused), "no more is asked for than the queue has room for")
    Assert(comes.implies(word.ready), "a word that comes is taken")
    When((request.valid & !request.ready).past()) {
      Assert(request.valid, "a burst is asked for until it is taken")
      Assert(request.payload.address.isStable() & request.payload.count.isStable(), "a request stays the same")
    }
    When(request.valid) { asks(request.payload.address.extended(to: 5), request.payload.count.extended(to: 5)) }
    When(request.fires) {
      let end = next &+ count.truncated(to: 5)
      next <== (end == Unsigned(base + words)).select(Unsigned(base), else: end)
    }
    Cover(request.fires & (next &+ count.truncated(to: 5) == Unsigned(base + words)), "a pass is asked for")
    Cover(held == Unsigned(buffer), "the queue is full")
  }

  @CircuitBuilder private func asks(_ address: Unsigned, _ count: Unsigned) -> Circuit {
    Assert((count != 0) & (count <= Unsigned(burst)), "a burst has 1 to `burst` words")
    Assert(address == next, "bursts follow each other")
    Assert(address &+ count <= Unsigned(base + words), "no burst runs over the end of the region")
    if boundary < 16 {
      let page = Unsigned(32 - boundary)
      Assert((address & page) == (address &+ count &- 1) & page, "no burst crosses a boundary")
    }
  }

  var invariants: Circuit {
    free <== reader.freePlaces.extended(to: 8)
    Assert(reader.nextAddress.extended(to: 5) == next, "the next burst is the one that is waited for")
    Assert(reader.level.extended(to: 8) == held, "the queue holds what came and did not leave")
    Assert(expected <= Unsigned(buffer), "no more words are on their way than the queue has places")
    Assert(held <= Unsigned(buffer), "no more words are held than the queue has places")
    Assert(free &+ expected &+ held == Unsigned(buffer), "each place is free, taken, or kept for a word on its way")
  }
}

/// An arbiter between readers and a memory, both of which stall as they like. A word carries its reader and its number
/// among the words of that reader, both taken from the address that was asked for.
struct SharingProof: Module {
  var readers: Int
  var outstanding: Int

  private var port: MemoryReadPort { MemoryReadPort(addressWidth: 5, wordWidth: 5, longestBurst: 3) }
  var offers: Vector<Bit> { input(.vector(readers, of: .bit)) }
  var counts: Vector<Unsigned> { input(.vector(readers, of: .unsigned(2))) }
  var takesWord: Vector<Bit> { input(.vector(readers, of: .bit)) }
  var takesRequest: Bit { input(.bit) }
  var answers: Bit { input(.bit) }
  var arbiter: Instance<MemoryArbiter> {
    instance(MemoryArbiter(of: .bundle(port), readers: readers, outstanding: outstanding))
  }
  /// The requests that the memory has taken.
  var memory: Instance<FIFO<MemoryRequest>> {
    instance(FIFO(of: .bundle(MemoryRequest(addressWidth: 5, longestBurst: 3)), depth: outstanding))
  }
  /// The words of its oldest request that were taken.
  var given: Unsigned { register(.unsigned(2), reset: 0) }
  /// The words that each reader has asked for, and those that it has got, in a ring of eight.
  var asked: Vector<Unsigned> { register(.vector(readers, of: .unsigned(3)), reset: 0) }
  var got: Vector<Unsigned> { register(.vector(readers, of: .unsigned(3)), reset: 0) }

  var body: Circuit {
    for index in 0..<readers { reader(index) }
    let (requests, words) = (arbiter.memory.requests, arbiter.memory.words)
    memory.input.payload <== requests.payload
    memory.input.valid <== requests.valid & takesRequest
    requests.ready <== memory.input.ready & takesRequest
    let oldest = memory.output.payload
    let isLast = given &+ 1 == oldest.count
    words.valid <== memory.output.valid & answers
    words.payload <== concatenate(oldest.reader, oldest.number &+ given.extended(to: 3))
    memory.output.ready <== words.fires & isLast
    When(words.fires) { given <== isLast.select(0, else: given &+ 1) }
    When((requests.valid & !requests.ready).past()) {
      Assert(requests.valid & requests.payload.address.isStable(), "what is asked for stays until it is taken")
    }
    let ready = (0..<readers).map { takesWord[$0] & arbiter.readers[$0].words.valid }
    Assert(words.fires == ready.isAnySet, "a word that is taken goes to a reader")
    Cover(memory.count == Unsigned(outstanding), "as many bursts are on their way as may be")
  }

  @CircuitBuilder private func reader(_ index: Int) -> Circuit {
    let (requests, words) = (arbiter.readers[index].requests, arbiter.readers[index].words)
    requests.valid <== offers[index]
    requests.payload.count <== counts[index]
    requests.payload.address <== concatenate(Unsigned(index, width: 2), asked[index]).asUnsigned
    words.ready <== takesWord[index]
    Assume((counts[index] != 0) & (counts[index] <= 3), "a burst has words")
    Assume((requests.valid & !requests.ready).implies(next: offers[index]), "a burst is asked for until it is taken")
    When((requests.valid & !requests.ready).past()) { Assume(counts[index].isStable(), "a request stays the same") }
    When(requests.fires) { asked[index] <== asked[index] &+ counts[index].extended(to: 3) }
    When(words.fires) { got[index] <== got[index] &+ 1 }
    When(words.valid) {
      Assert(
        words.payload == concatenate(Unsigned(index, width: 2), got[index]), "each word comes to its reader in its turn")
    }
  }

  var invariants: Circuit {
    Assert(memory.count == arbiter.burstCount, "the arbiter knows the bursts that the memory has taken")
    Assert(given == arbiter.wordsReturned, "the arbiter knows how many words of the oldest have come")
    for place in 0..<outstanding { burst(place) }
    for index in 0..<readers {
      Assert(numbers(index, after: outstanding) == asked[index], "what was asked for has come or is on its way")
    }
  }

  @CircuitBuilder private func burst(_ place: Int) -> Circuit {
    let request = memory.contents[place]
    let burst = arbiter.bursts[place]
    let isThere = memory.count > Unsigned(place)
    When(isThere) {
      Assert((request.count != 0) & (request.count <= 3), "a burst has words")
      Assert(burst.payload == request.count, "the arbiter knows the words of a burst")
      Assert(burst.destination.extended(to: 2) == request.reader, "the arbiter knows the reader of a burst")
      Assert(request.reader < Unsigned(readers), "the reader of a burst exists")
      if place == 0 { Assert(given < request.count, "the oldest burst is not over") }
      for index in 0..<readers {
        When(request.reader == Unsigned(index)) {
          let first = place == 0 ? request.number &+ given.extended(to: 3) : request.number
          Assert(first == numbers(index, after: place), "a reader's bursts follow each other")
        }
      }
    } else: {
      if place == 0 { Assert(given == 0, "a burst begins with its first word") }
    }
  }

  /// The number, among a reader's words, of the one that follows the first so many bursts on their way.
  private func numbers(_ index: Int, after places: Int) -> Unsigned {
    (0..<places).reduce(got[index]) { number, place in
      let request = memory.contents[place]
      let count = place == 0 ? request.count &- given : request.count
      let isOwn = (memory.count > Unsigned(place)) & (request.reader == Unsigned(index))
      return isOwn.select(number &+ count.extended(to: 3), else: number)
    }
  }
}

extension MemoryRequest {
  /// The reader that an address names.
  fileprivate var reader: Unsigned { address[3...4].asUnsigned }
  /// The number of the first word among those of its reader.
  fileprivate var number: Unsigned { address[0...2].asUnsigned }
}

/// An unpacker, and which bits of which word have to leave when.
private struct UnpackerProof: Module {
  var wordWidth: Int
  var elementWidth: Int
  var elements: Int
  /// The elements that a word is claimed to hold.
  var perWord: Int

  var source: Stream<Bits> { sink(.bits(wordWidth)) }
  var target: Stream<Bits> { self.source(.bits(elementWidth)) }
  var unpacker: Instance<WordUnpacker> {
    instance(WordUnpacker(wordWidth: wordWidth, elementWidth: elementWidth, elements: elements))
  }
  /// The elements of the pass that have left.
  var position: Unsigned { register(.unsigned(4), reset: 0) }

  var body: Circuit {
    unpacker.input <== source
    target <== unpacker.output
    Assert(target.valid == source.valid, "an element is offered where there is a word")
    for index in 0..<elements {
      When(target.valid & (position == Unsigned(index))) {
        let low = index % perWord * elementWidth
        Assert(target.payload == source.payload[low..<(low + elementWidth)], "elements leave in their order")
        let isLast = index % perWord == perWord - 1 || index == elements - 1
        Assert(source.fires == (isLast ? target.fires : 0), "a word leaves with its last element")
      }
    }
    When(target.fires) { position <== (position == Unsigned(elements - 1)).select(0, else: position &+ 1) }
    Cover(target.fires & (position == Unsigned(elements - 1)), "a pass is over")
  }

  var invariants: Circuit {
    Assert(position < Unsigned(elements), "a pass has so many elements")
    for index in 0..<elements {
      When(position == Unsigned(index)) {
        Assert(unpacker.place == Unsigned(index % perWord), "the next element is the one that is waited for")
        if elements % perWord != 0 {
          Assert(unpacker.wordsTaken == Unsigned(index / perWord), "the next word is the one that is waited for")
        }
      }
    }
  }
}

/// What streams from a memory that several readers share: never more than there is room for, and nothing astray.
@Suite struct MemoryProofs {
  @Test(arguments: [
    ReaderProof(words: 1, burst: 1, buffer: 1), ReaderProof(words: 5, burst: 2, buffer: 3),
    ReaderProof(words: 7, burst: 4, buffer: 4), ReaderProof(words: 9, burst: 3, buffer: 5, base: 3, boundary: 4),
    ReaderProof(words: 5, burst: 4, buffer: 6, base: 11),
  ])
  func readersAskForWhatTheyHaveRoomFor(proof: ReaderProof) throws {
    try prove(proof)
    #expect(try findCovers(proof, within: 20).allSatisfy { $0.trace != nil })
  }

  @Test func readersUseAllTheirRoom() throws {
    let found = try #require(throws: Counterexample.self) {
      try prove(ReaderProof(words: 5, burst: 2, buffer: 4, unused: 1), by: .bounded(12))
    }
    #expect(found.property.property.sentence == "no more is asked for than the queue has room for")
  }

  @Test(arguments: [(1, 1), (2, 2), (2, 3), (3, 2)])
  func wordsComeBackToTheirReader(readers: Int, outstanding: Int) throws {
    try prove(SharingProof(readers: readers, outstanding: outstanding))
    let covers = try findCovers(SharingProof(readers: readers, outstanding: outstanding), within: 8)
    #expect(covers.allSatisfy { $0.trace != nil })
  }

  @Test(arguments: [(8, 2, 6, 4), (8, 3, 5, 2), (7, 2, 3, 3), (5, 3, 4, 1), (4, 2, 1, 2)])
  func unpackersKeepOrderAndCount(wordWidth: Int, elementWidth: Int, elements: Int, perWord: Int) throws {
    let proof = UnpackerProof(
      wordWidth: wordWidth, elementWidth: elementWidth, elements: elements, perWord: perWord)
    try prove(proof)
    #expect(try findCovers(proof, within: 10).allSatisfy { $0.trace != nil })
  }

  @Test func resetsLoseNothingWhereTheMemoryIsResetToo() throws {
    try prove(ReaderProof(words: 5, burst: 2, buffer: 3), resets: .anyTime)
    try prove(SharingProof(readers: 2, outstanding: 2), resets: .anyTime)
    try prove(UnpackerProof(wordWidth: 8, elementWidth: 3, elements: 5, perWord: 2), resets: .anyTime)
  }

  @Test func aWordIsNotLeftBeforeItsLastElement() throws {
    let wrong = UnpackerProof(wordWidth: 9, elementWidth: 3, elements: 4, perWord: 2)
    let found = try #require(throws: Counterexample.self) { try prove(wrong, by: .bounded(6)) }
    #expect(found.isReachable)
  }
}
