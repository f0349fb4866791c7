import Weft

/// The words, instructions and dependencies of a program while it is built, before they are put in order.
///
/// Instructions come in units: what computes one value or drives one piece of a signal. A unit notes the bits it reads;
/// the units that write those bits have to come first.
struct ProgramBuilder {
  /// An instruction with the unit it belongs to and its place in that unit's order.
  struct Entry {
    var opcode: Opcode
    var instruction: Instruction
    var unit: Int32
    var step: Int32
  }

  /// Bits that a unit reads: `low ..< low + width`, counted from the beginning of a word.
  struct Dependency {
    var word: Int32
    var low: Int32
    var width: Int32
  }

  /// A unit that drives bits of a signal.
  struct Piece {
    var low: Int32
    var width: Int32
    var unit: Int32
  }

  private(set) var words: [UInt64] = []
  private(set) var isState: [Bool] = []
  private(set) var tables: [Int32] = []
  private(set) var entries: [Entry] = []
  private(set) var dependencies: [Dependency] = []
  /// For each unit the end of its dependencies, which begin where those of the unit before end.
  private(set) var dependencyEnds: [Int32] = []
  /// For each word the unit that computes it, -1 for none, or -2 - index of a signal driven in pieces.
  private(set) var producers: [Int32] = []
  /// For each signal driven in pieces its first word and its pieces.
  private(set) var pieces: [(word: Int32, pieces: [Piece])] = []
  private var constants: [BitVector: Int32] = [:]
  /// Words whose changes from outside show in the logic: the inputs.
  private(set) var inputs: Set<Int32> = []

  /// The unit that is being built.
  var unit: Int32 { Int32(dependencyEnds.count) }
}

// MARK: - Words

extension ProgramBuilder {
  /// Room for `count` words.
  mutating func allocate(_ count: Int, isState state: Bool = false) -> Int32 {
    let first = Int32(words.count)
    words.append(contentsOf: repeatElement(0, count: count))
    producers.append(contentsOf: repeatElement(-1, count: count))
    isState.append(contentsOf: repeatElement(state, count: count))
    return first
  }

  /// Room for a value of `width` bits.
  mutating func allocate(width: Int, isState state: Bool = false) -> Int32 {
    allocate(BitVector.wordCount(forWidth: width), isState: state)
  }

  /// Sets the initial value of a word run.
  mutating func initialize(_ word: Int32, to value: BitVector) {
    for (index, part) in value.words.enumerated() { words[Int(word) + index] = part }
  }

  /// The place of a constant.
  mutating func constant(_ value: BitVector) -> Int32 {
    if let known = constants[value] { return known }
    let word = allocate(width: value.width)
    initialize(word, to: value)
    constants[value] = word
    return word
  }

  /// Adds a table and returns its beginning.
  mutating func table(_ entries: some Sequence<Int32>) -> UInt64 {
    let start = tables.count
    tables.append(contentsOf: entries)
    return UInt64(start)
  }

  /// Declares a word run to be an input.
  mutating func declareInput(_ word: Int32) { inputs.insert(word) }

  /// Declares a word run to be driven in pieces; their units follow by ``addPiece(of:low:width:)``.
  mutating func declarePieces(at word: Int32, count: Int) {
    for index in 0..<count { producers[Int(word) + index] = -2 - Int32(pieces.count) }
    pieces.append((word, []))
  }

  /// Declares the current unit to drive bits of the signal at `word`.
  mutating func addPiece(of word: Int32, low: Int, width: Int) {
    let index = Int(-2 - producers[Int(word)])
    pieces[index].pieces.append(Piece(low: Int32(low), width: Int32(width), unit: unit))
  }

  /// Puts every signal's pieces in the order of their bits.
  mutating func sortPieces() {
    for index in pieces.indices { pieces[index].pieces.sort { $0.low < $1.low } }
  }

  /// Declares the current unit to compute a word run.
  mutating func produce(_ word: Int32, count: Int) {
    for index in Int(word)..<Int(word) + count { producers[index] = unit }
  }
}

// MARK: - Units

extension ProgramBuilder {
  /// Adds an instruction to the current unit.
  mutating func emit(_ opcode: Opcode, _ instruction: Instruction, step: Int = 0) {
    entries.append(Entry(opcode: opcode, instruction: instruction, unit: unit, step: Int32(step)))
  }

  /// Notes that the current unit reads bits.
  mutating func read(_ word: Int32, low: Int = 0, width: Int) {
    dependencies.append(Dependency(word: word, low: Int32(low), width: Int32(width)))
  }

  /// Ends the current unit.
  mutating func endUnit() { dependencyEnds.append(Int32(dependencies.count)) }

  /// The dependencies of a unit.
  func dependencies(of unit: Int) -> Range<Int> {
    (unit == 0 ? 0 : Int(dependencyEnds[unit - 1]))..<Int(dependencyEnds[unit])
  }
}
