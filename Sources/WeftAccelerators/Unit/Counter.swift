import Weft

/// A register that counts from zero to a limit and begins again. A limit of one takes no register.
struct Counter {
  /// Where it stands.
  let value: Unsigned
  /// Whether it stands at its last value.
  let isLast: Bit
  private let limit: Int

  /// A counter of `limit` values in the module whose body is being built.
  init<M: Module>(_ module: M, limit: Int, named name: String) {
    self.limit = limit
    if limit <= 1 {
      value = Bits.zeros(1).asUnsigned
      isLast = 1
    } else {
      value = module.register(.unsigned(bitsFor(limit - 1)), reset: 0, named: name)
      isLast = value == Unsigned(limit - 1)
    }
  }

  /// Where it stands after moving on.
  var next: Unsigned { limit > 1 ? isLast.select(0, else: value &+ 1) : value }

  /// Moves on.
  @CircuitBuilder var advance: Circuit {
    if limit > 1 { value <== next }
  }

  /// Begins again.
  @CircuitBuilder var restart: Circuit {
    if limit > 1 { value <== 0 }
  }

  /// Goes on from another place.
  @CircuitBuilder func set(to other: Unsigned) -> Circuit {
    if limit > 1 { value <== other }
  }
}
