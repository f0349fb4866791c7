import WeftNetworks

/// When each stage passes its results on, in the first two frames.
struct TimelineDrawing {
  /// How many frames it shows.
  let frames: Int
  private let stages: [StageFigures]
  private let axis: Axis

  private static let rowHeight = 20.0, left = 132.0, right = 1048.0, top = 28.0
  private static let colours = [Style.accentFill, Style.secondFill]

  /// `nil` where nothing was simulated.
  init?(of report: AcceleratorReport) {
    let figures = report.figures
    let frames = min(2, figures.map(\.spans.count).min() ?? 0)
    guard frames > 0 else { return nil }
    self.frames = frames
    // Branch by branch, as the grid is drawn.
    stages = report.network.outputs.indices.flatMap { branch in figures.filter { $0.branch == branch } }
    let cycles = stages.map { $0.spans[frames - 1].upperBound + 1 }.max() ?? 1
    axis = Axis("Cycles", upTo: Double(cycles), ticks: 8)
  }

  private func x(_ cycle: Int) -> Double { Self.left + axis.place(Double(cycle)) * (Self.right - Self.left) }

  var picture: Picture {
    let bottom = Self.top + Double(stages.count) * Self.rowHeight + 4
    var elements = legend
    for tick in axis.ticks {
      let x = x(Int(tick))
      elements.append(
        Element("path", ["d": "M\(x.coordinate) \(Self.top.coordinate)V\(bottom.coordinate)", "stroke": Style.faint]))
      elements.append(
        Element(
          "text", ["x": x, "y": bottom + 16, "text-anchor": "middle", "fill": Style.muted], text: Axis.label(tick)))
    }
    for (row, stage) in stages.enumerated() { elements.append(bars(of: stage, row: row)) }
    let middle = (Self.left + Self.right) / 2
    elements.append(Element("text", ["x": middle, "y": bottom + 36, "text-anchor": "middle"], text: axis.title))
    return Picture(width: Self.right + 32, height: bottom + 44, elements: elements)
  }

  private func bars(of stage: StageFigures, row: Int) -> Element {
    let y = Self.top + Double(row) * Self.rowHeight + 4
    let name = GridDrawing.shortened(stage.name, to: 19)
    let label = Element(
      "text", ["x": 0, "y": y + 11, "font-size": Style.smallSize], text: name)
    let bars = stage.spans.prefix(frames).enumerated().map { frame, span in
      let begin = x(span.lowerBound)
      let width = max(1, x(span.upperBound + 1) - begin)
      return Element(
        "rect", ["x": begin, "y": y, "width": width, "height": 13, "fill": Self.colours[frame]]
      ).titled(
        "\(stage.name), frame \(frame + 1): cycles \(Figures.grouped(span.lowerBound)) to "
          + "\(Figures.grouped(span.upperBound)), \(Figures.grouped(span.count)) cycles")
    }
    return Element("g", ["class": "timeline"], [label] + bars)
  }

  private var legend: [Element] {
    (0..<frames).flatMap { frame -> [Element] in
      let x = Self.left + Double(frame) * 320
      let end = stages.map { $0.spans[frame].upperBound + 1 }.max() ?? 0
      return [
        Element("rect", ["x": x, "y": 2, "width": 10, "height": 10, "fill": Self.colours[frame]]),
        Element(
          "text", ["x": x + 16, "y": 11], text: "frame \(frame + 1), complete after \(Figures.grouped(end)) cycles"),
      ]
    }
  }
}
