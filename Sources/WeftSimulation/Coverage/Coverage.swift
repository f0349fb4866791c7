import Foundation
import Weft

/// How much of a design one or several runs have reached.
public struct Coverage: Hashable, Sendable {
  /// What a point in the source is.
  public enum PointKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// A connection or a write to a memory.
    case statement
    /// The side of a `When` for the case that its condition holds.
    case then
    /// The other side.
    case otherwise = "else"
    /// A case of a `Switch`.
    case matchCase = "case"
    /// The side of a `Switch` for all that no case names.
    case matchDefault = "default"
  }

  /// What names a point of a module.
  public struct PointKey: Hashable, Sendable, Codable {
    /// The name of the module in Verilog.
    public var module: String
    /// The source file as `#fileID` gives it.
    public var file: String
    /// The line in it.
    public var line: Int
    /// What stands there.
    public var kind: PointKind
    /// Tells points apart that stand in one line, such as those of a loop.
    public var number: Int
  }

  /// Which bits of a signal moved.
  public struct Toggle: Hashable, Sendable {
    /// The bits that rose and those that fell.
    public var rose: BitVector, fell: BitVector
  }

  /// Two states, one after the other.
  public struct Transition: Hashable, Sendable, Codable {
    /// The names of the cases.
    public var from: String, to: String
  }

  /// What a register that holds an enumeration went through.
  public struct States: Hashable, Sendable {
    /// How many cycles each case was held, also those that never were.
    public var visits: [String: Int] = [:]
    /// How often each transition was made, also those that the statements name and that never were.
    public var transitions: [Transition: Int] = [:]
  }

  /// How often each point was reached.
  public internal(set) var points: [PointKey: Int] = [:]
  /// The bits that moved, by the hierarchical name of their signal.
  public internal(set) var toggles: [String: Toggle] = [:]
  /// The states, by the hierarchical name of their register.
  public internal(set) var states: [String: States] = [:]

  /// The coverage of no run.
  public init() {}

  /// Adds what other runs have reached, of the same design or another.
  public mutating func merge(_ other: Coverage) {
    points.merge(other.points, uniquingKeysWith: +)
    toggles.merge(other.toggles) { mine, theirs in
      guard mine.rose.width == theirs.rose.width else { return theirs }
      return Toggle(rose: mine.rose.combined(with: theirs.rose, .or), fell: mine.fell.combined(with: theirs.fell, .or))
    }
    states.merge(other.states) { mine, theirs in
      States(
        visits: mine.visits.merging(theirs.visits, uniquingKeysWith: +),
        transitions: mine.transitions.merging(theirs.transitions, uniquingKeysWith: +))
    }
  }

  /// What has been reached of all that there is.
  public struct Ratio: Hashable, Sendable, CustomStringConvertible {
    /// What was reached.
    public var reached: Int
    /// All that there is.
    public var total: Int

    /// Between 0 and 1; 1 where there is nothing.
    public var fraction: Double { total == 0 ? 1 : Double(reached) / Double(total) }
    /// `3 of 4`.
    public var description: String { "\(reached) of \(total)" }
  }

  /// Statements that were carried out.
  public var statements: Ratio { ratio(of: points.filter { $0.key.kind == .statement }.values) }
  /// Arms of `When` and `Switch` that were taken.
  public var branches: Ratio { ratio(of: points.filter { $0.key.kind != .statement }.values) }
  /// States that were held.
  public var heldStates: Ratio { ratio(of: states.values.flatMap { $0.visits.values }) }
  /// Transitions that were made.
  public var madeTransitions: Ratio { ratio(of: states.values.flatMap { $0.transitions.values }) }
  /// Bits that rose and bits that fell, counted apart.
  public var movedBits: Ratio {
    toggles.values.reduce(into: Ratio(reached: 0, total: 0)) { ratio, toggle in
      ratio.total += 2 * toggle.rose.width
      ratio.reached += toggle.rose.oneCount + toggle.fell.oneCount
    }
  }

  private func ratio(of counts: some Collection<Int>) -> Ratio {
    Ratio(reached: counts.count { $0 > 0 }, total: counts.count)
  }
}

extension BitVector {
  /// The number of bits that are one.
  var oneCount: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
