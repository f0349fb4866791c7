import Weft

/// Joins the parts of an AXI4 bus that have different clocks: an ``AsynchronousFIFO`` a channel.
///
/// - Throughput: a payload a cycle of the slower clock, in each channel.
/// - Capacity: `depth` payloads and one more in each channel.
/// - Paths: every output comes from registers or memories of its own side.
/// - Reset: as that of an ``AsynchronousFIFO``.
public struct AXIClockConverter: Module {
  /// The bus.
  public let bus: Shape<AXI4>
  /// The payloads that each channel holds, a power of two from two up; eight are enough for the full rate.
  public let depth: Int
  /// The domain of the bus's manager.
  public let managerDomain: Domain
  /// The domain of its subordinate.
  public let subordinateDomain: Domain

  /// A converter for a bus like `bus`.
  public init(of bus: Shape<AXI4>, depth: Int = 8, from managerDomain: Domain, to subordinateDomain: Domain) {
    self.bus = bus
    self.depth = depth
    self.managerDomain = managerDomain
    self.subordinateDomain = subordinateDomain
  }

  /// The manager.
  public var manager: AXI4 { input(bus) }
  /// The subordinate.
  public var subordinate: AXI4 { output(bus) }

  var aw: Instance<AsynchronousFIFO<AXIAddress>> { instance(request(.bundle(manager.aw.payload)), named: "aw_queue") }
  var w: Instance<AsynchronousFIFO<AXIWriteData>> { instance(request(.bundle(manager.w.payload)), named: "w_queue") }
  var ar: Instance<AsynchronousFIFO<AXIAddress>> { instance(request(.bundle(manager.ar.payload)), named: "ar_queue") }
  var b: Instance<AsynchronousFIFO<AXIWriteResponse>> { instance(answer(.bundle(manager.b.payload)), named: "b_queue") }
  var r: Instance<AsynchronousFIFO<AXIReadData>> { instance(answer(.bundle(manager.r.payload)), named: "r_queue") }

  private func request<Payload: Signal>(_ payload: Shape<Payload>) -> AsynchronousFIFO<Payload> {
    AsynchronousFIFO(of: payload, depth: depth, from: managerDomain, to: subordinateDomain)
  }
  private func answer<Payload: Signal>(_ payload: Shape<Payload>) -> AsynchronousFIFO<Payload> {
    AsynchronousFIFO(of: payload, depth: depth, from: subordinateDomain, to: managerDomain)
  }

  public var body: Circuit {
    aw.input <== manager.aw
    subordinate.aw <== aw.output
    w.input <== manager.w
    subordinate.w <== w.output
    ar.input <== manager.ar
    subordinate.ar <== ar.output
    b.input <== subordinate.b
    manager.b <== b.output
    r.input <== subordinate.r
    manager.r <== r.output
  }
}
