/// What limits the accelerator: multiplications a cycle over those for each byte of external memory, below the roofs of
/// the memory port and of the multipliers.
struct RooflineChart {
  /// A level that no design comes above.
  private struct Roof {
    let name: String
    let height: Double
    let isDevice: Bool
  }

  let caption: String
  private let attained, written: ChartPoint
  private let roofs: [Roof]
  /// Bytes that the memory port gives in a cycle.
  private let bandwidth: Double

  /// `nil` where nothing comes from external memory.
  init?(of report: AcceleratorReport) {
    let bytes = Double(report.memoryBytesPerFrame)
    guard bytes > 0 else { return nil }
    let cycles = Double(max(1, report.cyclesPerFrame))
    func point(_ name: String, _ macs: Int) -> ChartPoint {
      let (x, y) = (Double(macs) / bytes, Double(macs) / cycles)
      return ChartPoint(x: x, y: y, title: "\(name): \(Figures.grouped(Int(y.rounded())))")
    }
    attained = point(report.isMeasured ? "measured" : "predicted", report.cost.macsPerFrame)
    written = point("as the network is written", report.nominalMACs)
    var roofs = [Roof(name: "lanes of the plan", height: Double(report.cost.multipliers), isDevice: false)]
    if let device = report.device {
      let perUnit = report.stages.contains { $0.configuration.packing != .none } ? 2 : 1
      let unit = device.dspKind == .macUnit ? "MAC unit" : "DSP"
      roofs.append(
        Roof(
          name: "\(perUnit == 2 ? "two products" : "a product") in each \(unit) of \(device.name)",
          height: Double(device.dsp * perUnit), isDevice: true))
    }
    self.roofs = roofs
    bandwidth = report.memoryBandwidth / report.clock
    caption =
      "Multiplications a cycle over multiplications for each byte that the memory port carries, below what port and"
      + " multipliers allow. The open dot counts the work of the network as it is written, of which phases save a part."
  }

  var picture: Picture {
    let (width, height) = (1072.0, 380.0)
    let highest = roofs.map(\.height).max() ?? 1
    let knee = highest / bandwidth
    let (low, high) = (min(attained.x, knee) / 4, max(written.x, knee) * 4)
    let floor = min(attained.y, low * bandwidth) / 1.5
    let frame = Frame(
      Axis("Multiplications for each byte of external memory", logarithmicAround: low...high),
      Axis("Multiplications a cycle", logarithmicAround: floor...max(written.y, highest) * 1.5),
      width: width, height: height, isTitled: false)
    var elements = frame.axes + [frame.base]
    elements += slope(frame, to: highest)
    for roof in roofs { elements += level(roof, frame) }
    elements += dot(written, frame, fill: "#ffffff")
    elements += dot(attained, frame, fill: Style.second)
    return Picture(width: width, height: height, elements: elements)
  }

  /// The roof of the memory port, from where it enters the chart to the highest level.
  private func slope(_ frame: Frame, to height: Double) -> [Element] {
    let first = max(frame.horizontal.range.lowerBound, frame.vertical.range.lowerBound / bandwidth)
    let from = ChartPoint(x: first, y: first * bandwidth, title: "")
    let to = ChartPoint(x: height / bandwidth, y: height, title: "")
    let (x, y) = ((frame.x(from.x) + frame.x(to.x)) / 2, (frame.y(from.y) + frame.y(to.y)) / 2)
    let path = "M\(frame.place(from))L\(frame.place(to))"
    return [
      Element("path", ["d": path, "stroke": Style.accent, "stroke-width": 1.5, "fill": "none"]),
      Element(
        "text", ["x": x + 14, "y": y + 14, "fill": Style.accent],
        text: "memory port: \(Figures.decimal(bandwidth)) bytes a cycle"),
    ]
  }

  /// The roof of some multipliers: the device's with its name above, the plan's below.
  private func level(_ roof: Roof, _ frame: Frame) -> [Element] {
    let (start, y) = (frame.x(roof.height / bandwidth), frame.y(roof.height))
    let path = "M\(start.coordinate) \(y.coordinate)H\(frame.right.coordinate)"
    return [
      Element(
        "path",
        [
          "d": path, "stroke": Style.accent, "stroke-width": 1.5, "stroke-dasharray": roof.isDevice ? "5 4" : "none",
        ]),
      Element(
        "text",
        ["x": frame.right, "y": y + (roof.isDevice ? -7 : 17), "text-anchor": "end", "fill": Style.accent],
        text: "\(roof.name): \(Figures.grouped(Int(roof.height)))"),
    ]
  }

  private func dot(_ point: ChartPoint, _ frame: Frame, fill: String) -> [Element] {
    let (x, y) = (frame.x(point.x), frame.y(point.y))
    return [
      Element("circle", ["cx": x, "cy": y, "r": 5, "fill": fill, "stroke": Style.second, "stroke-width": 1.5]),
      Element("text", ["x": x + 12, "y": y + 18], text: point.title),
    ]
  }
}
