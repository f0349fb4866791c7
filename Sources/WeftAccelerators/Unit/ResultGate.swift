import Weft
import WeftStreams

/// What keeps a core from giving results that nobody takes: either it moves only while they are taken, or, where it
/// never stops, operands are asked for only while there is a place for another round's results.
struct ResultGate {
  /// Whether the core moves in this cycle: all of it, or nothing.
  let advance: Bit
  /// What the engines give: for each of them, one result for each output channel.
  let results: Vector<Vector<Signed>>
  private let control: EngineControl
  private let drain: Instance<ResultDrain>
  /// Where results wait, and what counts the free places.
  private let places: (queue: Instance<FIFO<Vector<Vector<Signed>>>>, credits: Instance<CreditCounter>)?

  /// The gate of a core whose body is being built.
  init<M: Module>(_ module: M, _ geometry: StageGeometry, control: EngineControl, drain: Instance<ResultDrain>) {
    self.control = control
    self.drain = drain
    if geometry.isDeep {
      let queue = module.instance(FIFO(of: geometry.resultPayload, depth: geometry.resultPlaces), named: "results")
      places = (queue, module.instance(CreditCounter(credits: geometry.resultPlaces), named: "credits"))
      results = queue.input.payload
      advance = 1
    } else {
      places = nil
      results = drain.results
      advance = module.wire(!control.isDone | drain.ready, named: "advance")
    }
  }

  /// Passes results on to the drain, and says to the input buffer when it may ask for operands.
  @CircuitBuilder func connect(_ inputBuffer: Instance<InputBuffer>) -> Circuit {
    inputBuffer.advance <== advance
    When(advance) { control.follow(inputBuffer) }
    if let places {
      inputBuffer.hasPlace[0] <== places.credits.isAvailable
      places.credits.sends <== inputBuffer.completes[0]
      places.credits.frees <== places.queue.output.fires
      places.queue.input.valid <== control.isDone
      drain.results <== places.queue.output.payload
      drain.valid <== places.queue.output.valid
      places.queue.output.ready <== drain.ready
    } else {
      drain.valid <== control.isDone
    }
  }
}
