import Foundation

extension VerificationReport: CustomStringConvertible {
  /// The figures, one a line.
  public var description: String {
    let verdict = bitExact ? "all equal: bit-exact" : "\(mismatches) differ"
    var lines = [
      "\(comparedValues) values of \(frames) frames compared on \(engine): \(verdict)",
      "latency               \(latencyCycles) cycles",
    ]
    if let cyclesPerFrame, let efficiency {
      lines.append("cycles per frame      \(cyclesPerFrame), predicted \(predictedCyclesPerFrame)")
      lines.append("efficiency            \(String(format: "%.3f", efficiency))")
    } else {
      lines.append("cycles per frame      not measured, predicted \(predictedCyclesPerFrame)")
    }
    lines.append("multipliers           \(multipliers), and \(requantisationMultipliers) for requantisation")
    lines.append("MACs per frame        \(macsPerFrame), \(nominalMacsPerFrame) of the network as written")
    lines += queues.map(\.description)
    return lines.joined(separator: "\n")
  }
}
