import Weft

/// A stream of a running design, looked up once: its handshake, and its payload as 64-bit words.
///
/// Each leaf of the payload begins a word of its own; unused bits are zero.
struct StreamPort {
  /// The stream's name in the top module.
  let name: String
  let valid: SignalLocation
  let ready: SignalLocation
  /// The number of words of a payload.
  let wordCount: Int
  /// The number of elements of a payload: one a scalar, all those of vectors.
  let elementCount: Int
  /// The number of bits of a payload.
  let width: Int
  private let leaves: [Leaf]

  private struct Leaf {
    let location: SignalLocation
    let width: Int
    let firstWord: Int
    let wordCount: Int
    /// Whether the leaf is a whole signal, whose bytes can be copied.
    let isSignal: Bool
  }

  init<M, Payload>(_ simulation: Simulation<M>, _ stream: KeyPath<M, Stream<Payload>>) {
    let locations = simulation.leaves(of: stream)
    precondition(locations.count > 2, "a stream has a payload, `valid` and `ready`")
    (valid, ready) = (locations[locations.count - 2], locations[locations.count - 1])
    name = simulation.name(ofStream: stream)
    var words = 0
    leaves = locations.dropLast(2).map { location in
      let width = location.elementWidth * location.count
      let leaf = Leaf(
        location: location, width: width, firstWord: words, wordCount: BitVector.wordCount(forWidth: width),
        isSignal: location.low == 0 && width == location.storage.width)
      words += leaf.wordCount
      return leaf
    }
    wordCount = words
    elementCount = leaves.reduce(0) { $0 + $1.location.count }
    width = leaves.reduce(0) { $0 + $1.width }
  }
}

// MARK: - Signals and words

extension StreamPort {
  /// Gives the payload's signals the values in `words`.
  func write(_ words: UnsafePointer<UInt64>) {
    for leaf in leaves {
      let storage = leaf.location.storage
      let source = words + leaf.firstWord
      if leaf.isSignal {
        storage.touch()
        storage.pointer.copyMemory(from: source, byteCount: storage.byteCount)
      } else {
        for index in 0..<leaf.wordCount {
          storage.setBits(
            low: leaf.location.low + index * 64, width: min(64, leaf.width - index * 64), source[index])
        }
      }
    }
  }

  /// Puts what the payload's signals hold into `words`.
  func read(into words: UnsafeMutablePointer<UInt64>) {
    for leaf in leaves {
      let storage = leaf.location.storage
      let target = words + leaf.firstWord
      if leaf.isSignal {
        storage.settle()
        target[leaf.wordCount - 1] = 0
        UnsafeMutableRawPointer(target).copyMemory(from: storage.pointer, byteCount: storage.byteCount)
      } else {
        for index in 0..<leaf.wordCount {
          target[index] = storage.bits(
            low: leaf.location.low + index * 64, width: min(64, leaf.width - index * 64))
        }
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
  /// The words of a payload whose elements are these numbers.
  func append(_ elements: some Collection<Int>, to words: inout [UInt64]) {
    precondition(
      elements.count == elementCount,
      "a payload of `\(name)` has \(elementCount) elements, but \(elements.count) were given")
    var iterator = elements.makeIterator()
    for leaf in leaves {
      let base = words.count
      words.append(contentsOf: repeatElement(0, count: leaf.wordCount))
      let elementWidth = leaf.location.elementWidth
      for index in 0..<leaf.location.count {
        guard let value = iterator.next() else { return }
        precondition(
          value.fits(elementWidth, isSigned: leaf.location.isSigned),
          "the value \(value) does not fit the \(leaf.location.isSigned ? "signed" : "unsigned") \(elementWidth) bits "
            + "of an element of `\(name)`")
        place(value, at: index * elementWidth, width: elementWidth, in: &words, base: base)
      }
    }
  }

  private func place(_ value: Int, at low: Int, width: Int, in words: inout [UInt64], base: Int) {
    var (low, left, source) = (low, width, value)
    while left > 0 {
      let shift = low & 63
      let count = min(64 - shift, left)
      let bits = UInt64(truncatingIfNeeded: source) & UInt64.max >> UInt64(64 - count)
      words[base + low >> 6] |= bits << UInt64(shift)
      source = source >> count
      (low, left) = (low + count, left - count)
    }
  }

  /// The words of a payload with these bits, its first leaf in the lowest.
  func append(_ bits: BitVector, to words: inout [UInt64]) {
    precondition(bits.width == width, "a payload of `\(name)` has \(width) bits, but \(bits.width) were given")
    var low = 0
    for leaf in leaves {
      words += bits.slice(low: low, width: leaf.width).words
      low += leaf.width
    }
  }

  /// The elements of the payload that begins at word `start`, those beyond 64 bits without what is above.
  func elements(in words: [UInt64], from start: Int) -> [Int] {
    var elements: [Int] = []
    elements.reserveCapacity(elementCount)
    for leaf in leaves {
      let base = start + leaf.firstWord
      let width = min(64, leaf.location.elementWidth)
      for index in 0..<leaf.location.count {
        let low = index * leaf.location.elementWidth
        let (word, shift) = (base + low >> 6, low & 63)
        var bits = words[word] >> UInt64(shift)
        if shift + width > 64 { bits |= words[word + 1] << UInt64(64 - shift) }
        let top = Int(truncatingIfNeeded: bits) &<< (64 - width)
        elements.append(
          leaf.location.isSigned ? top >> (64 - width) : Int(truncatingIfNeeded: UInt64(bitPattern: Int64(top)) >> UInt64(64 - width)))
      }
    }
    return elements
  }

  /// The bits of the payload that begins at word `start`, its first leaf in the lowest.
  func bits(in words: [UInt64], from start: Int) -> BitVector {
    var bits = BitVector(zero: width)
    var low = 0
    for leaf in leaves {
      let first = start + leaf.firstWord
      bits.insert(BitVector(words: words[first..<(first + leaf.wordCount)], width: leaf.width), at: low)
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
    let name = ready.signal.hasSuffix("_ready") ? String(ready.signal.dropLast("_ready".count)) : ready.signal
    let isElement = engine.storage(ofPort: ready.signal).map { $0.width > 1 } ?? false
    return isElement ? "\(name)[\(ready.low)]" : name
  }
}
