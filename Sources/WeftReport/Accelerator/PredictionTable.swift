/// What the plan said and what the simulation gave.
struct PredictionTable {
  let element: Element

  init(of report: AcceleratorReport) {
    let predicted = report.predictedCyclesPerFrame
    let measured = report.verification?.report.cyclesPerFrame
    func row(_ name: String, id: String, _ figure: (Int) -> Double, _ text: (Double) -> String) -> [Table.Cell] {
      let before = figure(predicted)
      let first: [Table.Cell] = ["\(name)", Table.Cell(text(before), id: "predicted-\(id)")]
      guard let measured else { return first + ["not measured", ""] }
      let after = figure(measured)
      let difference = before == 0 ? 0 : (after - before) / before
      let sign = difference < 0 ? "\u{2212}" : difference > 0 ? "+" : ""
      return first + [
        Table.Cell(text(after), id: "measured-\(id)"),
        "\(sign)\(Figures.decimal(difference.magnitude * 100, places: 2))\u{2009}%",
      ]
    }
    element =
      Table(
        columns: ["", "predicted", "measured", "difference"],
        rows: [
          row("Cycles per frame", id: "cycles", { Double($0) }, { Figures.grouped(Int($0)) }),
          row("Frames a second", id: "fps", report.framesPerSecond) { Figures.decimal($0, places: 2) },
          row("Efficiency", id: "efficiency", report.efficiency) { Figures.decimal($0, places: 4) },
        ], isNarrow: true
      ).element
  }
}
