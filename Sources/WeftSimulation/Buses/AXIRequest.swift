import Weft

/// A burst on an AXI4 bus: what a manager says on an address channel.
public struct AXIRequest: Hashable, Sendable {
  /// The address of the first byte.
  public var address: Int
  /// The number of beats, 1 to 256.
  public var beats: Int
  /// The bytes of a beat as a power of two, `AxSIZE`.
  public var size: Int
  /// How the address goes on.
  public var burst: AXIBurst
  /// The transaction's identifier.
  public var identifier: Int
  /// Whether the access is exclusive.
  public var isExclusive: Bool
  /// `AxCACHE`.
  public var cache: Int
  /// `AxPROT`.
  public var protection: Int
  /// `AxQOS`.
  public var quality: Int

  /// A burst.
  public init(
    address: Int, beats: Int = 1, size: Int, burst: AXIBurst = .incrementing, identifier: Int = 0,
    isExclusive: Bool = false, cache: Int = 0, protection: Int = 0, quality: Int = 0
  ) {
    self.address = address
    self.beats = beats
    self.size = size
    self.burst = burst
    self.identifier = identifier
    self.isExclusive = isExclusive
    self.cache = cache
    self.protection = protection
    self.quality = quality
  }

  /// The incrementing bursts that access these addresses in order, with beats of `1 << size` bytes, as few as there can
  /// be: none has more than 256 beats or crosses a multiple of 4 KB. The last may go on beyond the addresses, to the
  /// end of its last beat.
  public static func covering(_ addresses: Range<Int>, size: Int, identifier: Int = 0) -> [AXIRequest] {
    var requests: [AXIRequest] = []
    var start = addresses.lowerBound
    while start < addresses.upperBound {
      let longest = (start >> size + 256) << size
      let end = min(addresses.upperBound, longest, (start >> 12 + 1) << 12)
      let beats = (end - 1) >> size - start >> size + 1
      requests.append(AXIRequest(address: start, beats: beats, size: size, identifier: identifier))
      start = end
    }
    return requests
  }
}

// MARK: - Beats

extension AXIRequest {
  /// The addresses of the bytes of beat `index`, the first of which may not be aligned.
  public func addresses(ofBeat index: Int) -> Range<Int> {
    let first = firstAddress(ofBeat: index)
    return first..<((first >> size + 1) << size)
  }

  private func firstAddress(ofBeat index: Int) -> Int {
    switch burst {
    case .fixed: return address
    case .incrementing: return index == 0 ? address : (address >> size + index) << size
    case .wrapping:
      let low = lowestWrapped
      return low + (address - low + index << size) % (beats << size)
    }
  }

  /// Where a wrapping burst goes on after its highest address.
  private var lowestWrapped: Int {
    let bytes = beats << size
    return bytes & (bytes - 1) == 0 ? address & ~(bytes - 1) : address
  }

  /// All addresses of the burst, from the lowest.
  public var addresses: Range<Int> {
    switch burst {
    case .fixed: addresses(ofBeat: 0)
    case .incrementing: address..<addresses(ofBeat: beats - 1).upperBound
    case .wrapping: lowestWrapped..<(lowestWrapped + beats << size)
    }
  }

  /// The number of bytes that the burst's beats carry together.
  public var byteCount: Int {
    let first = addresses(ofBeat: 0).count
    return burst == .incrementing ? first + (beats - 1) << size : first * beats
  }
}

extension AXIRequest: CustomStringConvertible {
  /// As in `4 beats of 8 bytes from 0x1000 on, incrementing, identifier 2`.
  public var description: String {
    let address = "0x" + String(UInt(bitPattern: address), radix: 16)
    return "\(beats) beat\(beats == 1 ? "" : "s") of \(1 << size) byte\(size == 0 ? "" : "s") from \(address) on, "
      + "\(burst), identifier \(identifier)" + (isExclusive ? ", exclusive" : "")
  }
}

// MARK: - Payloads

extension AXIRequest {
  /// The words of the payload of an address channel; every field has one.
  static var wordCount: Int { 9 }

  /// The request in the payload of an address channel. A burst of the reserved kind counts as incrementing.
  init(_ words: UnsafePointer<UInt64>) {
    self.init(
      address: Int(truncatingIfNeeded: words[1]), beats: Int(words[2]) + 1, size: Int(words[3]),
      burst: AXIRequest.isReservedBurst(words) ? .incrementing : AXIBurst.allCases[Int(words[4])],
      identifier: Int(truncatingIfNeeded: words[0]), isExclusive: words[5] != 0, cache: Int(words[6]),
      protection: Int(words[7]), quality: Int(words[8]))
  }

  /// Whether the burst in a payload has the kind that means nothing.
  static func isReservedBurst(_ words: UnsafePointer<UInt64>) -> Bool { words[4] >= AXIBurst.allCases.count }

  /// Puts the request into the payload of an address channel.
  func encode(into words: UnsafeMutablePointer<UInt64>) {
    words[0] = UInt64(truncatingIfNeeded: identifier)
    words[1] = UInt64(truncatingIfNeeded: address)
    words[2] = UInt64(truncatingIfNeeded: beats - 1)
    words[3] = UInt64(truncatingIfNeeded: size)
    words[4] = burst.code.lowWord
    words[5] = isExclusive ? 1 : 0
    words[6] = UInt64(truncatingIfNeeded: cache)
    words[7] = UInt64(truncatingIfNeeded: protection)
    words[8] = UInt64(truncatingIfNeeded: quality)
  }
}
