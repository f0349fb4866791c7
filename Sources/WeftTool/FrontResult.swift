import WeftExploration
import WeftReport

/// The best plans under less and less of a resource, for people and for programs.
struct FrontResult: Encodable, CustomStringConvertible {
  /// One plan.
  struct Point: Encodable {
    let fps: Double
    let cyclesPerFrame, dsp, ramb18, lut: Int
    /// Gigabytes a second from external memory.
    let bandwidth: Double

    init(_ plan: ExplorationPlan, on device: Device) {
      fps = plan.framesPerSecond(clock: device.clock)
      cyclesPerFrame = plan.cycles
      (dsp, ramb18, lut) = (plan.resources.dsp, plan.resources.ramb18, plan.resources.lut)
      bandwidth =
        device.bandwidth(wordsPerFrame: plan.resources.memoryWords, cyclesPerFrame: plan.cycles) / 1e9
    }

    /// How much of the resource the plan takes.
    func amount(of resource: FrontResource) -> Double {
      switch resource {
      case .dsp: Double(dsp)
      case .ramb18: Double(ramb18)
      case .bandwidth: bandwidth
      }
    }
  }

  let resource: FrontResource
  /// The plans, the fastest first.
  let points: [Point]
  private let device: Device

  init(_ front: ParetoFront, of resource: FrontResource, on device: Device) {
    self.resource = resource
    self.device = device
    points = front.plans.map { Point($0.plan, on: device) }
  }

  private enum CodingKeys: String, CodingKey { case resource, points }

  var description: String {
    let rows = points.map { point in
      [
        Figures.decimal(point.fps, places: 2), "\(point.cyclesPerFrame)", "\(point.dsp)", "\(point.ramb18)",
        "\(point.lut)", Figures.decimal(point.bandwidth, places: 2),
      ]
    }
    let columns = ["frames/s", "cycles", device.dspKind.plural, "RAMB18s", "LUTs", "GB/s"]
    return (["", "frames a second against \(resource.title(on: device))"] + TextTable([columns] + rows).lines)
      .joined(separator: "\n")
  }

  /// The front as a chart.
  var picture: Picture {
    let most = points.map { $0.amount(of: resource) }.max() ?? 0
    return StaircaseChart(
      points.map { point in
        ChartPoint(
          x: point.amount(of: resource), y: point.fps,
          title: "\(Figures.decimal(point.fps, places: 2)) frames/s, \(point.dsp) \(device.dspKind.plural), "
            + "\(point.ramb18) RAMB18s, \(Figures.decimal(point.bandwidth, places: 2)) GB/s")
      },
      title: "The fastest plans against \(resource.title(on: device))",
      x: Axis(resource.title(on: device), upTo: most),
      y: Axis("Frames a second", upTo: points.map(\.fps).max() ?? 0)
    ).picture()
  }
}
