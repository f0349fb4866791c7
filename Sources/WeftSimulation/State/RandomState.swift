import Weft

extension SimulationEngine {
  /// Gives all that has no defined value after power-up a random one: registers without reset, memories without
  /// contents, and the words of synchronous read ports. A design that works for every seed does not depend on what
  /// real hardware leaves open.
  ///
  /// Values follow from the seed and the name alone, so that both engines begin alike. A Verilator model has to keep
  /// its internal signals for it; what such a model does not have, nothing reads.
  public func randomizeState(seed: UInt64) {
    for element in design.stateElements {
      switch element.kind {
      case .register(hasReset: false, isDriven: true), .readPort:
        storage(ofSignal: element.path)?.value = .random(width: element.width, seed: seed, name: element.path)
      case .memory(let depth, hasContents: false):
        for address in 0..<depth {
          let word = BitVector.random(width: element.width, seed: seed, name: "\(element.path)[\(address)]")
          if !writeMemory(element.path, at: address, word) { break }
        }
      case .register, .memory: break
      }
    }
    noteStateChange()
    evaluate()
  }
}

extension BitVector {
  /// Bits that follow from a seed and a name.
  fileprivate static func random(width: Int, seed: UInt64, name: String) -> BitVector {
    var hash = FNV1a()
    hash.combine(name)
    hash.combine(seed)
    var generator = SplitMix64(seed: hash.value)
    return BitVector(words: (0..<wordCount(forWidth: width)).map { _ in generator.next() }, width: width)
  }
}
