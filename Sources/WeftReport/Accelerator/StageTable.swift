/// A row for each stage.
struct StageTable {
  static let caption =
    "Bits are those of activations and weights; taps are rows and columns of the kernel. Cycles alone are those of a"
    + " frame when nothing stalls the stage, busy their part of the cycles between frames; utilised is the part of"
    + " lanes and cycles that multiplications for real outputs take. Latency is counted from the first transfer that reaches"
    + " the stage to the first that leaves it, in the first frame. Buffers are the rows of its input that it holds."

  let element: Element

  init(of report: AcceleratorReport) {
    let columns = [
      "stage", "bits", "cpf \u{00d7} kpf \u{00d7} h \u{00d7} taps", "", "lanes", "MACs a frame", "cycles alone",
      "busy", "utilised", "latency", "buffer rows", "buffers", "memory words",
    ]
    let rows = report.figures.map { stage -> [Table.Cell] in
      let unit = stage.configuration
      let busy = Double(stage.predictedCycles) / Double(max(1, report.cyclesPerFrame))
      let kinds = [unit.decomposes ? "phases" : nil, unit.packing == .none ? nil : "packed"].compactMap(\.self)
      return [
        "\(stage.name)", "\(stage.inputBits) \u{00d7} \(stage.weightBits)",
        "\(unit.cpf) \u{00d7} \(unit.kpf) \u{00d7} \(unit.h) \u{00d7} \(unit.taps) \u{00d7} \(unit.columnTaps)",
        "\(kinds.joined(separator: ", "))", "\(Figures.grouped(stage.lanes))", "\(Figures.grouped(stage.macs))",
        "\(Figures.grouped(stage.predictedCycles))", "\(Figures.percent(busy))",
        "\(Figures.percent(stage.utilisation))", "\(stage.latency.map(Figures.grouped) ?? "\u{2013}")",
        "\(stage.bufferRows)", "\(Figures.bytes(stage.bufferBytes))",
        "\(stage.memoryWords == 0 ? "\u{2013}" : Figures.grouped(stage.memoryWords))",
      ]
    }
    element = Table(columns: columns, rows: rows).element
  }
}
