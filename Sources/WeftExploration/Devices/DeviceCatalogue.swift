extension Device {
  /// Zynq-7020.
  public static let z7020 = Device(name: "Z7020", dspKind: .dsp48e1, dsp: 220, ramb18: 280, lut: 53_200)
  /// Zynq-7045.
  public static let z7045 = Device(name: "Z7045", dspKind: .dsp48e1, dsp: 900, ramb18: 1090, lut: 218_600)
  /// Kintex-7 325T.
  public static let xc7k325t = Device(name: "XC7K325T", dspKind: .dsp48e1, dsp: 840, ramb18: 890, lut: 203_800)
  /// Kintex UltraScale KU115.
  public static let ku115 = Device(name: "KU115", dspKind: .dsp48e2, dsp: 5520, ramb18: 4320, lut: 663_360)
  /// Virtex UltraScale+ VU9P.
  public static let vu9p = Device(name: "VU9P", dspKind: .dsp48e2, dsp: 6840, ramb18: 4320, uram: 960, lut: 1_182_240)
  /// Zynq UltraScale+ ZU3EG.
  public static let zu3eg = Device(name: "ZU3EG", dspKind: .dsp48e2, dsp: 360, ramb18: 432, lut: 70_560)
  /// Zynq UltraScale+ ZU7EV.
  public static let zu7ev = Device(name: "ZU7EV", dspKind: .dsp48e2, dsp: 1728, ramb18: 624, uram: 96, lut: 230_400)
  /// Zynq UltraScale+ ZU9EG.
  public static let zu9eg = Device(name: "ZU9EG", dspKind: .dsp48e2, dsp: 2520, ramb18: 1824, lut: 274_080)
  /// Zynq UltraScale+ ZU17EG.
  public static let zu17eg = Device(name: "ZU17EG", dspKind: .dsp48e2, dsp: 1590, ramb18: 1592, uram: 102, lut: 423_403)
  /// The largest ECP5 (FPGA-DS-02012), at a clock that open tools reach.
  public static let ecp5x85 = Device(
    name: "ECP5-85", dspKind: .mult18x18d, dsp: 156, ramb18: 208, lut: 83_640, clock: 100e6)
  /// iCE40 UltraPlus UP5K (FPGA-DS-02008). Its 30 block RAMs of 4 Kib count as six of 18 Kib.
  public static let up5k = Device(name: "UP5K", dspKind: .mac16, dsp: 8, ramb18: 6, lut: 5_280, clock: 24e6)

  /// The devices known by name: resources as in the vendors' product tables (DS190, DS180, DS890, DS891).
  public static let known: [Device] = [
    z7020, z7045, xc7k325t, ku115, vu9p, zu3eg, zu7ev, zu9eg, zu17eg, ecp5x85, up5k,
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
