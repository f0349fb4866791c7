import Weft

/// The source of an AXI4-Stream that the hardware takes: sends packets of bytes.
///
/// ```swift
/// let transmitter = AXIStreamTransmitter(sim, \.s_axis, stalls: .random(seed: 7))
/// transmitter.send(Array("hello".utf8))
/// ```
/// All transfers of a packet are full but for the last, which `TKEEP` and `TLAST` mark. A reset of the design's main
/// domain takes back what was not sent.
public final class AXIStreamTransmitter: StreamAgent {
  private let channel: ChannelSource
  private let queue: PayloadQueue
  private let byteCount: Int
  /// The word of the first byte's place among those that are kept.
  private let keepWord: Int
  private var reset: ResetWatch
  private var isResetting = false

  /// The number of packets that the hardware took.
  public private(set) var sentCount = 0

  /// A source for a design's stream.
  public init<M>(_ simulation: Simulation<M>, _ stream: KeyPath<M, AXI4Stream>, stalls: Stalls = .none) {
    let port = StreamPort(simulation, stream.appending(path: \.t))
    channel = ChannelSource(port, stalls)
    queue = PayloadQueue(wordCount: port.wordCount)
    byteCount = port.leafWidths[1]
    keepWord = BitVector.wordCount(forWidth: port.leafWidths[0])
    reset = ResetWatch(simulation)
  }

  /// Whether everything was taken.
  public var isIdle: Bool { queue.isEmpty }

  /// Sends a packet of at least one byte after all that waits.
  public func send(_ packet: [UInt8]) {
    precondition(!packet.isEmpty, "a packet without bytes was sent at `\(channel.port.name)`; it has at least one")
    for start in stride(from: 0, to: packet.count, by: byteCount) {
      let words = queue.append()
      let bytes = packet[start..<min(packet.count, start + byteCount)]
      let data = UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt8.self)
      for (lane, byte) in bytes.enumerated() {
        data[lane] = byte
        words[keepWord + lane >> 6] |= 1 << UInt64(lane & 63)
      }
      words[channel.port.wordCount - 1] = bytes.endIndex == packet.count ? 1 : 0
    }
  }

  public func drive() {
    let phase = reset.next()
    if phase.isActive {
      channel.reset()
      queue.removeAll()
    }
    isResetting = phase != .running
    if !isResetting { channel.drive(!queue.isEmpty) { queue.copyFirst(to: $0) } }
  }

  public func observe(cycle: Int) {
    guard !isResetting, channel.passes() else { return }
    if queue.first[channel.port.wordCount - 1] != 0 { sentCount += 1 }
    queue.removeFirst()
  }

  public var status: String {
    "the transmitter of `\(channel.port.name)` sent \(sentCount) packets, \(queue.count) transfers wait"
  }
}
