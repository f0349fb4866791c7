/// A rule of an AXI standard that was broken.
public struct AXIViolation: Error, Hashable, Sendable {
  /// The rule.
  public var rule: AXIRule
  /// The standard whose rule it is.
  public var standard: AXIProtocol
  /// The cycle in which it was seen.
  public var cycle: Int
  /// The channel, by its name in the top module: `m_axi_aw`.
  public var channel: String
  /// What was seen there.
  public var values: String
}

extension AXIViolation: CustomStringConvertible {
  /// The place, the rule and where it comes from, and what was seen.
  public var description: String {
    let section = rule.section(in: standard).map { ", \($0)" } ?? ""
    return "cycle \(cycle): `\(channel)` breaks a rule: \(rule.summary) (\(rule.rawValue)\(section)); \(values)"
  }
}

/// The violations that a checker has seen.
struct ViolationLog {
  let standard: AXIProtocol
  /// Whether a run goes on after a violation.
  let isCollecting: Bool
  private(set) var violations: [AXIViolation] = []

  init(_ standard: AXIProtocol, isCollecting: Bool) {
    self.standard = standard
    self.isCollecting = isCollecting
  }

  /// Notes a violation.
  mutating func note(_ rule: AXIRule, _ channel: String, _ cycle: Int, _ values: String) {
    violations.append(AXIViolation(rule: rule, standard: standard, cycle: cycle, channel: channel, values: values))
  }

  /// Throws what a run ends with: the first violation of this cycle, if there is one.
  func settle(_ cycle: Int) throws(SimulationError) {
    guard !isCollecting, let violation = violations.first(where: { $0.cycle == cycle }) else { return }
    throw SimulationError(violation.description)
  }

  /// What a status says of them.
  var note: String { violations.count == 1 ? "1 violation" : "\(violations.count) violations" }
}
