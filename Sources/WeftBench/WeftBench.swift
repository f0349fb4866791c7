import Foundation
import Weft
import WeftSimulation

/// Measures elaboration, simulation and exploration; `scripts/bench` calls it.
///
/// - `WeftBench emit FOLDER` writes the Verilog of the array that is simulated, for the C++ loop that it is measured
///   against; `WeftBench emit-observed FOLDER` that of the array that cocotb runs.
/// - `WeftBench measure LOOP` prints the figures; `LOOP` is that C++ loop, compiled from `sim/BareLoop.cpp`.
/// - `WeftBench explore FOLDER` prints those of the search for the best accelerator, of the model and of the generator,
///   which writes there.
/// - `WeftBench blocks` prints how much longer frames take on a board.
/// - `WeftBench elaborate SIZE` prints the seconds of processor time from an array as a value to its Verilog.
/// - `WeftBench simulate interpreter CYCLES` and `WeftBench simulate verilator CYCLES` print cycles a second of the
///   observed array, one write and one read in each.
@main
struct WeftBench {
  static func main() {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      switch (arguments.first, arguments.count) {
      case ("emit", 2): try Design(SimulationBench.array).verilog().write(to: arguments[1])
      case ("emit-observed", 2): try Design(ObservedArray()).verilog().write(to: arguments[1])
      case ("elaborate", 2):
        guard let size = Int(arguments[1]), size > 0 else { throw usage }
        print(try ElaborationBench.seconds(size: size))
      case ("simulate", 3):
        guard let cycles = Int(arguments[2]), ["interpreter", "verilator"].contains(arguments[1]) else { throw usage }
        let engine: EngineKind = arguments[1] == "verilator" ? .verilator : .interpreter
        print(try SimulationBench.observedSpeed(on: engine, cycles: cycles))
      case ("explore", 2): try report(AcceleratorBench.figures(folder: arguments[1]))
      case ("blocks", 1): try report(BlockBench.figures())
      case ("measure", 2):
        let figures =
          try ElaborationBench.figures() + SimulationBench.interpreter()
            + SimulationBench.verilator(against: arguments[1])
        report(figures)
      default: throw usage
      }
    } catch {
      FileHandle.standardError.write(Data("WeftBench: \(error)\n".utf8))
      exit(1)
    }
  }

  /// Prints figures, and ends the program if one of them misses its bound.
  private static func report(_ figures: [Figure]) {
    for figure in figures { print(figure.line) }
    if !figures.allSatisfy(\.passes) { exit(1) }
  }

  private static let usage = SimulationError(
    "usage: WeftBench emit FOLDER, emit-observed FOLDER, measure LOOP, explore FOLDER, blocks, elaborate SIZE, or "
      + "simulate ENGINE CYCLES; scripts/bench calls them all")
}
