import Foundation

/// What nextpnr reports of a design that it has placed and routed: the clocks that are reached, the slowest paths, and
/// the cells that are used.
///
/// ```swift
/// let report = try TimingReport(contentsOf: folder.appendingPathComponent("timing.json"))
/// if let missed = report.clocks.first(where: { !$0.isMet }) { print(missed) }
/// ```
public struct TimingReport: Hashable, Sendable {
  /// A clock.
  public struct Clock: Hashable, Sendable {
    /// Its net.
    public var name: String
    /// Cycles a second that all paths between its edges allow.
    public var achieved: Double
    /// Cycles a second that are asked for.
    public var asked: Double
    /// Whether it is as fast as is asked for.
    public var isMet: Bool { achieved >= asked }

    /// A clock.
    public init(name: String, achieved: Double, asked: Double) {
      self.name = name
      self.achieved = achieved
      self.asked = asked
    }
  }

  /// The cells of a kind.
  public struct Cells: Hashable, Sendable {
    /// The kind, such as `MULT18X18D`.
    public var kind: String
    /// How many are used, and how many there are.
    public var used, available: Int

    /// Cells.
    public init(kind: String, used: Int, available: Int) {
      self.kind = kind
      self.used = used
      self.available = available
    }
  }

  /// The clocks, by name.
  public let clocks: [Clock]
  /// The kinds of cells of which some are used, by name.
  public let cells: [Cells]
  /// The slowest path between each pair of clock edges, or between one and the pins.
  public let paths: [TimingPath]

  /// Reads the text that nextpnr writes with `--report`.
  ///
  /// - Throws: `BoardError` where it is none.
  public init(json: Data) throws(BoardError) {
    let report: Report
    do {
      report = try JSONDecoder().decode(Report.self, from: json)
    } catch {
      throw BoardError("this is no report of nextpnr's; `nextpnr-ecp5 --report FILE` writes one")
    }
    clocks = report.fmax
      .map { Clock(name: $0.key, achieved: $0.value.achieved * 1e6, asked: $0.value.constraint * 1e6) }
      .sorted { $0.name < $1.name }
    cells = report.utilization.filter { $0.value.used > 0 }
      .map { Cells(kind: $0.key, used: $0.value.used, available: $0.value.available) }.sorted { $0.kind < $1.kind }
    paths = report.critical_paths.map(TimingPath.init)
  }

  /// Reads the file that nextpnr writes with `--report`.
  ///
  /// - Throws: `BoardError` where it is none or cannot be read.
  public init(contentsOf url: URL) throws(BoardError) {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw BoardError("the report '\(url.path)' cannot be read")
    }
    try self.init(json: data)
  }

  /// How many cells of a kind are used.
  public func used(_ kind: String) -> Int { cells.first { $0.kind == kind }?.used ?? 0 }

  /// The fields of the file.
  struct Report: Decodable {
    struct Maximum: Decodable {
      var achieved, constraint: Double
    }
    struct Utilization: Decodable {
      var used, available: Int
    }
    struct Path: Decodable {
      struct Place: Decodable {
        var cell, port: String
      }
      struct Step: Decodable {
        var delay: Double
        var from, to: Place
        var type: String
      }
      var from, to: String
      var path: [Step]
    }
    var fmax: [String: Maximum]
    var utilization: [String: Utilization]
    var critical_paths: [Path]
  }
}
