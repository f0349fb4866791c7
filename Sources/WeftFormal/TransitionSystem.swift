import Weft

/// A design as one machine without hierarchy: what it chooses at each step, what it remembers, and what is claimed of
/// it.
///
/// A step is an edge of the design's clock. A design with several clocks, or with one of which both edges act, chooses
/// at each step which clocks move: one, or several at once. Resets are inactive, or inputs.
struct TransitionSystem {
  /// All expressions. Its signals are the inputs, the state, and the words that memories give.
  var netlist: Netlist
  /// The inputs of the top module, and the resets that a step chooses.
  var inputs: [Input] = []
  /// The clocks that a step chooses from; none for a design with a single clock, which always moves.
  var clocks: [Clock] = []
  /// One where something happens: a clock moves, or a reset acts at once. None for a design whose clock always moves.
  var isStep: Netlist.NodeID?
  var states: [State] = []
  var memories: [Memory] = []
  var claims: [Claim] = []

  /// What a step may choose freely.
  struct Input {
    var port: String
    var signal: Netlist.SignalID
    /// Its value where nothing depends on it.
    var idle: BitVector
  }

  /// A clock that moves at some steps.
  struct Clock {
    var name: String
    /// Whether it moves.
    var signal: Netlist.SignalID
    /// The edges that act. Where both do, a step moves it to its other level, else once up and down.
    var edges: Set<Domain.Edge>
  }

  /// A register, or the register of a memory's read port.
  struct State {
    var path: String
    var signal: Netlist.SignalID
    var initial: BitVector
    var next: Netlist.NodeID
    /// Whether the design has a signal of this path.
    var isNamed = true
  }

  /// A memory; a step's writes take place one after another.
  struct Memory {
    var path: String
    var width: Int
    var depth: Int
    var contents: [BitVector]
    var words: [Word] = []
    var writes: [Write] = []
  }

  /// What a memory holds at an address before the step's writes.
  struct Word {
    var signal: Netlist.SignalID
    var address: Netlist.NodeID
  }

  struct Write {
    var condition: Netlist.NodeID
    var address: Netlist.NodeID
    var data: Netlist.NodeID
    /// The lowest bit of the word that the data goes to.
    var low: Int
  }

  /// A property and a bit: of an assertion or assumption, whether it holds at a step; of a cover, whether it is met.
  struct Claim {
    var property: PlacedProperty
    var holds: Netlist.NodeID
  }
}
