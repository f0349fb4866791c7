/// Prints a module's syntax tree, lines filled to about 100 columns.
struct VerilogPrinter {
  private static let columns = 100
  /// Numbers below this are decimal.
  private static let decimalLimit = 1_000_000

  private var bytes: [UInt8] = []
  /// Where the line that is being put begins, behind its indentation; `nil` before anything was put on it.
  private var lineStart: Int?
  /// The places in the line of the spaces at which it may break.
  private var spaces: [Int] = []
  /// The place in the line of the space before an assigned value, where the line breaks first if the value then fits on
  /// the next.
  private var valueSpace: Int?
  private var depth: Int

  /// A printer of lines that are so many levels deep.
  init(depth: Int = 0) { self.depth = depth }

  /// The place after what has been printed.
  var position: Int { bytes.count }

  /// What has been printed.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  // MARK: Lines

  /// Begins the line unless something stands on it; gives the place where it begins.
  @discardableResult
  private mutating func startLine() -> Int {
    if let lineStart { return lineStart }
    indent(depth)
    lineStart = bytes.count
    return bytes.count
  }

  private mutating func put(_ text: String) {
    startLine()
    var text = text
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }
  private mutating func put(_ number: Int) {
    if number < 0 || number > 9 { return put(String(number)) }
    startLine()
    bytes.append(48 + UInt8(number))
  }
  private mutating func putSoftSpace() {
    let start = startLine()
    spaces.append(bytes.count - start)
    bytes.append(32)
  }
  private mutating func putValueSpace() {
    let start = startLine()
    if valueSpace == nil { valueSpace = bytes.count - start }
    putSoftSpace()
  }

  private mutating func indent(_ levels: Int) { for _ in 0..<levels * 2 { bytes.append(32) } }

  /// Ends the line, broken at soft spaces where it is too long.
  private mutating func endLine() {
    if let lineStart, depth * 2 + bytes.count - lineStart > Self.columns { breakLine(at: lineStart) }
    bytes.append(10)
    lineStart = nil
    if !spaces.isEmpty { spaces.removeAll(keepingCapacity: true) }
    valueSpace = nil
  }

  private mutating func breakLine(at start: Int) {
    let line = Array(bytes[start...])
    bytes.removeSubrange(start...)
    if let value = valueSpace, depth * 2 + 4 + line.count - value - 1 <= Self.columns {
      bytes.append(contentsOf: line[..<value])
      bytes.append(10)
      indent(depth + 2)
      bytes.append(contentsOf: line[(value + 1)...])
    } else {
      fill(line)
    }
  }

  /// Puts as much on each line as fits.
  private mutating func fill(_ line: [UInt8]) {
    var column = depth * 2
    var start = 0
    for end in spaces + [line.count] {
      if start > 0 {
        if column + 1 + end - start > Self.columns {
          bytes.append(10)
          indent(depth + 2)
          column = depth * 2 + 4
        } else {
          bytes.append(32)
          column += 1
        }
      }
      bytes.append(contentsOf: line[start..<end])
      column += end - start
      start = end + 1
    }
  }

  private mutating func putPlace(_ place: SourcePlace?) {
    guard let place else { return }
    put("  // ")
    put(place.description)
  }

  // MARK: Modules

  /// Puts what another printer has printed at a place in what this one has.
  mutating func insert(_ other: VerilogPrinter, at position: Int) {
    bytes.insert(contentsOf: other.bytes, at: position)
  }

  /// Puts a comment on a line of its own.
  mutating func print(comment: String) {
    put("// ")
    put(comment)
    endLine()
  }

  /// Opens a module.
  mutating func open(_ name: String, ports: [VerilogDeclaration]) {
    put("module ")
    put(name)
    if ports.isEmpty {
      put(" ();")
      endLine()
    } else {
      put(" (")
      endLine()
      depth += 1
      for (index, port) in ports.enumerated() {
        print(port.attributes)
        putDeclaration(port)
        if index < ports.count - 1 { put(",") }
        putPlace(port.place)
        endLine()
      }
      depth -= 1
      put(");")
      endLine()
    }
    depth += 1
  }

  /// Closes the module that was opened last.
  mutating func close() {
    depth -= 1
    put("endmodule")
    endLine()
  }

  private mutating func putRange(_ width: Int) {
    if width == 1 { return }
    put("[")
    put(width - 1)
    put(":0] ")
  }

  private mutating func putDeclaration(_ declaration: VerilogDeclaration) {
    put(declaration.kind.rawValue)
    put(" ")
    putRange(declaration.width)
    put(declaration.name)
    if let value = declaration.value {
      put(" =")
      putValueSpace()
      put(value)
    }
  }

  /// Puts an item of a module.
  mutating func print(_ item: VerilogItem) {
    switch item {
    case .blank: endLine()
    case .declaration(let declaration):
      print(declaration.attributes)
      putDeclaration(declaration)
      put(";")
      putPlace(declaration.place)
      endLine()
    case .memory(let name, let width, let depth, let attributes, let place):
      print(attributes)
      put("reg ")
      putRange(width)
      put("\(name) [0:\(depth - 1)];")
      putPlace(place)
      endLine()
    case .assign(let target, let value, let place):
      put("assign ")
      put(target)
      put(" =")
      putValueSpace()
      put(value)
      put(";")
      putPlace(place)
      endLine()
    case .always(let events, let body, let place):
      put(events.isEmpty ? "always @* begin" : "always @(\(events.joined(separator: " or "))) begin")
      putPlace(place)
      close(body)
    case .initial(let body):
      put("initial begin")
      close(body)
    case .simulationOnly(let items):
      putDirective("`ifndef SYNTHESIS")
      for item in items { print(item) }
      putDirective("`endif")
    case .load(let memory, let path):
      put("initial $readmemh(\"\(path)\", \(memory));")
      endLine()
    case .instance(let instance): print(instance)
    }
  }

  private mutating func print(_ attributes: [Netlist.Attribute]) {
    if attributes.isEmpty { return }
    put("(* ")
    put(attributes.map { $0.name + ($0.value.map { " = \(Self.quoted($0))" } ?? "") }.joined(separator: ", "))
    put(" *)")
    endLine()
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
  }

  private mutating func print(_ instance: VerilogInstance) {
    print(instance.attributes)
    put(instance.module)
    if !instance.parameters.isEmpty {
      put(" #(")
      endLine()
      depth += 1
      for (index, parameter) in instance.parameters.enumerated() {
        put(".\(parameter.name)(\(Self.text(of: parameter.value)))")
        if index < instance.parameters.count - 1 { put(",") }
        endLine()
      }
      depth -= 1
      put(")")
    }
    put(" ")
    put(instance.name)
    put(" (")
    if instance.connections.isEmpty {
      put(");")
      putPlace(instance.place)
      return endLine()
    }
    putPlace(instance.place)
    endLine()
    depth += 1
    for (index, connection) in instance.connections.enumerated() {
      put(".")
      put(connection.port)
      put("(")
      put(connection.value)
      put(index == instance.connections.count - 1 ? ")" : "),")
      endLine()
    }
    depth -= 1
    put(");")
    endLine()
  }

  private static func text(of value: BlackBoxParameter.Value) -> String {
    switch value {
    case .integer(let number): "\(number)"
    case .real(let number): "\(number)"
    case .string(let text): quoted(text)
    case .bits(let bits): bits.description
    }
  }

  /// Puts a compiler directive on a line of its own, at its beginning.
  private mutating func putDirective(_ directive: String) {
    bytes.append(contentsOf: directive.utf8)
    bytes.append(10)
  }

  /// A text as it stands in the format of `$display`.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\"", "\\": result += "\\\(character)"
      case "%": result += "%%"
      case let other: result += other.isNewline ? " " : String(other)
      }
    }
    return result
  }

  // MARK: Statements

  /// Ends a line that opened a block, prints the block, and closes it.
  private mutating func close(_ body: [VerilogStatement]) {
    endLine()
    print(body)
    put("end")
    endLine()
  }

  private mutating func print(_ statements: [VerilogStatement]) {
    depth += 1
    for statement in statements { print(statement) }
    depth -= 1
  }

  private mutating func put(_ target: VerilogTarget) {
    switch target {
    case .whole(let name): put(name)
    case .bits(let name, let high, let low): put(VerilogExpression.bits(name, high: high, low: low))
    case .word(let name, let index): put(VerilogExpression.word(name, index))
    case .wordBits(let name, let index, let high, let low):
      put(VerilogExpression.word(name, index))
      put(VerilogExpression.bits("", high: high, low: low))
    }
  }

  private mutating func putAssignment(
    _ target: VerilogTarget, _ value: VerilogExpression, isBlocking: Bool, place: SourcePlace?
  ) {
    put(target)
    put(isBlocking ? " =" : " <=")
    putValueSpace()
    put(value)
    put(";")
    putPlace(place)
    endLine()
  }

  private mutating func print(_ statement: VerilogStatement) {
    switch statement {
    case .assign(let target, let value, let isBlocking, let place):
      putAssignment(target, value, isBlocking: isBlocking, place: place)
    case .when:
      print(conditional: statement)
    case .display(let message):
      put("$display(\"\(Self.escaped(message)) (%m)\");")
      endLine()
    case .match(let subject, let cases, let fallback):
      put("case (")
      put(subject)
      put(")")
      endLine()
      depth += 1
      for item in cases {
        for (index, pattern) in item.patterns.enumerated() {
          if index > 0 {
            put(",")
            putSoftSpace()
          }
          put(pattern)
        }
        put(":")
        print(caseBody: item.body)
      }
      if case .remark = fallback.first { print(fallback[0]) }
      put("default:")
      print(caseBody: fallback.filter { if case .remark = $0 { false } else { true } })
      depth -= 1
      put("endcase")
      endLine()
    case .remark(let text):
      put("// ")
      put(text)
      endLine()
    }
  }

  private mutating func print(caseBody body: [VerilogStatement]) {
    if body.isEmpty {
      put(" ;")
      endLine()
    } else if body.count == 1, case .assign(let target, let value, let isBlocking, let place) = body[0] {
      put(" ")
      putAssignment(target, value, isBlocking: isBlocking, place: place)
    } else {
      put(" begin")
      close(body)
    }
  }

  /// `if`, and the chain of `else if` below it.
  private mutating func print(conditional statement: VerilogStatement) {
    var rest = statement
    while case .when(let condition, let then, let otherwise) = rest {
      put("if (")
      put(condition)
      put(") begin")
      endLine()
      print(then)
      if otherwise.isEmpty { break }
      if otherwise.count == 1, case .when = otherwise[0] {
        put("end else ")
        rest = otherwise[0]
      } else {
        put("end else begin")
        endLine()
        print(otherwise)
        break
      }
    }
    put("end")
    endLine()
  }

  // MARK: Expressions

  private mutating func put(_ expression: VerilogExpression) {
    switch expression {
    case .name(let name): put(name)
    case .literal(let value, let isSigned): putLiteral(value, isSigned: isSigned)
    case .number(let number): put(number)
    case .bits(let name, let high, let low):
      put(name)
      put("[")
      put(high)
      if high != low {
        put(":")
        put(low)
      }
      put("]")
    case .word(let name, let index):
      put(name)
      put("[")
      put(index)
      put("]")
    case .window(let name, let base, let width):
      put(name)
      put("[")
      put(base)
      put(" +: ")
      put(width)
      put("]")
    case .unary(let operation, let operand):
      put(operation.rawValue)
      putOperand(operand, bare: !operand.isOperation)
    case .binary(let operation, let left, let right):
      putOperand(left, of: operation, onTheRight: false)
      put(" ")
      put(operation.rawValue)
      putSoftSpace()
      putOperand(right, of: operation, onTheRight: true)
    case .conditional(let condition, let first, let second):
      putOperand(condition, bare: !condition.isConditional && !condition.isArithmetic)
      put(" ?")
      putSoftSpace()
      putOperand(first, bare: !first.isConditional)
      putSoftSpace()
      put(": ")
      put(second)
    case .concatenation(let parts):
      put("{")
      for (index, part) in parts.enumerated() {
        if index > 0 {
          put(",")
          putSoftSpace()
        }
        put(part)
      }
      put("}")
    case .replication(let count, let part):
      put("{")
      put(count)
      put("{")
      put(part)
      put("}}")
    case .signed(let operand):
      put("$signed(")
      put(operand)
      put(")")
    }
  }

  private mutating func putOperand(_ operand: VerilogExpression, bare: Bool) {
    if !bare { put("(") }
    put(operand)
    if !bare { put(")") }
  }

  private mutating func putOperand(_ operand: VerilogExpression, of operation: VerilogBinaryOperator, onTheRight: Bool)
  {
    let bare =
      switch operand {
      case .binary(let inner, _, _): operation.accepts(inner, onTheRight: onTheRight)
      case .unary(let inner, _): inner == .not || inner == .conditionNot
      case .conditional: false
      default: true
      }
    putOperand(operand, bare: bare)
  }

  /// Binary for one bit, decimal where a person reads it more easily, else hexadecimal.
  private mutating func putLiteral(_ value: BitVector, isSigned: Bool) {
    if isSigned, value.signBit, let number = value.signedValue, number > -Self.decimalLimit,
      number.magnitude != value.unsignedValue?.magnitude
    {
      put("-\(value.width)'sd\(number.magnitude)")
      return
    }
    put(value.width)
    put(isSigned ? "'s" : "'")
    if value.width == 1 {
      put("b")
      put(value.binary)
    } else if let number = value.unsignedValue, number < Self.decimalLimit, !(isSigned && value.signBit) {
      put("d")
      put(number)
    } else {
      put("h")
      put(value.hexadecimal)
    }
  }
}

extension VerilogExpression {
  fileprivate var isConditional: Bool { if case .conditional = self { true } else { false } }
  /// Whether a reader could take the last operand alone for a condition.
  fileprivate var isArithmetic: Bool {
    switch self {
    case .binary(.add, _, _), .binary(.subtract, _, _), .binary(.multiply, _, _): true
    default: false
    }
  }
  fileprivate var isOperation: Bool {
    switch self {
    case .conditional, .binary, .unary: true
    default: false
    }
  }
}
