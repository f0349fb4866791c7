import ArgumentParser
import Foundation
import WeftAccelerators
import WeftExploration
import WeftNetworks

/// How much hardware the stages get.
struct PlanOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Multipliers to balance the stages under (default: 256; for a board, about the fastest plan that it has room for).",
      valueName: "N"))
  var multipliers: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("A plan to build instead: a configuration.json of an earlier run.", valueName: "FILE"))
  var configuration: String?

  @Option(
    help: ArgumentHelp(
      "Where the weights of all stages are (default: as the plan says).",
      valueName: WeightStore.allValueStrings.joined(separator: "|")))
  var weights: WeightStore?

  @Option(
    help: ArgumentHelp(
      "How many registers stand in the paths of all stages (default: as the plan says, or the board asks for).",
      valueName: UnitConfiguration.Pipelining.allValueStrings.joined(separator: "|")))
  var pipelining: UnitConfiguration.Pipelining?

  func validate() throws {
    if multipliers != nil, configuration != nil {
      throw ValidationError("--multipliers and --configuration exclude each other: a configuration says all")
    }
    if let multipliers, multipliers < 1 { throw ValidationError("--multipliers takes a number above zero") }
  }

  /// Whether options say what plan it is.
  var isGiven: Bool { multipliers != nil || configuration != nil }

  /// The plan for a network.
  ///
  /// - Parameter pipelining: What a plan has that is made here, unless an option says otherwise.
  func plan(
    for network: QuantizedNetwork, pipelining standard: UnitConfiguration.Pipelining = .standard
  ) throws -> Plan {
    let plan = try givenPlan(for: network)
    return try applied(to: configuration == nil ? plan.withPipelining(standard) : plan, for: network)
  }

  /// A plan with what other options say of all its stages.
  func applied(to plan: Plan, for network: QuantizedNetwork) throws -> Plan {
    let plan = pipelining.map(plan.withPipelining) ?? plan
    guard let weights else { return plan }
    return plan.withWeights(in: weights.store, for: try plan.replicated(network))
  }

  private func givenPlan(for network: QuantizedNetwork) throws -> Plan {
    guard let configuration else { return try Balance.plan(for: network, multipliers: multipliers ?? 256) }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: configuration))
    } catch {
      throw ToolError("configuration '\(configuration)': the file cannot be read")
    }
    do {
      return try JSONDecoder().decode(Plan.self, from: data)
    } catch DecodingError.keyNotFound(let key, let context) {
      let place = context.codingPath.map(\.text).joined()
      throw noPlan("'\(key.stringValue)' is missing\(place.isEmpty ? "" : " in \(place)")", configuration)
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
      throw noPlan("\(context.codingPath.map(\.text).joined()) has a value of another kind", configuration)
    } catch {
      throw noPlan("it is not JSON", configuration)
    }
  }

  private func noPlan(_ reason: String, _ file: String) -> ToolError {
    ToolError("configuration '\(file)': this is no plan: \(reason); `weft generate` writes one as configuration.json")
  }
}

extension UnitConfiguration.Pipelining: ExpressibleByArgument {}

extension CodingKey {
  /// The key as part of a path: `.name` or `[index]`.
  fileprivate var text: String { intValue.map { "[\($0)]" } ?? ".\(stringValue)" }
}
