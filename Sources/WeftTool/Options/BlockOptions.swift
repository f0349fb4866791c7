import ArgumentParser
import WeftAccelerators
import WeftBoards
import WeftNetworks

/// An accelerator as a block of a board.
struct BlockOptions: ParsableArguments {
  @OptionGroup var model: ModelOptions
  @OptionGroup var plan: PlanOptions
  @Option(help: ArgumentHelp("The board, one of `weft boards`, or the path of a file like it.", valueName: "NAME"))
  var board: String
  @Option(
    help: "How inputs and outputs lie in memory: \(TensorFormat.Layout.allValueStrings.joined(separator: " or ")).")
  var layout = TensorFormat.Layout.nchw
  @Option(
    help: ArgumentHelp(
      "Bits a second of the serial line, on boards with nothing else (default: \(SerialProject.baud)).",
      valueName: "N"))
  var baud: Int?

  /// The grid of the model, its plan, and the board.
  func grid(_ console: inout Console) throws -> (grid: ElasticGrid, plan: Plan, board: Board) {
    let board = try Board.named(board)
    let quantized = try model.quantized(try model.network(), inputs: nil, console: &console)
    let plan = try plan.plan(for: quantized, pipelining: board.device.dspKind.pipelining)
    return (try ElasticGrid(plan.replicated(quantized), plan: plan), plan, board)
  }
}

extension TensorFormat.Layout: ExpressibleByArgument {}
