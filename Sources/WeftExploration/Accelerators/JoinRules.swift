import WeftAccelerators
import WeftNetworks

/// What the stages of a network keep to so that those that are joined go together, whatever options they have.
///
/// The search knows of one stage before each: for a layer that reads several, the last of them. The others emit
/// channels whose number divides a power of two, as many as keep up with the bound, and their reader reads so many at
/// once. More at once is a matter of rows.
struct JoinRules {
  /// For each layer the layer before it that the search knows of; `nil` where it reads inputs alone.
  private(set) var predecessors: [Int?] = []
  /// For each layer the number that the channels which it passes on at once divide; `nil` where they are free.
  private(set) var emitted: [Int?]
  /// For each layer the number that its `cpf` is a multiple of, unless it has all channels of each map at once.
  private(set) var read: [Int]

  /// The rules for a network of which no plan takes fewer cycles a frame than `bound`.
  init(_ network: QuantizedNetwork, bound: Int) {
    emitted = Array(repeating: nil, count: network.layers.count)
    read = Array(repeating: 1, count: network.layers.count)
    for (index, layer) in network.layers.enumerated() {
      let sources = Set(layer.sources.compactMap { if case .layer(let source) = $0 { source } else { nil } }).sorted()
      predecessors.append(sources.last)
      for source in sources.dropLast() {
        let shape = network.layers[source].outputShape
        var channels = 1
        while channels * bound < shape.count, shape.channels.isMultiple(of: 2 * channels) { channels *= 2 }
        emitted[source] = channels
        read[index] = max(read[index], channels)
      }
    }
  }

  /// Whether a configuration of a layer keeps to the rules; its maps have at most so many channels each.
  func allow(_ unit: UnitConfiguration, of layer: Int, mapChannels: Int) -> Bool {
    (emitted[layer] ?? unit.channelLanes).isMultiple(of: unit.channelLanes)
      && (unit.cpf.isMultiple(of: read[layer]) || unit.cpf >= mapChannels)
  }
}
