/// The slowest path from one clock's edges to another's, or to a pin.
public struct TimingPath: Hashable, Sendable {
  /// A part of a path.
  public struct Step: Hashable, Sendable {
    /// What the time passes in: `clk-to-q`, `logic`, `routing` or `setup`.
    public var kind: String
    /// The cell, by its place in the design, or the one that the net leads to.
    public var cell: String
    /// Seconds.
    public var delay: Double

    /// A step.
    public init(kind: String, cell: String, delay: Double) {
      self.kind = kind
      self.cell = cell
      self.delay = delay
    }
  }

  /// The edge that it begins with, such as `posedge clock`, or `<async>`.
  public let source: String
  /// The edge that it ends with.
  public let destination: String
  /// Its parts.
  public let steps: [Step]

  init(_ path: TimingReport.Report.Path) {
    source = path.from
    destination = path.to
    steps = path.path.map { Step(kind: $0.type, cell: $0.to.cell, delay: $0.delay * 1e-9) }
  }

  /// Seconds from the first edge to the second.
  public var delay: Double { steps.reduce(0) { $0 + $1.delay } }
  /// Seconds of it on wires.
  public var routing: Double { steps.filter { $0.kind == "routing" }.reduce(0) { $0 + $1.delay } }
  /// The cells that it leads from and to.
  public var ends: (first: String, last: String) { (steps.first?.cell ?? "", steps.last?.cell ?? "") }
}
