import WeftAccelerators
import WeftNetworks

/// Shares a number of multipliers among the stages of a network so that the slowest stage is as fast as it can be.
///
/// For a target of cycles a frame, each stage has a cheapest configuration; the least target whose configurations fit
/// the multipliers together is found by bisection over all cycle counts that any configuration has. The result is
/// optimal for that measure. What a max pooling compares at once counts as multipliers do.
public enum Balance {
  /// The plan with the fewest cycles a frame under `multipliers` product lanes.
  ///
  /// - Throws: `BalanceError` where there are fewer multipliers than stages.
  public static func plan(for network: QuantizedNetwork, multipliers: Int) throws(BalanceError) -> Plan {
    guard multipliers >= network.layers.count else {
      throw BalanceError(
        "\(multipliers) multipliers are too few: the network has \(network.layers.count) stages, and each needs one at "
          + "least")
    }
    let fronts = network.layers.map { front(of: $0, multipliers: multipliers - network.layers.count + 1) }
    let targets = Set(fronts.flatMap { $0.map(\.cycles) }).sorted()
    func choice(_ target: Int) -> [Candidate]? {
      var chosen: [Candidate] = []
      for front in fronts {
        guard let candidate = front.first(where: { $0.cycles <= target }) else { return nil }
        chosen.append(candidate)
      }
      return chosen.reduce(0) { $0 + $1.lanes } <= multipliers ? chosen : nil
    }
    var (low, high) = (0, targets.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if choice(targets[middle]) != nil { high = middle } else { low = middle + 1 }
    }
    // The slowest target always fits: one multiplier a stage.
    let chosen = choice(targets[low]) ?? fronts.map { $0[0] }
    return Plan(
      network: network.name,
      stages: zip(network.layers, chosen).map { Plan.Stage(name: $0.name, unit: $1.unit) })
  }

  /// A configuration and what it takes.
  private struct Candidate {
    var unit: UnitConfiguration
    /// Products, or comparisons, a cycle.
    var lanes: Int
    var cycles: Int
    var memoryBits: Int
  }

  /// The configurations of a layer that no other beats in both multipliers and cycles, the fewest multipliers first.
  private static func front(of layer: QuantizedLayer, multipliers: Int) -> [Candidate] {
    let isPooling = layer.isPooling
    let orders = [LinkOrder.raster(layer.inputShape)]
    var best: [Int: Candidate] = [:]
    for h in steps(layer.outputShape.height, limit: multipliers) {
      for kpf in steps(layer.outputShape.channels, limit: multipliers / h) {
        for cpf in isPooling ? [kpf] : steps(layer.inputShape.channels, limit: multipliers / (h * kpf)) {
          let unit = UnitConfiguration(cpf: cpf, kpf: kpf, h: h)
          let geometry = StageGeometry(layer: layer, configuration: unit, inputOrders: orders)
          let lanes = isPooling ? cpf * h : unit.multipliers
          let candidate = Candidate(
            unit: unit, lanes: lanes, cycles: geometry.cyclesPerFrame, memoryBits: geometry.bankRowBits)
          if let known = best[lanes],
            (known.cycles, known.memoryBits, known.unit.h) <= (candidate.cycles, candidate.memoryBits, h)
          {
            continue
          }
          best[lanes] = candidate
        }
      }
    }
    var front: [Candidate] = []
    for candidate in best.values.sorted(by: { $0.lanes < $1.lanes })
    where front.last.map({ candidate.cycles < $0.cycles }) ?? true {
      front.append(candidate)
    }
    return front
  }

  /// The factors worth trying for `count` things: for each number of rounds the least factor that makes do with it.
  private static func steps(_ count: Int, limit: Int) -> [Int] {
    var result: [Int] = []
    var factor = 1
    while factor <= min(count, limit) {
      result.append(factor)
      let rounds = (count + factor - 1) / factor
      if rounds == 1 { break }
      factor = (count + rounds - 2) / (rounds - 1)
    }
    return result
  }
}

/// Why a network cannot be balanced.
public struct BalanceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence that names the cure.
  public var message: String

  /// An error that says `message`.
  public init(_ message: String) { self.message = message }

  public var description: String { message }
}
