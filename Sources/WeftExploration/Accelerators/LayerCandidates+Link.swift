import WeftAccelerators
import WeftNetworks

extension LayerCandidates {
  /// What it takes to connect the layer to one that emits in some orders: its line buffers. Of a layer that reads
  /// several others these are taken to be alike; what that leaves out is charged for the plan that is found.
  func link(after orders: [LinkOrder], from source: QuantizedLayer) -> InterfaceLink {
    // Many ways of emitting, and of reading, make the same buffer rows.
    var writing = Classes<Writing, LinkOrder>()
    var reading = Classes<Window, UnitConfiguration>()
    let writings = orders.map { writing.number(of: Writing($0), $0) }
    let windows = inputs.map { reading.number(of: Window($0), $0) }
    var neededRows: [BufferedRows: Int] = [:]
    let rows = writing.representatives.map { order in
      reading.representatives.map { unit in
        let geometry = StageGeometry(
          layer: layer, configuration: unit, inputOrders: inputOrders(order), batch: batch, inputBatches: inputBatches,
          kernel: kernel(decomposed: unit.decomposes))
        let key = BufferedRows(
          written: order.rowsPerGroup * order.verticalPhases, h: unit.h, decomposes: unit.decomposes)
        let needed = neededRows[key] ?? geometry.neededRows
        neededRows[key] = needed
        let banks = geometry.banks
        return (banks: banks, rows: ceilingDivide(needed, banks) * banks)
      }
    }
    let columnBanks = reading.representatives.map { unit in
      StageGeometry(
        layer: layer, configuration: unit, inputOrders: inputOrders(orders[0]),
        kernel: kernel(decomposed: unit.decomposes)
      ).columnBanks
    }
    let costs = rows.map { rows in
      inputs.indices.map { input in
        let window = windows[input]
        return StageCost.lineBuffers(
          self.orders.count, banks: rows[window].banks, columnBanks: columnBanks[window], rows: rows[window].rows,
          of: layer, channels: mapChannels, cpf: inputs[input].cpf)
      }
    }
    let channels = source.outputShape.channels
    return InterfaceLink(costs: costs, rows: writings, inputs: inputs.count) { output, input in
      inputs[input].takes(orders[output].channelLanes, of: channels)
    }
  }

  /// The orders of the layer's maps where all that come from layers come in a like order.
  private func inputOrders(_ order: LinkOrder) -> [LinkOrder] {
    zip(layer.sources, orders).map { source, raster in
      if case .input = source { raster } else { order.carrying(raster.shape) }
    }
  }

  /// All that the rows which a buffer needs depend on.
  private struct BufferedRows: Hashable {
    let written, h: Int
    let decomposes: Bool
  }

  /// All that the banks and the rows of a line buffer depend on, of what is written.
  private struct Writing: Hashable {
    let rowsPerGroup, verticalPhases, rowLanes: Int

    init(_ order: LinkOrder) {
      (rowsPerGroup, verticalPhases, rowLanes) = (order.rowsPerGroup, order.verticalPhases, order.rowLanes)
    }
  }

  /// The same of what reads.
  private struct Window: Hashable {
    let h, taps, columnTaps: Int
    let decomposes: Bool

    init(_ unit: UnitConfiguration) {
      (h, taps, columnTaps, decomposes) = (unit.h, unit.taps, unit.columnTaps, unit.decomposes)
    }
  }
}
