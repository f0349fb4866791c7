import Foundation
import Weft

/// Watches the properties of a running design at its clock edges. A design without properties has none.
public final class PropertyMonitor {
  /// The assertions and assumptions that failed so far, each once, in the order in which they failed first.
  public private(set) var failures: [PropertyFailure] = []
  /// How often each cover held so far, in the order of the design's properties.
  public private(set) var covers: [CoverCount]
  /// What to do with a property's first failure; by default it is printed to standard error.
  public var onFailure: (PropertyFailure) -> Void = { failure in
    FileHandle.standardError.write(Data("\(failure)\n".utf8))
  }

  private let properties: [PlacedProperty]
  private let domains: [Netlist.DomainUse]
  /// Where the conditions of the properties and the reset of each domain lie.
  private let conditions: SignalBits
  private let resets: [SignalBits?]
  /// The engine's, which has the monitor among its observers.
  private unowned let timeline: Timeline
  /// The place of each property among failures or covers; -1 for one that has not failed.
  private var places: [Int]
  /// For each of the top module's domains, and then for all clocks together, the properties that have to hold, and
  /// those that are counted, bit by bit.
  private var required: [[UInt64]] = []
  private var counted: [[UInt64]] = []

  /// Watches an engine's properties, whose conditions are bits of one signal.
  init(of engine: some SimulationEngine, conditions: SignalStorage) {
    let properties = engine.design.properties
    self.properties = properties
    let own = engine.design.top.domains
    let given = Set(properties.compactMap(\.property.domain)).subtracting(own.map(\.domain))
    domains = own + given.sorted { $0.clock < $1.clock }.map { Netlist.DomainUse(domain: $0, usesReset: false) }
    self.conditions = SignalBits(conditions)
    resets = domains.map { use in
      use.usesReset ? engine.storage(ofPort: use.domain.reset).map { SignalBits($0) } : nil
    }
    timeline = engine.timeline
    covers = properties.filter { $0.property.kind == .cover }.map { CoverCount(property: $0) }
    var next = 0
    places = properties.map { property in
      guard property.property.kind == .cover else { return -1 }
      defer { next += 1 }
      return next
    }
    required = masks { $0.kind != .cover }
    counted = masks { $0.kind == .cover }
    timeline.add(self)
  }

  /// For each domain, and for none, the properties that belong to it and to a kind.
  private func masks(where belongs: (Netlist.Property) -> Bool) -> [[UInt64]] {
    (domains.map(\.domain) + [nil]).map { domain in
      var mask = [UInt64](repeating: 0, count: BitVector.wordCount(forWidth: properties.count))
      for (index, placed) in properties.enumerated()
      where placed.property.domain == domain && belongs(placed.property) {
        mask[index / 64] |= 1 << UInt64(index % 64)
      }
      return mask
    }
  }
}

// MARK: - Watching

extension PropertyMonitor: SimulationObserver {
  func observe(at time: Time, before edges: [ClockEdge]) {
    let isReset = domains.indices.map { index in
      resets[index].map { $0.isOne == domains[index].domain.isResetActiveHigh } ?? false
    }
    var acting = domains.indices.filter { index in
      let domain = domains[index].domain
      return edges.contains { $0.clock == domain.clock && $0.isRising == (domain.edge == .rising) }
    }
    // A design without clocks is looked at where a run ends.
    guard !acting.isEmpty || domains.isEmpty else { return }
    acting.removeAll { isReset[$0] }
    if !isReset.contains(true) { acting.append(domains.count) }
    let words = conditions.value.words
    for group in acting {
      for index in words.indices {
        visit(required[group][index] & ~words[index], of: index, fail)
        visit(counted[group][index] & words[index], of: index) { covers[places[$0]].count += 1 }
      }
    }
  }

  private func visit(_ bits: UInt64, of word: Int, _ body: (Int) -> Void) {
    var bits = bits
    while bits != 0 {
      body(word * 64 + bits.trailingZeroBitCount)
      bits &= bits - 1
    }
  }

  private func fail(_ property: Int) {
    if places[property] >= 0 {
      failures[places[property]].count += 1
      return
    }
    places[property] = failures.count
    failures.append(PropertyFailure(property: properties[property], cycle: timeline.cycle))
    onFailure(failures[places[property]])
  }
}

extension Simulation {
  /// The assertions and assumptions that failed so far, each once, in the order in which they failed first.
  public var failures: [PropertyFailure] { engine.monitor?.failures ?? [] }

  /// How often each cover held so far.
  public var covers: [CoverCount] { engine.monitor?.covers ?? [] }

  /// What to do with a property's first failure; by default it is printed to standard error. In a test,
  /// `sim.onFailure = { Issue.record($0) }` makes it the test's own.
  public var onFailure: (PropertyFailure) -> Void {
    get { engine.monitor?.onFailure ?? { _ in } }
    set { engine.monitor?.onFailure = newValue }
  }
}
