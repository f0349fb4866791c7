extension RegisterMap {
  /// The name of the C header: `engine_registers.h`.
  public var cHeaderName: String { RegisterNames.function(name) + "_registers.h" }

  /// A header for C99 and C++: offsets, masks, shifts, reset values and the values that have names, and functions that
  /// read and write registers and take fields out of a word and put them into one.
  ///
  /// The functions access words of the register's width through the address at which the block is mapped, unless the
  /// macros that do so are defined otherwise. Whoever
  /// changes one field of a register reads the word, puts the field in, and writes it, with zeros in the fields whose
  /// ones have an effect.
  ///
  /// - Throws: ``RegisterMapError`` for a map with ``problems``.
  public func cHeader() throws(RegisterMapError) -> String {
    try checked()
    let guardName = RegisterNames.constant(name) + "_REGISTERS_H"
    let parts = [
      RegisterText.cComment("The registers of \(name)." + (description.isEmpty ? "" : "\n\n\(description)")),
      """
      #ifndef \(guardName)
      #define \(guardName)

      #include <stdint.h>

      #ifdef __cplusplus
      extern "C" {
      #endif

      /* The bytes from the first to behind the last register. */
      #define \(RegisterNames.constant(name))_SIZE \(cConstant(UInt64(size)))

      /* How a word is read and written; defined before this is included, where it is no memory that is mapped. */
      #ifndef \(cReadMacro)
      #define \(cReadMacro)(base, offset) ((base)[(offset) / \(wordBytes)u])
      #define \(cWriteMacro)(base, offset, word) ((base)[(offset) / \(wordBytes)u] = (word))
      #endif

      """,
    ]
    let end = """
      #ifdef __cplusplus
      }
      #endif

      #endif

      """
    return (parts + registers.map { cConstants(of: $0) + "\n" + cFunctions(of: $0) } + [end]).joined(separator: "\n")
  }

  /// Stops where the map has mistakes.
  func checked() throws(RegisterMapError) {
    let problems = problems
    if !problems.isEmpty { throw RegisterMapError(problems: problems) }
  }
}

// MARK: - Constants

extension RegisterMap {
  private func cConstants(of register: Register) -> String {
    let prefix = cConstant(register)
    var text = RegisterText.cComment(register.name + (register.description.isEmpty ? "" : ": \(register.description)"))
    func define(_ name: String, _ value: String) { text += "#define \(name) \(value)\n" }
    define("\(prefix)_OFFSET", cConstant(UInt64(register.offset)))
    if let count = register.count {
      define("\(prefix)_COUNT", "\(count)u")
      define("\(prefix)_STRIDE", cConstant(UInt64(register.stride)))
    }
    define("\(prefix)_RESET", cConstant(register.resetBits, bits: wordWidth))
    for field in register.fields {
      let name = cConstant(register, field)
      let title = "\(field.name) (\(field.access.title))"
      text += "\n" + RegisterText.cComment(title + (field.description.isEmpty ? "" : ": \(field.description)"))
      define("\(name)_SHIFT", "\(field.lowBit)u")
      define("\(name)_MASK", cConstant(field.mask, bits: wordWidth))
      if field.access.isStored { define("\(name)_RESET", cConstant(field.resetBits)) }
      for value in field.values {
        define("\(name)_\(RegisterNames.constant(value.name))", cConstant(field.pattern(of: value.number)))
      }
    }
    return text
  }

  private func cConstant(_ register: Register) -> String { RegisterNames.constant("\(name)_\(register.name)") }
  private func cConstant(_ register: Register, _ field: Register.Field) -> String {
    RegisterNames.constant("\(name)_\(register.name)_\(field.name)")
  }

  /// A number of a register's type.
  private func cConstant(_ number: UInt64, bits: Int = 0) -> String {
    let digits = number.hexadecimal(bits: bits)
    return wordWidth == 64 ? "UINT64_C(\(digits))" : "\(digits)u"
  }
}

// MARK: - Functions

extension RegisterMap {
  private var cType: String { "uint\(wordWidth)_t" }
  private var cReadMacro: String { RegisterNames.constant(name) + "_READ_WORD" }
  private var cWriteMacro: String { RegisterNames.constant(name) + "_WRITE_WORD" }

  private func cFunctions(of register: Register) -> String {
    let (constant, function) = (cConstant(register), RegisterNames.function("\(name)_\(register.name)"))
    let index = register.count == nil ? "" : ", \(cType) index"
    let offset = register.count == nil ? "\(constant)_OFFSET" : "(\(constant)_OFFSET + \(constant)_STRIDE * index)"
    var functions: [String] = []
    if register.isReadable {
      functions.append(
        """
        static inline \(cType) \(function)_read(const volatile \(cType) *base\(index))
        {
          return \(cReadMacro)(base, \(offset));
        }

        """)
    }
    if register.isWritable {
      functions.append(
        """
        static inline void \(function)_write(volatile \(cType) *base\(index), \(cType) word)
        {
          \(cWriteMacro)(base, \(offset), word);
        }

        """)
    }
    for field in register.fields {
      if field.access.isReadable { functions.append(cGetter(register, field)) }
      if field.access.isWritable { functions.append(cSetter(register, field)) }
    }
    return functions.joined(separator: "\n")
  }

  private func cGetter(_ register: Register, _ field: Register.Field) -> String {
    let (constant, function) = (cConstant(register, field), RegisterNames.function(cConstant(register, field)))
    let bits = "(word & \(constant)_MASK) >> \(constant)_SHIFT"
    if !field.isSigned {
      return """
        static inline \(cType) \(function)_get(\(cType) word)
        {
          return \(bits);
        }

        """
    }
    let (type, all) = ("int\(wordWidth)_t", field.pattern(of: -1))
    return """
      static inline \(type) \(function)_get(\(cType) word)
      {
        const \(cType) bits = \(bits);
        return bits > \(cConstant(all >> 1)) ? -(\(type))(\(cConstant(all)) - bits) - 1 : (\(type))bits;
      }

      """
  }

  private func cSetter(_ register: Register, _ field: Register.Field) -> String {
    let (constant, function) = (cConstant(register, field), RegisterNames.function(cConstant(register, field)))
    let type = field.isSigned ? "int\(wordWidth)_t" : cType
    let bits = field.isSigned ? "(\(cType))value" : "value"
    return """
      static inline \(cType) \(function)_set(\(cType) word, \(type) value)
      {
        return (word & ~\(constant)_MASK)
          | ((\(bits) << \(constant)_SHIFT) & \(constant)_MASK);
      }

      """
  }

  /// Every name in the header, and what it belongs to.
  var cNames: [(name: String, owner: String)] {
    var names = ["SIZE", "REGISTERS_H", "READ_WORD", "WRITE_WORD"].map { (RegisterNames.constant(name) + "_\($0)", name) }
    for register in registers {
      let suffixes = ["OFFSET", "RESET"] + (register.count == nil ? [] : ["COUNT", "STRIDE"])
      names += suffixes.map { ("\(cConstant(register))_\($0)", register.name) }
      names += ["read", "write"].map { (RegisterNames.function("\(name)_\(register.name)_\($0)"), register.name) }
      for field in register.fields {
        let (constant, owner) = (cConstant(register, field), "\(register.name).\(field.name)")
        names += ["SHIFT", "MASK", "RESET"].map { ("\(constant)_\($0)", owner) }
        names += field.values.map { ("\(constant)_\(RegisterNames.constant($0.name))", "\(owner).\($0.name)") }
        names += ["get", "set"].map { (RegisterNames.function("\(constant)_\($0)"), owner) }
      }
    }
    return names
  }
}
