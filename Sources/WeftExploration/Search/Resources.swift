/// An amount of each resource: what a stage or a plan takes, or the price of one of each.
public struct Resources: Hashable, Sendable, Codable, AdditiveArithmetic {
  /// DSP slices; of an ASIC, multiply-accumulate units.
  public var dsp: Int
  /// Block RAMs of 18 Kib.
  public var ramb18: Int
  /// Look-up tables.
  public var lut: Int
  /// Words fetched from external memory for a frame.
  public var memoryWords: Int

  /// Amounts, zero where none is given.
  public init(dsp: Int = 0, ramb18: Int = 0, lut: Int = 0, memoryWords: Int = 0) {
    self.dsp = dsp
    self.ramb18 = ramb18
    self.lut = lut
    self.memoryWords = memoryWords
  }

  /// Nothing.
  public static let zero = Resources()

  /// The sums.
  public static func + (a: Resources, b: Resources) -> Resources {
    Resources(
      dsp: a.dsp + b.dsp, ramb18: a.ramb18 + b.ramb18, lut: a.lut + b.lut, memoryWords: a.memoryWords + b.memoryWords)
  }

  /// The differences.
  public static func - (a: Resources, b: Resources) -> Resources {
    Resources(
      dsp: a.dsp - b.dsp, ramb18: a.ramb18 - b.ramb18, lut: a.lut - b.lut, memoryWords: a.memoryWords - b.memoryWords)
  }

  /// The amount of one.
  public subscript(resource: Resource) -> Int {
    get {
      switch resource {
      case .dsp: dsp
      case .ramb18: ramb18
      case .lut: lut
      case .memoryWords: memoryWords
      }
    }
    set {
      switch resource {
      case .dsp: dsp = newValue
      case .ramb18: ramb18 = newValue
      case .lut: lut = newValue
      case .memoryWords: memoryWords = newValue
      }
    }
  }

  /// Whether no amount is above the other's.
  public func fits(in limits: Resources) -> Bool {
    dsp <= limits.dsp && ramb18 <= limits.ramb18 && lut <= limits.lut && memoryWords <= limits.memoryWords
  }

  /// What these amounts cost at prices for one of each. Limits on both keep the sum far from overflow.
  func cost(at prices: Resources) -> Int {
    dsp &* prices.dsp &+ ramb18 &* prices.ramb18 &+ lut &* prices.lut &+ memoryWords &* prices.memoryWords
  }
}
