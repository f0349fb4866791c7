import ArgumentParser
import WeftExploration

/// What the accelerator is built for.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The device: \((Device.known.map(\.name) + [Self.asic]).joined(separator: ", ")).", valueName: "NAME"))
  var device: String?
  @Option(help: ArgumentHelp("Multiply-accumulate units of an ASIC.", valueName: "N")) var macUnits: Int?
  @Option(help: ArgumentHelp("Bytes of the buffers of an ASIC.", valueName: "N")) var bufferBytes: Int?
  @Option(
    help: ArgumentHelp("Bandwidth of the external memory (default: that of a word of 512 bits a cycle at 200 MHz).",
      valueName: "GB/s"))
  var bandwidth: Double?
  @Option(help: ArgumentHelp("The clock (default: 200).", valueName: "MHz")) var clock: Double?

  private static let asic = "asic"
  private var isASIC: Bool { device?.lowercased() == Self.asic }

  func validate() throws {
    if device == nil, let option = given.first {
      throw ValidationError("\(option) changes a device; name one with --device")
    }
    for (option, value) in [("--mac-units", macUnits), ("--buffer-bytes", bufferBytes)] {
      if !isASIC, value != nil {
        throw ValidationError("\(option) describes an ASIC; take --device \(Self.asic), or leave the option out")
      }
      if isASIC, value == nil {
        throw ValidationError("--device \(Self.asic) takes --mac-units and --buffer-bytes; \(option) is missing")
      }
      if let value, !(1...Self.most).contains(value) {
        throw ValidationError("\(option) takes a number from 1 to \(Self.most)")
      }
    }
    for (option, value, most) in [("--bandwidth", bandwidth, 1e6), ("--clock", clock, 1e5)] {
      if let value, !(value > 0 && value <= most) {
        throw ValidationError("\(option) takes a number above 0, at most \(Int(most))")
      }
    }
  }

  /// The other options that are there.
  private var given: [String] {
    [
      ("--mac-units", macUnits == nil), ("--buffer-bytes", bufferBytes == nil), ("--bandwidth", bandwidth == nil),
      ("--clock", clock == nil),
    ].filter { !$0.1 }.map(\.0)
  }

  private static let most = 1 << 40

  /// The device, with the clock and the bandwidth that are asked for; `nil` where none is named.
  func chosen() throws -> Device? {
    guard let device else { return nil }
    var chosen = if isASIC, let macUnits, let bufferBytes {
      Device.asic(macUnits: macUnits, bufferBytes: bufferBytes)
    } else {
      try Device.named(device)
    }
    if let clock { chosen.clock = clock * 1e6 }
    if let bandwidth { chosen.memory.bytesPerSecond = bandwidth * 1e9 }
    return chosen
  }
}
