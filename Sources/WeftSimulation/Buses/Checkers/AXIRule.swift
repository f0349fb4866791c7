/// A rule of the AXI standards that can be seen at the pins: AXI4 and AXI4-Lite (Arm IHI 0022E) and AXI4-Stream (Arm
/// IHI 0051A).
///
/// That signals are free of unknown values is no rule here: a simulation has none.
public enum AXIRule: String, CaseIterable, Hashable, Sendable {
  // The handshake of every channel.
  /// `VALID` is low from the second cycle of a reset to the first after it.
  case validInReset
  /// `VALID` stays until `READY` is high.
  case validTakenBack
  /// What is offered stays as it is until `READY` is high.
  case payloadChanged
  // Addresses.
  /// The fourth code of `AxBURST` means nothing.
  case reservedBurst
  /// A beat has no more bytes than the bus.
  case beatTooWide
  /// A wrapping burst has 2, 4, 8 or 16 beats.
  case wrappingLength
  /// A wrapping burst begins at a multiple of the bytes of a beat.
  case wrappingAddress
  /// A fixed burst has at most 16 beats.
  case fixedLength
  /// A burst does not cross a multiple of 4 KB.
  case pageCrossed
  /// A transaction that is not modifiable has no hints for allocation.
  case reservedCache
  // Exclusive accesses.
  /// An exclusive access has at most 16 beats.
  case exclusiveLength
  /// An exclusive access has 1, 2, 4, 8, 16, 32, 64 or 128 bytes.
  case exclusiveSize
  /// An exclusive access begins at a multiple of its bytes.
  case exclusiveAddress
  /// An exclusive write follows an exclusive read of its identifier that has ended.
  case exclusiveUnpaired
  /// An exclusive write asks for what the exclusive read of its identifier asked for.
  case exclusiveMismatch
  // Data.
  /// `WLAST` is high at the last beat of a burst and at no other.
  case writeLast
  /// No byte is written in a lane that the beat's address and size leave out.
  case inactiveStrobe
  /// `RLAST` is high at the last beat of a burst and at no other.
  case readLast
  // Responses.
  /// A response answers a write of its identifier whose address was taken before.
  case unknownWriteResponse
  /// A response comes after all beats of its write were taken.
  case earlyWriteResponse
  /// A beat answers a read of its identifier whose address was taken before.
  case unknownReadData
  /// An exclusive okay answers exclusive accesses alone.
  case exclusiveAnswer
  /// All beats of an exclusive read that succeed say the same of whether it was exclusive.
  case mixedExclusiveAnswer
  // Packets.
  /// A continuous packet has bytes left out at its end alone.
  case packetGap
}

/// One of the AXI standards.
public enum AXIProtocol: Hashable, Sendable {
  /// AXI4.
  case full
  /// AXI4-Lite.
  case lite
  /// AXI4-Stream.
  case stream
}

extension AXIRule {
  /// The standard's document and section that the rule comes from; `nil` where the standard has no such rule.
  public func section(in standard: AXIProtocol) -> String? {
    switch standard {
    case .full: fullSection.map { "IHI 0022E \($0)" }
    case .lite: (self == .exclusiveAnswer ? "B1.1.1" : liteSection).map { "IHI 0022E \($0)" }
    case .stream: streamSection.map { "IHI 0051A \($0)" }
    }
  }

  private var fullSection: String? {
    switch self {
    case .validInReset: "A3.1.2"
    case .validTakenBack, .payloadChanged: "A3.2.1"
    case .writeLast, .readLast: "A3.2.2"
    case .unknownWriteResponse, .earlyWriteResponse, .unknownReadData: "A3.3.1"
    case .reservedBurst, .beatTooWide, .wrappingLength, .wrappingAddress, .fixedLength, .pageCrossed: "A3.4.1"
    case .inactiveStrobe: "A3.4.3"
    case .exclusiveAnswer: "A3.4.4"
    case .reservedCache: "A4.4"
    case .exclusiveUnpaired: "A7.2.2"
    case .mixedExclusiveAnswer: "A7.2.3"
    case .exclusiveLength, .exclusiveSize, .exclusiveAddress, .exclusiveMismatch: "A7.2.4"
    case .packetGap: nil
    }
  }

  private var liteSection: String? {
    switch self {
    case .validInReset, .validTakenBack, .payloadChanged, .unknownWriteResponse, .earlyWriteResponse,
      .unknownReadData:
      fullSection
    default: nil
    }
  }

  private var streamSection: String? {
    switch self {
    case .validInReset: "2.7.2"
    case .validTakenBack, .payloadChanged: "2.2.1"
    case .packetGap: "2.4"
    default: nil
    }
  }

  /// What the rule wants, as part of a sentence.
  public var summary: String {
    switch self {
    case .validInReset: "nothing is offered during a reset, nor in the first cycle after it"
    case .validTakenBack: "what is offered is offered until it is taken"
    case .payloadChanged: "what is offered stays as it is until it is taken"
    case .reservedBurst: "a burst is fixed, incrementing or wrapping"
    case .beatTooWide: "a beat has no more bytes than the bus"
    case .wrappingLength: "a wrapping burst has 2, 4, 8 or 16 beats"
    case .wrappingAddress: "a wrapping burst begins at a multiple of the bytes of a beat"
    case .fixedLength: "a fixed burst has at most 16 beats"
    case .pageCrossed: "a burst does not cross a multiple of 4 KB"
    case .reservedCache: "a transaction that is not modifiable has no hints for allocation"
    case .exclusiveLength: "an exclusive access has at most 16 beats"
    case .exclusiveSize: "the bytes of an exclusive access are a power of two, at most 128"
    case .exclusiveAddress: "an exclusive access begins at a multiple of its bytes"
    case .exclusiveUnpaired: "an exclusive write follows an exclusive read of its identifier that has ended"
    case .exclusiveMismatch: "an exclusive write asks for what the exclusive read of its identifier asked for"
    case .writeLast, .readLast: "the last beat of a burst is marked as such, and no other"
    case .inactiveStrobe: "no byte is written in a lane that the beat's address and size leave out"
    case .unknownWriteResponse: "a response answers a write of its identifier whose address was taken before"
    case .earlyWriteResponse: "a response comes after all beats of its write were taken"
    case .unknownReadData: "a beat answers a read of its identifier whose address was taken before"
    case .exclusiveAnswer: "an exclusive okay answers exclusive accesses alone"
    case .mixedExclusiveAnswer: "the beats of an exclusive read that succeed are all exclusive or all not"
    case .packetGap: "a continuous packet has bytes left out at its end alone"
    }
  }
}
