extension NetworkAnalysis: CustomStringConvertible {
  /// A table of the layers, one of the branches with the totals, and what memory and bandwidth they take.
  public var description: String {
    let layerTable = Self.table(
      [
        [
          "layer", "kind", "input", "output", "kernel", "MACs", "parameters", "reuse", "map kB", "constant kB",
          "op/byte", "branches",
        ]
      ]
        + layers.map { layer in
          [
            layer.name, layer.kind, "\(layer.input)", "\(layer.output)", layer.kernel ?? "", "\(layer.macs)",
            "\(layer.parameters)", layer.reuse.map { Self.text($0, decimals: 0) } ?? "", Self.kilo(layer.mapBytes),
            Self.kilo(layer.parameterBytes), Self.text(layer.intensity, decimals: 1),
            layer.branches.joined(separator: ", "),
          ]
        }, numbers: [5, 6, 7, 8, 9, 10])
    let branchTable = Self.table(
      [["branch", "layers", "shared", "MACs", "parameters", "kB a frame"]]
        + branches.map { branch in
          [
            branch.output + (branches.count > 1 && branch.output == criticalBranch ? " (critical)" : ""),
            "\(branch.layers.count)", "\(branch.sharedLayers)", "\(branch.macs)", "\(branch.parameters)",
            Self.kilo(branch.bytes),
          ]
        } + [["total", "\(layers.count)", "", "\(macs)", "\(parameters)", Self.kilo(traffic.bytesPerFrame)]],
      numbers: [1, 2, 3, 4, 5])
    let precision = "\(assumptions.activationBits)-bit maps, \(assumptions.weightBits)-bit weights, "
      + "\(assumptions.biasBits)-bit biases"
    let work = Self.text(Double(operations) / 1e9, decimals: 3)
    let (constants, maps) = (Self.kilo(traffic.parameterBytes), Self.kilo(traffic.peakMapBytes))
    let rate = Self.text(assumptions.framesPerSecond, decimals: 1)
    let bandwidth = Self.text(traffic.bandwidth, decimals: 3)
    let pipelined = Self.text(traffic.pipelinedBandwidth, decimals: 3)
    return """
      \(layerTable)

      \(branchTable)

      \(work) GOP a frame; \(parameters - biases) weights and \(biases) biases
      with \(precision): \(constants) kB of constants, at most \(maps) kB of maps at once
      at \(rate) frames/s: \(bandwidth) GB/s layer by layer, \(pipelined) GB/s where layers pass maps on and keep \
      weights
      """
  }

  private static func kilo(_ bytes: Int) -> String { text(Double(bytes) / 1000, decimals: 1) }

  /// A number of 0 or more with some decimals.
  private static func text(_ value: Double, decimals: Int) -> String {
    var power = 1
    for _ in 0..<decimals { power *= 10 }
    let scaled = Int((value * Double(power)).rounded())
    guard decimals > 0 else { return "\(scaled)" }
    let fraction = "\(scaled % power)"
    return "\(scaled / power)." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  private static func table(_ rows: [[String]], numbers: Set<Int>) -> String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 0 ? "" : "  ") + (numbers.contains(column) ? space + cell : cell + space)
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
