/// The bytes of an address space, of which only pages that were written take room. Bytes never written are zero.
///
/// Several ``AXIMemory`` agents may have one in common.
public final class ByteMemory {
  private static let pageSize = 4096
  private var pages: [Int: UnsafeMutablePointer<UInt8>] = [:]
  /// The page that was used last, since the next access mostly goes there.
  private var recent: (index: Int, bytes: UnsafeMutablePointer<UInt8>)?

  /// A memory with these bytes from `address` on.
  public init(_ bytes: some Collection<UInt8> = [], at address: Int = 0) { write(bytes, at: address) }

  deinit { for page in pages.values { page.deallocate() } }

  /// The byte at an address.
  public subscript(address: Int) -> UInt8 {
    get { page(of: address).map { $0[address & (Self.pageSize - 1)] } ?? 0 }
    set { madePage(of: address)[address & (Self.pageSize - 1)] = newValue }
  }

  /// The bytes at these addresses.
  public subscript(addresses: Range<Int>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: addresses.count) { bytes, count in
      if let start = bytes.baseAddress { read(addresses, into: start) }
      count = addresses.count
    }
  }

  /// Changes the bytes from `address` on.
  public func write(_ bytes: some Collection<UInt8>, at address: Int) {
    let isDone: Void? = bytes.withContiguousStorageIfAvailable { bytes in
      if let start = bytes.baseAddress { write(start, count: bytes.count, at: address) }
    }
    guard isDone == nil else { return }
    for (offset, byte) in bytes.enumerated() { self[address + offset] = byte }
  }
}

// MARK: - Pages

extension ByteMemory {
  /// Copies the bytes at these addresses.
  func read(_ addresses: Range<Int>, into bytes: UnsafeMutablePointer<UInt8>) {
    forEachPiece(of: addresses) { piece, offset in
      if let page = page(of: piece.lowerBound) {
        (bytes + offset).update(from: page + piece.lowerBound & (Self.pageSize - 1), count: piece.count)
      } else {
        (bytes + offset).update(repeating: 0, count: piece.count)
      }
    }
  }

  /// Changes `count` bytes from `address` on.
  func write(_ bytes: UnsafePointer<UInt8>, count: Int, at address: Int) {
    forEachPiece(of: address..<(address + count)) { piece, offset in
      let page = madePage(of: piece.lowerBound)
      (page + piece.lowerBound & (Self.pageSize - 1)).update(from: bytes + offset, count: piece.count)
    }
  }

  /// Visits the parts of a range that lie in one page each, with what lies before them.
  @inline(__always)
  private func forEachPiece(of addresses: Range<Int>, _ body: (Range<Int>, _ offset: Int) -> Void) {
    var start = addresses.lowerBound
    while start < addresses.upperBound {
      let end = min(addresses.upperBound, (start >> 12 + 1) << 12)
      body(start..<end, start - addresses.lowerBound)
      start = end
    }
  }

  private func page(of address: Int) -> UnsafeMutablePointer<UInt8>? {
    let index = address >> 12
    if let recent, recent.index == index { return recent.bytes }
    guard let page = pages[index] else { return nil }
    recent = (index, page)
    return page
  }

  private func madePage(of address: Int) -> UnsafeMutablePointer<UInt8> {
    if let page = page(of: address) { return page }
    let page = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.pageSize)
    page.initialize(repeating: 0, count: Self.pageSize)
    pages[address >> 12] = page
    recent = (address >> 12, page)
    return page
  }
}
