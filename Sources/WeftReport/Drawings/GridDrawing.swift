import Foundation
import WeftNetworks

/// The grid to scale: stages from left to right, branches from top to bottom, each stage a box whose area is its
/// product lanes, filled as far as these are used.
struct GridDrawing {
  private let stages: [StageFigures]
  private let network: QuantizedNetwork
  /// For each stage how many stages there are before it.
  private let columns: [Int]

  private static let ends = (left: 96.0, right: 96.0)
  private static let lineHeight = 15.0, gap = 10.0, headroom = 22.0
  private let pitch: Double
  private let largest: Double
  private let rows: [Row]
  private let height: Double

  /// The part of the drawing that a branch has.
  private struct Row {
    let middle: Double
    /// The first line of text below its boxes.
    let text: Double
  }

  init(of report: AcceleratorReport) {
    let (stages, network) = (report.figures, report.network)
    (self.stages, self.network) = (stages, network)
    var columns: [Int] = []
    for layer in network.layers {
      let before = layer.sources.map { source in
        if case .layer(let index) = source { columns[index] + 1 } else { 0 }
      }
      columns.append(before.max() ?? 0)
    }
    self.columns = columns
    let count = Double((columns.max() ?? 0) + 1)
    pitch = min(max(98, (1072 - Self.ends.left - Self.ends.right) / count), 140)
    largest = pitch - 22
    var (top, rows) = (8.0, [Row]())
    let most = stages.map(\.lanes).max() ?? 1
    for branch in network.outputs.indices {
      let members = stages.indices.filter { stages[$0].branch == branch }
      guard let lanes = members.map({ stages[$0].lanes }).max() else {
        rows.append(Row(middle: top, text: top))
        continue
      }
      if members.contains(where: { Self.isTapped($0, in: network) }) { top += Self.headroom }
      let height = max(24, Self.side(lanes, most: most, largest: largest))
      let text = top + height + 16
      rows.append(Row(middle: top + height / 2, text: text))
      top = text + 4 * Self.lineHeight + 20
    }
    self.rows = rows
    height = top - 12
  }

  /// Whether a layer's result is an output and is read by others.
  private static func isTapped(_ layer: Int, in network: QuantizedNetwork) -> Bool {
    network.outputs.contains { $0.layer == layer } && !network.consumers(of: .layer(layer)).isEmpty
  }

  private static func side(_ lanes: Int, most: Int, largest: Double) -> Double {
    max(4, largest * (Double(lanes) / Double(max(1, most))).squareRoot())
  }

  private func side(_ stage: Int) -> Double {
    Self.side(stages[stage].lanes, most: stages.map(\.lanes).max() ?? 1, largest: largest)
  }

  private func center(_ stage: Int) -> (x: Double, y: Double) {
    (Self.ends.left + (Double(columns[stage]) + 0.5) * pitch, rows[stages[stage].branch].middle)
  }

  var picture: Picture {
    let width = Self.ends.left + Double((columns.max() ?? 0) + 1) * pitch + Self.ends.right
    return Picture(
      width: width, height: height,
      elements: inputs + links + outputs + stages.indices.map(box))
  }

  // MARK: Stages

  private func box(_ index: Int) -> Element {
    let stage = stages[index]
    let (side, (x, y)) = (side(index), center(index))
    let (left, top) = (x - side / 2, y - side / 2)
    let filled = side * min(1, stage.utilisation)
    let fillTop = top + side - filled
    var parts = [
      Element("rect", ["x": left, "y": top, "width": side, "height": side, "fill": Style.accentPale]),
      Element("rect", ["x": left, "y": fillTop, "width": side, "height": filled, "fill": Style.accentFill]),
      Element(
        "rect", ["x": left, "y": top, "width": side, "height": side, "fill": "none", "stroke": Style.accent]),
    ]
    let lines = [
      Self.shortened(stage.name, to: Int(pitch / 6.6)),
      "\(Figures.grouped(stage.lanes)) \(stage.lanes == 1 ? "lane" : "lanes")",
      "\(Figures.percent(stage.utilisation)) used", Figures.bytes(stage.bufferBytes),
      stage.latency.map { "latency \(Figures.grouped($0))" } ?? "",
    ]
    for (line, text) in lines.enumerated() where !text.isEmpty {
      let y = rows[stage.branch].text + Double(line) * Self.lineHeight
      parts.append(
        Element(
          "text",
          [
            "x": x, "y": y, "text-anchor": "middle", "font-size": Style.smallSize,
            "fill": line == 0 ? Style.text : Style.muted, "font-weight": line == 0 ? 600 : 400,
          ], text: text))
    }
    return Element("g", ["class": "stage"], parts).titled(title(of: stage))
  }

  private func title(of stage: StageFigures) -> String {
    let latency = stage.latency.map { ", latency \(Figures.grouped($0)) cycles" } ?? ""
    return "\(stage.name): \(stage.configuration.summary): \(stage.lanes) product lanes, "
      + "\(Figures.percent(stage.utilisation)) used\(latency), buffers of \(stage.bufferRows) rows"
  }

  static func shortened(_ name: String, to count: Int) -> String {
    name.count <= count ? name : name.prefix(max(1, count - 1)) + "…"
  }

  // MARK: Links

  private var links: [Element] {
    network.layers.indices.flatMap { index in
      network.layers[index].sources.compactMap { source -> Element? in
        guard case .layer(let before) = source else { return nil }
        let from = center(before)
        return link(from: from.x + side(before) / 2, from.y, to: index)
      }
    }
  }

  /// A line to a stage: straight within a branch, otherwise with a bend where the lines between the columns run.
  private func link(from x: Double, _ y: Double, to index: Int) -> Element {
    let end = center(index)
    let bend = Self.ends.left + Double(columns[index]) * pitch
    let path =
      "M\(x.coordinate) \(y.coordinate)H\(bend.coordinate)V\(end.y.coordinate)H\((end.x - side(index) / 2).coordinate)"
    return Element("path", ["d": path, "fill": "none", "stroke": Style.muted])
  }

  private var inputs: [Element] {
    var taken: Set<Double> = []
    return network.inputs.indices.flatMap { input -> [Element] in
      let readers = network.consumers(of: .input(input))
      guard let first = readers.first else { return [] }
      var y = center(first).y
      while !taken.insert(y).inserted { y += 18 }
      let name = Self.shortened(network.inputs[input].name, to: 12)
      let label = Element("text", ["x": 0, "y": y + 4], text: name).titled(network.inputs[input].name)
      let start = Double(name.count) * 6.8 + 6
      return [label] + readers.map { link(from: min(start, Self.ends.left - Self.gap), y, to: $0) }
    }
  }

  /// Arrows to the right, or up where others read the same result.
  private var outputs: [Element] {
    Set(network.outputs.map(\.layer)).sorted().flatMap { layer -> [Element] in
      let names = network.outputs.filter { $0.layer == layer }.map(\.name).joined(separator: ", ")
      let ((x, y), side) = (center(layer), side(layer))
      let path: String
      let place: (x: Double, y: Double)
      if Self.isTapped(layer, in: network) {
        path = "M\(x.coordinate) \((y - side / 2).coordinate)v-16m-3 5l3 -5l3 5"
        place = (x + 8, y - side / 2 - 8)
      } else {
        let end = x + pitch / 2 + 4
        path = "M\((x + side / 2).coordinate) \(y.coordinate)H\(end.coordinate)m-5 -3l5 3l-5 3"
        place = (end + 6, y + 4)
      }
      return [
        Element("path", ["d": path, "fill": "none", "stroke": Style.muted]),
        Element("text", ["x": place.x, "y": place.y], text: Self.shortened(names, to: 12)).titled(names),
      ]
    }
  }
}
