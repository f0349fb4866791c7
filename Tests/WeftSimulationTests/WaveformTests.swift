import Foundation
import Testing
import Weft
import WeftSimulation

enum Light: Enumeration { case red, green, amber }

/// A light that changes when it is told to, and how often it did.
struct TrafficLight: Module {
  var go: Bit { input(.bit) }
  var light: Choice<Light> { register(.choice(), reset: .red) }
  var changes: Signed { register(.signed(8), reset: -2) }
  var isRed: Bit { output(.bit) }

  var body: Circuit {
    isRed <== 0
    When(go) { changes <== changes &+ 1 }
    Switch(light) {
      Case(.red) {
        isRed <== 1
        When(go) { light <== .green }
      }
      Case(.green) { When(go) { light <== .amber } }
      Case(.amber) { light <== .red }
    }
  }
}

@Suite struct WaveformTests {
  private func recording(_ engine: EngineKind = .interpreter) throws -> Waveform {
    let sim = try Simulation(TrafficLight(), engine: engine)
    sim.step()
    let recording = sim.record(\.go, \.light, \.changes, \.isRed)
    for level in [0, 1, 1, 0, 0] {
      sim.go = level
      sim.step()
    }
    return recording.waveform
  }

  static let expected = """
    cycle    0     1     2     3     4
    go       ______/‾‾‾‾‾‾‾‾‾‾‾\\___________
    light    |red        |green|amber|red
    changes  |-2         |-1   |0
    isRed    ‾‾‾‾‾‾‾‾‾‾‾‾\\___________/‾‾‾‾‾
    """

  @Test func aWaveformReadsAsText() throws {
    #expect(try recording().text() == Self.expected)
    let kept = EngineKind.verilator(VerilatorOptions(keepsInternals: true))
    #expect(try recording(kept).text() == Self.expected, "on Verilator")
  }

  @Test func textHasColumnsAtAnyTimes() throws {
    let sim = try Simulation(ThreeClocks())
    sim.clock(.pixel, period: .nanoseconds(4))
    let recording = try sim.record(signals: ["clock", "pixelClock", "pixelCount"])
    sim.run(for: .nanoseconds(12))
    let text = recording.waveform.text(every: .nanoseconds(1), from: .nanoseconds(1))
    #expect(
      text == """
        cycle       0   1   2   3   4   5   6   7   8   9   10  11
        clock       ____________________/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\\_______
        pixelClock  ________/‾‾‾‾‾‾‾\\_______/‾‾‾‾‾‾‾\\_______/‾‾‾‾‾‾‾
        pixelCount  |0      |1              |2              |3
        """)
    recording.stop()
    sim.step(5)
    #expect(recording.waveform.end == .nanoseconds(12))
    #expect(throws: SimulationError.self) { try sim.record(signals: ["nothing"]) }
  }

  @Test func aWaveformIsDrawn() throws {
    let picture = try recording().svg()
    #expect(picture.hasPrefix("<svg xmlns"))
    #expect(picture.hasSuffix("</svg>\n"))
    for text in [">go<", ">light<", ">green<", ">-1<"] { #expect(picture.contains(text), "\(text)") }
    // The first box is the red light from the start to the rise in the second cycle, one and a half of 48 units long.
    #expect(picture.contains("<path d=\"M72 64L75 56H141L144 64L141 72H75Z\""))
  }

  @Test func GTKWaveShowsFormatsAndCaseNames() throws {
    let view = GTKWaveFile(try Design(TrafficLight()), waves: "/waves/run.vcd")
    #expect(
      view.saveFile.contents == """
        [*] Waves of TrafficLight()
        [dumpfile] "/waves/run.vcd"
        [timestart] 0
        @200
        -TrafficLight
        @28
        TrafficLight.clock
        @28
        TrafficLight.reset
        @28
        TrafficLight.go
        @28
        TrafficLight.isRed
        @420
        TrafficLight.changes[7:0]
        @2022
        ^1 /waves/run.Light.txt
        TrafficLight.light[1:0]

        """)
    #expect(view.saveFile.name == "run.gtkw")
    #expect(view.translations.map(\.name) == ["run.Light.txt"])
    #expect(view.translations.first?.contents == "0 red\n1 green\n2 amber\n")
    let ports = GTKWaveFile(
      try Design(Grid(size: 2)), waves: "/waves/run.fst", prefix: "TOP.", includesInternals: false)
    #expect(ports.saveFile.contents.contains("\nTOP.Grid_2_4.sums[127:0]\n"))
    #expect(!ports.saveFile.contents.contains("element"))
  }
}
