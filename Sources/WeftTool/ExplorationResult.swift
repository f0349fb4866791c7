import Foundation
import WeftAccelerators
import WeftExploration

/// What a search found, for people and for programs.
struct ExplorationResult: Encodable, CustomStringConvertible {
  let fps, bound: Double
  let cyclesPerFrame, dsp, ramb18, lut: Int
  /// Gigabytes a second from external memory.
  let bandwidth: Double
  let multipliers: Int
  /// The time of the search, the making of the design space included.
  let seconds: Double
  let plan: Plan

  init(_ best: ExactPlan, plan: Plan, device: Device, seconds: Double) {
    fps = best.plan.framesPerSecond(clock: device.clock)
    bound = device.clock / Double(max(1, best.certificate.bound))
    cyclesPerFrame = best.plan.cycles
    (dsp, ramb18, lut) = (best.plan.resources.dsp, best.plan.resources.ramb18, best.plan.resources.lut)
    bandwidth =
      device.bandwidth(wordsPerFrame: best.plan.resources.memoryWords, cyclesPerFrame: cyclesPerFrame) / 1e9
    multipliers = plan.stages.reduce(0) { $0 + $1.unit.multipliers }
    self.seconds = seconds
    self.plan = plan
  }

  var description: String {
    var lines = [
      String(format: "%.2f frames a second, at most %.2f on this device", fps, bound),
      "cycles per frame      \(cyclesPerFrame)",
      "multipliers           \(multipliers) in \(dsp) DSPs, those of requantisation included",
      "block RAMs of 18 Kib  \(ramb18), estimated",
      String(format: "external memory       %.2f GB/s", bandwidth),
      String(format: "search                %.2f s", seconds),
    ]
    for stage in plan.stages {
      let unit = stage.unit
      lines.append(
        "  \(stage.name): cpf \(unit.cpf), kpf \(unit.kpf), h \(unit.h), taps \(unit.taps), lanes \(unit.rowLanes) x "
          + "\(unit.channelLanes)\(unit.decomposes ? ", phases" : "")\(unit.packs ? ", packed" : "")")
    }
    return lines.joined(separator: "\n")
  }
}
