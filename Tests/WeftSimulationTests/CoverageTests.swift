import Foundation
import Testing
import Weft
import WeftSimulation

enum Mode: Enumeration { case idle, run, stop, broken }

/// A machine of which tests reach this and that.
struct Machine: Module {
  var go: Bit { input(.bit) }
  var level: Unsigned { input(.unsigned(4)) }
  var mode: Choice<Mode> { register(.choice(), reset: .idle) }
  var total: Unsigned { register(.unsigned(4), reset: 0) }
  var alarm: Bit { output(.bit) }

  static let firstLine = #line
  var body: Circuit {
    alarm <== 0
    Switch(mode) {
      Case(.idle) {
        When(go) { mode <== .run }
      }
      Case(.run) {
        total <== total &+ level
        When(level == 9) {
          mode <== .stop
        } else: {
          When(total == 15) { mode <== .broken }
        }
      }
      Case(.stop) { mode <== .idle }
      Case(.broken) {
        alarm <== 1
      }
    }
  }
}

@Suite struct CoverageTests {
  private func run(_ levels: [Int], engine: EngineKind = .interpreter) throws -> Coverage {
    let sim = try Simulation(Machine(), engine: engine, coverage: .all)
    sim.reset()
    sim.go = 1
    for level in levels {
      sim.level = level
      sim.step()
    }
    return sim.coverage
  }

  /// How often the points of a line, counted from the machine's body, were reached.
  private func counts(_ coverage: Coverage, line: Int, _ kind: Coverage.PointKind = .statement) -> [Int] {
    let found = coverage.points.filter { $0.key.line == Machine.firstLine + line && $0.key.kind == kind }
    return found.sorted { $0.key.number < $1.key.number }.map(\.value)
  }

  @Test func statementsAndBranchesAreCounted() throws {
    let coverage = try run([0, 1, 2, 9, 0, 0])
    // One cycle of reset, in which registers rest; idle, run, run, run with nine, stop, idle.
    #expect(counts(coverage, line: 2) == [7], "logic also runs in reset")
    #expect(counts(coverage, line: 3, .matchCase) == [3, 3, 1])
    #expect(counts(coverage, line: 3, .matchDefault) == [0], "the last of all cases")
    #expect(counts(coverage, line: 5) == [2])
    #expect(counts(coverage, line: 5, .otherwise) == [0])
    #expect(counts(coverage, line: 8) == [3])
    #expect(counts(coverage, line: 9, .then) == [1] && counts(coverage, line: 9, .otherwise) == [2])
    #expect(counts(coverage, line: 12) == [0] && counts(coverage, line: 12, .otherwise) == [2])
    #expect(counts(coverage, line: 17) == [0])
    #expect("\(coverage.statements)" == "5 of 7")
  }

  @Test func togglesAndStatesAreCounted() throws {
    let coverage = try run([0, 1, 2, 9, 0, 0])
    // Before each edge: 0 0 0 1 3 12 12.
    #expect(coverage.toggles["Machine.total"]?.rose == BitVector(truncating: 0b1111, width: 4))
    #expect(coverage.toggles["Machine.total"]?.fell == BitVector(truncating: 0b0011, width: 4))
    #expect(coverage.toggles["Machine.alarm"]?.rose.isZero == true)
    let states = try #require(coverage.states["Machine.mode"])
    #expect(states.visits == ["idle": 3, "run": 3, "stop": 1, "broken": 0])
    let transitions = states.transitions.map { "\($0.key.from) \($0.key.to) \($0.value)" }.sorted()
    #expect(transitions == ["idle run 1", "run broken 0", "run stop 1", "stop idle 1"])
    #expect("\(coverage.madeTransitions)" == "3 of 4" && "\(coverage.heldStates)" == "3 of 4")
  }

  @Test func bothEnginesCountTheSame() throws {
    let levels = [0, 7, 8, 0, 3, 3, 9]
    #expect(try run(levels) == run(levels, engine: .verilator))
  }

  @Test func runsMergeAndTravelInAFile() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let (first, second) = (try run([0, 9]), try run([0, 15, 0, 0]))
    var merged = first
    merged.merge(second)
    #expect(counts(merged, line: 17) == [1] && counts(first, line: 17) == [0])
    #expect(merged.states["Machine.mode"]?.visits == ["idle": 4, "run": 3, "stop": 0, "broken": 1])
    #expect("\(merged.madeTransitions)" == "2 of 4", "a transition counts once its state was held before an edge")
    try merged.write(to: file)
    #expect(try Coverage(contentsOf: file) == merged)
    try Data("[1]".utf8).write(to: URL(fileURLWithPath: file))
    #expect(throws: SimulationError.self) { try Coverage(contentsOf: file) }
  }

  @Test func theReportNamesWhatWasMissed() throws {
    let coverage = try run([0, 1, 2, 9, 0, 0])
    let place = "WeftSimulationTests/CoverageTests.swift"
    let line = { (offset: Int) in Machine.firstLine + offset }
    #expect(
      coverage.report == """
        statements  5 of 7            71.4 %
        branches    7 of 10           70.0 %
        toggles     17 of 24          70.8 %
        states      3 of 4            75.0 %
        transitions 3 of 4            75.0 %

        not reached:
          \(place):\(line(3)): default of `Switch` in Machine
          \(place):\(line(5)): `else` of `When` in Machine
          \(place):\(line(12)): statement in Machine
          \(place):\(line(12)): `When` in Machine
          \(place):\(line(17)): statement in Machine

        never moved:
          Machine.alarm: rise of [0], fall of [0]
          Machine.go: fall of [0]
          Machine.level: rise of [2], fall of [2]
          Machine.total: fall of [3:2]

        never entered:
          Machine.mode: broken, run -> broken

        """)
  }

  @Test func sourcesAreAnnotated() throws {
    let coverage = try run([0, 1, 2, 9, 0, 0])
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let source = try String(contentsOf: folder.appendingPathComponent("CoverageTests.swift"), encoding: .utf8)
    let lines = coverage.annotated("WeftSimulationTests/CoverageTests.swift", source: source).split(separator: "\n")
    let line = { (offset: Int) in String(lines[Machine.firstLine + offset - 1]) }
    #expect(line(8).hasPrefix("        3   ") && line(8).hasSuffix("  \(Machine.firstLine + 8)          total <== total &+ level"))
    #expect(line(12).hasPrefix("        2 ~ "))
    #expect(line(17).hasPrefix("        0 - "))
    let page = coverage.html(sources: folder.deletingLastPathComponent().path)
    #expect(page.contains("<span class=\"missed\">        0 "))
    #expect(page.contains("alarm &lt;== 1</span>"))
  }

  @Test func nothingIsCountedUnlessAskedFor() throws {
    let sim = try Simulation(Machine())
    sim.step()
    #expect(sim.coverage == Coverage())
    #expect(sim.engine.design.top.signals.allSatisfy { !$0.name.hasPrefix("coverage") })
  }
}
