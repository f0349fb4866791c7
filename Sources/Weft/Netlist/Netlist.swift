/// One module after elaboration: a closed, flat description that every back end reads.
///
/// Expressions are nodes in one array, operands before users, equal ones stored once. Statements keep the shape in
/// which the user wrote them, sorted into processes: each signal is driven by exactly one process, or by several
/// combinational ones that drive different bits.
public struct Netlist: Sendable {
  /// An index into `nodes`.
  public struct NodeID: Hashable, Sendable {
    /// The place in `nodes`.
    public var index: Int32
    /// The index of a place in `nodes`.
    public init(index: Int32) { self.index = index }
  }
  /// An index into `signals`.
  public struct SignalID: Hashable, Sendable {
    /// The place in `signals`.
    public var index: Int32
    /// The index of a place in `signals`.
    public init(index: Int32) { self.index = index }
  }
  /// An index into `memories`.
  public struct MemoryID: Hashable, Sendable {
    /// The place in `memories`.
    public var index: Int32
    /// The index of a place in `memories`.
    public init(index: Int32) { self.index = index }
  }
  /// An index into `instances`.
  public struct InstanceID: Hashable, Sendable {
    /// The place in `instances`.
    public var index: Int32
    /// The index of a place in `instances`.
    public init(index: Int32) { self.index = index }
  }

  /// The module's name in Verilog, unique in its design.
  public var name: String
  /// The module as Swift writes it, with its parameters: for comments and messages.
  public var summary: String
  /// The clock domains used here or below, in order of first use. Their clock and reset ports, which are no signals,
  /// come first in the port list.
  public var domains: [DomainUse] = []
  /// All signals; ports come in the order in which the port list has them.
  public internal(set) var signals: [Signal] = []
  /// All expressions, operands before users.
  public internal(set) var nodes: [Node] = []
  /// The width in bits of each node.
  public internal(set) var nodeWidths: [Int32] = []
  /// All memories.
  public var memories: [Memory] = []
  /// All instances of other modules.
  public var instances: [Instance] = []
  /// What drives the signals, in a stable order.
  public var processes: [Process] = []
  /// What is claimed of the module, in the order of its statements.
  public var properties: [Property] = []
  /// What stands in the module's place in Verilog, where it is a black box; the rest is then its model for simulation.
  public var blackBox: ExternalModule?

  /// An empty module.
  public init(name: String, summary: String = "") {
    self.name = name
    self.summary = summary.isEmpty ? name : summary
  }

  /// The node `id` stands for.
  public subscript(id: NodeID) -> Node { nodes[Int(id.index)] }
  /// The signal `id` stands for.
  public subscript(id: SignalID) -> Signal {
    get { signals[Int(id.index)] }
    set { signals[Int(id.index)] = newValue }
  }
  /// The memory `id` stands for.
  public subscript(id: MemoryID) -> Memory {
    get { memories[Int(id.index)] }
    set { memories[Int(id.index)] = newValue }
  }
  /// The instance `id` stands for.
  public subscript(id: InstanceID) -> Instance {
    get { instances[Int(id.index)] }
    set { instances[Int(id.index)] = newValue }
  }
  /// The width in bits of node `id`.
  public func width(of id: NodeID) -> Int { Int(nodeWidths[Int(id.index)]) }

  /// The ids of all signals.
  public var signalIDs: [SignalID] { signals.indices.map { SignalID(index: Int32($0)) } }
  /// The ids of all nodes.
  public var nodeIDs: [NodeID] { nodes.indices.map { NodeID(index: Int32($0)) } }
}

// MARK: - Expressions

extension Netlist {
  /// An expression over bits. Signs belong to operations, not to values.
  public enum Node: Hashable, Sendable {
    /// A constant.
    case constant(BitVector)
    /// The value of a signal.
    case reference(SignalID)
    /// The sum modulo two to the width; operands and result are equally wide.
    case add(NodeID, NodeID)
    /// The difference modulo two to the width; operands and result are equally wide.
    case subtract(NodeID, NodeID)
    /// The exact product, as wide as both operands together.
    case multiply(NodeID, NodeID, signed: Bool)
    /// Bit by bit; operands and result are equally wide.
    case bitwise(BitwiseOperator, NodeID, NodeID)
    /// Every bit inverted.
    case not(NodeID)
    /// One bit: whether the equally wide operands compare so.
    case compare(Comparison, NodeID, NodeID)
    /// One bit: all bits of the operand combined.
    case reduce(BitwiseOperator, NodeID)
    /// The first operand moved by the second, an unsigned number of places; as wide as the first.
    case shift(ShiftDirection, NodeID, by: NodeID)
    /// The second operand where the first, one bit, is one, else the third; both as wide as the result.
    case select(NodeID, NodeID, NodeID)
    /// The element of a vector at an unsigned index; the node's width is the element's and divides the vector's.
    /// An index beyond the last element reads zero.
    case element(NodeID, index: NodeID)
    /// As many bits as the node is wide, from bit `low` of the operand up.
    case slice(NodeID, low: Int)
    /// The operands side by side, the first the most significant.
    case concatenate([NodeID])
    /// The operand with zeros, or copies of its highest bit, above it; wider than the operand.
    case extend(NodeID, signed: Bool)
  }

  /// An operation on single bits.
  public enum BitwiseOperator: Hashable, Sendable {
    /// Whether both are one.
    case and
    /// Whether either is one.
    case or
    /// Whether exactly one is one.
    case xor
  }
  /// An order on equally wide operands.
  public enum Comparison: Hashable, Sendable {
    /// The same bits.
    case equal
    /// The first is less, both read as unsigned numbers.
    case less
    /// The first is less, both read in two's complement.
    case lessSigned
  }
  /// A direction to shift in and what comes in at the other end: zeros, or the sign.
  public enum ShiftDirection: Hashable, Sendable {
    /// Upwards, with zeros below.
    case left
    /// Downwards, with zeros above.
    case right
    /// Downwards, with copies of the highest bit above.
    case rightArithmetic
  }
}

extension Netlist.Node {
  /// The nodes this one reads.
  public var operands: [Netlist.NodeID] {
    switch self {
    case .constant, .reference: []
    case .add(let a, let b), .subtract(let a, let b), .multiply(let a, let b, _), .bitwise(_, let a, let b),
      .compare(_, let a, let b), .shift(_, let a, let b), .element(let a, let b): [a, b]
    case .not(let a), .reduce(_, let a), .slice(let a, _), .extend(let a, _): [a]
    case .select(let a, let b, let c): [a, b, c]
    case .concatenate(let parts): parts
    }
  }

  /// Visits the nodes this one reads, in order.
  func forEachOperand(_ visit: (Netlist.NodeID) -> Void) {
    switch self {
    case .constant, .reference: break
    case .add(let a, let b), .subtract(let a, let b), .multiply(let a, let b, _), .bitwise(_, let a, let b),
      .compare(_, let a, let b), .shift(_, let a, let b), .element(let a, let b):
      visit(a)
      visit(b)
    case .not(let a), .reduce(_, let a), .slice(let a, _), .extend(let a, _): visit(a)
    case .select(let a, let b, let c):
      visit(a)
      visit(b)
      visit(c)
    case .concatenate(let parts): for part in parts { visit(part) }
    }
  }
}

// MARK: - Signals, memories, instances

extension Netlist {
  /// A named group of bits.
  public struct Signal: Sendable {
    /// The user's name, unique in the module among signals, memories and instances.
    public var name: String
    /// The number of bits.
    public var width: Int
    /// What the signal is.
    public var role: Role
    /// How a person reads its bits.
    public var format: Format
    /// Where it was declared.
    public var place: SourcePlace
    /// Wishes to the tools that read the Verilog.
    public var attributes: [Attribute] = []

    /// Whether the signal is an input or an output of the module.
    var isPort: Bool {
      switch role {
      case .input, .output: true
      default: false
      }
    }

    /// What a signal is and so what drives it.
    public enum Role: Hashable, Sendable {
      /// A port driven from outside.
      case input
      /// A port driven by combinational processes.
      case output
      /// Driven by combinational processes.
      case wire
      /// Driven by a clocked process, or by nothing: then it keeps its initial value.
      indirect case register(Register)
      /// An input port of an instance, driven here by combinational processes.
      case instanceInput(InstanceID, port: String)
      /// An output port of an instance, driven by it.
      case instanceOutput(InstanceID, port: String)
      /// The clock or reset of a domain of an instance, driven here by combinational processes in place of the port of
      /// that name.
      case instanceDomain(InstanceID, port: String)
      /// What a read port of a memory gives.
      case memoryRead(MemoryID)
    }

    /// A signal as declared.
    public init(name: String, width: Int, role: Role, format: Format = .unsigned, place: SourcePlace) {
      self.name = name
      self.width = width
      self.role = role
      self.format = format
      self.place = place
    }
  }

  /// How a person reads bits, for waves and reports.
  public indirect enum Format: Hashable, Sendable {
    /// A level.
    case bit
    /// Bits that are no number.
    case bits
    /// An unsigned number.
    case unsigned
    /// A number in two's complement.
    case signed
    /// A number in two's complement in steps of two to the power of minus `fractionBits`.
    case fixed(fractionBits: Int)
    /// A name for each code.
    case enumeration(name: String, cases: [EnumerationCase])
    /// Equal elements, the first in the lowest bits.
    case vector(count: Int, Format)

    /// One value of an enumeration.
    public struct EnumerationCase: Hashable, Sendable {
      /// The Swift name of the case.
      public var name: String
      /// Its bits.
      public var code: BitVector

      /// A case and its bits.
      public init(name: String, code: BitVector) {
        self.name = name
        self.code = code
      }
    }
  }

  /// What makes a signal a register. Its clocked process holds statements for the case that neither reset is active nor
  /// the enable is zero; a bit that no statement assigns keeps its value.
  public struct Register: Hashable, Sendable {
    /// The domain that clocks it.
    public var domain: Domain
    /// The value under reset, or `nil` for a register without reset. Reset wins over enable.
    public var resetValue: BitVector?
    /// The value before the first clock edge.
    public var initialValue: BitVector
    /// The register keeps its value while this bit is zero.
    public var enable: NodeID?
    /// The domain whose values the register may sample at its own clock's edges, besides those of its own.
    public var samples: Domain?

    /// A register as declared; it starts with its reset value, else with `initialValue`.
    public init(
      domain: Domain = .main, resetValue: BitVector? = nil, initialValue: BitVector, enable: NodeID? = nil,
      samples: Domain? = nil
    ) {
      self.domain = domain
      self.resetValue = resetValue
      self.initialValue = resetValue ?? initialValue
      self.enable = enable
      self.samples = samples
    }
  }

  /// An array of words. All writes happen at the edges of one clock, the later in the order of statements winning; each
  /// read port may have a clock of its own.
  public struct Memory: Sendable {
    /// The user's name.
    public var name: String
    /// Bits of a word.
    public var width: Int
    /// The number of words.
    public var depth: Int
    /// The words before the first clock edge, from address zero; missing ones are zero.
    public var contents: [BitVector]
    /// The domain that clocks writes, and reads that name no other.
    public var domain: Domain
    /// A wish to the synthesiser.
    public var style: MemoryStyle
    /// The read ports.
    public var reads: [MemoryRead]
    /// Where it was declared.
    public var place: SourcePlace
    /// Wishes to the tools that read the Verilog.
    public var attributes: [Attribute] = []

    /// A memory as declared.
    public init(
      name: String, width: Int, depth: Int, contents: [BitVector] = [], domain: Domain = .main,
      style: MemoryStyle = .automatic, reads: [MemoryRead] = [], place: SourcePlace
    ) {
      self.name = name
      self.width = width
      self.depth = depth
      self.contents = contents
      self.domain = domain
      self.style = style
      self.reads = reads
      self.place = place
    }
  }

  /// How a synthesiser should build a memory.
  public enum MemoryStyle: String, Hashable, Sendable {
    /// As the synthesiser sees fit.
    case automatic
    /// In block RAM.
    case block
    /// In look-up tables.
    case distributed
    /// In large blocks, where the device has them.
    case ultra
    /// In registers.
    case registers
  }

  /// A read port. A synchronous one gives, after a clock edge at which `enable` is one or absent, the word that was at
  /// `address` before that edge (a write at the same edge is not seen), and keeps it otherwise; it starts at zero. An
  /// asynchronous one gives the word at once. An address beyond the depth reads zero.
  public struct MemoryRead: Sendable {
    /// The address.
    public var address: NodeID
    /// Whether to read, for a synchronous port.
    public var enable: NodeID?
    /// The signal, of role `memoryRead`, that carries the word.
    public var data: SignalID
    /// Whether the word comes after a clock edge.
    public var isSynchronous: Bool
    /// The domain that clocks a synchronous port, where it is not the memory's.
    public var domain: Domain?

    /// A port whose word `data` carries.
    public init(
      address: NodeID, enable: NodeID? = nil, data: SignalID, isSynchronous: Bool = true, domain: Domain? = nil
    ) {
      self.address = address
      self.enable = enable
      self.data = data
      self.isSynchronous = isSynchronous
      self.domain = domain
    }
  }

  /// A module used inside another.
  public struct Instance: Sendable {
    /// The user's name for it.
    public var name: String
    /// The index of its module in the design.
    public var module: Int
    /// Where it was declared.
    public var place: SourcePlace
    /// Wishes to the tools that read the Verilog.
    public var attributes: [Attribute] = []

    /// An instance of the module at an index of the design.
    public init(name: String, module: Int, place: SourcePlace) {
      self.name = name
      self.module = module
      self.place = place
    }
  }
}

// MARK: - Processes

extension Netlist {
  /// Statements that drive the same signals and are carried out in order; the last assignment that is reached wins.
  public struct Process: Sendable {
    /// When the statements run.
    public var kind: Kind
    /// What to carry out.
    public var statements: [Statement]
    /// The signals driven here, in order of declaration; empty for a memory's writes.
    public var targets: [SignalID]

    /// A process that drives `targets`.
    public init(kind: Kind, statements: [Statement], targets: [SignalID]) {
      self.kind = kind
      self.statements = statements
      self.targets = targets
    }

    /// When a process runs.
    public enum Kind: Hashable, Sendable {
      /// Whenever something it reads changes. Every bit that it assigns on some path it assigns on every path.
      case combinational
      /// At the edges of a domain's clock. All targets have equal reset presence and equal enable.
      indirect case clocked(Domain)
      /// The writes to one memory, at the edges of its clock.
      case memoryWrite(MemoryID)
    }
  }

  /// One statement of a process.
  public enum Statement: Sendable {
    /// Bits `low ..< low + width of the value` of a signal take a value.
    case assign(SignalID, low: Int, NodeID, SourcePlace)
    /// One side or the other, by one bit.
    case when(NodeID, then: [Statement], else: [Statement], SourcePlace)
    /// The first case one of whose patterns equals the subject, else the default.
    case match(NodeID, cases: [MatchCase], default: [Statement], SourcePlace)
    /// Bits `low ..< low + width of the data` of a word of the memory take a value; beyond the depth nothing is
    /// written.
    case write(MemoryID, address: NodeID, data: NodeID, low: Int, SourcePlace)
  }

  /// One case of a `match`.
  public struct MatchCase: Sendable {
    /// As wide as the subject; no two cases share one.
    public var patterns: [BitVector]
    /// What to carry out.
    public var body: [Statement]

    /// One case.
    public init(patterns: [BitVector], body: [Statement]) {
      self.patterns = patterns
      self.body = body
    }
  }

  /// The processes that drive each signal: edges from its index to theirs.
  func drivers() -> DirectedGraph {
    var edges: [(from: Int32, to: Int32)] = []
    for index in processes.indices {
      for target in processes[index].targets { edges.append((target.index, Int32(index))) }
    }
    return DirectedGraph(count: signals.count, edges: edges)
  }

  /// How a module uses a clock domain.
  public struct DomainUse: Hashable, Sendable {
    /// The domain.
    public var domain: Domain
    /// Whether anything here or below is reset, so that the module has the domain's reset port.
    public var usesReset: Bool

    /// A use of a domain.
    public init(domain: Domain, usesReset: Bool) {
      self.domain = domain
      self.usesReset = usesReset
    }
  }
}
