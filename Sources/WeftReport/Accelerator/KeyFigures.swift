import WeftExploration

/// The figures that come first.
struct KeyFigures {
  private struct Figure {
    let name, value, detail: String
  }

  private let figures: [Figure]

  init(of report: AcceleratorReport) {
    let (cycles, cost) = (report.cyclesPerFrame, report.cost)
    let pace = report.isMeasured ? "measured" : "predicted"
    let rate = report.framesPerSecond(cycles)
    var figures = [
      Figure(
        name: "Frames a second",
        value: rate < 1000 ? Figures.decimal(rate, places: 2) : Figures.grouped(Int(rate)), detail: pace),
      Figure(name: "Cycles per frame", value: Figures.grouped(cycles), detail: pace),
      Figure(
        name: "Efficiency", value: Figures.percent(report.efficiency(cycles)),
        detail: "of the lanes' cycles"),
      Figure(
        name: "Product lanes", value: Figures.grouped(cost.multipliers),
        detail: "and \(cost.requantisationMultipliers) for requantisation"),
    ]
    if let verified = report.verification?.report {
      let seconds = Double(verified.latencyCycles) / report.clock
      let time = seconds < 1e-3
        ? "\(Figures.decimal(seconds * 1e6))\u{2009}µs" : "\(Figures.decimal(seconds * 1e3, places: 2))\u{2009}ms"
      figures += [
        Figure(
          name: "Latency in cycles", value: Figures.grouped(verified.latencyCycles),
          detail: "\(time) until the first frame is complete"),
        Figure(
          name: verified.bitExact ? "Values, all equal" : "Values that differ",
          value: Figures.grouped(verified.bitExact ? verified.comparedValues : verified.mismatches),
          detail: "of \(verified.frames) frames, compared with the reference on \(verified.engine)"),
      ]
    }
    let operations = 2 * Double(report.nominalMACs) * rate / 1e9
    figures += [
      Figure(
        name: "MACs a frame", value: Figures.grouped(cost.macsPerFrame),
        detail: "for \(Figures.grouped(report.nominalMACs)) of the network as written"),
      Figure(
        name: "GOP a second", value: Figures.decimal(operations, places: 1), detail: "of the network as written"),
    ]
    if let device = report.device { figures += Self.room(report.resources(on: device), of: device) }
    let bandwidth = Double(report.memoryBytesPerFrame) * rate / 1e9
    figures.append(
      Figure(
        name: "External memory", value: "\(Figures.decimal(bandwidth, places: 2))\u{2009}GB/s",
        detail: "of \(Figures.decimal(report.memoryBandwidth / 1e9)) that the port gives"))
    self.figures = figures
  }

  /// What the plan takes of a device.
  private static func room(_ used: Resources, of device: Device) -> [Figure] {
    func figure(_ name: String, _ used: Int, of all: Int, _ note: String = "") -> Figure {
      Figure(
        name: name, value: Figures.grouped(used),
        detail: "\(Figures.percent(Double(used) / Double(max(1, all)))) of \(Figures.grouped(all))\(note)")
    }
    let multipliers = device.dspKind == .macUnit ? "MAC units" : "DSPs"
    return [
      figure(multipliers, used.dsp, of: device.dsp),
      figure("Block RAMs of 18 Kib", used.ramb18, of: device.ramb18, ", estimated"),
    ] + (device.lut.map { [figure("Look-up tables", used.lut, of: $0, ", estimated")] } ?? [])
  }

  var element: Element {
    let cells = figures.map { figure in
      Element(
        "div", [:],
        [
          Element("dt", text: figure.name), Element("dd", text: figure.value),
          Element("dd", ["class": "small"], text: figure.detail),
        ])
    }
    // Whole rows of four.
    let missing = (4 - cells.count % 4) % 4
    return Element("dl", ["class": "figures"], cells + Array(repeating: Element("div"), count: missing))
  }
}
