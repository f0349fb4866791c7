import WeftNetworks

/// What the layers of a network ask for: a row for each branch, and in it a bar for each layer, its operations upwards,
/// the bytes of its constants and maps downwards. What branches share stands in the row of the one with the most work.
struct AnalysisDrawing {
  /// A layer and where it is drawn.
  private struct Bar {
    let layer: NetworkAnalysis.Layer
    /// How many layers of its branch come before it.
    let column: Int
  }

  /// A branch.
  private struct Row {
    let branch: NetworkAnalysis.Branch
    let bars: [Bar]
    /// The row and the column of the layer that the first bar follows, where another branch has it.
    var origin: (row: Int, column: Int)?
  }

  private let analysis: NetworkAnalysis
  private let rows: [Row]
  private let columns: Int
  /// Characters of the longest name that is shown.
  private let longestName: Double
  /// Operations, upwards, and bytes, downwards, in units of their own.
  private let work, traffic: (axis: Axis, unit: Unit)

  /// A unit that keeps numbers short.
  private struct Unit {
    let size: Double
    let prefix: String

    init(_ most: Int) {
      let steps = [(1e9, "G"), (1e6, "M"), (1e3, "k")]
      (size, prefix) = steps.first { Double(most) >= $0.0 } ?? (1, "")
    }

    func text(_ count: Int, _ name: String) -> String {
      "\(Figures.decimal(Double(count) / size, places: size == 1 ? 0 : 2))\u{2009}\(prefix)\(name)"
    }
  }

  private static let left = 56.0, width = 1072.0, up = 84.0, down = 60.0, head = 34.0, foot = 44.0, gap = 14.0
  private static let mapFill = "#f2dfcd"

  init(of analysis: NetworkAnalysis) {
    self.analysis = analysis
    let layers = Dictionary(analysis.layers.map { ($0.name, $0) }) { first, _ in first }
    let branches = analysis.branches
    let flows = branches.map { branch in
      branch.layers.compactMap { layers[$0] }.filter { $0.macs > 0 || $0.parameters > 0 }
    }
    /// The branch with the most work of those that need a layer.
    func home(of layer: NetworkAnalysis.Layer) -> Int? {
      branches.indices.filter { layer.branches.contains(branches[$0].output) }
        .max { (branches[$0].macs, $1) < (branches[$1].macs, $0) }
    }
    rows = branches.indices.map { index in
      let own = flows[index].enumerated().filter { home(of: $0.element) == index }
      var row = Row(branch: branches[index], bars: own.map { Bar(layer: $0.element, column: $0.offset) })
      if let first = own.first?.offset, first > 0 {
        let before = flows[index][first - 1]
        if let other = home(of: before), let column = flows[other].firstIndex(of: before) {
          row.origin = (other, column)
        }
      }
      return row
    }
    columns = max(1, flows.map(\.count).max() ?? 1)
    let drawn = rows.flatMap(\.bars).map(\.layer)
    longestName = Double(min(14, drawn.map(\.name.count).max() ?? 0))
    let operations = Unit(drawn.map(\.operations).max() ?? 0)
    let bytes = Unit(drawn.map { $0.parameterBytes + $0.mapBytes }.max() ?? 0)
    func axis(_ unit: Unit, _ name: String, _ most: (NetworkAnalysis.Layer) -> Int) -> Axis {
      Axis("\(unit.prefix)\(name)", upTo: Double(drawn.map(most).max() ?? 0) / unit.size, ticks: 2)
    }
    work = (axis(operations, "OP", \.operations), operations)
    traffic = (axis(bytes, "B") { $0.parameterBytes + $0.mapBytes }, bytes)
  }

  private var rowHeight: Double { Self.head + Self.up + Self.down + Self.foot + Self.gap }
  private var pitch: Double { min(96, (Self.width - Self.left) / Double(columns)) }
  private func top(_ row: Int) -> Double { 36 + Double(row) * rowHeight }
  /// Where the bars of a row stand.
  private func base(_ row: Int) -> Double { top(row) + Self.head + Self.up }
  private func x(_ column: Int) -> Double { Self.left + Double(column) * pitch }

  var picture: Picture {
    var elements = legend
    for (index, row) in rows.enumerated() {
      if isCritical(row) {
        elements.append(
          Element(
            "rect",
            [
              "x": 0, "y": top(index), "width": Self.width, "height": rowHeight - Self.gap, "fill": Style.accentFaint,
              "class": "critical",
            ]))
      }
    }
    for (index, row) in rows.enumerated() {
      elements += title(of: row, at: index) + axes(of: index) + (link(to: row, at: index).map { [$0] } ?? [])
      elements += row.bars.map { bar($0, row: index, isCritical: isCritical(row)) }
    }
    return Picture(width: Self.width, height: top(rows.count) - Self.gap, elements: elements)
  }

  private func isCritical(_ row: Row) -> Bool { row.branch.output == analysis.criticalBranch }

  private var legend: [Element] {
    let entries = [
      (Style.accentFill, "operations of a frame"), (Style.secondFill, "bytes of constants"),
      (Self.mapFill, "bytes of maps, read and written"),
    ]
    return entries.enumerated().flatMap { index, entry -> [Element] in
      let x = Double(index) * 200
      return [
        Element("rect", ["x": x, "y": 2, "width": 10, "height": 10, "fill": entry.0]),
        Element("text", ["x": x + 16, "y": 11], text: entry.1),
      ]
    }
  }

  private func title(of row: Row, at index: Int) -> [Element] {
    let (branch, y) = (row.branch, top(index) + 18)
    let shared = branch.sharedLayers > 0 ? ", with what it shares" : ""
    let rate = Double(branch.bytes) * analysis.assumptions.framesPerSecond / 1e9
    let figures =
      "\(Unit(branch.operations).text(branch.operations, "OP")) and \(Figures.grouped(branch.parameters)) parameters"
      + "\(shared); \(Figures.decimal(rate, places: 3))\u{2009}GB/s layer by layer at "
      + "\(Axis.label(analysis.assumptions.framesPerSecond)) frames/s"
    let name = branch.output + (isCritical(row) && rows.count > 1 ? ", the critical flow" : "")
    return [
      Element(
        "text",
        ["x": 8, "y": y, "font-weight": 600, "fill": isCritical(row) ? Style.accent : Style.text],
        text: GridDrawing.shortened(name, to: 48)
      ).titled(name),
      Element("text", ["x": Self.width - 8, "y": y, "text-anchor": "end", "fill": Style.muted], text: figures),
    ]
  }

  private func axes(of row: Int) -> [Element] {
    func lines(_ axis: Axis, _ height: Double) -> [Element] {
      axis.ticks.dropFirst().flatMap { tick -> [Element] in
        let y = base(row) - axis.place(tick) * height
        let label = Axis.label(tick) + (tick == axis.ticks.last ? " \(axis.title)" : "")
        return [
          Element(
            "path", ["d": "M\(Self.left.coordinate) \(y.coordinate)H\(Self.width.coordinate)", "stroke": Style.line]),
          Element(
            "text",
            [
              "x": Self.left - 5, "y": y + 4, "text-anchor": "end", "font-size": Style.smallSize, "fill": Style.muted,
            ], text: label),
        ]
      }
    }
    let path = "M\(Self.left.coordinate) \(base(row).coordinate)H\(Self.width.coordinate)"
    return lines(work.axis, Self.up) + lines(traffic.axis, -Self.down)
      + [Element("path", ["d": path, "stroke": Style.muted])]
  }

  /// A line from what another branch computes to the first layer of a row.
  private func link(to row: Row, at index: Int) -> Element? {
    guard let origin = row.origin, let first = row.bars.first else { return nil }
    let (from, to) = (x(origin.column + 1) - 1, x(first.column) + 1)
    let path = "M\(from.coordinate) \(base(origin.row).coordinate)V\(base(index).coordinate)H\(to.coordinate)"
    return Element(
      "path",
      ["d": path, "fill": "none", "stroke": Style.accent, "stroke-width": 1.5, "stroke-dasharray": "4 3"])
  }

  private func bar(_ bar: Bar, row: Int, isCritical: Bool) -> Element {
    let (layer, base) = (bar.layer, base(row))
    let width = max(2, min(pitch - 4, 48))
    let (left, middle) = (x(bar.column) + (pitch - width) / 2, x(bar.column) + pitch / 2)
    func rectangle(_ y: Double, _ height: Double, _ fill: String) -> Element {
      Element("rect", ["x": left, "y": y, "width": width, "height": height, "fill": fill])
    }
    let up = work.axis.place(Double(layer.operations) / work.unit.size) * Self.up
    func depth(_ bytes: Int) -> Double { traffic.axis.place(Double(bytes) / traffic.unit.size) * Self.down }
    let (constants, all) = (depth(layer.parameterBytes), depth(layer.parameterBytes + layer.mapBytes))
    var parts = [
      rectangle(base - up, up, isCritical ? Style.accent : Style.accentFill),
      rectangle(base, constants, isCritical ? Style.second : Style.secondFill),
      rectangle(base + constants, all - constants, Self.mapFill),
    ]
    if let label = label(layer.name, at: (middle, base + Self.down + 14)) { parts.append(label) }
    return Element("g", ["class": "layer"], parts).titled(description(of: layer))
  }

  /// The name below a bar: all level where they have room, else all turned; none where bars are too narrow for that.
  private func label(_ name: String, at place: (x: Double, y: Double)) -> Element? {
    guard pitch >= 26 else { return nil }
    let text = GridDrawing.shortened(name, to: 14)
    guard longestName * 6.6 > pitch else {
      return Element(
        "text",
        [
          "x": place.x, "y": place.y, "text-anchor": "middle", "font-size": Style.smallSize, "fill": Style.muted,
        ], text: text)
    }
    let left = place.x - 24
    return Element(
      "text",
      [
        "x": left, "y": place.y, "font-size": Style.smallSize, "fill": Style.muted,
        "transform": "rotate(20 \(left.coordinate) \(place.y.coordinate))",
      ], text: text)
  }

  private func description(of layer: NetworkAnalysis.Layer) -> String {
    let rate = Double(layer.mapBytes + layer.parameterBytes) * analysis.assumptions.framesPerSecond / 1e9
    return "\(layer.name), \(layer.kind), \(layer.input) to \(layer.output): "
      + "\(Unit(layer.operations).text(layer.operations, "OP")), \(Figures.grouped(layer.parameters)) parameters; "
      + "\(Figures.grouped(layer.parameterBytes)) bytes of constants and \(Figures.grouped(layer.mapBytes)) of maps, "
      + "\(Figures.decimal(rate, places: 3))\u{2009}GB/s; needed by \(layer.branches.joined(separator: ", "))"
  }
}

extension NetworkAnalysis {
  /// The network's layers as bars, by operations and by bytes of constants and maps, a row for each branch, the
  /// critical one marked.
  public var picture: Picture { AnalysisDrawing(of: self).picture }
}
