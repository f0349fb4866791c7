import Weft

/// A stream of a running design, looked up once: its handshake, and its payload as 64-bit words.
///
/// Each leaf of the payload begins a word of its own; unused bits are zero. What agents do every cycle goes to memory
/// by plain pointers.
final class StreamPort {
  /// The stream's name in the top module.
  let name: String
  let valid: BitSignal
  let ready: BitSignal
  /// The number of words of a payload.
  let wordCount: Int
  /// The number of elements of a payload: one a scalar, all those of vectors.
  let elementCount: Int
  /// The number of bits of a payload.
  let width: Int
  /// The bits of each leaf of the payload.
  var leafWidths: [Int] { leaves.map(\.width) }
  private let leaves: [Leaf]
  /// The leaves that are whole signals, whose bytes can be copied.
  private let copies: UnsafeMutableBufferPointer<ByteCopy>
  /// The other leaves.
  private let pieces: [Leaf]

  private struct Leaf {
    let location: SignalLocation
    let width: Int
    let firstWord: Int
    let wordCount: Int

    var isSignal: Bool { location.low == 0 && width == location.storage.width }
  }

  private struct ByteCopy {
    let pointer: UnsafeMutableRawPointer
    let byteCount: Int
    let firstWord: Int
  }

  init<M, Payload>(_ simulation: Simulation<M>, _ stream: KeyPath<M, Stream<Payload>>) {
    let locations = simulation.leaves(of: stream)
    precondition(locations.count > 2, "a stream has a payload, `valid` and `ready`")
    valid = BitSignal(locations[locations.count - 2])
    ready = BitSignal(locations[locations.count - 1])
    name = simulation.name(ofStream: stream)
    var words = 0
    let leaves = locations.dropLast(2).map { location in
      let width = location.elementWidth * location.count
      let leaf = Leaf(
        location: location, width: width, firstWord: words, wordCount: BitVector.wordCount(forWidth: width))
      words += leaf.wordCount
      return leaf
    }
    wordCount = words
    elementCount = leaves.reduce(0) { $0 + $1.location.count }
    width = leaves.reduce(0) { $0 + $1.width }
    self.leaves = leaves
    pieces = leaves.filter { !$0.isSignal }
    let signals = leaves.filter(\.isSignal).map {
      ByteCopy(
        pointer: $0.location.storage.pointer, byteCount: $0.location.storage.byteCount, firstWord: $0.firstWord)
    }
    copies = .allocate(capacity: signals.count)
    _ = copies.initialize(from: signals)
  }

  deinit { copies.deallocate() }
}

/// One bit of a running design, looked up once.
struct BitSignal {
  private let storage: SignalStorage
  private let byte: UnsafeMutablePointer<UInt8>
  private let mask: UInt8

  init(_ location: SignalLocation) {
    storage = location.storage
    byte = (storage.pointer + location.low >> 3).assumingMemoryBound(to: UInt8.self)
    mask = 1 << UInt8(location.low & 7)
  }

  /// Whether the bit is one, once the logic has settled.
  @inline(__always)
  var isSet: Bool {
    storage.settle()
    return byte.pointee & mask != 0
  }

  /// Whether the bit, an input, was given the value one.
  @inline(__always)
  var isGiven: Bool { byte.pointee & mask != 0 }

  /// Gives the bit, an input, a value.
  @inline(__always)
  func set(_ value: Bool) {
    storage.touch()
    if value { byte.pointee |= mask } else { byte.pointee &= ~mask }
  }
}

// MARK: - Signals and words

extension StreamPort {
  /// Gives the payload's signals, inputs, the values in `words`.
  func write(_ words: UnsafePointer<UInt64>) {
    leaves[0].location.storage.touch()
    for copy in copies { copy.pointer.copyMemory(from: words + copy.firstWord, byteCount: copy.byteCount) }
    for leaf in pieces {
      for index in 0..<leaf.wordCount {
        leaf.location.storage.setBits(
          low: leaf.location.low + index * 64, width: min(64, leaf.width - index * 64),
          words[leaf.firstWord + index])
      }
    }
  }

  /// Puts what the payload's signals hold once the logic has settled into `words`, which are zero.
  func read(into words: UnsafeMutablePointer<UInt64>) {
    for index in leaves.indices { leaves[index].location.storage.settle() }
    for copy in copies {
      UnsafeMutableRawPointer(words + copy.firstWord).copyMemory(from: copy.pointer, byteCount: copy.byteCount)
    }
    for leaf in pieces {
      for index in 0..<leaf.wordCount {
        words[leaf.firstWord + index] = leaf.location.storage.bits(
          low: leaf.location.low + index * 64, width: min(64, leaf.width - index * 64))
      }
    }
  }

  /// Clears the bits of `words` that no signal has.
  func mask(_ words: UnsafeMutablePointer<UInt64>) {
    for leaf in leaves where leaf.width & 63 != 0 {
      words[leaf.firstWord + leaf.wordCount - 1] &= (1 << UInt64(leaf.width & 63)) - 1
    }
  }
}

// MARK: - Words and values

extension StreamPort {
  /// Puts the payload whose elements are these numbers into `words`, which are zero.
  func encode(_ elements: some Collection<Int>, into words: UnsafeMutablePointer<UInt64>) {
    precondition(
      elements.count == elementCount,
      "a payload of `\(name)` has \(elementCount) elements, but \(elements.count) were given")
    var iterator = elements.makeIterator()
    for leaf in leaves {
      let elementWidth = leaf.location.elementWidth
      for index in 0..<leaf.location.count {
        guard let value = iterator.next() else { return }
        precondition(
          value.fits(elementWidth, isSigned: leaf.location.isSigned),
          "the value \(value) does not fit the \(leaf.location.isSigned ? "signed" : "unsigned") \(elementWidth) bits "
            + "of an element of `\(name)`")
        place(value, at: index * elementWidth, width: elementWidth, in: words + leaf.firstWord)
      }
    }
  }

  private func place(_ value: Int, at low: Int, width: Int, in words: UnsafeMutablePointer<UInt64>) {
    var (low, left, source) = (low, width, value)
    while left > 0 {
      let shift = low & 63
      let count = min(64 - shift, left)
      let bits = UInt64(truncatingIfNeeded: source) & UInt64.max >> UInt64(64 - count)
      words[low >> 6] |= bits << UInt64(shift)
      source = source >> count
      (low, left) = (low + count, left - count)
    }
  }

  /// Puts the payload with these bits, its first leaf in the lowest, into `words`.
  func encode(_ bits: BitVector, into words: UnsafeMutablePointer<UInt64>) {
    precondition(bits.width == width, "a payload of `\(name)` has \(width) bits, but \(bits.width) were given")
    var low = 0
    for leaf in leaves {
      for (index, word) in bits.slice(low: low, width: leaf.width).words.enumerated() {
        words[leaf.firstWord + index] = word
      }
      low += leaf.width
    }
  }

  /// The elements of the payload in `words`, those beyond 64 bits without what is above.
  func elements(of words: UnsafePointer<UInt64>) -> [Int] {
    var elements: [Int] = []
    elements.reserveCapacity(elementCount)
    for leaf in leaves {
      let width = min(64, leaf.location.elementWidth)
      for index in 0..<leaf.location.count {
        let low = index * leaf.location.elementWidth
        let (word, shift) = (leaf.firstWord + low >> 6, low & 63)
        var bits = words[word] >> UInt64(shift)
        if shift + width > 64 { bits |= words[word + 1] << UInt64(64 - shift) }
        let top = bits << UInt64(64 - width)
        elements.append(
          leaf.location.isSigned
            ? Int(truncatingIfNeeded: top) >> (64 - width) : Int(truncatingIfNeeded: top >> UInt64(64 - width)))
      }
    }
    return elements
  }

  /// The bits of the payload in `words`, its first leaf in the lowest.
  func bits(of words: UnsafePointer<UInt64>) -> BitVector {
    var bits = BitVector(zero: width)
    var low = 0
    for leaf in leaves {
      let words = UnsafeBufferPointer(start: words + leaf.firstWord, count: leaf.wordCount)
      bits.insert(BitVector(words: words, width: leaf.width), at: low)
      low += leaf.width
    }
    return bits
  }
}

extension Int {
  fileprivate func fits(_ width: Int, isSigned: Bool) -> Bool {
    if width >= Int.bitWidth { return true }
    return isSigned ? self >> (width - 1) == 0 || self >> (width - 1) == -1 : self >> width == 0
  }
}

extension Simulation {
  /// The name of a stream: its signals' without their last part, with the index of an element of a vector.
  fileprivate func name<Payload>(ofStream path: KeyPath<M, Stream<Payload>>) -> String {
    guard let ready = view.locations(of: path)?.last else { return "" }
    var name = ready.signal
    if name.hasSuffix("ready") { name.removeLast("ready".count) }
    if name.hasSuffix("_") { name.removeLast() }
    let isElement = engine.storage(ofPort: ready.signal).map { $0.width > 1 } ?? false
    return isElement ? "\(name)[\(ready.low)]" : name
  }
}
