import Weft

/// The channels of an AXI4 bus of a running design.
struct AXIPorts {
  let aw: StreamPort
  let w: StreamPort
  let b: StreamPort
  let ar: StreamPort
  let r: StreamPort
  /// The bus's name: that of its channels without their letters.
  let name: String
  /// The bytes of a beat that fills the bus.
  let busBytes: Int
  /// The words of a beat's bytes.
  let dataWords: Int
  /// The words of a beat's strobes.
  let strobeWords: Int

  init<M>(_ simulation: Simulation<M>, _ bus: KeyPath<M, AXI4>) {
    aw = StreamPort(simulation, bus.appending(path: \.aw))
    w = StreamPort(simulation, bus.appending(path: \.w))
    b = StreamPort(simulation, bus.appending(path: \.b))
    ar = StreamPort(simulation, bus.appending(path: \.ar))
    r = StreamPort(simulation, bus.appending(path: \.r))
    name = AXIPorts.busName(of: w)
    let widths = w.leafWidths
    busBytes = widths[1]
    dataWords = BitVector.wordCount(forWidth: widths[0])
    strobeWords = BitVector.wordCount(forWidth: widths[1])
    precondition(
      aw.wordCount == AXIRequest.wordCount && ar.wordCount == AXIRequest.wordCount,
      "`\(name)` has identifiers or addresses of more than 64 bits; give it fewer")
    precondition(
      widths[0] == 8 * busBytes && busBytes & (busBytes - 1) == 0,
      "the data of `\(name)` has \(widths[0]) bits; an AXI4 bus has a power of two from 8 to 1024")
  }

  /// The name of the bus with this channel `w`, which may be an element of a vector.
  static func busName(of channel: StreamPort) -> String {
    let element = channel.name.firstIndex(of: "[") ?? channel.name.endIndex
    var name = channel.name[..<element]
    if name.hasSuffix("w") { name.removeLast() }
    if name.hasSuffix("_") { name.removeLast() }
    return String(name + channel.name[element...])
  }
}
