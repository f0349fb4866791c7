import Testing
import Weft
import WeftSimulation

/// A bus both sides of which a test drives by hand, with all channels ready.
private struct Pins {
  let sim: Simulation<BusPassage>
  let checker: AXIChecker
  let bench: StreamBench
  private let channels: [[SignalLocation]]

  init(collecting: Bool = true) throws {
    sim = try Simulation(BusPassage())
    checker = AXIChecker(sim, \.m_axi, collecting: collecting)
    bench = StreamBench(sim, checker)
    channels = [
      sim.leaves(of: \.s_axi.aw), sim.leaves(of: \.s_axi.w), sim.leaves(of: \.m_axi.b), sim.leaves(of: \.s_axi.ar),
      sim.leaves(of: \.m_axi.r),
    ]
    setReady(true)
  }

  func setReady(_ isReady: Bool) {
    let ready = [
      sim.leaves(of: \.m_axi.aw.ready), sim.leaves(of: \.m_axi.w.ready), sim.leaves(of: \.s_axi.b.ready),
      sim.leaves(of: \.m_axi.ar.ready), sim.leaves(of: \.s_axi.r.ready),
    ]
    for leaves in ready { leaves[0].number = isReady ? 1 : 0 }
  }

  /// Offers payloads, field by field, where they are given, and nothing on the other channels.
  func offer(aw: [Int]? = nil, w: [Int]? = nil, b: [Int]? = nil, ar: [Int]? = nil, r: [Int]? = nil) {
    for (leaves, payload) in zip(channels, [aw, w, b, ar, r]) {
      for (leaf, value) in zip(leaves, payload ?? []) { leaf.number = value }
      leaves[leaves.count - 2].number = payload == nil ? 0 : 1
    }
  }

  /// Offers payloads for a cycle.
  func pass(aw: [Int]? = nil, w: [Int]? = nil, b: [Int]? = nil, ar: [Int]? = nil, r: [Int]? = nil) throws {
    offer(aw: aw, w: w, b: b, ar: ar, r: r)
    try bench.step()
    offer()
  }
}

extension AXIRequest {
  /// The fields of an address channel.
  fileprivate var fields: [Int] {
    let burst = AXIBurst.allCases.firstIndex(of: self.burst) ?? 0
    return [identifier, address, beats - 1, size, burst, isExclusive ? 1 : 0, cache, protection, quality]
  }
}

@Suite struct AXICheckerTests {
  /// Two beats of the bus's eight bytes.
  private let plain = AXIRequest(address: 0x40, beats: 2, size: 3, identifier: 1)
  private let exclusive = AXIRequest(address: 0x40, beats: 2, size: 3, identifier: 1, isExclusive: true)

  /// Breaks a rule, and no other, once.
  private func breakRule(_ rule: AXIRule, _ pins: Pins) throws {
    switch rule {
    case .validInReset:
      try pins.bench.reset(cycles: 2)
      try pins.pass(aw: plain.fields)
    case .validTakenBack, .payloadChanged:
      pins.setReady(false)
      try pins.pass(ar: plain.fields)
      var changed = plain
      changed.quality = 1
      try pins.pass(ar: rule == .payloadChanged ? changed.fields : nil)
      pins.setReady(true)
      try pins.pass(ar: rule == .payloadChanged ? changed.fields : nil)
    case .reservedBurst:
      var fields = plain.fields
      fields[4] = 3
      try pins.pass(ar: fields)
    case .beatTooWide: try pins.pass(aw: AXIRequest(address: 0x40, size: 4).fields)
    case .wrappingLength: try pins.pass(ar: AXIRequest(address: 0x40, beats: 3, size: 3, burst: .wrapping).fields)
    case .wrappingAddress: try pins.pass(aw: AXIRequest(address: 0x44, beats: 4, size: 3, burst: .wrapping).fields)
    case .fixedLength: try pins.pass(ar: AXIRequest(address: 0x40, beats: 17, size: 0, burst: .fixed).fields)
    case .pageCrossed: try pins.pass(aw: AXIRequest(address: 0xFFC, beats: 2, size: 3).fields)
    case .reservedCache: try pins.pass(ar: AXIRequest(address: 0x40, size: 3, cache: 0b0100).fields)
    case .exclusiveLength: try pins.pass(ar: AXIRequest(address: 0, beats: 32, size: 0, isExclusive: true).fields)
    case .exclusiveSize: try pins.pass(ar: AXIRequest(address: 0, beats: 3, size: 3, isExclusive: true).fields)
    case .exclusiveAddress: try pins.pass(ar: AXIRequest(address: 0x48, beats: 2, size: 3, isExclusive: true).fields)
    case .exclusiveUnpaired: try pins.pass(aw: exclusive.fields)
    case .exclusiveMismatch:
      try pins.pass(ar: exclusive.fields)
      try pins.pass(r: [1, 0, 1, 0])
      try pins.pass(r: [1, 0, 1, 1])
      var other = exclusive
      other.address = 0x80
      try pins.pass(aw: other.fields)
    case .writeLast:
      try pins.pass(aw: plain.fields)
      try pins.pass(w: [0, 0xFF, 1])
    case .inactiveStrobe:
      try pins.pass(aw: AXIRequest(address: 0x45, beats: 2, size: 2).fields)
      try pins.pass(w: [0, 0b1110_0000, 0])
      try pins.pass(w: [0, 0b0001_1111, 1])
    case .readLast:
      try pins.pass(ar: plain.fields)
      try pins.pass(r: [1, 0, 0, 1])
    case .unknownWriteResponse:
      try pins.pass(aw: plain.fields, w: [0, 0, 0])
      try pins.pass(w: [0, 0, 1])
      try pins.pass(b: [2, 0])
    case .earlyWriteResponse:
      try pins.pass(aw: plain.fields, w: [0, 0, 0])
      try pins.pass(w: [0, 0, 1], b: [1, 0])
      try pins.pass(aw: plain.fields, w: [0, 0xFF, 0])
      try pins.pass(w: [0, 0xFF, 1])
      try pins.pass(b: [1, 0])
    case .unknownReadData: try pins.pass(ar: plain.fields, r: [1, 0, 0, 1])
    case .exclusiveAnswer:
      try pins.pass(ar: plain.fields)
      try pins.pass(r: [1, 0, 1, 0])
    case .mixedExclusiveAnswer:
      try pins.pass(ar: exclusive.fields)
      try pins.pass(r: [1, 0, 1, 0])
      try pins.pass(r: [1, 0, 0, 1])
    case .packetGap: break
    }
  }

  @Test(arguments: AXIRule.allCases.filter { $0.section(in: .full) != nil })
  func eachRuleAloneFindsItsViolation(rule: AXIRule) throws {
    let pins = try Pins()
    try breakRule(rule, pins)
    #expect(pins.checker.violations.map(\.rule) == [rule])
    #expect(pins.checker.violations.allSatisfy { $0.standard == .full && !$0.values.isEmpty })
  }

  @Test func legalTrafficBreaksNothing() throws {
    let pins = try Pins(collecting: false)
    // Beats before their address; a response in the cycle after the last of both.
    try pins.pass(w: [0, 0b1111_1000, 0], ar: exclusive.fields)
    try pins.pass(w: [0, 0b1111_1111, 1], r: [1, 0, 1, 0])
    try pins.pass(aw: AXIRequest(address: 0x1003, beats: 2, size: 3).fields, r: [1, 0, 1, 1])
    try pins.pass(aw: exclusive.fields, w: [0, 0xFF, 0], b: [0, 2])
    try pins.pass(w: [0, 0xFF, 1])
    try pins.pass(b: [1, 1])
    // A full page, a wrapping and a fixed burst.
    try pins.pass(ar: AXIRequest(address: 0x3800, beats: 256, size: 3, identifier: 2).fields)
    try pins.pass(ar: AXIRequest(address: 0x38, beats: 2, size: 3, burst: .wrapping, identifier: 3).fields)
    for beat in 0..<256 { try pins.pass(r: [2, beat, 0, beat == 255 ? 1 : 0]) }
    try pins.pass(r: [3, 0, 3, 0])
    try pins.pass(r: [3, 0, 0, 1])
    #expect(pins.checker.isIdle)
    // What is offered may wait.
    pins.setReady(false)
    for _ in 0..<3 { try pins.pass(aw: plain.fields) }
    pins.setReady(true)
    try pins.pass(aw: plain.fields)
    #expect(!pins.checker.isIdle && pins.checker.violations.isEmpty)
  }

  @Test func lateLastBeatsAndResetsAreFound() throws {
    let pins = try Pins()
    try pins.pass(w: [0, 0, 0])
    try pins.pass(w: [0, 0, 0])
    try pins.pass(aw: plain.fields)
    try pins.pass(ar: plain.fields)
    try pins.pass(r: [1, 0, 0, 0])
    try pins.pass(r: [1, 0, 0, 0])
    #expect(pins.checker.violations.map(\.rule) == [.writeLast, .readLast])
    #expect(pins.checker.violations.map(\.cycle) == [2, 5])
    // A reset forgets what was under way, and wants silence from its second cycle on.
    try pins.pass(ar: plain.fields)
    pins.offer(b: [1, 0])
    try pins.bench.reset(cycles: 1)
    pins.offer()
    try pins.pass()
    try pins.pass(r: [1, 0, 0, 1])
    #expect(pins.checker.violations.map(\.rule) == [.writeLast, .readLast, .unknownReadData])
    pins.offer(w: [0, 0, 0])
    try pins.bench.reset(cycles: 3)
    #expect(pins.checker.violations.map(\.rule).dropFirst(3) == [.validInReset, .validInReset])
  }

  @Test func aViolationEndsTheRunWithASentence() throws {
    let pins = try Pins(collecting: false)
    let error = #expect(throws: SimulationError.self) {
      try pins.pass(aw: AXIRequest(address: 0xFF8, beats: 2, size: 3, identifier: 5).fields)
    }
    #expect(
      error?.message == "cycle 0: `m_axi_aw` breaks a rule: a burst does not cross a multiple of 4 KB (pageCrossed, "
        + "IHI 0022E A3.4.1); 2 beats of 8 bytes from 0xff8 on, incrementing, identifier 5")
    let other = try Pins()
    other.setReady(false)
    try other.pass(r: [3, 0x1234, 0, 1])
    try other.pass(r: [3, 0x1235, 0, 1])
    #expect(other.checker.violations.last?.values == "DATA was 0x1234 and is 0x1235")
  }

  @Test func everyRuleHasASection() {
    for rule in AXIRule.allCases {
      let sections = [AXIProtocol.full, .lite, .stream].compactMap(rule.section(in:))
      #expect(!sections.isEmpty && !rule.summary.isEmpty)
    }
  }
}
