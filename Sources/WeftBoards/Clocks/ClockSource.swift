/// Where a design on a board without a processor has its clock from: the oscillator, or a PLL behind it.
struct ClockSource {
  /// Cycles a second.
  let frequency: Double
  /// What makes them of the oscillator's; `nil` where they are the oscillator's own.
  let loop: (any PhaseLockedLoop)?
  /// What feeds it.
  let oscillator: Oscillator

  /// The source of a clock that comes as close to a frequency as the part can without being faster.
  ///
  /// - Parameter frequency: In cycles a second; the oscillator's where it is `nil`.
  /// - Throws: `BoardError` where the board has no oscillator, or the part cannot make anything near.
  init(_ board: Board, frequency: Double?) throws(BoardError) {
    guard let oscillator = board.oscillator, let pin = oscillator.pins.first, !pin.isEmpty else {
      throw BoardError("the board '\(board.name)' has no oscillator that feeds a design; add one to its description")
    }
    self.oscillator = oscillator
    guard let frequency, frequency != oscillator.frequency else {
      (self.frequency, loop) = (oscillator.frequency, nil)
      return
    }
    let loop: (any PhaseLockedLoop)? =
      board.family == .ecp5
      ? ECP5PLL(from: oscillator.frequency, to: frequency) : ICE40PLL(from: oscillator.frequency, to: frequency)
    guard let loop, loop.frequency >= 0.9 * frequency else {
      throw BoardError(
        "no setting of the PLL on the board '\(board.name)' makes \(frequency / 1e6) MHz of the oscillator's "
          + "\(oscillator.frequency / 1e6); choose another clock")
    }
    (self.frequency, self.loop) = (loop.frequency, loop)
  }
}
