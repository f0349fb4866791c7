import WeftNetworks

/// When the stages of a grid begin their frames at steady state, and the queues with which they can.
///
/// In this schedule every stage takes all of a frame's cycles for its row groups, and begins a group when the rows of
/// all its inputs are complete. On the links with the longest way the line buffers hold what is between source and
/// reader: their rows are computed for this. On others transfers come earlier than the line buffer takes them, and wait
/// in a queue: it is as deep as the greatest distance between what the source has given and what the line buffer has
/// room for. Transfers wait there and not in more rows of the line buffer, whose banks would each become deeper, and
/// those of the stage's other inputs with them.
///
/// A grid is an event graph: what happens waits for what happened before, never for the lack of it. In such a graph
/// everything happens at the latest when it happens in any schedule that keeps to the room there is. So with room for
/// this schedule no stage is slowed down, and since whether such a graph comes to a halt does not depend on times, it
/// never does, whatever stalls and however long.
struct GridSchedule {
  /// The queues of the links that need one, in the order of their readers.
  let queues: [LinkQueue]

  /// The schedule of the stages of a network.
  init(_ network: QuantizedNetwork, _ stages: [StageGeometry]) {
    guard network.layers.contains(where: \.rejoins) else {
      queues = []
      return
    }
    let cyclesPerPass = Double(max(1, GridCost(stages).predictedCyclesPerFrame))
    let links = network.layers.enumerated().flatMap { reader, layer in
      layer.sources.enumerated().map { GridLink($1, to: reader, input: $0, of: stages) }
    }
    var starts = Starts(network, links, lags: links.map { $0.lag(cyclesPerPass: cyclesPerPass) })
    starts.delayWhatWaits()
    queues = links.indices.compactMap { link in
      links[link].queue(distance: starts.distance(link), slack: starts.slack(link), cyclesPerPass: cyclesPerPass)
    }
  }
}

extension QuantizedLayer {
  /// Whether ways may meet at the layer that part before.
  fileprivate var rejoins: Bool {
    sources.count > 1 && sources.contains { if case .layer = $0 { true } else { false } }
  }
}

/// The cycles in which the inputs and the stages of a network begin their frames.
private struct Starts {
  private let links: [GridLink]
  private let lags: [Double]
  /// For each input, and each layer, the links that it fills; for each layer those that feed it.
  private var inputReaders, readers, feeds: [[Int]]
  private var inputs, layers: [Double]

  /// Every stage begins as soon as it can.
  init(_ network: QuantizedNetwork, _ links: [GridLink], lags: [Double]) {
    self.links = links
    self.lags = lags
    inputReaders = Array(repeating: [], count: network.inputs.count)
    readers = Array(repeating: [], count: network.layers.count)
    feeds = readers
    inputs = Array(repeating: 0, count: network.inputs.count)
    layers = Array(repeating: 0, count: network.layers.count)
    for (index, link) in links.enumerated() {
      switch link.source {
      case .input(let input): inputReaders[input].append(index)
      case .layer(let layer): readers[layer].append(index)
      }
      feeds[link.reader].append(index)
      layers[link.reader] = max(layers[link.reader], start(of: link.source) + lags[index])
    }
  }

  private func start(of source: LayerSource) -> Double {
    switch source {
    case .input(let input): inputs[input]
    case .layer(let layer): layers[layer]
    }
  }

  /// Cycles from the begin of the source's frame to that of the reader's.
  func distance(_ link: Int) -> Double { layers[links[link].reader] - start(of: links[link].source) }
  /// How many more they are than the source needs.
  func slack(_ link: Int) -> Double { distance(link) - lags[link] }

  /// Delays stages whose results would wait at all their readers, where what they read takes less to hold, and the
  /// inputs.
  mutating func delayWhatWaits() {
    // What it takes to hold what a link carries: its bits, or those of what its source alone is made from.
    var holding = links.map(\.bits)
    for layer in layers.indices {
      let before = feeds[layer].reduce(0) { $0 + holding[$1] }
      if readers[layer].count == 1, before < holding[readers[layer][0]] { holding[readers[layer][0]] = before }
      for feed in feeds[layer] {
        if case .input(let input) = links[feed].source, inputReaders[input].count == 1 { holding[feed] = 0 }
      }
    }
    for layer in layers.indices.reversed() {
      let slack = readers[layer].map(self.slack).min() ?? 0
      let before = feeds[layer].reduce(0) { $0 + holding[$1] }
      let after = readers[layer].reduce(0) { $0 + links[$1].bits }
      if slack > 0, before < after { layers[layer] += slack }
    }
    for input in inputs.indices { inputs[input] += inputReaders[input].map(slack).min() ?? 0 }
  }
}
