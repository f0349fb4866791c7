import ArgumentParser
import Foundation
import WeftAccelerators
import WeftExploration
import WeftNetworks

/// How much hardware the stages get.
struct PlanOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Multipliers to balance the stages under (default: 256).", valueName: "N"))
  var multipliers: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("A plan to build instead: a configuration.json of an earlier run.", valueName: "FILE"))
  var configuration: String?

  func validate() throws {
    if multipliers != nil, configuration != nil {
      throw ValidationError("--multipliers and --configuration exclude each other: a configuration says all")
    }
    if let multipliers, multipliers < 1 { throw ValidationError("--multipliers takes a number above zero") }
  }

  /// The plan for a network.
  func plan(for network: QuantizedNetwork) throws -> Plan {
    guard let configuration else { return try Balance.plan(for: network, multipliers: multipliers ?? 256) }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: configuration))
    } catch {
      throw ToolError("configuration '\(configuration)': the file cannot be read")
    }
    do {
      return try JSONDecoder().decode(Plan.self, from: data)
    } catch {
      throw ToolError(
        "configuration '\(configuration)': this is no plan (\(error)); `weft generate` writes one as configuration.json")
    }
  }
}
