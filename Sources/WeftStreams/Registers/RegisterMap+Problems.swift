import Weft

extension RegisterMap {
  /// What is wrong with the map, a sentence each that says how to mend it; none of a map that can be built.
  public var problems: [String] {
    var problems = problemsOfNames
    if wordWidth != 32 && wordWidth != 64 {
      return problems + ["the words of the register map `\(name)` have \(wordWidth) bits; make them 32 or 64"]
    }
    if registers.isEmpty { problems.append("the register map `\(name)` has no register; give it at least one") }
    let ofPlaces = registers.flatMap(problemsOfPlaces)
    problems += ofPlaces.isEmpty ? overlaps : ofPlaces
    return problems.isEmpty ? collisions : problems
  }
}

// MARK: - Names

extension RegisterMap {
  private var problemsOfNames: [String] {
    var problems = [problem(withName: name, of: "the register map")].compactMap(\.self)
    problems += registers.compactMap { problem(withName: $0.name, of: "the register") }
    problems += twins(registers.map(\.name)).map { first, second in
      first == second
        ? "two registers are called `\(first)`; give one of them another name"
        : "the registers `\(first)` and `\(second)` differ in case alone; give one of them another name"
    }
    for register in registers {
      let fields = register.fields
      problems += fields.compactMap { problem(withName: $0.name, of: "the field", in: register.name) }
      problems += twins(fields.map(\.name)).map { first, second in
        first == second
          ? "two fields of the register `\(register.name)` are called `\(first)`; give one of them another name"
          : "the fields `\(first)` and `\(second)` of the register `\(register.name)` differ in case alone; give one "
            + "of them another name"
      }
      for field in fields {
        let place = "\(register.name).\(field.name)"
        problems += field.values.compactMap { problem(withName: $0.name, of: "the value", in: place) }
        problems += twins(field.values.map(\.name)).map { first, second in
          "the values `\(first)` and `\(second)` of `\(place)` are alike but for their case; give one another name"
        }
      }
    }
    return problems
  }

  private func problem(withName name: String, of kind: String, in owner: String? = nil) -> String? {
    let place = owner.map { " of `\($0)`" } ?? ""
    if !RegisterNames.isLegal(name) {
      return "\(kind) `\(name)`\(place) cannot be called so in every language; a name begins with a letter and goes on "
        + "with letters, digits and single underscores, the last of which is no underscore"
    }
    return RegisterNames.language(reserving: name).map {
      "\(kind) `\(name)`\(place) has a name that \($0) keeps for itself; choose another"
    }
  }

  /// Names that are the same but for their case, each with the first of them.
  private func twins(_ names: [String]) -> [(String, String)] {
    var first: [String: String] = [:]
    return names.compactMap { name in
      let key = name.lowercased()
      defer { first[key] = first[key] ?? name }
      return first[key].map { ($0, name) }
    }
  }

  /// Names that are different in the map and would be the same in a language.
  private var collisions: [String] {
    let port = ports
    var problems = port.compactMap { name, owner in
      VerilogNames.problem(with: name) == nil && !name.lowercased().hasPrefix("s_axi_")
        ? nil : "the port `\(name)` of `\(owner)` cannot be called so in Verilog; rename the register or the field"
    }
    var pairs: Set<[String]> = []
    for (language, names) in [("Verilog", port), ("C", cNames), ("Python", pythonNames)] {
      var owners: [String: String] = [:]
      for (name, owner) in names {
        let other = owners.updateValue(owner, forKey: language == "Verilog" ? name.lowercased() : name)
        if let other, pairs.insert([other, owner]).inserted {
          problems.append("`\(other)` and `\(owner)` would both be called `\(name)` in \(language); rename one of them")
        }
      }
    }
    return problems
  }
}

// MARK: - Places

extension RegisterMap {
  /// The largest offset and count; beyond them nothing is computed.
  private static let limit = 1 << 31

  private func problemsOfPlaces(of register: Register) -> [String] {
    let (name, offset) = (register.name, register.offset)
    let range = 0..<Self.limit
    var problems: [String] = []
    if let count = register.count, !(1...65_536).contains(count) {
      problems.append("the register `\(name)` is an array of \(count); give it 1 to 65536 elements")
    } else if !range.contains(offset) || !range.contains(register.end(wordBytes: wordBytes)) {
      problems.append("the register `\(name)` at offset \(offset) lies beyond 31 bits of address; move it lower")
    } else if !offset.isMultiple(of: wordBytes) {
      problems.append(
        "the register `\(name)` at offset \(offset) is not aligned; put it at a multiple of \(wordBytes) bytes")
    }
    if register.stride < wordBytes || !register.stride.isMultiple(of: wordBytes) || register.stride >= Self.limit {
      problems.append(
        "the elements of the register `\(name)` are \(register.stride) bytes apart; take a multiple of \(wordBytes)")
    }
    if register.fields.isEmpty { problems.append("the register `\(name)` has no field; give it at least one") }
    let ofFields = register.fields.flatMap { self.problems(of: $0, in: name) }
    return problems + (ofFields.isEmpty ? self.problems(amongFieldsOf: register) : ofFields)
  }

  private func problems(of field: Register.Field, in register: String) -> [String] {
    let name = "`\(register).\(field.name)`"
    guard (1...wordWidth).contains(field.width), (0...wordWidth - field.width).contains(field.lowBit) else {
      return [
        "the field \(name) has \(field.width) bits from bit \(field.lowBit) on, but the word has the bits 0 to "
          + "\(wordWidth - 1); make it narrower or move it"
      ]
    }
    var problems: [String] = []
    if !field.holds(field.reset) {
      problems.append(
        "the reset value \(field.reset) of the field \(name) does not fit its \(field.width) bits; make it wider or "
          + "reset it to another value")
    }
    if !field.access.isStored && field.reset != 0 {
      problems.append(
        "the field \(name) is given the reset value \(field.reset), but it keeps none (\(field.access.title)); leave "
          + "that out")
    }
    for value in field.values where !field.holds(value.number) {
      problems.append(
        "the value `\(value.name)` of the field \(name) is \(value.number), which does not fit its \(field.width) "
          + "bits; make it wider")
    }
    return problems
  }

  private func problems(amongFieldsOf register: Register) -> [String] {
    let name = register.name
    let fields = register.fields.sorted { $0.lowBit < $1.lowBit }
    var problems = zip(fields, fields.dropFirst()).filter { $0.bits.overlaps($1.bits) }.map { first, second in
      "the fields `\(first.name)` and `\(second.name)` of the register `\(name)` share bit \(second.lowBit); move one "
        + "of them"
    }
    if let cleared = fields.first(where: { $0.access == .readToClear }),
      let kept = fields.first(where: { $0.access == .readWrite || $0.access == .writeOnly })
    {
      problems.append(
        "in the register `\(name)` the field `\(cleared.name)` is cleared as it is read, so that software cannot read "
          + "the word to change `\(kept.name)` alone; put one of them into another register")
    }
    if register.interruptEnable != nil {
      problems += fields.filter { $0.access != .writeOneToClear }.map {
        "the interrupt `\(name).\($0.name)` is accessed by \($0.access.title); make it with `.interrupt`, or give it "
          + "the access `.writeOneToClear`"
      }
    }
    return problems
  }

  private var overlaps: [String] {
    let registers = registers.sorted { ($0.offset, $0.name) < ($1.offset, $1.name) }
    let neighbours = zip(registers, registers.dropFirst()).filter { $0.end(wordBytes: wordBytes) > $1.offset }
    return neighbours.map { first, second in
      "the registers `\(first.name)` and `\(second.name)` share the byte at offset \(second.offset); move one of them"
    }
  }
}
