extension Device {
  /// The devices known by name: resources as in the vendor's product tables (DS190, DS180, DS890, DS891).
  public static let known: [Device] = [
    Device(name: "Z7020", dspKind: .dsp48e1, dsp: 220, ramb18: 280, lut: 53_200),
    Device(name: "Z7045", dspKind: .dsp48e1, dsp: 900, ramb18: 1090, lut: 218_600),
    Device(name: "XC7K325T", dspKind: .dsp48e1, dsp: 840, ramb18: 890, lut: 203_800),
    Device(name: "KU115", dspKind: .dsp48e2, dsp: 5520, ramb18: 4320, lut: 663_360),
    Device(name: "VU9P", dspKind: .dsp48e2, dsp: 6840, ramb18: 4320, uram: 960, lut: 1_182_240),
    Device(name: "ZU3EG", dspKind: .dsp48e2, dsp: 360, ramb18: 432, lut: 70_560),
    Device(name: "ZU7EV", dspKind: .dsp48e2, dsp: 1728, ramb18: 624, uram: 96, lut: 230_400),
    Device(name: "ZU9EG", dspKind: .dsp48e2, dsp: 2520, ramb18: 1824, lut: 274_080),
    Device(name: "ZU17EG", dspKind: .dsp48e2, dsp: 1590, ramb18: 1592, uram: 102, lut: 423_403),
  ]

  /// Other names: the paper's for the programmable logic that the CG and EG parts share, and the full ones of Zynq.
  private static let otherNames = ["ZU9CG": "ZU9EG", "XC7Z020": "Z7020", "XC7Z045": "Z7045", "K325T": "XC7K325T"]

  /// The device of a name, in capitals or not, with or without `XC` before `ZU`, `KU` and `VU`.
  ///
  /// - Throws: `ExplorationError` with the names there are.
  public static func named(_ name: String) throws(ExplorationError) -> Device {
    let capitals = name.uppercased()
    let short = ["XCZU", "XCKU", "XCVU"].contains(String(capitals.prefix(4))) ? String(capitals.dropFirst(2)) : capitals
    let searched = otherNames[short] ?? short
    guard let device = known.first(where: { $0.name == searched }) else {
      throw ExplorationError(
        "there is no device '\(name)'; the devices are " + known.map(\.name).joined(separator: ", "))
    }
    return device
  }
}
