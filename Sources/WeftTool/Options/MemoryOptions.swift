import ArgumentParser
import WeftAccelerators
import WeftExploration
import WeftSimulation

/// How fast the external memory is that an accelerator is simulated with.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Bandwidth of the external memory at 200 MHz (default: a word a cycle).", valueName: "GB/s"))
  var memoryBandwidth: Double?
  @Option(
    help: ArgumentHelp(
      "Latency of the external memory, or the bounds of a random one (default: \(MemoryLayout.latency)).",
      valueName: "CYCLES or A-B"))
  var memoryLatency: String?

  func validate() throws {
    if let memoryBandwidth, !(memoryBandwidth >= 0.001 && memoryBandwidth <= 1e6) {
      throw ValidationError("--memory-bandwidth takes a number from 0.001 to 1000000")
    }
    if memoryLatency != nil, bounds == nil {
      throw ValidationError("--memory-latency takes a number of cycles from 1 to 10000, or two as in 20-100")
    }
  }

  /// The least and the greatest latency that are asked for.
  private var bounds: ClosedRange<Int>? {
    guard let memoryLatency else { return nil }
    let numbers = memoryLatency.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(numbers.count), let first = numbers[0], let last = numbers[numbers.count - 1],
      first >= 1, first <= last, last <= 10_000
    else { return nil }
    return first...last
  }

  /// The timing; `nil` where nothing is asked for.
  var timing: MemoryTiming? {
    guard memoryBandwidth != nil || memoryLatency != nil else { return nil }
    var port = MemoryPort(bits: MemoryLayout.wordWidth)
    if let memoryBandwidth { port.bytesPerSecond = memoryBandwidth * 1e9 }
    return port.timing(clock: 200e6, latency: bounds ?? MemoryLayout.latency...MemoryLayout.latency)
  }
}
