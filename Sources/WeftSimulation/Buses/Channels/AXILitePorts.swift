import Weft

/// The channels of an AXI4-Lite bus of a running design.
struct AXILitePorts {
  let aw: StreamPort
  let w: StreamPort
  let b: StreamPort
  let ar: StreamPort
  let r: StreamPort
  /// The bus's name: that of its channels without their letters.
  let name: String
  /// The bytes of a word.
  let wordBytes: Int

  init<M>(_ simulation: Simulation<M>, _ bus: KeyPath<M, AXI4Lite>) {
    aw = StreamPort(simulation, bus.appending(path: \.aw))
    w = StreamPort(simulation, bus.appending(path: \.w))
    b = StreamPort(simulation, bus.appending(path: \.b))
    ar = StreamPort(simulation, bus.appending(path: \.ar))
    r = StreamPort(simulation, bus.appending(path: \.r))
    name = AXIPorts.busName(of: w)
    wordBytes = w.leafWidths[1]
    precondition(
      w.leafWidths[0] == 8 * wordBytes && wordBytes <= 8,
      "the data of `\(name)` has \(w.leafWidths[0]) bits; an AXI4-Lite bus has 32 or 64")
    precondition(aw.wordCount == 2 && ar.wordCount == 2, "addresses of `\(name)` have more than 64 bits; give it fewer")
  }
}
