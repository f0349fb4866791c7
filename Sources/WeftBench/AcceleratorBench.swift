import Foundation
import Weft
import WeftAccelerators
import WeftExploration
import WeftNetworks
import WeftVerification

/// Measures the model, the exact search and the generator on the codec avatar decoder at full size, for the five
/// devices and precisions of the published comparison, in processor time; and the simulation of one of the plans.
enum AcceleratorBench {
  private static let devices = [8: ["ZU9EG", "ZU17EG", "Z7045"], 16: ["ZU17EG", "ZU9EG"]]

  /// The time of the slowest search, design space included, of the model, of the generator, and of a simulation on
  /// Verilator; and the memory of all but the last.
  static func figures(folder: String) throws -> [Figure] {
    let decoder = try BuiltInModel.avatarDecoder.network()
    let frame = decoder.inputs.map { values($0.shape.count) }
    var (slowest, unproven) = (0.0, 0)
    var (modelling, generating, megabytes) = (0.0, 0.0, 0.0)
    var fastestPlan: (plan: Plan, network: QuantizedNetwork)?
    for (bits, devices) in devices.sorted(by: { $0.key < $1.key }) {
      var options = QuantizationOptions()
      options.bits = QuantizationOptions.Bits(activations: bits, weights: bits)
      let network = try QuantizedNetwork(decoder, calibration: [frame], options: options)
      let kernels = NetworkKernels(network)
      for device in try devices.map(Device.named) {
        let result = try search(network, device)
        slowest = max(slowest, result.seconds)
        if !result.isProven { unproven += 1 }
        modelling = max(modelling, try model(result.plan, network, kernels, device))
        if (bits, device.name) == (8, "ZU9EG") {
          generating = try generate(result.plan, network, folder: folder)
          fastestPlan = (result.plan, network)
        }
      }
    }
    megabytes = peakMegabytes
    guard let fastestPlan else { throw ExplorationError("the plan for the ZU9EG is missing") }
    let (compiling, simulating) = try simulate(fastestPlan.plan, fastestPlan.network)
    return [
      Figure(
        name: "exact plan of the avatar decoder, slowest of 5 cases", value: slowest, unit: "s", bound: .atMost(1)),
      Figure(name: "plans whose bound is not their value", value: Double(unproven), unit: "", bound: .atMost(0)),
      Figure(
        name: "cycles, DSPs, RAMs, LUTs and bandwidth of a plan", value: modelling * 1000, unit: "ms",
        bound: .atMost(1)),
      Figure(name: "plan for the ZU9EG to Verilog files", value: generating, unit: "s", bound: .atMost(5)),
      Figure(name: "memory of all that, at most at once", value: megabytes, unit: "MB", bound: .atMost(1000)),
      Figure(name: "Verilator's model of that Verilog, compiled", value: compiling, unit: "s", bound: .atMost(180)),
      Figure(name: "a whole frame on it, from the first cycle on", value: simulating, unit: "s", bound: .atMost(120)),
    ]
  }

  /// Values between -1 and 1, for the calibration.
  private static func values(_ count: Int) -> [Float] {
    (0..<count).map { index in
      let step = index * 37 % 101
      return Float(step) / 50 - 1
    }
  }

  /// The fastest plan, the seconds of its search, and whether its certificate proves that there is none faster.
  private static func search(
    _ network: QuantizedNetwork, _ device: Device
  ) throws -> (plan: Plan, seconds: Double, isProven: Bool) {
    let seconds = try fastest(
      (0..<3).map { _ in
        try processorTime {
          _ = try ExactSearch(DesignSpace(network, device: device).problem, budget: device.budget).run()
        }
      })
    let space = try DesignSpace(network, device: device)
    let best = try ExactSearch(space.problem, budget: device.budget).run()
    let proof: Void? = try? best.certificate.check(best.plan, problem: space.problem, budget: device.budget)
    return (space.plan(best.plan.choices), seconds, proof != nil && best.certificate.bound == best.plan.cycles)
  }

  /// The seconds in which the figures of a plan are computed.
  private static func model(
    _ plan: Plan, _ network: QuantizedNetwork, _ kernels: NetworkKernels, _ device: Device
  ) throws -> Double {
    try fastest(
      (0..<20).map { _ in
        try processorTime {
          let figures = PlanFigures(try plan.geometries(for: network, kernels: kernels), on: device)
          guard figures.fits, figures.bandwidth > 0 else {
            throw ExplorationError("the plan for the \(device.name) does not fit it by the model")
          }
        }
      })
  }

  /// The seconds from a plan to the files of its Verilog.
  private static func generate(_ plan: Plan, _ network: QuantizedNetwork, folder: String) throws -> Double {
    try fastest(
      (0..<3).map { _ in
        try processorTime { try Design(ElasticGrid(network, plan: plan)).verilog().write(to: folder) }
      })
  }

  /// The seconds in which Verilator's model is compiled and then simulates a frame.
  private static func simulate(
    _ plan: Plan, _ network: QuantizedNetwork
  ) throws -> (compiling: Double, simulating: Double) {
    let grid = try ElasticGrid(network, plan: plan)
    var simulation: GridSimulation<ElasticUnit>?
    let compiling = try measured { simulation = try GridSimulation(grid, engine: .verilator) }
    let frame = network.inputs.map { input in (0..<input.shape.count).map { Int32($0 * 37 % 101) - 50 } }
    let simulating = try measured { _ = try simulation?.run([frame]) }
    return (compiling, simulating)
  }

  /// The most memory that the process has had, in millions of bytes.
  private static var peakMegabytes: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) * 1024 / 1e6
  }
}
