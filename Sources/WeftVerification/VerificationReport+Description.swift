import Foundation

extension VerificationReport: CustomStringConvertible {
  /// The figures, one a line.
  public var description: String {
    let span = framesPerPass == 1 ? "frame" : "pass "
    let verdict = bitExact ? "all equal: bit-exact" : "\(mismatches) differ"
    var lines = [
      "\(comparedValues) values of \(frames) frames compared on \(engine): \(verdict)",
      "latency               \(latencyCycles) cycles",
    ]
    if let cyclesPerFrame, let efficiency {
      lines.append("cycles per \(span)      \(cyclesPerFrame), predicted \(predictedCyclesPerFrame)")
      lines.append("efficiency            \(String(format: "%.3f", efficiency))")
    } else {
      lines.append("cycles per \(span)      not measured, predicted \(predictedCyclesPerFrame)")
    }
    lines.append("multipliers           \(multipliers), and \(requantisationMultipliers) for requantisation")
    lines.append("MACs per \(span)        \(macsPerFrame), \(nominalMacsPerFrame) of the network as written")
    if framesPerPass > 1 { lines.append("frames per pass       \(framesPerPass)") }
    lines += queues.map(\.description)
    return lines.joined(separator: "\n")
  }
}
