import Testing
import Weft
import WeftSimulation

@Suite struct InterpreterTests {
  private let place = SourcePlace(file: "test", line: 1)

  @Test func gridAccumulates() throws {
    let engine = InterpreterEngine(try Design(Grid(size: 8)))
    let activations = try #require(engine.storage(ofPort: "activations"))
    let weights = try #require(engine.storage(ofPort: "weights"))
    let sums = try #require(engine.storage(ofPort: "sums"))
    for index in 0..<32 {
      activations.setBits(low: index * 8, width: 8, UInt64(truncatingIfNeeded: index - 16))
      weights.setBits(low: index * 8, width: 8, UInt64(truncatingIfNeeded: 3 * index - 50))
    }
    engine.storage(ofPort: "enable")?.lowWord = 1
    engine.step(3)
    #expect(engine.cycle == 3)
    for row in 0..<8 {
      for column in 0..<8 {
        let expected = (0..<4).reduce(0) { $0 + (row * 4 + $1 - 16) * (3 * (column * 4 + $1) - 50) } * 3
        let word = sums.bits(low: (row * 8 + column) * 32, width: 32)
        #expect(Int(Int32(truncatingIfNeeded: word)) == expected, "element \(row), \(column)")
      }
    }
  }

  @Test func outputsFollowInputsWithoutAClock() throws {
    var builder = NetlistBuilder(name: "Sum")
    let ports = ["a", "b"].map { builder.add(Netlist.Signal(name: $0, width: 8, role: .input, place: place)) }
    let sum = builder.add(Netlist.Signal(name: "sum", width: 8, role: .output, place: place))
    let value = builder.add(builder.reference(ports[0]), builder.reference(ports[1]))
    builder.netlist.processes = [
      .init(kind: .combinational, statements: [.assign(sum, low: 0, value, place)], targets: [sum])
    ]
    let engine = InterpreterEngine(Design(modules: [builder.netlist]))
    let (a, result) = (try #require(engine.storage(ofPort: "a")), try #require(engine.storage(ofPort: "sum")))
    for number in [1, 200, 255, 7] {
      a.unsignedValue = number
      engine.storage(ofPort: "b")?.unsignedValue = 100
      #expect(result.unsignedValue == (number + 100) % 256)
    }
    engine.step(2)
    #expect(engine.cycle == 0 && engine.mainClock == nil)
  }

  /// Two registers that take each other's value, each in a clock domain of its own.
  @Test func everyClockMovesItsOwnRegisters() throws {
    let domains = [Domain.main, Domain(clock: "tick", edge: .falling, reset: "clear")]
    var builder = NetlistBuilder(name: "Exchange")
    let registers = domains.enumerated().map { index, domain in
      builder.add(
        Netlist.Signal(
          name: "register\(index)", width: 4,
          role: .register(
            .init(domain: domain, initialValue: BitVector(truncating: index + 1, width: 4))), place: place))
    }
    for (index, domain) in domains.enumerated() {
      let other = builder.reference(registers[1 - index])
      builder.netlist.processes.append(
        .init(
          kind: .clocked(domain), statements: [.assign(registers[index], low: 0, other, place)],
          targets: [registers[index]]))
    }
    builder.netlist.domains = domains.map { .init(domain: $0, usesReset: false) }
    let design = Design(modules: [builder.netlist])
    let read = { (engine: InterpreterEngine) in
      [0, 1].map { engine.storage(ofSignal: "register\($0)")?.unsignedValue }
    }

    let stepped = InterpreterEngine(design)
    stepped.step()
    #expect(read(stepped) == [2, 2])

    let driven = InterpreterEngine(design)
    let (clock, tick) = (driven.storage(ofPort: "clock"), driven.storage(ofPort: "tick"))
    tick?.lowWord = 1
    #expect(read(driven) == [1, 2], "a rising edge is not this domain's")
    tick?.lowWord = 0
    clock?.lowWord = 1
    #expect(read(driven) == [2, 1], "edges at the same time read what was there before")
  }

  /// Each bit of a vector follows the one below it, which is no loop; a latch made of two gates is one that settles.
  @Test func vectorsWhoseBitsFeedOneAnotherSettle() throws {
    var builder = NetlistBuilder(name: "Ripple")
    let signal = { (builder: inout NetlistBuilder, name: String, width: Int, role: Netlist.Signal.Role) in
      builder.add(Netlist.Signal(name: name, width: width, role: role, place: place))
    }
    let (set, clear) = (signal(&builder, "set", 1, .input), signal(&builder, "clear", 1, .input))
    let chain = signal(&builder, "chain", 100, .output)
    let held = signal(&builder, "held", 2, .output)
    let (whole, state) = (builder.reference(chain), builder.reference(held))
    var assignments: [(Netlist.SignalID, Int, Netlist.NodeID)] = [(chain, 0, builder.reference(set))]
    for bit in 1..<100 { assignments.append((chain, bit, builder.not(builder.slice(whole, low: bit - 1, width: 1)))) }
    // Written as whole vectors, so that the two gates of the latch look as if they fed themselves.
    let other = builder.concatenate([builder.slice(state, low: 0, width: 1), builder.slice(state, low: 1, width: 1)])
    let blocked = builder.concatenate([builder.reference(set), builder.reference(clear)])
    assignments.append((held, 0, builder.not(builder.bitwise(.or, other, blocked))))
    for (target, low, value) in assignments {
      builder.netlist.processes.append(
        .init(kind: .combinational, statements: [.assign(target, low: low, value, place)], targets: [target]))
    }
    let engine = InterpreterEngine(Design(modules: [builder.netlist]))
    let ports = ["set", "clear"].map { engine.storage(ofPort: $0) }
    for (inputs, expected) in [([1, 0], 1), ([0, 0], 1), ([0, 1], 2), ([0, 0], 2)] as [([UInt64], UInt64)] {
      for (port, level) in zip(ports, inputs) { port?.lowWord = level }
      #expect(engine.storage(ofPort: "held")?.lowWord == expected, "set and clear \(inputs)")
      let high = engine.storage(ofPort: "chain")?.bits(low: 98, width: 2)
      #expect(high == (inputs[0] == 1 ? 1 : 2))
    }
  }
}
