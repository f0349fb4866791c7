import Weft

/// Turns the data flow of one instance of a module into instructions.
///
/// Values are lowered on demand, users before operands: a value that no user asks for as words of its own, because it
/// is read as a bit field of another, costs nothing.
struct ScopeLowering {
  typealias Value = ModuleDataflow.Value

  let dataflow: ModuleDataflow
  /// The words of the module's signals.
  let signals: [Int32]
  /// The place of each value that has words of its own, or -1.
  private(set) var places: [Int32]
  var builder: ProgramBuilder

  init(dataflow: ModuleDataflow, signals: [Int32], builder: ProgramBuilder) {
    self.dataflow = dataflow
    self.signals = signals
    self.builder = builder
    places = [Int32](repeating: -1, count: dataflow.operations.count)
  }

  func width(of value: Value) -> Int { dataflow.width(of: value) }

  func isWide(_ value: Value) -> Bool { width(of: value) > 64 }

  func wordCount(of value: Value) -> Int { BitVector.wordCount(forWidth: width(of: value)) }

  /// Lets a value be computed right into `word`.
  mutating func assignPlace(_ value: Value, _ word: Int32) {
    places[Int(value)] = word
  }

  func hasPlace(_ value: Value) -> Bool { places[Int(value)] >= 0 }
}

// MARK: - Operands

extension ScopeLowering {
  /// The words that hold a value; asks for it to be computed where it is not at hand.
  mutating func place(of value: Value) -> Int32 {
    var current = value
    while true {
      if places[Int(current)] >= 0 { return places[Int(current)] }
      switch dataflow.operation(of: current) {
      case .constant(let constant): return builder.constant(constant)
      case .reference(let signal): return signals[signal]
      case .extend(let inner, signed: false) where !isWide(current): current = inner
      default:
        let word = builder.allocate(width: width(of: current))
        places[Int(current)] = word
        return word
      }
    }
  }

  /// The words that hold a value that the current unit reads.
  mutating func operand(_ value: Value) -> Int32 {
    let word = place(of: value)
    builder.read(word, width: width(of: value))
    return word
  }

  /// A number of places or an index, in one word; all ones where it takes more.
  private mutating func count(_ value: Value) -> Int32 {
    guard isWide(value) else { return operand(value) }
    let word = builder.allocate(1)
    builder.emit(.saturate, Instruction(target: word, a: operand(value), extra: UInt64(wordCount(of: value))))
    return word
  }

  /// An address, in one word; all ones where it takes more. Outside any unit.
  mutating func address(_ value: Value) -> Int32 {
    guard isWide(value) else { return place(of: value) }
    let word = count(value)
    builder.produce(word, count: 1)
    builder.endUnit()
    return word
  }

  /// The step of a unit's main instruction, behind that of its count.
  private func step(after count: Value) -> Int { isWide(count) ? 1 : 0 }

  /// A value as a bit field of one word: the shifts that bring it to the top and then, with its sign, to the bottom.
  mutating func field(_ value: Value, signed: Bool) -> (word: Int32, left: Int, right: Int) {
    let width = width(of: value)
    if places[Int(value)] < 0 {
      switch dataflow.operation(of: value) {
      case .slice(let base, let low) where low & 63 + width <= 64:
        let word = place(of: base)
        builder.read(word, low: low, width: width)
        return (word + Int32(low >> 6), 64 - (low & 63) - width, 64 - width)
      case .extend(let inner, signed: true) where signed: return field(inner, signed: true)
      case .extend(let inner, signed: false): return (operand(inner), 0, 0)
      default: break
      }
    }
    return (operand(value), 64 - width, 64 - width)
  }
}

// MARK: - Operations

extension ScopeLowering {
  /// Computes every value that was asked for. Users have higher indices than their operands, except those that
  /// statements brought along, which nothing in the netlist uses.
  mutating func lowerValues() {
    for index in places.indices.reversed() where places[index] >= 0 { lower(Value(index), into: places[index]) }
  }

  private mutating func lower(_ value: Value, into target: Int32) {
    builder.produce(target, count: wordCount(of: value))
    let operation = dataflow.operation(of: value)
    switch operation {
    case .constant(let constant):
      builder.emit(
        .wideCopy, Instruction(target: target, a: builder.constant(constant), extra: UInt64(wordCount(of: value))))
    case .reference: copy(value: operand(value), of: value, to: target)
    case .add(let a, let b): sum(value, a, b, into: target, narrow: .add, fields: .addFields, wide: .wideAdd)
    case .subtract(let a, let b):
      sum(value, a, b, into: target, narrow: .subtract, fields: .subtractFields, wide: .wideSubtract)
    case .multiply(let a, let b, let signed): multiply(value, a, b, signed: signed, into: target)
    case .bitwise(let operation, let a, let b): bitwise(value, operation, a, b, into: target)
    case .not(let a):
      let instruction = Instruction(
        target: target, a: operand(a), extra: isWide(value) ? UInt64(width(of: value)) : mask(width(of: value)))
      builder.emit(isWide(value) ? .wideNot : .not, instruction)
    case .compare(let comparison, let a, let b): compare(comparison, a, b, into: target)
    case .reduce(let operation, let a): reduce(operation, a, into: target)
    case .shift(let direction, let a, let amount): shift(value, direction, a, by: amount, into: target)
    case .select(let condition, let a, let b):
      let instruction = Instruction(
        target: target, a: operand(condition), b: operand(a), c: operand(b), extra: UInt64(wordCount(of: value)))
      builder.emit(isWide(value) ? .wideSelect : .select, instruction)
    case .element(let vector, let index): element(value, of: vector, at: index, into: target)
    case .slice(let a, let low): slice(a, low: low, width: width(of: value), into: target)
    case .concatenate(let parts): concatenate(parts, width: width(of: value), into: target)
    case .extend(let a, let signed): extend(value, a, signed: signed, into: target)
    case .lookup(let subject, let table):
      builder.emit(.lookup, Instruction(target: target, a: operand(subject), extra: builder.table(table)))
    case .choose(let selector, let options):
      let table = builder.table(options.map { operand($0) })
      let instruction = Instruction(
        target: target, a: operand(selector), extra: isWide(value) ? table | UInt64(wordCount(of: value)) << 32 : table)
      builder.emit(isWide(value) ? .wideChoose : .choose, instruction)
    }
    builder.endUnit()
  }

  func mask(_ width: Int) -> UInt64 { .max >> UInt64(64 - width) }

  private mutating func copy(value source: Int32, of value: Value, to target: Int32) {
    builder.emit(
      isWide(value) ? .wideCopy : .copy, Instruction(target: target, a: source, extra: UInt64(wordCount(of: value))))
  }

  private func isField(_ value: Value) -> Bool {
    guard places[Int(value)] < 0 else { return false }
    switch dataflow.operation(of: value) {
    case .extend(_, signed: true): return true
    case .slice(_, let low): return low & 63 + width(of: value) <= 64
    default: return false
    }
  }

  private mutating func sum(
    _ value: Value, _ a: Value, _ b: Value, into target: Int32, narrow: Opcode, fields: Opcode, wide: Opcode
  ) {
    let width = width(of: value)
    if width > 64 {
      builder.emit(wide, Instruction(target: target, a: operand(a), b: operand(b), extra: UInt64(width)))
    } else if isField(a) || isField(b) {
      emitFields(fields, a, b, signed: true, width: width, into: target)
    } else {
      builder.emit(narrow, Instruction(target: target, a: operand(a), b: operand(b), extra: mask(width)))
    }
  }

  private mutating func emitFields(
    _ opcode: Opcode, _ a: Value, _ b: Value, signed: Bool, width: Int, into target: Int32
  ) {
    let (left, right) = (field(a, signed: signed), field(b, signed: signed))
    let fields = Fields(leftA: left.left, rightA: left.right, leftB: right.left, rightB: right.right, width: width)
    builder.emit(opcode, Instruction(target: target, a: left.word, b: right.word, extra: fields.packed))
  }

  private mutating func multiply(_ value: Value, _ a: Value, _ b: Value, signed: Bool, into target: Int32) {
    let width = width(of: value)
    if width <= 64 {
      emitFields(signed ? .multiplySigned : .multiplyUnsigned, a, b, signed: signed, width: width, into: target)
    } else {
      let widths = UInt64(self.width(of: a)) | UInt64(self.width(of: b)) << 32
      builder.emit(
        .wideMultiply, Instruction(target: target, a: operand(a), b: operand(b), c: signed ? 1 : 0, extra: widths))
    }
  }

  private mutating func bitwise(
    _ value: Value, _ operation: Netlist.BitwiseOperator, _ a: Value, _ b: Value, into target: Int32
  ) {
    let wide = isWide(value)
    let opcode: Opcode =
      switch operation {
      case .and: wide ? .wideAnd : .and
      case .or: wide ? .wideOr : .or
      case .xor: wide ? .wideXor : .xor
      }
    builder.emit(opcode, Instruction(target: target, a: operand(a), b: operand(b), extra: UInt64(width(of: value))))
  }

  private mutating func compare(_ comparison: Netlist.Comparison, _ a: Value, _ b: Value, into target: Int32) {
    let width = width(of: a)
    if width > 64 {
      let opcode: Opcode =
        switch comparison {
        case .equal: .wideEqual
        case .less: .wideLess
        case .lessSigned: .wideLessSigned
        }
      builder.emit(opcode, Instruction(target: target, a: operand(a), b: operand(b), extra: UInt64(width)))
      return
    }
    switch comparison {
    case .equal: builder.emit(.equal, Instruction(target: target, a: operand(a), b: operand(b)))
    case .less: builder.emit(.less, Instruction(target: target, a: operand(a), b: operand(b)))
    case .lessSigned: emitFields(.lessSigned, a, b, signed: true, width: 1, into: target)
    }
  }

  private mutating func reduce(_ operation: Netlist.BitwiseOperator, _ a: Value, into target: Int32) {
    let wide = isWide(a)
    let opcode: Opcode =
      switch operation {
      case .and: wide ? .wideReduceAnd : .reduceAnd
      case .or: wide ? .wideReduceOr : .reduceOr
      case .xor: wide ? .wideReduceXor : .reduceXor
      }
    let width = width(of: a)
    builder.emit(opcode, Instruction(target: target, a: operand(a), extra: wide ? UInt64(width) : mask(width)))
  }

  private mutating func shift(
    _ value: Value, _ direction: Netlist.ShiftDirection, _ a: Value, by amount: Value, into target: Int32
  ) {
    let wide = isWide(value)
    let opcode: Opcode =
      switch direction {
      case .left: wide ? .wideShiftLeft : .shiftLeft
      case .right: wide ? .wideShiftRight : .shiftRight
      case .rightArithmetic: wide ? .wideShiftRightArithmetic : .shiftRightArithmetic
      }
    let width = width(of: value)
    let instruction = Instruction(
      target: target, a: operand(a), b: count(amount), c: Int32(width), extra: wide ? UInt64(width) : mask(width))
    builder.emit(opcode, instruction, step: step(after: amount))
  }

  private mutating func element(_ value: Value, of vector: Value, at index: Value, into target: Int32) {
    let width = width(of: value)
    let opcode: Opcode = if width > 64 { .wideElement } else if isWide(vector) { .elementWide } else { .element }
    let instruction = Instruction(
      target: target, a: operand(vector), b: count(index), c: Int32(width),
      extra: UInt64(self.width(of: vector) / width))
    builder.emit(opcode, instruction, step: step(after: index))
  }

  private mutating func extend(_ value: Value, _ a: Value, signed: Bool, into target: Int32) {
    let width = width(of: value)
    if !signed {
      copy(value: operand(a), of: a, to: target)
    } else if width > 64 {
      let widths = UInt64(self.width(of: a)) | UInt64(width) << 32
      builder.emit(.wideSignExtend, Instruction(target: target, a: operand(a), extra: widths))
    } else {
      let source = field(a, signed: true)
      let fields = Fields(leftA: source.left, rightA: source.right, width: width)
      builder.emit(.signExtend, Instruction(target: target, a: source.word, extra: fields.packed))
    }
  }
}

// MARK: - Slices and concatenations

extension ScopeLowering {
  private mutating func slice(_ a: Value, low: Int, width: Int, into target: Int32) {
    let base = place(of: a)
    builder.read(base, low: low, width: width)
    let shift = low & 63
    if width > 64 {
      builder.emit(.copyBits, Instruction(target: target, a: base, c: Int32(low), extra: UInt64(width)))
    } else {
      let instruction = Instruction(target: target, a: base + Int32(low >> 6), b: Int32(shift), extra: mask(width))
      builder.emit(shift + width > 64 ? .sliceAcross : .slice, instruction)
    }
  }

  private mutating func concatenate(_ parts: [Value], width: Int, into target: Int32) {
    if width <= 64, parts.count >= 2 {
      var low = self.width(of: parts[parts.count - 1])
      let first = Instruction(
        target: target, a: operand(parts[parts.count - 2]), b: operand(parts[parts.count - 1]), c: Int32(low))
      builder.emit(.join, first)
      for (high, part) in zip(parts.dropLast().reversed(), parts.dropLast(2).reversed()) {
        low += self.width(of: high)
        builder.emit(.orLeft, Instruction(target: target, a: operand(part), c: Int32(low)), step: 1)
      }
      return
    }
    var low = 0
    for part in parts.reversed() {
      insert(part, into: target, at: low)
      low += self.width(of: part)
    }
  }

  /// Puts a value at bits of a word run that nothing else in the unit writes.
  mutating func insert(_ part: Value, into target: Int32, at low: Int) {
    let width = width(of: part)
    if case .slice(let base, let offset) = dataflow.operation(of: part), places[Int(part)] < 0, width > 64 {
      let word = place(of: base)
      builder.read(word, low: offset, width: width)
      builder.emit(
        .copyBits, Instruction(target: target, a: word, b: Int32(low), c: Int32(offset), extra: UInt64(width)))
      return
    }
    insert(word: operand(part), width: width, into: target, at: low)
  }

  /// Puts `width` bits of a word run at bits of another.
  mutating func insert(word: Int32, width: Int, into target: Int32, at low: Int) {
    for instruction in Self.insertion(of: word, width: width, into: target, at: low) {
      builder.emit(instruction.opcode, instruction.instruction)
    }
  }

  /// The instructions that put `width` bits of a word run at bits of another.
  static func insertion(of word: Int32, width: Int, into target: Int32, at low: Int)
    -> [(opcode: Opcode, instruction: Instruction)]
  {
    if width > 64 {
      return [(.copyBits, Instruction(target: target, a: word, b: Int32(low), extra: UInt64(width)))]
    }
    let mask = UInt64.max >> UInt64(64 - width)
    let shift = low & 63
    let first = target + Int32(low >> 6)
    var result = [
      (
        opcode: Opcode.insertLeft,
        instruction: Instruction(target: first, a: word, c: Int32(shift), extra: mask << UInt64(shift))
      )
    ]
    if shift + width > 64 {
      let spilled = 64 - shift
      let high = Instruction(target: first + 1, a: word, c: Int32(spilled), extra: mask >> UInt64(spilled))
      result.append((.insertRight, high))
    }
    return result
  }
}
