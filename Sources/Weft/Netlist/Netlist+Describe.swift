extension Netlist {
  /// An expression as a person refers to it in a message.
  public func describe(_ id: NodeID) -> String {
    switch self[id] {
    case .constant(let value): "the constant \(value.unsignedValue.map(String.init) ?? value.description)"
    case .reference(let signal): "`\(self[signal].name)`"
    case .slice(let whole, let low):
      if case .reference(let signal) = self[whole] {
        "`\(describe(bits: low..<(low + width(of: id)), of: self[signal]))`"
      } else {
        "a slice"
      }
    case .element(let whole, _):
      if case .reference(let signal) = self[whole] { "an element of `\(self[signal].name)`" } else { "an element" }
    case .add: "a sum"
    case .subtract: "a difference"
    case .multiply: "a product"
    case .bitwise, .not, .reduce: "a combination of bits"
    case .compare: "a comparison"
    case .shift: "a shifted value"
    case .select: "a selection"
    case .concatenate: "a concatenation"
    case .extend: "an extended value"
    }
  }

  /// Bits of a signal as a person names them: an element by its index, else a range.
  public func describe(bits range: Range<Int>, of signal: Signal) -> String {
    if range == 0..<signal.width { return signal.name }
    if case .vector(let count, _) = signal.format {
      let elementWidth = signal.width / count
      if range.count == elementWidth, range.lowerBound % elementWidth == 0 {
        return "\(signal.name)[\(range.lowerBound / elementWidth)]"
      }
    }
    return range.count == 1
      ? "\(signal.name)[\(range.lowerBound)]" : "\(signal.name)[\(range.upperBound - 1):\(range.lowerBound)]"
  }
}
