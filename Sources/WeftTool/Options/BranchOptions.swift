import ArgumentParser
import WeftExploration
import WeftNetworks

/// What is asked of the branches, one for each output of the network.
struct BranchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Passes of each output's branch that a frame takes, in the order of the outputs (default: 1 each). What branches "
        + "share runs as often as the largest of them says.", valueName: "N,..."))
  var batch: String?
  @Option(
    help: ArgumentHelp(
      "How much the frames a second of each output's branch count in the published fitness, which is then stated.",
      valueName: "P,..."))
  var priority: String?

  /// The branches of a network.
  func branches(of network: QuantizedNetwork) throws -> [ExplorationProblem.Branch] {
    let names = network.outputs.map(\.name)
    let batches = try values(of: batch, "--batch", names, "a number from 1 to 1024") {
      Int($0).flatMap { (1...1024).contains($0) ? $0 : nil }
    }
    let priorities = try values(of: priority, "--priority", names, "a number from 0 to 1000000") {
      Double($0).flatMap { (0...1e6).contains($0) ? $0 : nil }
    }
    return names.indices.map { index in
      ExplorationProblem.Branch(
        name: names[index], priority: priorities?[index] ?? 1, batch: batches?[index] ?? 1)
    }
  }

  /// The values of a list, one for each output; `nil` without the option.
  private func values<Value>(
    of list: String?, _ option: String, _ outputs: [String], _ kind: String, parse: (String) -> Value?
  ) throws -> [Value]? {
    guard let list else { return nil }
    let texts = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard texts.count == outputs.count else {
      throw ToolError(
        "\(option) \(list): give \(outputs.count) numbers, one for each output: \(outputs.joined(separator: ", "))")
    }
    return try zip(texts, outputs).map { text, output in
      guard let value = parse(text) else {
        throw ToolError("\(option) \(list): '\(text)', for the output '\(output)', is not \(kind)")
      }
      return value
    }
  }
}
