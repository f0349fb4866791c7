import Weft

/// The bytes of a beat.
struct ByteLanes: Hashable {
  /// How many there are, a power of two.
  let count: Int

  init(dataWidth: Int) { count = max(1, dataWidth / 8) }

  /// The bits of an address that choose a byte of a beat.
  var addressBits: Int { count.trailingZeroBitCount }
  /// The bits of the index of a byte, at least one.
  var indexWidth: Int { (count - 1).bitsToHold }
  /// The bits of a number of bytes up to all of them.
  var countWidth: Int { count.bitsToHold }

  /// The place of an address in its beat.
  func index(_ address: Unsigned) -> Unsigned {
    addressBits == 0 ? Unsigned(0, width: 1) : address.truncated(to: addressBits)
  }

  /// Chosen lane by lane from two beats.
  func choose(_ isFirst: (Int) -> Bit, _ first: Bits, else second: Bits) -> Bits {
    let width = first.width / count
    return Vector(
      (0..<count).map { lane in
        let bits = (lane * width)..<((lane + 1) * width)
        return isFirst(lane).select(first[bits], else: second[bits])
      }
    ).asBits
  }

  /// One bit a lane.
  func mask(_ isSet: (Int) -> Bit) -> Bits { Vector((0..<count).map(isSet)).asBits }
}

extension Bits {
  /// The parts, equally wide, moved down by so many of them, those at the low end to the high one.
  package func rotatedDown(by places: Unsigned, partWidth: Int) -> Bits {
    (0..<places.width).reduce(self) { value, bit in
      let low = (partWidth << bit) % width
      return low == 0 ? value : places[bit].select(concatenate(value[0..<low], value[low..<width]), else: value)
    }
  }
}
