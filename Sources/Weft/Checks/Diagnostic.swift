/// A mistake in a user's hardware, with the place to mend it.
public struct Diagnostic: Hashable, Sendable {
  /// The kind of a mistake.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// A size that cannot be, or two widths that differ where they must not.
    case width
    /// A parameter of a module that it cannot have.
    case parameter
    /// A literal that does not fit where it is used.
    case literal
    /// An element or bit outside its vector.
    case index
    /// A name that Verilog cannot have, or none.
    case name
    /// One name for two things.
    case duplicateName = "duplicate-name"
    /// A reset value that is no constant of the register's width, or a reset with glitches.
    case reset
    /// A parent that reaches for something inside a child.
    case notAPort = "not-a-port"
    /// A value given to something that does not take one here.
    case direction
    /// A case listed twice, or several defaults.
    case cases
    /// Bits that nothing drives.
    case undriven
    /// Bits that two statements drive.
    case drivenTwice = "driven-twice"
    /// A combinational signal that some path leaves without a value.
    case latch
    /// A combinational signal that depends on itself.
    case loop
    /// A clock from logic or a register.
    case clock
    /// A register that samples, unsaid, a value which changes with another clock.
    case crossing
    /// An input of an instance that is not connected.
    case unconnected
    /// A write port of a memory that is written twice, or a mode that a read port cannot have.
    case memoryPort = "memory-port"
    /// A module that contains itself.
    case recursion
  }

  /// The kind of mistake.
  public var code: Code
  /// A sentence for the user.
  public var message: String
  /// Where it is.
  public var place: SourcePlace?
  /// The module and how the top module reaches it.
  public var path: String

  /// A mistake.
  public init(code: Code, message: String, place: SourcePlace?, path: String = "") {
    self.code = code
    self.message = message
    self.place = place
    self.path = path
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line: error: sentence [code] (in module path)`, as editors read it.
  public var description: String {
    let position = place.map { "\($0): " } ?? ""
    return "\(position)error: \(message) [\(code.rawValue)]" + (path.isEmpty ? "" : " (in \(path))")
  }
}

/// All the mistakes of a design, found together.
public struct ElaborationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The mistakes in order of modules and lines.
  public var diagnostics: [Diagnostic]

  /// One mistake a line.
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
