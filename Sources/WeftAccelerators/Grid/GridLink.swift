import WeftNetworks

/// A link of a grid with all that the times of its transfers follow from.
struct GridLink {
  /// What fills it.
  let source: LayerSource
  /// The stage that it feeds, by its layer, and which of the stage's inputs.
  let reader, input: Int
  /// The bits that a frame of the map has.
  let bits: Int
  private let order: LinkOrder
  private let stage: StageGeometry
  /// How its transfers come, and how they are read.
  private let writing, reading: Pace
  /// Cycles from the last operands of a row group to its last transfer.
  private let latency: Int

  init(_ source: LayerSource, to reader: Int, input: Int, of stages: [StageGeometry]) {
    self.source = source
    self.reader = reader
    self.input = input
    stage = stages[reader]
    order = stage.inputOrders[input]
    reading = stage.pace
    switch source {
    case .input:
      writing = Pace(groups: order.rowGroups, whole: order.rowsPerGroup, last: order.rowsInLastGroup)
      latency = 0
    case .layer(let layer):
      writing = stages[layer].pace
      latency = stages[layer].latency
    }
    bits = order.shape.count * stage.layer.inputBits
  }

  private var height: Int { stage.inputHeight }
  private var transfersPerGroup: Int { order.columns * order.steps.count }

  // MARK: Times

  /// Cycles from the begin of the source's frame to that of the reader's at the least, so that every row group finds its
  /// rows complete.
  func lag(period: Double) -> Double {
    var lag = 0.0
    for group in 0..<reading.groups {
      let last = max(stage.sourceRows(ofGroup: group).end - 1, 0) / order.mapRowsPerGroup
      lag = max(lag, writing.end(last) - reading.begin(group))
    }
    return lag * period + Double(latency)
  }

  /// The most transfers that come before the line buffer takes them, where the reader's frame begins `distance` cycles
  /// after the source's, of which `slack` are more than the least.
  func waitingTransfers(distance: Double, slack: Double, period: Double) -> Double {
    var most = 0.0
    for group in 0..<writing.groups {
      let begin = writing.begin(group)
      // The group fits when rows up to this one are released, counted from the first row of the frame.
      let row = min((group + 1) * order.mapRowsPerGroup, height) - stage.bufferRows
      let taken = min(begin + slack / period, release(ofRow: row) + distance / period)
      guard taken > begin else { continue }
      most = max(most, transfers(before: taken) - Double(group * transfersPerGroup))
    }
    return most
  }

  /// Transfers that a queue has beside those that wait: a column may come at once, and leave some cycles later.
  var margin: Int { order.steps.count + 4 }

  /// When a row is released, in frames from the begin of the reader's.
  private func release(ofRow row: Int) -> Double {
    let (frame, rest) = floorDivide(row - 1, height)
    // Rows are released by the group before the first that reads beyond them; the last group releases all.
    var (low, high) = (0, reading.groups - 1)
    while low < high {
      let middle = (low + high) / 2
      if stage.sourceRows(ofGroup: middle + 1).first > rest { high = middle } else { low = middle + 1 }
    }
    return Double(frame) + reading.end(low)
  }

  /// Transfers that have come by a time in frames from the begin of the source's.
  private func transfers(before time: Double) -> Double {
    let frame = time.rounded(.down)
    let (group, part) = writing.group(at: time - frame)
    let isLast = group == writing.groups - 1
    let here = isLast ? order.columns * order.stepsInLastGroup.count : transfersPerGroup
    return frame * Double(order.transfersPerFrame) + Double(group * transfersPerGroup) + part * Double(here)
  }

  /// The queue that the link needs; `nil` where it needs none.
  func queue(distance: Double, slack: Double, period: Double) -> LinkQueue? {
    guard slack > 0 else { return nil }
    let waiting = Int(waitingTransfers(distance: distance, slack: slack, period: period).rounded(.up))
    guard waiting > 0 else { return nil }
    return LinkQueue(
      source: source, reader: reader, input: input, depth: waiting + margin, width: order.lanes * stage.layer.inputBits)
  }
}
