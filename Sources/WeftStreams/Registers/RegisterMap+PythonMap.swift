extension RegisterMap {
  /// The name of the Python module: `engine_registers.py`.
  public var pythonMapName: String { RegisterNames.function(name) + "_registers.py" }

  /// A module for Python 3.8 and later: the registers, their fields and the values that have names as data, and a class
  /// through which they are read and written.
  ///
  /// The class takes anything with `read(offset)` and `write(offset, word)`, such as PYNQ's `MMIO`. To give one field
  /// of a register a value it reads the word, keeps the fields that software reads and writes, and writes zeros to
  /// those whose ones have an effect.
  ///
  /// - Throws: ``RegisterMapError`` for a map with ``problems``.
  public func pythonMap() throws(RegisterMapError) -> String {
    try checked()
    let title = "The registers of \(name)." + (description.isEmpty ? "" : " \(description)")
    var text = RegisterText.python(title) + "\n\n" + Self.pythonPrelude
    for register in registers {
      for field in register.fields where !field.values.isEmpty {
        text += "\n\nclass \(pythonType(register, field))(IntEnum):\n"
        text += Self.documentation(field.description, indentation: "    ")
        for value in field.values { text += "    \(RegisterNames.constant(value.name)) = \(value.number)\n" }
      }
      text += "\n\n" + pythonClass(of: register)
    }
    return text + "\n\n" + pythonClass
  }

  private func pythonType(_ register: Register) -> String { RegisterNames.type(register.name) + "Register" }
  private func pythonType(_ register: Register, _ field: Register.Field) -> String {
    RegisterNames.type("\(register.name)_\(field.name)")
  }
  private var pythonType: String { RegisterNames.type(name) }

  /// A sentence under a class or a function, a line with its end; nothing for no sentence.
  private static func documentation(_ text: String, indentation: String) -> String {
    text.isEmpty ? "" : "\(indentation)\(RegisterText.python(text))\n"
  }

  /// What a class of a register has besides its fields.
  private static let pythonMembers = ["COUNT", "FIELDS", "OFFSET", "RESET", "STRIDE", "read_word", "write_word"]

  /// Every name in a scope of the module, and what it belongs to.
  var pythonNames: [(name: String, owner: String)] {
    var names = ["Bus", "Dict", "Field", "IntEnum", "NamedTuple", "Optional", "Protocol", "Register"].map { ($0, $0) }
    names.append((pythonType, name))
    for register in registers {
      names.append((pythonType(register), register.name))
      names += register.fields.filter { !$0.values.isEmpty }.map {
        (pythonType(register, $0), "\(register.name).\($0.name)")
      }
    }
    names += [("\(pythonType).SIZE", "SIZE")] + registers.map { ("\(pythonType).\($0.name)", $0.name) }
    for register in registers {
      let scope = pythonType(register)
      names += Self.pythonMembers.map { ("\(scope).\($0)", $0) }
      names += register.fields.map { ("\(scope).\($0.name)", "\(register.name).\($0.name)") }
      for field in register.fields {
        names += field.values.map {
          let owner = "\(register.name).\(field.name)"
          return ("\(pythonType(register, field)).\(RegisterNames.constant($0.name))", "\(owner).\($0.name)")
        }
      }
    }
    return names
  }
}

// MARK: - Classes

extension RegisterMap {
  private func pythonClass(of register: Register) -> String {
    var text = "class \(pythonType(register))(Register):\n"
    text += Self.documentation(register.description, indentation: "    ")
    text += "    OFFSET = \(UInt64(register.offset).hexadecimal(bits: 0))\n"
    if let count = register.count { text += "    COUNT = \(count)\n    STRIDE = \(register.stride)\n" }
    text += "    RESET = \(register.resetBits.hexadecimal(bits: 0))\n    FIELDS = {\n"
    for field in register.fields {
      text += "        \"\(field.name)\": Field(\(field.lowBit), \(field.width), \"\(field.access.rawValue)\""
      text += field.access.isStored && field.reset != 0 ? ", reset=\(field.reset)" : ""
      text += field.isSigned ? ", signed=True),\n" : "),\n"
    }
    return text + "    }\n" + register.fields.map { property(register, $0) }.joined()
  }

  private func property(_ register: Register, _ field: Register.Field) -> String {
    let (name, type) = (field.name, field.values.isEmpty ? "int" : pythonType(register, field))
    var text = ""
    if field.access.isReadable {
      let value = "self._get(\"\(name)\")"
      text += "\n    @property\n    def \(name)(self) -> \(type):\n"
      text += Self.documentation(field.description, indentation: "        ")
      text += "        return \(field.values.isEmpty ? value : "\(type)(\(value))")\n"
    }
    if field.access.isWritable {
      let function = field.access.isReadable ? name : "_set_\(name)"
      text += field.access.isReadable ? "\n    @\(name).setter" : ""
      text += "\n    def \(function)(self, value: int) -> None:\n"
      text += "        self._set(\"\(name)\", value)\n"
      if !field.access.isReadable {
        text += "\n    \(name) = property(None, \(function), None, \(RegisterText.python(field.description)))\n"
      }
    }
    return text
  }

  private var pythonClass: String {
    var text = "class \(pythonType):\n" + Self.documentation(description, indentation: "    ")
    text += "    SIZE = \(UInt64(size).hexadecimal(bits: 0))\n\n    def __init__(self, bus: Bus) -> None:\n"
    for register in registers {
      let type = pythonType(register)
      text += register.count == nil
        ? "        self.\(register.name) = \(type)(bus)\n"
        : "        self.\(register.name) = tuple(\n"
          + "            \(type)(bus, \(type).OFFSET + \(type).STRIDE * index)\n"
          + "            for index in range(\(type).COUNT)\n"
          + "        )\n"
    }
    return text
  }

  private static let pythonPrelude = """
    from enum import IntEnum
    from typing import Dict, NamedTuple, Optional, Protocol


    class Bus(Protocol):
        "Reads and writes words at offsets in bytes."

        def read(self, offset: int) -> int: ...

        def write(self, offset: int, word: int) -> None: ...


    class Field(NamedTuple):
        "Where a field lies in its word, and what software may do with it."
        shift: int
        width: int
        access: str
        reset: int = 0
        signed: bool = False

        @property
        def mask(self) -> int:
            return ((1 << self.width) - 1) << self.shift

        def get(self, word: int) -> int:
            "The field's value in a word."
            value = (word & self.mask) >> self.shift
            return value - (1 << self.width) if self.signed and value >> (self.width - 1) else value

        def put(self, value: int) -> int:
            "The word that holds the value, and zeros elsewhere."
            least = -(1 << (self.width - 1)) if self.signed else 0
            if not least <= value < least + (1 << self.width):
                raise ValueError(f"{value} does not lie between {least} and {least + (1 << self.width) - 1}")
            return (value << self.shift) & self.mask


    class Register:
        "A register on a bus."
        OFFSET = 0
        RESET = 0
        FIELDS: Dict[str, Field] = {}

        def __init__(self, bus: Bus, offset: Optional[int] = None) -> None:
            self._bus = bus
            self._offset = self.OFFSET if offset is None else offset
            self._hidden = self.RESET & self._mask("writeOnly")

        def read_word(self) -> int:
            "The word as the hardware gives it."
            return self._bus.read(self._offset)

        def write_word(self, word: int) -> None:
            "Writes the whole word."
            self._hidden = word & self._mask("writeOnly")
            self._bus.write(self._offset, word)

        def _mask(self, access: str) -> int:
            return sum(field.mask for field in self.FIELDS.values() if field.access == access)

        def _get(self, name: str) -> int:
            return self.FIELDS[name].get(self.read_word())

        def _set(self, name: str, value: int) -> None:
            field, kept = self.FIELDS[name], self._mask("readWrite")
            word = (self.read_word() & kept if kept & ~field.mask else 0) | self._hidden
            self.write_word(word & ~field.mask | field.put(value))

    """
}
