/// The part of a picture between two axes.
struct Frame {
  let horizontal, vertical: Axis
  /// Its sides in pixels.
  let left, right, top, bottom: Double

  /// The frame in a picture of a width and a height, with room for the marks, and for a title above.
  init(_ horizontal: Axis, _ vertical: Axis, width: Double, height: Double, isTitled: Bool = true) {
    (self.horizontal, self.vertical) = (horizontal, vertical)
    (left, right) = (60, width - 24)
    (top, bottom) = (isTitled ? 50 : 28, height - 46)
  }

  /// Where a value of the horizontal axis lies.
  func x(_ value: Double) -> Double { left + horizontal.place(value) * (right - left) }

  /// Where a value of the vertical axis lies.
  func y(_ value: Double) -> Double { bottom - vertical.place(value) * (bottom - top) }

  /// Where a point lies, as a path has it.
  func place(_ point: ChartPoint) -> String { "\(x(point.x).coordinate) \(y(point.y).coordinate)" }

  /// A line that everything stands on.
  var base: Element {
    Element("path", ["d": "M\(left.coordinate) \(bottom.coordinate)H\(right.coordinate)", "stroke": Style.muted])
  }

  /// The axes' marks and titles, and a line at each mark of the vertical one.
  var axes: [Element] {
    var elements: [Element] = []
    for tick in vertical.ticks {
      let y = y(tick)
      let path = "M\(left.coordinate) \(y.coordinate)H\(right.coordinate)"
      elements.append(Element("path", ["d": path, "stroke": Style.line]))
      elements.append(
        Element(
          "text", ["x": left - 8, "y": y + 4, "text-anchor": "end", "fill": Style.muted], text: Axis.label(tick)))
    }
    for tick in horizontal.ticks {
      let x = x(tick)
      elements.append(Element("path", ["d": "M\(x.coordinate) \(bottom.coordinate)v5", "stroke": Style.muted]))
      elements.append(
        Element(
          "text", ["x": x, "y": bottom + 18, "text-anchor": "middle", "fill": Style.muted], text: Axis.label(tick)))
    }
    let middle = (left + right) / 2
    elements.append(
      Element("text", ["x": middle, "y": bottom + 38, "text-anchor": "middle"], text: horizontal.title))
    elements.append(Element("text", ["x": 0, "y": top - 14], text: vertical.title))
    return elements
  }
}
