import WeftNetworks

/// The configuration of a whole accelerator: what a search finds and a grid is built from.
public struct Plan: Hashable, Sendable, Codable {
  /// The configuration of one stage.
  public struct Stage: Hashable, Sendable, Codable {
    /// The name of the layer that the stage computes.
    public var name: String
    /// How much of it at once.
    public var unit: UnitConfiguration

    /// A stage.
    public init(name: String, unit: UnitConfiguration) {
      self.name = name
      self.unit = unit
    }
  }

  /// The name of the network.
  public var network: String
  /// One stage for each layer, in the network's order.
  public var stages: [Stage]

  /// A plan.
  public init(network: String, stages: [Stage]) {
    self.network = network
    self.stages = stages
  }

  /// The same configuration for every layer.
  public init(uniform unit: UnitConfiguration, for network: QuantizedNetwork) {
    self.init(network: network.name, stages: network.layers.map { Stage(name: $0.name, unit: unit) })
  }

  /// What each stage of the network is built from, in the order of its layers.
  ///
  /// - Throws: `PlanError` where the plan is not one for this network or asks for what cannot be built.
  public func geometries(for network: QuantizedNetwork) throws(PlanError) -> [StageGeometry] {
    for layer in network.layers { try network.checkBuildable(layer) }
    var units: [String: UnitConfiguration] = [:]
    for stage in stages {
      guard units.updateValue(stage.unit, forKey: stage.name) == nil else {
        throw PlanError("the plan has two stages named '\(stage.name)'; remove one")
      }
      let (cpf, kpf, h) = (stage.unit.cpf, stage.unit.kpf, stage.unit.h)
      guard [cpf, kpf, h].allSatisfy({ (1...65536).contains($0) }) else {
        throw PlanError(
          "stage '\(stage.name)' has cpf \(cpf), kpf \(kpf), h \(h); each is a number from 1 to 65536")
      }
      guard cpf * kpf <= 1 << 20, cpf * kpf * h <= 1 << 20 else {
        throw PlanError(
          "stage '\(stage.name)' asks for \(cpf) x \(kpf) x \(h) multipliers; a stage has at most 1048576")
      }
    }
    if let extra = stages.first(where: { stage in !network.layers.contains { $0.name == stage.name } }) {
      throw PlanError(
        "the plan has a stage '\(extra.name)', but the network's layers are "
          + network.layers.map(\.name).joined(separator: ", "))
    }
    var result: [StageGeometry] = []
    for layer in network.layers {
      guard let unit = units[layer.name] else {
        throw PlanError("the plan has no stage for the layer '\(layer.name)'; add one")
      }
      let order: ElementOrder
      switch layer.source {
      case .input: order = .raster(layer.inputShape)
      case .layer(let source): order = result[source].outputOrder
      }
      result.append(StageGeometry(layer: layer, configuration: unit, inputOrder: order))
    }
    return result
  }
}

extension QuantizedNetwork {
  /// Checks that there is a unit for a layer.
  ///
  /// - Throws: `PlanError` that names the layer.
  fileprivate func checkBuildable(_ layer: QuantizedLayer) throws(PlanError) {
    let reason: String
    if layer.reduction == .maximum {
      reason = "is a max pooling"
    } else if layer.sources.count > 1 {
      reason = "reads \(layer.sources.count) maps at once, to join or to add them"
    } else if shape(of: layer.source) != layer.inputShape {
      reason = "reads a map of \(shape(of: layer.source)) reshaped to \(layer.inputShape)"
    } else {
      return
    }
    throw PlanError(
      "the layer '\(layer.name)' \(reason), for which the accelerator has no unit yet; the reference computes it"
        + " (`weft run`) and `weft analyze` counts it")
  }
}

/// Why a plan does not fit a network.
public struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence that names the stage and the cure.
  public var message: String

  /// An error that says `message`.
  public init(_ message: String) { self.message = message }

  public var description: String { message }
}
