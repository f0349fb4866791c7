/// The ports of a block that together are a bus.
public struct BusInterface: Hashable, Sendable {
  /// Whose rules the bus follows.
  public enum Kind: String, Hashable, Sendable {
    /// AXI4: bursts.
    case axi4
    /// AXI4-Lite: single words.
    case axi4Lite
    /// AXI4-Stream: packets without addresses.
    case axi4Stream
  }

  /// Which side of the bus the block is.
  public enum Role: String, Hashable, Sendable {
    /// It asks, or sends.
    case manager
    /// It answers, or receives.
    case subordinate
  }

  /// The name that all its ports begin with.
  public var name: String
  /// Whose rules it follows.
  public var kind: Kind
  /// Which side the block is.
  public var role: Role
  /// The standard's signals that the block has, in the order of the ports.
  public var signals: [Signal]

  /// A signal of the standard, and the port it is.
  public struct Signal: Hashable, Sendable {
    /// The standard's name in capitals, such as `AWADDR`.
    public var name: String
    /// The block's port.
    public var port: BlockPort
  }

  /// The bits of one of the standard's signals, such as `AWADDR`; `nil` where the block does not have it.
  public func width(of signal: String) -> Int? { signals.first { $0.name == signal }?.port.width }

  /// The bits of a word, or of a beat.
  public var dataWidth: Int { width(of: "WDATA") ?? width(of: "RDATA") ?? width(of: "TDATA") ?? 0 }
  /// The bits of the address of a byte; none on a stream.
  public var addressWidth: Int { width(of: "AWADDR") ?? width(of: "ARADDR") ?? 0 }
}

extension BusInterface {
  /// The buses among ports, known by their names: all that begin with one name and end as the standard's signals do.
  static func inferred(from ports: [BlockPort]) -> [BusInterface] {
    var groups: [(name: String, signals: [Signal])] = []
    for port in ports {
      guard let separator = port.name.lastIndex(of: "_") else { continue }
      let name = String(port.name[..<separator])
      let signal = port.name[port.name.index(after: separator)...].uppercased()
      guard standardSignals.contains(signal) else { continue }
      if let index = groups.firstIndex(where: { $0.name == name }) {
        groups[index].signals.append(Signal(name: signal, port: port))
      } else {
        groups.append((name, [Signal(name: signal, port: port)]))
      }
    }
    return groups.compactMap { BusInterface(name: $0.name, signals: $0.signals) }
  }

  /// The bus of these signals; `nil` where what every such bus has is missing.
  private init?(name: String, signals: [Signal]) {
    func port(_ name: String) -> BlockPort? { signals.first { $0.name == name }?.port }
    if let valid = port("TVALID"), let ready = port("TREADY"), port("TDATA") != nil, valid.isInput != ready.isInput {
      self.init(name: name, kind: .axi4Stream, role: valid.isInput ? .subordinate : .manager, signals: signals)
      return
    }
    for (address, data) in [("AW", "WDATA"), ("AR", "RDATA")] {
      guard let valid = port(address + "VALID"), let ready = port(address + "READY"), port(address + "ADDR") != nil,
        port(data) != nil, valid.isInput != ready.isInput
      else { continue }
      self.init(
        name: name, kind: port(address + "LEN") == nil ? .axi4Lite : .axi4,
        role: valid.isInput ? .subordinate : .manager, signals: signals)
      return
    }
    return nil
  }

  /// The signals of AXI4, AXI4-Lite and AXI4-Stream.
  private static let standardSignals: Set<String> = {
    let address = ["ID", "ADDR", "LEN", "SIZE", "BURST", "LOCK", "CACHE", "PROT", "QOS", "REGION", "USER"]
    let channels: [(String, [String])] = [
      ("AW", address), ("AR", address), ("W", ["DATA", "STRB", "LAST", "USER"]), ("B", ["ID", "RESP", "USER"]),
      ("R", ["ID", "DATA", "RESP", "LAST", "USER"]), ("T", ["DATA", "STRB", "KEEP", "LAST", "ID", "DEST", "USER"]),
    ]
    return Set(channels.flatMap { channel, signals in (signals + ["VALID", "READY"]).map { channel + $0 } })
  }()
}
