/// What a part makes a clock of another frequency with.
package protocol PhaseLockedLoop {
  /// Cycles a second that it gives.
  var frequency: Double { get }

  /// Its cell in Verilog.
  ///
  /// - Parameters:
  ///   - input: The net that feeds it.
  ///   - pin: The pin from which that comes.
  ///   - output: The net of the clock that it gives.
  ///   - locked: The net that is one once that clock is steady.
  func instance(input: String, at pin: String, output: String, locked: String) -> String
}
