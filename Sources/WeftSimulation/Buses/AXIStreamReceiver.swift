import Weft

/// The sink of an AXI4-Stream that the hardware offers: takes packets of bytes and keeps them.
///
/// ```swift
/// let receiver = AXIStreamReceiver(sim, \.m_axis)
/// #expect(receiver.packets == [Array("hello".utf8)])
/// ```
/// Bytes that `TKEEP` leaves out are no part of a packet. A reset of the design's main domain takes back a packet that
/// has not ended.
public final class AXIStreamReceiver: StreamAgent {
  private let channel: ChannelSink
  private let byteCount: Int
  /// The word of the first byte's place among those that are kept.
  private let keepWord: Int
  private var reset: ResetWatch
  private var isResetting = false

  /// The packets that ended.
  public private(set) var packets: [[UInt8]] = []
  /// The cycles in which they ended.
  public private(set) var cycles: [Int] = []
  /// The bytes of the packet that has not ended.
  public private(set) var partialPacket: [UInt8] = []

  /// A sink for a design's stream.
  public init<M>(_ simulation: Simulation<M>, _ stream: KeyPath<M, AXI4Stream>, stalls: Stalls = .none) {
    let port = StreamPort(simulation, stream.appending(path: \.t))
    channel = ChannelSink(port, stalls)
    byteCount = port.leafWidths[1]
    keepWord = BitVector.wordCount(forWidth: port.leafWidths[0])
    reset = ResetWatch(simulation)
  }

  public func drive() {
    let phase = reset.next()
    if phase.isActive {
      channel.reset()
      partialPacket.removeAll()
    }
    isResetting = phase != .running
    if !isResetting { channel.drive(true) }
  }

  public func observe(cycle: Int) {
    guard !isResetting, let words = channel.taken() else { return }
    let data = UnsafeRawPointer(words).assumingMemoryBound(to: UInt8.self)
    let keep = words + keepWord
    for lane in 0..<byteCount where keep.isSet(lane) { partialPacket.append(data[lane]) }
    guard words[channel.port.wordCount - 1] != 0 else { return }
    packets.append(partialPacket)
    cycles.append(cycle)
    partialPacket.removeAll()
  }

  public var status: String {
    "the receiver of `\(channel.port.name)` took \(packets.count) packets"
      + (partialPacket.isEmpty ? "" : " and \(partialPacket.count) bytes of another")
  }
}
