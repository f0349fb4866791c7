import Weft

/// Connects managers with subordinates by address.
///
/// A manager's bursts to different subordinates wait for each other, those to one do not: so the order within an
/// identifier is the subordinate's, and it is kept. Managers that want one subordinate take turns. An address that is
/// no subordinate's is answered with a decode error, as many beats as were asked for. The identifiers of subordinates
/// have the number of the manager above the manager's own.
///
/// - Latency: none, but a cycle for the address of a write.
/// - Throughput: a burst and a beat a cycle at each subordinate.
/// - Capacity: `outstanding` bursts of each manager on their way, in each direction.
/// - Paths: combinational between managers and subordinates in both directions; a ``PipelineRegister`` in a channel
///   breaks them.
public struct AXICrossbar: Module {
  /// The bus of a manager.
  public let bus: Shape<AXI4>
  /// The number of managers, at least one.
  public let managerCount: Int
  /// The addresses of each subordinate; they do not overlap.
  public let regions: [AXIRegion]
  /// The most bursts of a manager that are on their way, at least one.
  public let outstanding: Int

  /// A crossbar for so many managers, and a subordinate for each region.
  public init(of bus: Shape<AXI4>, managers: Int, regions: [AXIRegion], outstanding: Int = 8) {
    self.bus = bus
    managerCount = managers
    self.regions = regions
    self.outstanding = outstanding
  }

  /// The managers.
  public var managers: Vector<AXI4> { input(.vector(managerCount, of: bus)) }
  /// The subordinates, one a region.
  public var subordinates: Vector<AXI4> {
    output(
      .vector(
        regions.count,
        of: .bundle(
          AXI4(
            addressWidth: managers[0].addressWidth, dataWidth: managers[0].dataWidth,
            idWidth: managers[0].idWidth + numberWidth))))
  }

  /// The bits of the number of a manager.
  private var numberWidth: Int { (managerCount - 1).bitsToHold }
  private var order: [Instance<FIFO<Unsigned>>] {
    regions.indices.map {
      instance(FIFO(of: .unsigned(numberWidth), depth: managerCount * outstanding), named: "order\($0)")
    }
  }

  public var body: Circuit {
    requirements
    for manager in managers.indices {
      reading(manager)
      writing(manager)
    }
    for subordinate in subordinates.indices {
      readBursts(subordinate)
      writeBursts(subordinate)
      beats(subordinate)
    }
  }

  @CircuitBuilder private var requirements: Circuit {
    require(managerCount >= 1, "a crossbar has at least 1 manager; \(managerCount) were asked for")
    require(!regions.isEmpty, "a crossbar has at least 1 subordinate; give it a region")
    require(outstanding >= 1, "at least 1 burst is on its way at a time; \(outstanding) were asked for")
    for region in regions {
      if let problem = region.problem(addressWidth: managers[0].addressWidth) { require(false, problem) }
    }
    for (index, region) in regions.enumerated() {
      for other in regions.dropFirst(index + 1) {
        require(
          region.base + region.size <= other.base || other.base + other.size <= region.base,
          "the regions from \(region.base) and from \(other.base) on overlap; an address has one subordinate")
      }
    }
  }

  // MARK: - Managers

  private func gate(_ manager: Int, _ direction: String) -> Instance<AXIBurstGate> {
    instance(
      AXIBurstGate(destinations: regions.count + 1, outstanding: outstanding), named: "\(direction)_gate\(manager)")
  }
  private func refusal(_ manager: Int, _ direction: String) -> Instance<AXIRefusal> {
    instance(
      AXIRefusal(idWidth: managers[0].idWidth, isWrite: direction == "write"), named: "\(direction)_refusal\(manager)")
  }

  /// The number of the subordinate of an address; of one that is no subordinate's, that behind the last.
  private func destination(of address: Unsigned) -> Unsigned {
    let width = regions.count.bitsToHold
    return regions.enumerated().reduce(Unsigned(regions.count, width: width)) { found, region in
      region.element.contains(address).select(Unsigned(region.offset, width: width), else: found)
    }
  }

  @CircuitBuilder private func reading(_ manager: Int) -> Circuit {
    let (bus, gate, refusal) = (managers[manager], gate(manager, "read"), refusal(manager, "read"))
    let isRefused = gate.destination == Unsigned(regions.count)
    gate.destination <== destination(of: bus.ar.payload.addr)
    gate.passes <== bus.ar.fires
    gate.ends <== bus.r.fires & bus.r.payload.last
    refusal.request.payload.id <== bus.ar.payload.id
    refusal.request.payload.length <== bus.ar.payload.len
    refusal.request.valid <== bus.ar.valid & gate.isOpen & isRefused
    let readies = subordinates.indices.map {
      readArbiter($0).inputs[manager].ready & (gate.destination == Unsigned($0))
    }
    bus.ar.ready <== gate.isOpen & isRefused.select(refusal.request.ready, else: readies.isAnySet)
    refusal.passes <== bus.r.ready
    bus.r.payload.id <== refusal.id
    bus.r.payload.data <== Bits.zeros(bus.dataWidth)
    bus.r.payload.resp <== .decodeError
    bus.r.payload.last <== refusal.isLast
    bus.r.valid <== refusal.isActive
    for (number, subordinate) in subordinates.enumerated() {
      When(subordinate.r.valid & (owner(of: subordinate.r.payload.id) == Unsigned(manager))) {
        bus.r.payload.id <== subordinate.r.payload.id.truncated(to: bus.idWidth)
        bus.r.payload.data <== subordinate.r.payload.data
        bus.r.payload.resp <== subordinate.r.payload.resp
        bus.r.payload.last <== subordinate.r.payload.last
        bus.r.valid <== gate.current == Unsigned(number)
      }
    }
  }

  @CircuitBuilder private func writing(_ manager: Int) -> Circuit {
    let (bus, gate, refusal) = (managers[manager], gate(manager, "write"), refusal(manager, "write"))
    let isRefused = gate.destination == Unsigned(regions.count)
    gate.destination <== destination(of: bus.aw.payload.addr)
    gate.passes <== bus.aw.fires
    gate.ends <== bus.b.fires
    refusal.request.payload.id <== bus.aw.payload.id
    refusal.request.payload.length <== bus.aw.payload.len
    refusal.request.valid <== bus.aw.valid & gate.isOpen & isRefused
    let readies = subordinates.indices.map {
      writeArbiter($0).inputs[manager].ready & (gate.destination == Unsigned($0))
    }
    bus.aw.ready <== gate.isOpen & isRefused.select(refusal.request.ready, else: readies.isAnySet)
    refusal.passes <== bus.w.valid
    refusal.isAnswered <== bus.b.ready
    bus.b.payload.id <== refusal.id
    bus.b.payload.resp <== .decodeError
    bus.b.valid <== refusal.isOver
    bus.w.ready <== refusal.isActive
    for (number, subordinate) in subordinates.enumerated() {
      let order = order[number].output
      When(order.valid & (order.payload == Unsigned(manager))) { bus.w.ready <== subordinate.w.ready }
      When(subordinate.b.valid & (owner(of: subordinate.b.payload.id) == Unsigned(manager))) {
        bus.b.payload.id <== subordinate.b.payload.id.truncated(to: bus.idWidth)
        bus.b.payload.resp <== subordinate.b.payload.resp
        bus.b.valid <== gate.current == Unsigned(number)
      }
    }
  }

  /// The manager that an identifier belongs to.
  private func owner(of id: Bits) -> Unsigned {
    let low = managers[0].idWidth
    return id[low..<(low + numberWidth)].asUnsigned
  }

  // MARK: - Subordinates

  private func readArbiter(_ subordinate: Int) -> Instance<Arbiter<AXIAddress>> {
    instance(
      Arbiter(of: .bundle(managers[0].ar.payload), streams: managerCount), named: "read_arbiter\(subordinate)")
  }
  private func writeArbiter(_ subordinate: Int) -> Instance<Arbiter<AXIAddress>> {
    instance(
      Arbiter(of: .bundle(managers[0].aw.payload), streams: managerCount), named: "write_arbiter\(subordinate)")
  }

  @CircuitBuilder private func readBursts(_ index: Int) -> Circuit {
    let (subordinate, arbiter) = (subordinates[index], readArbiter(index))
    for (number, manager) in managers.enumerated() {
      let gate = gate(number, "read")
      arbiter.inputs[number].payload <== manager.ar.payload
      arbiter.inputs[number].valid <== manager.ar.valid & gate.isOpen & (gate.destination == Unsigned(index))
    }
    subordinate.ar.payload.takes(arbiter.output.payload, of: arbiter.chosen)
    subordinate.ar.valid <== arbiter.output.valid
    arbiter.output.ready <== subordinate.ar.ready
    let readies = managers.enumerated().map { number, manager in
      manager.r.ready & (owner(of: subordinate.r.payload.id) == Unsigned(number))
    }
    subordinate.r.ready <== readies.isAnySet
  }

  /// A burst passes into a register when the order of the beats has a place for it: its beats then follow whether or
  /// not the subordinate has taken the address.
  @CircuitBuilder private func writeBursts(_ index: Int) -> Circuit {
    let (subordinate, arbiter, order) = (subordinates[index], writeArbiter(index), order[index])
    let stage: Instance<PipelineRegister<AXIAddress>> = instance(
      PipelineRegister(of: .bundle(subordinate.aw.payload)), named: "write_stage\(index)")
    for (number, manager) in managers.enumerated() {
      let gate = gate(number, "write")
      arbiter.inputs[number].payload <== manager.aw.payload
      arbiter.inputs[number].valid <== manager.aw.valid & gate.isOpen & (gate.destination == Unsigned(index))
    }
    stage.input.payload.takes(arbiter.output.payload, of: arbiter.chosen)
    stage.input.valid <== arbiter.output.valid & order.input.ready
    order.input.payload <== arbiter.chosen
    order.input.valid <== arbiter.output.valid & stage.input.ready
    arbiter.output.ready <== stage.input.ready & order.input.ready
    subordinate.aw <== stage.output
    let readies = managers.enumerated().map { number, manager in
      manager.b.ready & (owner(of: subordinate.b.payload.id) == Unsigned(number))
    }
    subordinate.b.ready <== readies.isAnySet
  }

  @CircuitBuilder private func beats(_ index: Int) -> Circuit {
    let (subordinate, order) = (subordinates[index], order[index])
    subordinate.w.payload <== managers.map(\.w.payload).element(at: order.output.payload)
    subordinate.w.valid <== order.output.valid & managers.map(\.w.valid).element(at: order.output.payload)
    order.output.ready <== subordinate.w.fires & subordinate.w.payload.last
  }
}

extension AXIAddress {
  /// Takes a burst of a manager with so many bits less in its identifiers.
  func takes(_ burst: AXIAddress, of manager: Unsigned) -> Circuit {
    Circuit([
      id <== concatenate(manager, burst.id), addr <== burst.addr, len <== burst.len, size <== burst.size,
      self.burst <== burst.burst, lock <== burst.lock, cache <== burst.cache, prot <== burst.prot, qos <== burst.qos,
    ])
  }
}
