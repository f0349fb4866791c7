/// What more of something buys: points over two axes, each of which holds until the next one to its right.
public struct StaircaseChart: Hashable, Sendable {
  /// What stands over the chart.
  public var title: String
  /// The axes.
  public var x, y: Axis
  /// The points, from left to right.
  public let points: [ChartPoint]

  /// A chart of points in any order.
  public init(_ points: [ChartPoint], title: String, x: Axis, y: Axis) {
    self.title = title
    (self.x, self.y) = (x, y)
    self.points = points.sorted { $0.x < $1.x }
  }

  /// The chart, of a size in pixels.
  public func picture(width: Double = 380, height: Double = 280) -> Picture {
    let frame = Frame(x, y, width: width, height: height)
    var elements = [Element("text", ["x": 0, "y": 14, "font-weight": 600], text: title)]
    elements += frame.axes
    if let first = points.first {
      var steps = "M\(frame.place(first))"
      for point in points.dropFirst() {
        steps += "H\(frame.x(point.x).coordinate)V\(frame.y(point.y).coordinate)"
      }
      steps += "H\(frame.right.coordinate)"
      let area = "\(steps)V\(frame.bottom.coordinate)H\(frame.x(first.x).coordinate)Z"
      elements.append(Element("path", ["d": area, "fill": Style.accentFaint]))
      elements.append(Element("path", ["d": steps, "fill": "none", "stroke": Style.accent, "stroke-width": 1.5]))
    }
    elements.append(frame.base)
    elements += points.map { point in
      let (x, y) = (frame.x(point.x), frame.y(point.y))
      return Element("circle", ["cx": x, "cy": y, "r": 3.5, "fill": Style.accent]).titled(point.title)
    }
    return Picture(width: width, height: height, elements: elements)
  }
}
