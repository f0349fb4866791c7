import Testing
import Weft
import WeftBoards

/// Clocks that PLLs make.
@Suite struct ClockTests {
  @Test func settingsOfAnECP5KeepItsLimits() throws {
    for input in [10e6, 12e6, 25e6, 33.333e6, 48e6, 50e6, 100e6] {
      for target in stride(from: 5e6, through: 250e6, by: 7.5e6) {
        let loop = try #require(ECP5PLL(from: input, to: target), "\(input) to \(target)")
        #expect(loop.frequency <= target && loop.frequency >= 0.93 * target, "\(input) to \(target): \(loop)")
        #expect(ECP5PLL.oscillator.contains(loop.internalFrequency), "\(loop)")
        #expect(ECP5PLL.comparison.contains(input / Double(loop.inputDivider)), "\(loop)")
        let feedback = loop.internalFrequency / Double(loop.feedbackOutputDivider)
        #expect(feedback <= ECP5PLL.fastestOutput, "\(loop)")
        #expect(abs(feedback / Double(loop.feedbackDivider) * Double(loop.inputDivider) / input - 1) < 1e-9, "\(loop)")
        #expect(abs(loop.internalFrequency / Double(loop.outputDivider) / loop.frequency - 1) < 1e-9, "\(loop)")
        #expect((1...80).contains(loop.feedbackDivider) && (1...128).contains(loop.outputDivider), "\(loop)")
      }
    }
    #expect(ECP5PLL(from: 12e6, to: 100e6)?.frequency == 100e6)
    #expect(ECP5PLL(from: 25e6, to: 75e6)?.frequency == 75e6)
    #expect(ECP5PLL(from: 1e6, to: 100e6) == nil)
    #expect(ECP5PLL(from: 25e6, to: 500e6)?.frequency == 400e6)
  }

  @Test func settingsOfAnICE40KeepItsLimits() throws {
    for input in [10e6, 12e6, 16e6, 25e6, 48e6, 100e6] {
      for target in stride(from: 17e6, through: 250e6, by: 7.5e6) {
        let loop = try #require(ICE40PLL(from: input, to: target), "\(input) to \(target)")
        #expect(loop.frequency <= target * 1.000001 && loop.frequency >= 0.9 * target, "\(input) to \(target): \(loop)")
        #expect(ICE40PLL.oscillator.contains(loop.internalFrequency), "\(loop)")
        #expect(loop.internalFrequency / Double(1 << loop.outputPower) == loop.frequency, "\(loop)")
        #expect(ICE40PLL.outputs.contains(loop.frequency), "\(loop)")
      }
    }
    #expect(ICE40PLL(from: 12e6, to: 24e6)?.frequency == 24e6)
    #expect(ICE40PLL(from: 12e6, to: 2e6) == nil && ICE40PLL(from: 12e6, to: 12.5e6) == nil)
    #expect(ICE40PLL(from: 400e6, to: 24e6) == nil)
    #expect(ICE40PLL(from: 12e6, to: 300e6).map { $0.frequency <= 275e6 } == true)
  }

  /// A counter that is reset.
  private struct Stepper: Module {
    var enable: Bit { input(.bit, named: "button0") }
    var led0: Bit { output(.bit) }
    var count: Unsigned { register(.unsigned(24), reset: 0) }
    var body: Circuit {
      When(enable) { count <== count &+ 1 }
      led0 <== count[23]
    }
  }

  /// A counter whose reset is a button.
  private struct Pressed: Module {
    static let domain = Domain(clock: "clock", reset: "button0", isResetActiveHigh: false)
    var led0: Bit { output(.bit) }
    var count: Unsigned { register(.unsigned(24), reset: 0, domain: Self.domain) }
    var body: Circuit {
      count <== count &+ 1
      led0 <== count[23]
    }
  }

  @Test func aDesignIsClockedAndReset() throws {
    let project = try BoardProject(Design(Stepper()), for: .ulx3s, clock: 60e6)
    func text(_ path: String) throws -> String {
      try #require(project.files.first { $0.path == path }, "\(path)").contents
    }
    let wrapper = try text("Stepper_board.v")
    #expect(wrapper.contains("a clock of 60.0 MHz") && wrapper.contains("EHXPLLL #("))
    let connections = "    .clock(weft_clock),\n    .button0(button0),\n    .led0(led0),\n    .reset(weft_held[0])\n"
    #expect(wrapper.contains(connections))
    let constraints = try text("Stepper.lpf")
    #expect(constraints.contains("LOCATE COMP \"weft_oscillator\" SITE \"G2\";"))
    #expect(constraints.contains("FREQUENCY PORT \"weft_oscillator\" 25.0 MHZ;"))
    #expect(!constraints.contains("\"reset\""))
    #expect(try text("Makefile").contains("-top Stepper_board -json"))
    // Without a PLL there is a reset all the same.
    let plain = try BoardProject(Design(Stepper()), for: .icebreaker)
    let file = try #require(plain.files.first { $0.path == "Stepper_board.v" })
    #expect(file.contents.contains("assign weft_clock = weft_oscillator;") && !file.contents.contains("SB_PLL40"))
    #expect(file.contents.contains(".reset(weft_held[0])"))
    // A reset at a pin acts too.
    let pressed = try BoardProject(Design(Pressed()), for: .ulx3s)
    let pins = try #require(pressed.files.first { $0.path == "Pressed_board.v" }).contents
    #expect(pins.contains("  input button0") && pins.contains(".button0(~weft_held[0] & button0)"))
    let error = #expect(throws: BoardError.self) {
      try BoardProject(Design(Stepper()), for: .icebreaker, clock: 1e6)
    }
    #expect(error?.message.contains("no setting of the PLL on the board 'icebreaker' makes 1.0 MHz") == true)
  }
}
