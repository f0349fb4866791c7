import Weft

/// A design compiled for the interpreter: instructions over one array of words. It never changes, so that any number of
/// engines run it at once.
package struct Program: Sendable {
  /// The words before the first cycle: constants, initial values and memories.
  var words: [UInt64] = []
  /// All instructions.
  var instructions: [Instruction] = []
  /// All runs.
  var runs: [Run] = []
  /// The tables of lookups and choices.
  var tables: [Int32] = []
  /// For each loop the words that its body computes.
  var loops: [[Int32]] = []

  /// The combinational logic that depends on state alone.
  var stateLogic = 0..<0
  /// The combinational logic that depends on inputs; it follows the other.
  var inputLogic = 0..<0
  /// What happens at clock edges: in the domains of the top module, then in those with a clock or reset of their own.
  var domains: [DomainProgram] = []

  /// All signals of the design by module instance.
  var scopes: [Scope] = []

  /// What happens in one domain, as ranges of runs.
  struct DomainProgram: Sendable {
    var domain: Domain
    /// The port of the top module that the clock is, and its word.
    var clockPort: String
    var clock: Int
    /// The word of the reset, where the domain uses it.
    var reset: Int?
    /// Whether the reset is a signal of the design in place of a port.
    var isResetComputed = false
    /// Copies of state that updates read, so that all read what was there before the edge.
    var copies = 0..<0
    /// What memories are read for.
    var reads = 0..<0
    /// Writes to memories, and registers without reset.
    var always = 0..<0
    /// Registers with a reset, while it is inactive.
    var updates = 0..<0
    /// The same while it is active.
    var resets = 0..<0
  }

  /// One instance of a module in the hierarchy.
  package struct Scope: Sendable {
    /// The instance's name; the top module's own name at the top.
    package var name: String
    /// The index of the module in the design.
    package var module: Int
    /// The index of the scope above.
    package var parent: Int?
    /// For each signal of the module the place of its words.
    package var signals: [Int32] = []
    /// For each memory of the module the place of its words.
    package var memories: [Int32] = []
    /// For each domain of the module its place among the program's.
    package var domains: [Int] = []
    /// The scopes of the module's instances, in their order.
    package var children: [Int] = []
  }

  /// What has to be settled before each word is read.
  var settling: [Staleness] = []
}
