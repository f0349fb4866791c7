/// The PLL of an ECP5 (FPGA-TN-02200). Its second output gives the clock, its first one is fed back, so that the clock
/// may be any whole part of the oscillator's multiples. It is let through once it is steady.
package struct ECP5PLL: PhaseLockedLoop, Hashable {
  /// Cycles a second that go in and come out.
  package let input, frequency: Double
  /// What the input, the feedback, and both outputs are divided by.
  package let inputDivider, feedbackDivider, feedbackOutputDivider, outputDivider: Int

  /// Where phases are compared, in cycles a second.
  package static let comparison = 10e6...400e6
  /// What the oscillator within runs at, in cycles a second.
  package static let oscillator = 400e6...800e6

  /// What goes in, in cycles a second, and the fastest output.
  package static let inputs = 8e6...400e6, fastestOutput = 400e6

  /// The settings that come closest to a frequency and not above it; `nil` where there are none.
  package init?(from input: Double, to target: Double) {
    guard Self.inputs.contains(input), target > 0 else { return nil }
    var best: ECP5PLL?
    for inputDivider in 1...128 where Self.comparison.contains(input / Double(inputDivider)) {
      let compared = input / Double(inputDivider)
      for multiple in Int((Self.oscillator.lowerBound / compared).rounded(.up))...128 * 128 {
        let internalFrequency = compared * Double(multiple)
        guard internalFrequency <= Self.oscillator.upperBound else { break }
        let divider = Int((internalFrequency / min(target, Self.fastestOutput)).rounded(.up))
        // The multiple is what both dividers in the loop are together.
        let loop = (1...128).first {
          multiple % $0 == 0 && multiple / $0 <= 80 && internalFrequency / Double($0) <= Self.fastestOutput
        }
        guard (1...128).contains(divider), let loop else { continue }
        let frequency = internalFrequency / Double(divider)
        if frequency > (best?.frequency ?? 0) {
          best = ECP5PLL(
            input: input, frequency: frequency, inputDivider: inputDivider, feedbackDivider: multiple / loop,
            feedbackOutputDivider: loop, outputDivider: divider)
        }
      }
    }
    guard let best else { return nil }
    self = best
  }

  private init(
    input: Double, frequency: Double, inputDivider: Int, feedbackDivider: Int, feedbackOutputDivider: Int,
    outputDivider: Int
  ) {
    (self.input, self.frequency, self.inputDivider) = (input, frequency, inputDivider)
    self.feedbackDivider = feedbackDivider
    self.feedbackOutputDivider = feedbackOutputDivider
    self.outputDivider = outputDivider
  }

  /// Cycles a second of the oscillator within.
  package var internalFrequency: Double {
    input / Double(inputDivider) * Double(feedbackDivider * feedbackOutputDivider)
  }

  package func instance(input: String, at pin: String, output: String, locked: String) -> String {
    """
      wire weft_feedback;
      wire weft_made;
      (* FREQUENCY_PIN_CLKI="\(self.input / 1e6)", FREQUENCY_PIN_CLKOS="\(frequency / 1e6)" *)
      (* ICP_CURRENT="12", LPF_RESISTOR="8", MFG_ENABLE_FILTEROPAMP="1", MFG_GMCREF_SEL="2" *)
      EHXPLLL #(
        .PLLRST_ENA("DISABLED"), .INTFB_WAKE("DISABLED"), .STDBY_ENABLE("DISABLED"), .DPHASE_SOURCE("DISABLED"),
        .OUTDIVIDER_MUXA("DIVA"), .OUTDIVIDER_MUXB("DIVB"), .OUTDIVIDER_MUXC("DIVC"), .OUTDIVIDER_MUXD("DIVD"),
        .CLKI_DIV(\(inputDivider)), .FEEDBK_PATH("CLKOP"), .CLKFB_DIV(\(feedbackDivider)),
        .CLKOP_ENABLE("ENABLED"), .CLKOP_DIV(\(feedbackOutputDivider)),
        .CLKOP_CPHASE(\(feedbackOutputDivider - 1)), .CLKOP_FPHASE(0),
        .CLKOS_ENABLE("ENABLED"), .CLKOS_DIV(\(outputDivider)), .CLKOS_CPHASE(\(outputDivider - 1)), .CLKOS_FPHASE(0)
      ) weft_pll (
        .RST(1'b0), .STDBY(1'b0), .CLKI(\(input)), .CLKOP(weft_feedback), .CLKOS(weft_made), .CLKFB(weft_feedback),
        .CLKINTFB(), .PHASESEL0(1'b0), .PHASESEL1(1'b0), .PHASEDIR(1'b1), .PHASESTEP(1'b1), .PHASELOADREG(1'b1),
        .PLLWAKESYNC(1'b0), .ENCLKOP(1'b0), .ENCLKOS(1'b0), .LOCK(\(locked))
      );
      DCCA weft_gate (.CLKI(weft_made), .CE(\(locked)), .CLKO(\(output)));
    """
  }
}
