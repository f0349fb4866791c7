import WeftNetworks

/// A link of a grid with all that the times of its transfers follow from.
struct GridLink {
  /// What fills it.
  let source: LayerSource
  /// The stage that it feeds, by its layer, and which of the stage's inputs.
  let reader, input: Int
  /// The bits that the map has in the frames of a pass that are read.
  let bits: Int
  private let order: LinkOrder
  private let stage: StageGeometry
  /// How the transfers of a frame come, and how they are read.
  private let writing, reading: Pace
  /// Transfers of a row group, of the last one, and of a frame.
  private let transfersPerGroup, transfersInLastGroup, transfersPerFrame: Int
  /// Frames of a pass that come, and those, the first, that are read.
  private let offered, batch: Int
  /// Cycles from the last operands of a row group to its last transfer.
  private let latency: Int

  init(_ source: LayerSource, to reader: Int, input: Int, of stages: [StageGeometry]) {
    self.source = source
    self.reader = reader
    self.input = input
    stage = stages[reader]
    order = stage.inputOrders[input]
    reading = stage.pace
    writing = order.pace
    latency = if case .layer(let layer) = source { stages[layer].latency } else { 0 }
    transfersPerGroup = order.columns * order.steps.count
    transfersInLastGroup = order.columns * order.stepsInLastGroup.count
    transfersPerFrame = (order.rowGroups - 1) * transfersPerGroup + transfersInLastGroup
    (offered, batch) = (stage.inputBatches[input], stage.batch)
    bits = batch * order.shape.count * stage.layer.inputBits
  }

  private var height: Int { stage.inputHeight }

  // MARK: Times

  /// Cycles from the begin of the source's pass to that of the reader's at the least, so that every row group finds its
  /// rows complete. The first frame has the latest rows, since the others come no later than they are read.
  func lag(cyclesPerPass: Double) -> Double {
    var lag = 0.0
    for group in 0..<reading.groups {
      let last = max(stage.sourceRows(ofGroup: group).end - 1, 0) / order.mapRowsPerGroup
      lag = max(lag, writing.end(last) / Double(offered) - reading.begin(group) / Double(batch))
    }
    return lag * cyclesPerPass + Double(latency)
  }

  /// The most transfers that come before the line buffer takes them, where the reader's pass begins `distance` passes
  /// after the source's, of which `slack` are more than the least.
  private func waitingTransfers(distance: Double, slack: Double) -> Double {
    let rows = stage.bufferRows
    var most = 0.0
    for frame in 0..<batch {
      for group in 0..<writing.groups {
        let begin = (Double(frame) + writing.begin(group)) / Double(offered)
        // The group fits when rows up to this one are released, counted from the first row of the pass.
        let row = frame * height + min((group + 1) * order.mapRowsPerGroup, height) - rows
        let taken = min(begin + slack, release(ofRow: row) + distance)
        guard taken > begin else { continue }
        let before = frame * transfersPerFrame + group * transfersPerGroup
        most = max(most, transfers(before: taken) - Double(before))
      }
    }
    return most
  }

  /// Transfers that a queue has beside those that wait: a column may come at once, and leave some cycles later.
  var margin: Int { order.steps.count + 4 }

  /// When a row is released, in passes from the begin of the reader's.
  private func release(ofRow row: Int) -> Double {
    let (frame, rest) = floorDivide(row - 1, height)
    // Rows are released by the group before the first that reads beyond them; the last group releases all.
    var (low, high) = (0, reading.groups - 1)
    while low < high {
      let middle = (low + high) / 2
      if stage.sourceRows(ofGroup: middle + 1).first > rest { high = middle } else { low = middle + 1 }
    }
    return (Double(frame) + reading.end(low)) / Double(batch)
  }

  /// Transfers that have come by a time in passes from the begin of the source's, of the frames that are read.
  private func transfers(before time: Double) -> Double {
    let pass = time.rounded(.down)
    let place = (time - pass) * Double(offered)
    let frame = min(Int(place), batch)
    let frames = pass * Double(batch) + Double(frame)
    guard frame < batch else { return frames * Double(transfersPerFrame) }
    let (group, part) = writing.group(at: place - Double(frame))
    let here = group == writing.groups - 1 ? transfersInLastGroup : transfersPerGroup
    return frames * Double(transfersPerFrame) + Double(group * transfersPerGroup) + part * Double(here)
  }

  /// The queue that the link needs where the reader's pass begins `distance` cycles after the source's, of which
  /// `slack` are more than the least; `nil` where it needs none.
  func queue(distance: Double, slack: Double, cyclesPerPass: Double) -> LinkQueue? {
    // Less than a cycle is a matter of rounding.
    guard slack >= 1 else { return nil }
    let waiting = Int(waitingTransfers(distance: distance / cyclesPerPass, slack: slack / cyclesPerPass).rounded(.up))
    guard waiting > 0 else { return nil }
    return LinkQueue(
      source: source, reader: reader, input: input, depth: waiting + margin, width: order.lanes * stage.layer.inputBits)
  }
}
