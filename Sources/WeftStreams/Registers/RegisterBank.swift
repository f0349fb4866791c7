import Weft

/// The registers of a map behind an AXI4-Lite bus: the subordinate, and ports to the hardware for every field.
///
/// A port is named after register and field, `control_mode`; the hardware around it reaches it by the field:
///
/// ```swift
/// var registers: Instance<RegisterBank> { instance(RegisterBank(map)) }
/// ...
/// registers.s_axi <== s_axi
/// When(registers[start]) { state <== .running }          // a pulse, or what software wrote
/// registers[busy] <== state != .idle                     // what software reads
/// registers[set: done] <== frameEnds                     // bits that software clears
/// ```
/// A write changes the bytes whose strobes are one. Software reads zeros where no field is that it may read, and what
/// it writes there has no effect. An access whose address is no multiple of the word's bytes is answered with
/// `AXIResponse.subordinateError`, one where no register is with `AXIResponse.decodeError`; neither has an effect,
/// and zeros are read. Where hardware and software change a bit at one clock edge, what is set stays set.
///
/// - Latency: a write is answered two cycles after its address and its data were taken, a read one cycle.
/// - Throughput: a write and a read every two cycles, each independent of the other. Address and data of a write are
///   taken in any order.
/// - Paths: all outputs come from registers; none depends on an input of the same cycle.
public struct RegisterBank: Module {
  /// The registers.
  public let map: RegisterMap
  /// The bits of the address of a byte; more than the map needs where others share a larger region with it.
  public let addressWidth: Int

  /// The registers of a map, with the least address that reaches all of them, unless a wider one is given.
  public init(_ map: RegisterMap, addressWidth: Int? = nil) {
    self.map = map
    self.addressWidth = addressWidth ?? map.addressWidth
  }

  /// `engine_registers` for the map `engine`.
  public var verilogName: String? { RegisterNames.isLegal(map.name) ? "\(map.name)_registers" : nil }

  /// The bus.
  public var s_axi: AXI4Lite {
    input(.bundle(AXI4Lite(addressWidth: addressWidth, dataWidth: map.wordWidth)))
  }
  /// Whether an event is pending and enabled, for a map with ``Interrupts``.
  public var irq: Bit { output(.bit) }

  // A write that is under way.
  var isWriting: Bit { wire(hasAddress & hasData & !isWriteAnswered) }
  var hasAddress: Bit { register(.bit, reset: 0) }
  var hasData: Bit { register(.bit, reset: 0) }
  var writeAddress: Unsigned { register(.unsigned(addressWidth)) }
  var writeData: Bits { register(.bits(map.wordWidth)) }
  var writeStrobes: Bits { register(.bits(map.wordBytes)) }
  var isWriteAnswered: Bit { register(.bit, reset: 0) }
  var writeResponse: Choice<AXIResponse> { register(.choice(AXIResponse.self), reset: .okay) }
  // A read that is under way.
  var isReadAnswered: Bit { register(.bit, reset: 0) }
  var readData: Bits { register(.bits(map.wordWidth)) }
  var readResponse: Choice<AXIResponse> { register(.choice(AXIResponse.self), reset: .okay) }

  public var body: Circuit {
    let problems = map.problems
    let fits = (map.addressWidth...64).contains(addressWidth)
    for problem in problems { require(false, problem) }
    require(
      fits || !problems.isEmpty,
      "an address of \(addressWidth) bits does not fit the register map `\(map.name)`; give it \(map.addressWidth) to "
        + "64")
    if fits && problems.isEmpty {
      hardwareChanges
      writes
      reads
      hardwareReads
    }
  }
}

// MARK: - Software

extension RegisterBank {
  /// One word of the map: a register, or an element of one that is an array.
  private struct Word {
    let register: Register
    let element: Int
    /// Which word it is, from offset zero on.
    let index: Int
  }

  private var words: [Word] {
    map.registers.flatMap { register in
      (0..<register.words).map { element in
        let offset = register.offset + element * register.stride
        return Word(register: register, element: element, index: offset / map.wordBytes)
      }
    }
  }

  /// The bits of an address below those that number words.
  private var alignmentBits: Int { map.wordBytes.trailingZeroBitCount }

  private func wordIndex(_ address: Unsigned) -> Unsigned { address[alignmentBits..<addressWidth].asUnsigned }
  private func isMisaligned(_ address: Unsigned) -> Bit { address[0..<alignmentBits].isAnySet }

  @CircuitBuilder private var writes: Circuit {
    s_axi.aw.ready <== !hasAddress
    s_axi.w.ready <== !hasData
    s_axi.b.valid <== isWriteAnswered
    s_axi.b.payload.resp <== writeResponse
    When(s_axi.aw.fires) {
      hasAddress <== 1
      writeAddress <== s_axi.aw.payload.addr
    }
    When(s_axi.w.fires) {
      hasData <== 1
      writeData <== s_axi.w.payload.data
      writeStrobes <== s_axi.w.payload.strb
    }
    When(s_axi.b.fires) { isWriteAnswered <== 0 }
    When(isWriting) {
      hasAddress <== 0
      hasData <== 0
      isWriteAnswered <== 1
      writeResponse <== .decodeError
      When(isMisaligned(writeAddress)) {
        writeResponse <== .subordinateError
      } else: {
        Switch(wordIndex(writeAddress)) {
          for word in words { Case(word.index) { write(word) } }
        }
      }
    }
  }

  @CircuitBuilder private func write(_ word: Word) -> Circuit {
    writeResponse <== .okay
    for byte in 0..<map.wordBytes {
      let bits = (8 * byte)..<(8 * byte + 8)
      let fields = word.register.fields.filter { $0.access.isWritable && $0.bits.overlaps(bits) }
      if !fields.isEmpty {
        When(writeStrobes[byte]) {
          for field in fields { write(field.bits.clamped(to: bits), of: field, in: word) }
        }
      }
    }
  }

  /// What a write does to some of the bits of a field.
  private func write(_ bits: Range<Int>, of field: Register.Field, in word: Word) -> Circuit {
    let (first, last) = (bits.lowerBound - field.lowBit, bits.upperBound - field.lowBit)
    let held = held(field, in: word)[first..<last]
    let written = writeData[bits]
    return switch field.access {
    case .writeOneToClear: held <== held & ~written | event(field, in: word)[first..<last]
    case .writeOneToSet: held <== held & ~event(field, in: word)[first..<last] | written
    default: held <== written
    }
  }

  @CircuitBuilder private var reads: Circuit {
    let address = s_axi.ar.payload.addr
    s_axi.ar.ready <== !isReadAnswered
    s_axi.r.valid <== isReadAnswered
    s_axi.r.payload.data <== readData
    s_axi.r.payload.resp <== readResponse
    When(s_axi.r.fires) { isReadAnswered <== 0 }
    When(s_axi.ar.fires) {
      isReadAnswered <== 1
      readData <== 0
      readResponse <== .decodeError
      When(isMisaligned(address)) {
        readResponse <== .subordinateError
      } else: {
        Switch(wordIndex(address)) {
          for word in words { Case(word.index) { read(word) } }
        }
      }
    }
  }

  @CircuitBuilder private func read(_ word: Word) -> Circuit {
    readResponse <== .okay
    for field in word.register.fields where field.access.isReadable {
      readData[field.bits] <== (field.access == .readOnly ? value(field, in: word) : held(field, in: word))
      if field.access == .readToClear { held(field, in: word) <== event(field, in: word) }
    }
  }
}

// MARK: - Hardware

extension RegisterBank {
  /// What happens to fields while software does nothing.
  @CircuitBuilder private var hardwareChanges: Circuit {
    for word in words {
      for field in word.register.fields {
        switch field.access {
        case .writeOneToClear, .readToClear: held(field, in: word) <== held(field, in: word) | event(field, in: word)
        case .writeOneToSet: held(field, in: word) <== held(field, in: word) & ~event(field, in: word)
        case .writePulse: held(field, in: word) <== Bits.zeros(field.width)
        case .readWrite, .readOnly, .writeOnly: Circuit([])
        }
      }
    }
  }

  @CircuitBuilder private var hardwareReads: Circuit {
    for word in words {
      for field in word.register.fields where field.access != .readOnly {
        value(field, in: word) <== held(field, in: word)
      }
    }
    if map.hasInterrupts { irq <== interrupts.isAnySet }
  }

  /// For each event, whether it is pending and enabled.
  private var interrupts: [Bit] {
    map.registers.flatMap { pending in
      let enable = pending.interruptEnable.flatMap { map[$0] }
      return zip(pending.fields, enable?.fields ?? []).map { event, mask in
        (held(event, of: pending)[0] & held(mask, of: enable ?? pending)[0]).isAnySet
      }
    }
  }
}

// MARK: - Signals of fields

extension RegisterBank {
  private func held(_ field: Register.Field, in word: Word) -> Bits { held(field, of: word.register)[word.element] }
  private func value(_ field: Register.Field, in word: Word) -> Bits {
    port(.value, field, of: word.register)[word.element]
  }
  private func event(_ field: Register.Field, in word: Word) -> Bits {
    let role = RegisterPort.event(of: field.access) ?? .value
    return port(role, field, of: word.register)[word.element]
  }

  /// What holds a field, one element a word.
  private func held(_ field: Register.Field, of register: Register) -> Vector<Bits> {
    let reset = Bits(BitVector(words: [field.resetBits], width: field.width))
    return self.register(
      .vector(register.words, of: .bits(field.width)), reset: field.access.isStored ? reset : Bits.zeros(field.width),
      named: field.heldName(register))
  }

  /// A port of a field, one element a word.
  private func port(_ role: RegisterPort, _ field: Register.Field, of register: Register) -> Vector<Bits> {
    let name = role.name(register, field)
    return role == .value && field.access != .readOnly
      ? output(.vector(register.words, of: .bits(field.width)), named: name)
      : input(.vector(register.words, of: .bits(field.width)), named: name)
  }
}

// MARK: - Reaching ports

extension RegisterBank {
  /// The value of a field: what software wrote, for the hardware; or, where software only reads, what the hardware
  /// says.
  ///
  /// - Parameter index: The element, where the register is an array.
  public subscript<Value>(_ field: RegisterField<Value>, index: Int? = nil) -> Value {
    port(.value, field, index)
  }

  /// The bits of a field that the hardware sets and software clears.
  public subscript<Value>(set field: RegisterField<Value>, index: Int? = nil) -> Value {
    port(.set, field, index)
  }

  /// The bits of a field that the hardware clears and software sets.
  public subscript<Value>(clear field: RegisterField<Value>, index: Int? = nil) -> Value {
    port(.clear, field, index)
  }

  /// The values of a field of an array of registers.
  public subscript<Value>(all field: RegisterField<Value>) -> Vector<Value> {
    guard let (register, found) = place(of: field, .value) else { return Vector([missing(.value, field)]) }
    return Vector.bind(.vector(register.words, field.shape.layout), port(.value, found, of: register).origin)
  }

  /// The value of the field that a register has under a name, as bits.
  public subscript(register: String, field: String, index: Int? = nil) -> Bits {
    guard let found = map[register], let bits = found.fields.first(where: { $0.name == field }) else {
      refuse("the register map `\(map.name)` has no field `\(register).\(field)`; \(known)")
      return Bits.zeros(1)
    }
    return port(.value, bits, of: found)[position(index, in: found)]
  }

  private func port<Value>(_ role: RegisterPort, _ field: RegisterField<Value>, _ index: Int?) -> Value {
    guard let (register, found) = place(of: field, role) else { return missing(role, field) }
    return Value.bind(field.shape.layout, port(role, found, of: register)[position(index, in: register)].origin)
  }

  /// Where the map has a field; `nil` after a diagnostic where it does not, or the field has no such port.
  private func place<Value>(
    of field: RegisterField<Value>, _ role: RegisterPort
  ) -> (register: Register, field: Register.Field)? {
    let places = map.registers.flatMap { register in
      register.fields.filter { $0.isPlaced(field.field) }.map { (register: register, field: $0) }
    }
    let name = field.field.name
    guard let place = places.first else {
      refuse("the register map `\(map.name)` has no field like the `\(name)` that is asked for; \(known)")
      return nil
    }
    if places.count > 1 {
      let owners = places.map { "`\($0.register.name)`" }.joined(separator: ", ")
      refuse("the field `\(name)` is in the registers \(owners); make one for each, or ask for `[register, field]`")
    }
    if role != .value && role != RegisterPort.event(of: place.field.access) {
      refuse(
        "the hardware has no bits to \(role) in `\(place.register.name).\(name)`, whose access is "
          + "\(place.field.access.title)")
      return nil
    }
    return place
  }

  /// What stands for a port that there is not.
  private func missing<Value>(_ role: RegisterPort, _ field: RegisterField<Value>) -> Value {
    role == .value && field.field.access != .readOnly
      ? Value.bind(field.shape.layout, .value(.constant(BitVector(zero: max(1, field.shape.width)))))
      : input(field.shape, named: field.field.name)
  }

  private func position(_ index: Int?, in register: Register) -> Int {
    if index == nil, let count = register.count {
      refuse("the register `\(register.name)` is an array of \(count); say which element is meant")
    }
    if let index, register.count == nil {
      refuse("the register `\(register.name)` is no array; leave out the index \(index)")
      return 0
    }
    return index ?? 0
  }

  private var known: String {
    let names = map.registers.flatMap { register in register.fields.map { "`\(register.name).\($0.name)`" } }
    return "it has " + names.joined(separator: ", ")
  }

  private func refuse(_ message: String) { _ = require(false, message) }
}
