/// The PLL of an iCE40 UltraPlus (FPGA-TN-02052), fed from a pin.
package struct ICE40PLL: PhaseLockedLoop, Hashable {
  /// Cycles a second that go in and come out.
  package let input, frequency: Double
  /// What the input and the loop are divided by, less one, and the output's power of two.
  package let inputDivider, feedbackDivider, outputPower: Int

  /// Where phases are compared, in cycles a second.
  package static let comparison = 10e6...133e6
  /// What the oscillator within runs at, in cycles a second.
  package static let oscillator = 533e6...1066e6
  /// What goes in, and what comes out, in cycles a second.
  package static let inputs = 10e6...133e6, outputs = 16e6...275e6
  /// The pin that the PLL itself takes; others reach it through the fabric.
  private static let pad = "35"

  /// The settings that come closest to a frequency and not above it; `nil` where there are none.
  package init?(from input: Double, to target: Double) {
    guard Self.inputs.contains(input) else { return nil }
    var best: ICE40PLL?
    for inputDivider in 0...15 where Self.comparison.contains(input / Double(inputDivider + 1)) {
      for feedbackDivider in 0...127 {
        let internalFrequency = input / Double(inputDivider + 1) * Double(feedbackDivider + 1)
        guard Self.oscillator.contains(internalFrequency) else { continue }
        for power in 1...6 {
          let frequency = internalFrequency / Double(1 << power)
          guard frequency <= target * (1 + 1e-9), Self.outputs.contains(frequency), frequency > (best?.frequency ?? 0)
          else { continue }
          best = ICE40PLL(
            input: input, frequency: frequency, inputDivider: inputDivider, feedbackDivider: feedbackDivider,
            outputPower: power)
        }
      }
    }
    guard let best else { return nil }
    self = best
  }

  private init(input: Double, frequency: Double, inputDivider: Int, feedbackDivider: Int, outputPower: Int) {
    (self.input, self.frequency, self.inputDivider) = (input, frequency, inputDivider)
    self.feedbackDivider = feedbackDivider
    self.outputPower = outputPower
  }

  /// Cycles a second of the oscillator within.
  package var internalFrequency: Double { input / Double(inputDivider + 1) * Double(feedbackDivider + 1) }

  /// The setting of the loop's filter for the frequency at which phases are compared.
  private var filter: Int {
    let limits: [Double] = [17e6, 26e6, 44e6, 66e6, 101e6]
    return 1 + (limits.firstIndex { input / Double(inputDivider + 1) < $0 } ?? limits.count)
  }

  package func instance(input: String, at pin: String, output: String, locked: String) -> String {
    let (cell, port) = pin == Self.pad ? ("SB_PLL40_PAD", "PACKAGEPIN") : ("SB_PLL40_CORE", "REFERENCECLK")
    return """
      \(cell) #(
        .FEEDBACK_PATH("SIMPLE"), .DIVR(4'd\(inputDivider)), .DIVF(7'd\(feedbackDivider)), .DIVQ(3'd\(outputPower)),
        .FILTER_RANGE(3'd\(filter))
      ) weft_pll (
        .\(port)(\(input)), .PLLOUTGLOBAL(\(output)), .LOCK(\(locked)), .RESETB(1'b1), .BYPASS(1'b0)
      );
    """
  }
}
