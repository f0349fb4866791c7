import ArgumentParser
import WeftAccelerators
import WeftBoards
import WeftExploration
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

  /// The model and the plan, where one file says both.
  var said: (model: ModelOptions, plan: PlanOptions) {
    get throws {
      guard model.file.model.hasSuffix(".json") else { return (model, plan) }
      guard !plan.isGiven else {
        throw ToolError("'\(model.file.model)' is a plan; leave --multipliers and --configuration out")
      }
      var plan = plan
      plan.configuration = model.file.model
      return (try PlanFile.model(of: model.file.model), plan)
    }
  }

  /// The grid of the model, its plan, and the board.
  func grid(_ console: inout Console) throws -> (grid: ElasticGrid, plan: Plan, board: Board) {
    let board = try Board.named(board)
    let (model, options) = try said
    let quantized = try model.quantized(try model.network(), inputs: nil, console: &console)
    let plan = try options.isGiven
      ? options.plan(for: quantized, pipelining: board.device.dspKind.pipelining)
      : options.applied(to: explored(quantized, for: board, &console), for: quantized)
    return (try ElasticGrid(plan.replicated(quantized), plan: plan), plan, board)
  }
}

extension BlockOptions {
  /// The part of a device that a plan may take, so that there is room to place and route it.
  private static let share = 0.85
  /// How much slower than the fastest a plan may be that takes less: the fastest of all is an intricate one.
  private static let slack = 1.05

  /// The smallest plan that is about as fast as a board has room for.
  private func explored(_ network: QuantizedNetwork, for board: Board, _ console: inout Console) throws -> Plan {
    let device = board.device
    console.note("looking for the fastest plans for \(Int(100 * Self.share)) % of the \(device.name)")
    let space = try DesignSpace(
      network, device: device, weightStores: SerialProject.isMade(for: board) ? [.chip] : nil)
    let (charged, best) = try space.charging {
      let budget = device.budget.scaled(by: Self.share)
      let fastest = try ExactSearch($0.problem, budget: budget).run().plan
      let cycles = Int(Double(fastest.cycles) * Self.slack)
      return try ExactSearch($0.problem, budget: budget, target: cycles).run().plan
    } choices: { $0.choices }
    console.endLine()
    return charged.plan(best.choices)
  }
}

extension TensorFormat.Layout: ExpressibleByArgument {}
