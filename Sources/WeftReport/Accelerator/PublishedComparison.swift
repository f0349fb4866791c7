import WeftExploration
import WeftNetworks

/// The codec avatar decoder's published figures beside those of a plan: Zhang, Wang, Chuang, Ma, Chen and Li, "F-CAD: A
/// Framework to Explore Hardware Accelerators for Codec Avatar Decoding", DAC 2021, Table IV, 8 bits, 200 MHz.
struct PublishedComparison {
  /// A published design.
  private struct Design {
    let device, name: String
    let fps: Double
    let dsp: Int
    var ramb18: Int?
  }

  private static let designs = [
    Design(device: "Z7045", name: "Z7045", fps: 30.5, dsp: 737),
    Design(device: "ZU17EG", name: "ZU17EG", fps: 61.0, dsp: 1357),
    Design(device: "ZU9EG", name: "ZU9CG", fps: 122.1, dsp: 2229, ramb18: 1168),
  ]

  /// Multiply-accumulates of a frame of the decoder, which shares the trunk of two branches.
  private static let macs = 6_815_899_648

  let element: Element
  let caption =
    "Passes of the whole decoder a second, batch 1, 8 bits, 200\u{2009}MHz. Source: F-CAD (Zhang et al., DAC 2021),"
    + " Table IV; where the paper gives branches apart, the slowest."

  /// The comparison; `nil` for other networks, widths and clocks than the published ones.
  init?(of report: AcceleratorReport) {
    guard report.nominalMACs == Self.macs, report.network.outputs.count == 3, report.clock == 200e6,
      report.network.layers.allSatisfy({ $0.inputBits == 8 })
    else { return nil }
    var rows: [[Table.Cell]] = Self.designs.map { design in
      [
        "F-CAD on \(design.name)", "\(Figures.decimal(design.fps))", "\(Figures.grouped(design.dsp))",
        "\(design.ramb18.map(Figures.grouped) ?? "\u{2013}")",
        "\(Figures.decimal(design.fps / Double(design.dsp) * 1000))",
      ]
    }
    var marked: Set<Int> = []
    let fps = report.framesPerSecond(report.cyclesPerFrame)
    let kind = report.isMeasured ? "measured" : "predicted"
    let place = report.device.map { " on \($0.name)" } ?? ""
    let used = report.device.map(report.resources)
    let row: [Table.Cell] = [
      "This plan\(place), \(kind)", "\(Figures.decimal(fps))", "\(used.map { Figures.grouped($0.dsp) } ?? "\u{2013}")",
      "\(used.map { Figures.grouped($0.ramb18) } ?? "\u{2013}")",
      "\(used.map { Figures.decimal(fps / Double(max(1, $0.dsp)) * 1000) } ?? "\u{2013}")",
    ]
    let same = Self.designs.firstIndex { $0.device == report.device?.name }
    let position = same.map { $0 + 1 } ?? rows.count
    rows.insert(row, at: position)
    marked.insert(position)
    element =
      Table(
        columns: ["", "frames a second", "DSPs", "RAMB18s", "frames a second per 1000 DSPs"], rows: rows,
        marked: marked, isNarrow: true
      ).element
  }
}
