/// A port or a variable.
struct VerilogDeclaration {
  enum Kind: String {
    case input
    case output
    case outputRegister = "output reg"
    case wire
    case register = "reg"
    case parameter = "localparam"
  }

  var kind: Kind
  var name: String
  var width: Int
  /// What a wire is equal to, or a register's value before the first clock edge.
  var value: VerilogExpression?
  /// A comment at the end of the line.
  var place: SourcePlace?
  var attributes: [Netlist.Attribute] = []
}

/// A member of a module.
enum VerilogItem {
  case declaration(VerilogDeclaration)
  /// `reg [width - 1:0] name [0:depth - 1];`
  case memory(name: String, width: Int, depth: Int, attributes: [Netlist.Attribute], place: SourcePlace?)
  case assign(VerilogTarget, VerilogExpression, place: SourcePlace?)
  /// `always @(events)`; an empty list of events stands for `*`.
  case always(events: [String], [VerilogStatement], place: SourcePlace?)
  case initial([VerilogStatement])
  /// `initial $readmemh(path, memory);`
  case load(memory: String, path: String)
  case instance(VerilogInstance)
  /// Items that synthesisers pass over.
  case simulationOnly([VerilogItem])
  case blank
}

/// An instance of a module.
struct VerilogInstance {
  var module: String
  var parameters: [BlackBoxParameter]
  var name: String
  var connections: [VerilogConnection]
  var attributes: [Netlist.Attribute]
  var place: SourcePlace?
}

/// A port of an instance and what is connected to it.
struct VerilogConnection {
  var port: String
  var isInput: Bool
  var value: VerilogExpression
}

/// What an assignment writes.
enum VerilogTarget {
  case whole(String)
  case bits(String, high: Int, low: Int)
  case word(String, VerilogExpression)
  /// `name[index][high:low]`.
  case wordBits(String, VerilogExpression, high: Int, low: Int)
}

/// A statement of an `always` or `initial` block.
indirect enum VerilogStatement {
  case assign(VerilogTarget, VerilogExpression, isBlocking: Bool, place: SourcePlace?)
  case when(VerilogExpression, then: [VerilogStatement], else: [VerilogStatement])
  case match(VerilogExpression, cases: [VerilogCase], default: [VerilogStatement])
  /// A comment; at the head of a default, what it stands for.
  case remark(String)
  /// `$display` of a message and the instance it comes from.
  case display(String)
}

/// One item of a `case`.
struct VerilogCase {
  var patterns: [VerilogExpression]
  var body: [VerilogStatement]
}

/// An expression.
enum VerilogExpression {
  case name(String)
  case literal(BitVector, isSigned: Bool)
  /// A constant position.
  case number(Int)
  /// `name[high:low]`, or `name[low]` where both are equal.
  case bits(String, high: Int, low: Int)
  /// `name[index]`: a bit of a vector or a word of a memory.
  indirect case word(String, VerilogExpression)
  /// `name[base +: width]`.
  indirect case window(String, base: VerilogExpression, width: Int)
  indirect case unary(VerilogUnaryOperator, VerilogExpression)
  indirect case binary(VerilogBinaryOperator, VerilogExpression, VerilogExpression)
  indirect case conditional(VerilogExpression, VerilogExpression, VerilogExpression)
  case concatenation([VerilogExpression])
  indirect case replication(Int, VerilogExpression)
  /// `$signed(...)`, which also keeps the outer width and sign away from what is inside.
  indirect case signed(VerilogExpression)
}

/// An operator before its operand.
enum VerilogUnaryOperator: String {
  case not = "~"
  /// The inverse of a condition.
  case conditionNot = "!"
  case negate = "-"
  case reduceAnd = "&"
  case reduceOr = "|"
  case reduceXor = "^"
}

/// An operator between its operands.
enum VerilogBinaryOperator: String {
  case multiply = "*"
  case add = "+"
  case subtract = "-"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case and = "&"
  case xor = "^"
  case or = "|"
}

extension VerilogBinaryOperator {
  /// The comparison that holds where this one does not.
  var opposite: VerilogBinaryOperator? {
    switch self {
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    case .equal: .notEqual
    case .notEqual: .equal
    default: nil
    }
  }

  /// A family within which precedence is plain to every reader.
  enum Family { case arithmetic, shift, comparison, bitwise }

  var family: Family {
    switch self {
    case .multiply, .add, .subtract: .arithmetic
    case .shiftLeft, .shiftRight: .shift
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: .comparison
    case .and, .xor, .or: .bitwise
    }
  }

  /// Whether `operand` stands beside this operator without parentheses.
  func accepts(_ operand: VerilogBinaryOperator, onTheRight: Bool) -> Bool {
    switch (family, operand.family) {
    case (.arithmetic, .arithmetic):
      operand == .multiply ? self != .multiply || !onTheRight : self != .multiply && !onTheRight
    case (.comparison, .arithmetic): true
    case (.bitwise, .bitwise): self == operand
    default: false
    }
  }
}
