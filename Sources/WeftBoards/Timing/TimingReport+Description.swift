import Foundation

extension TimingReport: CustomStringConvertible {
  /// The clocks, the cells and the paths, a line each.
  public var description: String {
    (clocks.map(\.description) + cells.map(\.description) + paths.map(\.description)).joined(separator: "\n")
  }
}

extension TimingReport.Clock: CustomStringConvertible {
  public var description: String {
    "clock \(name): \(megahertz(achieved)) MHz, \(isMet ? "" : "short of the ")\(megahertz(asked)) MHz asked for"
  }
}

extension TimingReport.Cells: CustomStringConvertible {
  public var description: String { "\(kind): \(used) of \(available)" }
}

extension TimingPath: CustomStringConvertible {
  public var description: String {
    "path \(nanoseconds(delay)) ns, \(nanoseconds(routing)) of them wires, from \(source) to \(destination): "
      + "\(ends.first) to \(ends.last)"
  }
}

private func megahertz(_ frequency: Double) -> String { String(format: "%.1f", frequency / 1e6) }

private func nanoseconds(_ time: Double) -> String { String(format: "%.1f", time * 1e9) }
