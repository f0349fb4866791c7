import Testing
import Weft
import WeftRandom
import WeftSimulation

/// Fixed-point numbers, patterns, dynamic indices, state machines and register files do what they say.
@Suite struct TypeTests {
  @Test func fixedPointNumbersAreSetAndRead() throws {
    let sim = try Simulation(FixedMixer())
    #expect(sim.held == -0.75)
    (sim.sample, sim.gain) = (1.25, -0.5)
    #expect(sim.scaled == -0.625)
    #expect(sim.mixed == -1)
    sim.step()
    #expect(sim.held == 1.5)
    (sim.sample, sim.gain) = (-2, -1)
    #expect(sim.scaled == 1.984375)
    #expect(sim.isQuiet == 1)
    sim[\.gain].value = Shape<Fixed>.fixed(1, 7).nearest(to: 0.3)
    #expect(sim.gain == 0.296875)
    #expect(Shape<Fixed>.fixed(2, 6).nearest(to: 100) == 1.984375)
    #expect(Shape<Fixed>.fixed(6, -2).nearest(to: -29) == -28)
  }

  @Test func everyCaseIsTaken() throws {
    let sim = try Simulation(TrafficLight())
    var seen: [Lamp?] = []
    for isBlocked in [1, 0, 0, 1, 0, 0] {
      seen.append(sim.lamp)
      sim.isBlocked = isBlocked
      sim.step()
    }
    #expect(seen == [.red, .red, .green, .green, .amber, .red])
    #expect(sim[\.lamp].value == .green)
    #expect(sim.shown == 0b010)
  }

  @Test func theFirstPatternWins() throws {
    let sim = try Simulation(OpcodeDecoder())
    for opcode in 0..<64 {
      sim.opcode = opcode
      let low = opcode & 3
      let unit =
        opcode < 16 ? 1 : opcode >= 32 && (low == 1 || low == 2) ? 2 : opcode & 8 != 0 ? 3 : opcode == 32 ? 4 : 0
      #expect(sim.unit == unit, "opcode \(opcode)")
      #expect(sim.isShort == 1 - opcode >> 4 & 1)
    }
  }

  @Test func elementsOfElementsAreWritten() throws {
    let sim = try Simulation(CellGrid())
    var cells = Array(repeating: [0, 0], count: 4)
    var flags = Array(repeating: 0, count: 8)
    var random = SeededGenerator(seed: 11)
    for cycle in 0..<200 {
      let (row, column) = (random.number(in: 0...3), random.number(in: 0...1))
      let (place, value) = (random.number(in: 0...7), random.number(in: 0...255))
      (sim.row, sim.column, sim.place, sim.value) = (row, column, place, value)
      try #require(sim.chosen == (row < 3 ? cells[row][column] : 0), "seed 11, cycle \(cycle)")
      try #require(sim.flag == (place < 6 ? flags[place] : 0), "seed 11, cycle \(cycle)")
      sim.step()
      cells[row][column] = value
      if value > 127 { cells[row][1] = (value + 1) & 255 }
      flags[place] = value & 1
    }
  }

  @Test func bundlesInVectorsAreWritten() throws {
    let sim = try Simulation(PixelBuffer())
    sim.place = 2
    sim.isWritten = 1
    sim[\.pixel.red].value = 3
    sim[\.pixel.green].value = 4
    sim[\.pixel.blue].value = 5
    sim.step()
    sim.isWritten = 0
    #expect((sim[\.last.red].value, sim[\.shown.green].value, sim[\.shown.blue].value) == (3, 4, 5))
    sim.step()
    #expect((sim[\.last.red].value, sim[\.last.green].value, sim[\.last.blue].value) == (0, 4, 5))
    sim.place = 3
    #expect((sim[\.shown.red].value, sim[\.shown.green].value, sim[\.shown.blue].value) == (0, 0, 0))
  }

  @Test func rowsOfBundlesAreWhole() throws {
    let sim = try Simulation(PixelRows())
    let black = [[0, 0, 0], [0, 0, 0]]
    var (rows, word) = ([black, black], black)
    var random = SeededGenerator(seed: 3)
    for cycle in 0..<100 {
      let (row, column) = (random.number(in: 0...1), random.number(in: 0...1))
      (sim.row, sim.column) = (row, column)
      let pixels = black.map { $0.map { _ in random.number(in: 0...15) } }
      for (place, pixel) in pixels.enumerated() {
        sim[\.pixels[place].red].value = pixel[0]
        sim[\.pixels[place].green].value = pixel[1]
        sim[\.pixels[place].blue].value = pixel[2]
      }
      let shown = [sim[\.shown.red].value, sim[\.shown.green].value, sim[\.shown.blue].value]
      let stored = [sim[\.stored.red].value, sim[\.stored.green].value, sim[\.stored.blue].value]
      try #require(shown == rows[row][column], "seed 3, cycle \(cycle)")
      try #require(stored == word[column], "seed 3, cycle \(cycle)")
      sim.step()
      word = rows[row]
      rows[row] = pixels
    }
  }

  @Test func streamsInVectorsAreRouted() throws {
    let sim = try Simulation(StreamRouter())
    sim[\.incoming.payload].value = 9
    sim[\.incoming.valid].value = 1
    sim[\.outgoing[1].ready].value = 1
    #expect(sim[\.incoming.ready].value == 0)
    #expect((sim[\.outgoing[0].valid].value, sim[\.outgoing[0].payload].value) == (1, 9))
    sim.target = 1
    #expect(sim[\.incoming.ready].value == 1)
    #expect((sim[\.outgoing[0].valid].value, sim[\.outgoing[1].payload].value) == (0, 9))
  }

  @Test func statesFollowEachOther() throws {
    let sim = try Simulation(Loader())
    sim.go = 1
    var seen: [LoaderPhase?] = []
    for cycle in 0..<12 {
      seen.append(sim.phase)
      #expect(sim.isLoading == (sim.phase == .load ? 1 : 0))
      #expect(sim.isDone == (cycle == 10 ? 1 : 0), "cycle \(cycle)")
      sim.stop = cycle == 9 ? 1 : 0
      sim.step()
      sim.go = 0
    }
    #expect(seen == [.idle] + Array(repeating: .load, count: 4) + Array(repeating: .run, count: 6) + [.idle])
    #expect(sim.words == 3)
    #expect(sim.burst == .done)
    sim.go = 1
    sim.step(5)
    #expect(sim.phase == .run)
    #expect(sim.burst == .address)
    #expect(sim.words == 0)
  }

  @Test(arguments: [EngineKind.interpreter, .verilator]) func statesLastAsSignalsSay(engine: EngineKind) throws {
    let sim = try Simulation(Pulser(), engine: engine)
    for length in [1, 5, 0, 15, 2] {
      sim.length = length
      sim.go = 1
      sim.step()
      sim.go = 0
      var cycles = 0
      while sim.isHigh == 1, cycles < 20 {
        sim.step()
        cycles += 1
      }
      #expect(cycles == max(1, length))
      sim.step(3)
    }
    // A length that falls below what has passed ends the state.
    sim.length = 15
    sim.go = 1
    sim.step(8)
    #expect(sim.isHigh == 1)
    sim.length = 4
    sim.step()
    #expect(sim.isHigh == 0)
  }

  @Test(arguments: [false, true]) func registerFileHoldsItsWords(forwardsWrites: Bool) throws {
    let file = RegisterFile(depth: 6, of: .signed(8), reads: 2, writes: 2, forwardsWrites: forwardsWrites)
    let sim = try Simulation(file)
    var words = Array(repeating: 0, count: 8)
    var random = SeededGenerator(seed: 5)
    for cycle in 0..<300 {
      var next = words
      for port in 0..<2 {
        let (enable, address) = (random.number(in: 0...1), random.number(in: 0...7))
        let data = random.number(in: -128...127)
        sim[\.writes[port].enable].value = enable
        sim[\.writes[port].address].value = address
        sim[\.writes[port].data].value = data
        if enable == 1 { next[address] = data }
      }
      for port in 0..<2 {
        let address = random.number(in: 0...5)
        sim[\.reads[port].address].value = address
        let expected = forwardsWrites ? next[address] : words[address]
        try #require(sim[\.reads[port].data].value == expected, "seed 5, cycle \(cycle)")
      }
      sim.step()
      words = next
    }
  }

  /// Both engines agree about all of it, under random inputs.
  @Test func bothEnginesAgree() throws {
    let design = Design(
      combining: [
        try Design(FixedMixer()), try Design(TrafficLight()), try Design(OpcodeDecoder()), try Design(CellGrid()),
        try Design(PixelBuffer()),
        try Design(PixelRows()), try Design(StreamRouter()), try Design(Loader()),
        try Design(RegisterFile(depth: 5, of: .bits(4), reads: 2, writes: 2, forwardsWrites: true)),
      ], name: "TypesTogether")
    let (model, interpreter) = (try VerilatorEngine(design), InterpreterEngine(design))
    var random = SeededGenerator(seed: 21)
    for cycle in 0..<1000 {
      for input in design.top.signals where input.role == .input {
        let value = BitVector(words: [random.next()], width: input.width)
        model.storage(ofPort: input.name)?.value = value
        interpreter.storage(ofPort: input.name)?.value = value
      }
      for engine in [model, interpreter] as [any SimulationEngine] {
        engine.storage(ofPort: "reset")?.lowWord = cycle % 100 == 0 ? 1 : 0
      }
      for output in design.top.signals where output.role == .output {
        let (a, b) = (model.storage(ofPort: output.name)?.value, interpreter.storage(ofPort: output.name)?.value)
        try #require(a != nil && a == b, "seed 21, cycle \(cycle), \(output.name)")
      }
      model.step(1)
      interpreter.step(1)
    }
  }
}
