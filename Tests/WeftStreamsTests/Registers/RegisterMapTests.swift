import Testing
import Weft
import WeftStreams

private func register(_ name: String, at offset: Int? = nil, _ fields: RegisterField<Bits>...) -> Register {
  Register(name, at: offset) { fields.map(\.field) }
}
private func register(at offset: Int? = nil, _ fields: RegisterField<Bits>...) -> Register {
  Register("a", at: offset) { fields.map(\.field) }
}
private func field(_ name: String = "x", _ width: Int = 4, at lowBit: Int? = nil) -> RegisterField<Bits> {
  RegisterField(name, .bits(width), at: lowBit)
}

/// Maps place what has no place, and say what is wrong with them.
@Suite struct RegisterMapTests {
  @Test func registersAndFieldsFollowEachOther() {
    let map = RegisterMap("m") {
      register("a", field("x"), field("y", 8), field("z", at: 20), field("v", 3))
      register("b", at: 0x10, field())
      Register("c", count: 3, stride: 8) { field() }
      register("d", field())
      Interrupts("event") { RegisterField.interrupt("e", "An event.") }
    }
    #expect(map.problems == [])
    #expect(map.registers.map(\.name) == ["a", "b", "c", "d", "event_pending", "event_enable"])
    #expect(map.registers.map(\.offset) == [0, 0x10, 0x14, 0x2c, 0x30, 0x34])
    #expect(map["a"]?.fields.map(\.bits) == [0..<4, 4..<12, 20..<24, 24..<27])
    #expect(map["event_enable"]?.fields.map(\.name) == ["e"])
    #expect(map.size == 0x38 && map.addressWidth == 6)
    #expect(RegisterMap("m", wordWidth: 64) { register("a", field()); register("b", field()) }["b"]?.offset == 8)
  }

  @Test func fieldsOfEnumerationsHaveItsCodes() {
    let field = DeviceRegisters.pace.field
    #expect(field.values.map(\.name) == ["slow", "fast", "turbo"] && field.values.map(\.number) == [0, 1, 2])
    #expect(field.reset == 1 && field.width == 2)
  }

  /// Maps with a mistake each, and what is said of it.
  private static let mistakes: [(expected: String, map: RegisterMap)] = {
    var mistakes: [(expected: String, map: RegisterMap)] = []
    func add(
      _ expected: String, in name: String = "m", wordWidth: Int = 32,
      @RegisterMapBuilder _ registers: () -> [Register]
    ) {
      mistakes.append((expected, RegisterMap(name, wordWidth: wordWidth, registers: registers)))
    }
    add("the register map `m` has no register; give it at least one") {}
    add("the words of the register map `m` have 16 bits; make them 32 or 64", wordWidth: 16) {
      register(field())
    }
    add(
      "the register map `my map` cannot be called so in every language; a name begins with a letter and goes on with "
        + "letters, digits and single underscores, the last of which is no underscore", in: "my map"
    ) {
      register(field())
    }
    add(
      "the register `2a` cannot be called so in every language; a name begins with a letter and goes on with letters, "
        + "digits and single underscores, the last of which is no underscore"
    ) {
      register("2a", field())
    }
    add(
      "the field `x_` of `a` cannot be called so in every language; a name begins with a letter and goes on with "
        + "letters, digits and single underscores, the last of which is no underscore"
    ) {
      register(field("x_"))
    }
    add("the register `wire` has a name that Verilog keeps for itself; choose another") {
      register("wire", field())
    }
    add("the register `double` has a name that C keeps for itself; choose another") {
      register("double", field())
    }
    add("the field `lambda` of `a` has a name that Python keeps for itself; choose another") {
      register(field("lambda"))
    }
    add("the field `level` of `a` has a name that SystemRDL keeps for itself; choose another") {
      register(field("level"))
    }
    add(
      "the value `none__` of `a.x` cannot be called so in every language; a name begins with a letter and goes on with "
        + "letters, digits and single underscores, the last of which is no underscore"
    ) {
      Register("a") { RegisterField("x", .bits(4), values: ["none__": 0]) }
    }
    add("two registers are called `a`; give one of them another name") {
      register(field())
      register(field())
    }
    add("the registers `go` and `Go` differ in case alone; give one of them another name") {
      register("go", field())
      register("Go", field())
    }
    add("two fields of the register `a` are called `x`; give one of them another name") {
      register(field(), field())
    }
    add("the fields `x` and `X` of the register `a` differ in case alone; give one of them another name") {
      register(field(), field("X"))
    }
    add("the values `on` and `ON` of `a.x` are alike but for their case; give one another name") {
      Register("a") { RegisterField("x", .bits(4), values: ["on": 0, "ON": 1]) }
    }
    add(
      "the port `sync_accept_on` of `sync_accept.on` cannot be called so in Verilog; rename the register or the field"
    ) {
      register("sync_accept", field("on"))
    }
    add("the port `s_axi_x` of `s_axi.x` cannot be called so in Verilog; rename the register or the field") {
      register("s_axi", field())
    }
    add("`a_b.c` and `a.b_c` would both be called `a_b_c` in Verilog; rename one of them") {
      register("a_b", field("c"))
      register("a", field("b_c"))
    }
    add("`a.x` and `a.x_set` would both be called `a_x_set` in Verilog; rename one of them") {
      Register("a") {
        RegisterField("x", .bit, .writeOneToClear)
        field("x_set")
      }
    }
    add("`a.x` and `a.x.mask` would both be called `M_A_X_MASK` in C; rename one of them") {
      Register("a") { RegisterField("x", .bits(4), values: ["mask": 0]) }
    }
    add("`OFFSET` and `a.OFFSET` would both be called `ARegister.OFFSET` in Python; rename one of them") {
      register(field("OFFSET"))
    }
    add("the register `a` at offset 6 is not aligned; put it at a multiple of 4 bytes") {
      register(at: 6, field())
    }
    add("the register `a` at offset -4 lies beyond 31 bits of address; move it lower") {
      register(at: -4, field())
    }
    add("the register `a` at offset \(Int.max) lies beyond 31 bits of address; move it lower") {
      register(at: .max, field())
    }
    add("the register `a` is an array of 0; give it 1 to 65536 elements") {
      Register("a", count: 0) { field() }
    }
    add("the elements of the register `a` are 6 bytes apart; take a multiple of 4") {
      Register("a", count: 2, stride: 6) { field() }
    }
    add("the registers `a` and `b` share the byte at offset 8; move one of them") {
      register(at: 8, field())
      register("b", at: 8, field())
    }
    add("the registers `a` and `b` share the byte at offset 16; move one of them") {
      Register("a", count: 3, stride: 8) { field() }
      register("b", at: 16, field())
    }
    add("the register `a` has no field; give it at least one") {
      register()
    }
    add("the field `a.x` has 33 bits from bit 0 on, but the word has the bits 0 to 31; make it narrower or move it") {
      register(field("x", 33))
    }
    add("the field `a.x` has 4 bits from bit 30 on, but the word has the bits 0 to 31; make it narrower or move it") {
      register(field(at: 30))
    }
    add("the field `a.x` has 0 bits from bit 0 on, but the word has the bits 0 to 31; make it narrower or move it") {
      register(field("x", 0))
    }
    add("the fields `x` and `y` of the register `a` share bit 3; move one of them") {
      register(field(), field("y", at: 3))
    }
    add("the reset value 16 of the field `a.x` does not fit its 4 bits; make it wider or reset it to another value") {
      Register("a") { RegisterField("x", .unsigned(4), reset: 16) }
    }
    add("the reset value -9 of the field `a.x` does not fit its 4 bits; make it wider or reset it to another value") {
      Register("a") { RegisterField("x", .signed(4), reset: -9) }
    }
    add("the field `a.x` is given the reset value 1, but it keeps none (read); leave that out") {
      Register("a") { RegisterField("x", .unsigned(4), .readOnly, reset: 1) }
    }
    add("the value `much` of the field `a.x` is 16, which does not fit its 4 bits; make it wider") {
      Register("a") { RegisterField("x", .unsigned(4), values: ["much": 16]) }
    }
    add(
      "in the register `a` the field `y` is cleared as it is read, so that software cannot read the word to change `x` "
        + "alone; put one of them into another register"
    ) {
      Register("a") {
        field()
        RegisterField("y", .bit, .readToClear)
      }
    }
    add(
      "the interrupt `event_pending.x` is accessed by read and write; make it with `.interrupt`, or give it the access "
        + "`.writeOneToClear`"
    ) {
      Interrupts("event") { field() }
    }
    return mistakes
  }()

  @Test(arguments: mistakes.indices) func everyMistakeIsNamed(_ index: Int) {
    let (expected, map) = Self.mistakes[index]
    #expect(map.problems.joined(separator: "\n") == expected)
    // Nothing is written from it, and its hardware says the same.
    do {
      _ = try map.cHeader()
      Issue.record("a header was written")
    } catch {
      #expect(error.problems == [expected])
    }
    #expect(throws: RegisterMapError.self) { try map.systemRDL() }
    do {
      _ = try Design(RegisterBank(map))
      Issue.record("the bank was elaborated")
    } catch {
      #expect(error.diagnostics.contains { $0.message == expected && $0.code == .parameter }, "\(error)")
    }
  }

  /// What is asked of a bank that it does not have.
  struct Asking: Module {
    var question: Int
    var isBusy: Bit { input(.bit) }
    var answer: Bits { output(.bits(1)) }
    var bank: Instance<RegisterBank> { instance(RegisterBank(Self.map)) }
    static let busy = RegisterField("busy", .bit, .readOnly)
    static let go = RegisterField("go", .bit)
    static let limit = RegisterField("limit", .bit)
    static let map = RegisterMap("asked") {
      Register("one") { go }
      Register("many", count: 2) { limit }
      Register("two") { go }
    }

    var body: Circuit {
      bank.s_axi.aw.valid <== 0
      bank.s_axi.aw.payload.addr <== 0
      bank.s_axi.aw.payload.prot <== 0
      bank.s_axi.w.valid <== 0
      bank.s_axi.w.payload.data <== 0
      bank.s_axi.w.payload.strb <== 0
      bank.s_axi.b.ready <== 0
      bank.s_axi.ar.valid <== 0
      bank.s_axi.ar.payload.addr <== 0
      bank.s_axi.ar.payload.prot <== 0
      bank.s_axi.r.ready <== 0
      switch question {
      case 0:
        bank[Self.busy] <== isBusy
        answer <== 0
      case 1: answer <== bank["one", "halt"]
      case 2: answer <== bank[Self.go].asBits
      case 3: answer <== bank[Self.limit].asBits
      case 4: answer <== bank["one", "go", 1]
      case 5:
        bank[set: Self.limit, 0] <== isBusy
        answer <== 0
      case 6: answer <== bank[Self.limit, 2].asBits
      default: answer <== bank[Self.limit, 1].asBits
      }
    }
  }

  @Test(arguments: [
    (
      0,
      "the register map `asked` has no field like the `busy` that is asked for; it has `one.go`, `many.limit`, `two.go`"
    ),
    (1, "the register map `asked` has no field `one.halt`; it has `one.go`, `many.limit`, `two.go`"),
    (2, "the field `go` is in the registers `one`, `two`; make one for each, or ask for `[register, field]`"),
    (3, "the register `many` is an array of 2; say which element is meant"),
    (4, "the register `one` is no array; leave out the index 1"),
    (5, "the hardware has no bits to set in `many.limit`, whose access is read and write"),
    (6, "element 2 is asked of a vector of 2"),
  ]) func whatIsNotThereIsADiagnostic(question: Int, expected: String) {
    do {
      _ = try Design(Asking(question: question))
      Issue.record("the design was elaborated")
    } catch {
      #expect(error.diagnostics.map(\.message) == [expected])
      #expect(error.diagnostics.allSatisfy { $0.place?.file.hasSuffix("RegisterMapTests.swift") ?? false })
    }
  }

  @Test func whatIsThereIsNone() throws {
    _ = try Design(Asking(question: 7))
  }
}
