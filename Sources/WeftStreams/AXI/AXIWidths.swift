import Weft

/// What the two directions of a width converter have in common.
struct AXIWidths: Hashable {
  let address: Int
  let id: Int
  let manager: Int
  let subordinate: Int
  let outstanding: Int

  var managerLanes: ByteLanes { ByteLanes(dataWidth: manager) }
  var subordinateLanes: ByteLanes { ByteLanes(dataWidth: subordinate) }
  var isWidening: Bool { subordinate >= manager }
  /// The narrower beats of a wider one, and the bits of their width.
  var pieces: Int { max(1, max(manager, subordinate) / max(1, min(manager, subordinate))) }
  var pieceWidth: Int { min(manager, subordinate) }
  var indexWidth: Int { (pieces - 1).bitsToHold }

  /// The narrower beat of an address in its wider one.
  func piece(of address: Unsigned) -> Unsigned {
    let low = min(managerLanes.addressBits, subordinateLanes.addressBits)
    return pieces == 1 ? Unsigned(0, width: 1) : (address >> low).truncated(to: indexWidth)
  }

  /// Whether a burst is one of full beats, or of one beat.
  func isConverted(_ burst: AXIAddress) -> Bit {
    let isFull = (burst.size == Unsigned(managerLanes.addressBits)) & (burst.burst == .incrementing)
    return isFull | (burst.len == 0)
  }

  var splitter: AXIBurstSplitter {
    AXIBurstSplitter(addressWidth: address, dataWidth: subordinate, countWidth: 9 + managerLanes.addressBits)
  }
}
