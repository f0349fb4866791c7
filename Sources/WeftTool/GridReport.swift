import WeftAccelerators
import WeftNetworks

/// What a generated accelerator is, for people.
struct GridReport {
  /// The whole report.
  let text: String

  /// The report of a grid.
  ///
  /// - Parameters:
  ///   - nominalMACs: Multiply-accumulates of a frame, or a pass, of the network as written.
  ///   - bitOptions: The options of the tool with which the network was quantised to its bits.
  init(_ grid: ElasticGrid, nominalMACs: Int, bitOptions: [String]) {
    let cost = grid.cost
    var lines = ["Accelerator for '\(grid.network.name)'", ""]
    let titles = [
      "stage", "input", "output", "cpf", "kpf", "h", "taps", "bits", "sum bits", "multipliers", "cycles", "buffer rows",
      "banks x column banks x words x bits",
    ]
    let rows = zip(grid.stages, cost.stageCycles).map { stage, cycles -> [String] in
      let (unit, layer) = (stage.configuration, stage.layer)
      return [
        layer.name, "\(layer.inputShape)", "\(layer.outputShape)", "\(unit.cpf)", "\(unit.kpf)", "\(unit.h)",
        "\(unit.taps)x\(unit.columnTaps)", "\(layer.inputBits) x \(stage.kernel.weightBits)",
        "\(layer.accumulatorBits)", "\(stage.multipliers)", "\(cycles)", "\(stage.bufferRows)",
        "\(stage.banks) x \(stage.columnBanks) x \(stage.bankDepth) x \(unit.cpf * layer.inputBits)",
      ]
    }
    lines += TextTable([titles] + rows).lines
    lines += [
      "", "multipliers: \(cost.multipliers), and \(cost.requantisationMultipliers) for requantisation",
      "multiply-accumulates of a frame: \(cost.macsPerFrame), \(nominalMACs) of the network as written",
      "cycles per frame, predicted: \(cost.predictedCyclesPerFrame)",
    ]
    if grid.framesPerPass > 1 {
      let counts = zip(grid.network.outputs, grid.batches).map { "\($1) of \($0.name)" }
      lines.append(
        "a frame above is a pass, which takes \(grid.framesPerPass) and gives " + counts.joined(separator: ", "))
    }
    if !bitOptions.isEmpty { lines.append("quantised with: " + bitOptions.joined(separator: " ")) }
    lines += [
      "",
      "Ports: each stream NAME has NAME_payload, NAME_valid and NAME_ready; a transfer passes in a cycle in which valid",
      "and ready are one.", "",
    ]
    for (index, input) in grid.network.inputs.enumerated() {
      lines += Self.port(
        "input", input.name, grid.portNames.inputs[index], grid.inputOrders[index], input.quantization)
    }
    for (index, output) in grid.network.outputs.enumerated() {
      lines += Self.port(
        "output", output.name, grid.portNames.outputs[index], grid.outputOrders[index],
        grid.network.layers[output.layer].outputQuantization)
    }
    text = lines.joined(separator: "\n") + "\n"
  }

  private static func port(
    _ kind: String, _ name: String, _ port: String, _ order: LinkOrder, _ quantization: Quantization
  ) -> [String] {
    [
      "\(kind) '\(name)', stream \(port): \(order.shape), \(quantization.bits)-bit two's complement",
      "  real value = \(quantization.scale) x (code - \(quantization.zeroPoint))",
      "  a transfer: \(order.rowLanes) rows of \(order.channelLanes) channels, the first in the lowest bits",
      "  order: groups of \(order.rowsPerGroup) rows; column by column; in a column, (row, channel) "
        + order.steps.prefix(6).map { "(\($0.row * order.verticalPhases + $0.phase.row), \($0.channel))" }
        .joined(separator: ", ") + (order.steps.count > 6 ? ", ... \(order.steps.count) transfers" : ""),
    ]
  }
}
