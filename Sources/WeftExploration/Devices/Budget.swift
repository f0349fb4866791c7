/// What a plan may take. A limit that is `nil` does not limit.
public struct Budget: Hashable, Sendable, Codable {
  /// DSP slices; of an ASIC, multiply-accumulate units.
  public var dsp: Int?
  /// Block RAMs of 18 Kib; of an ASIC, as many such blocks of buffer.
  public var ramb18: Int?
  /// Look-up tables.
  public var lut: Int?
  /// Words a cycle that the memory port gives.
  public var memoryWordsPerCycle: Double?

  /// Limits, none of which is negative.
  public init(dsp: Int? = nil, ramb18: Int? = nil, lut: Int? = nil, memoryWordsPerCycle: Double? = nil) {
    self.dsp = dsp
    self.ramb18 = ramb18
    self.lut = lut
    self.memoryWordsPerCycle = memoryWordsPerCycle
  }

  /// The same with a part of the device's resources; the memory port stays as it is.
  public func scaled(by part: Double) -> Budget {
    func scaled(_ limit: Int?) -> Int? { limit.map { Int(Double($0) * part) } }
    return Budget(
      dsp: scaled(dsp), ramb18: scaled(ramb18), lut: scaled(lut), memoryWordsPerCycle: memoryWordsPerCycle)
  }

  /// The words that the memory port gives in so many cycles; `nil` where it does not limit.
  public func memoryWords(in cycles: Int) -> Int? {
    guard let rate = memoryWordsPerCycle else { return nil }
    return Int(min(Self.most, (Double(cycles) * max(0, rate)).rounded(.down)))
  }

  /// The fewest cycles in which the memory port gives so many words; `nil` where it never does.
  public func cycles(toFetch words: Int) -> Int? {
    guard let rate = memoryWordsPerCycle, words > 0 else { return 0 }
    let estimate = (Double(words) / rate).rounded(.up)
    guard rate > 0, estimate < Self.most else { return nil }
    // The estimate may be one off; the words that a cycle count gives decide.
    var cycles = Int(estimate)
    while let given = memoryWords(in: cycles), given < words { cycles += 1 }
    while cycles > 0, let given = memoryWords(in: cycles - 1), given >= words { cycles -= 1 }
    return cycles
  }

  /// More than any problem asks for, and still exact.
  private static let most = Double(1 << 52)

  /// What a plan of at most so many cycles a frame may take.
  func limits(cycles: Int) -> Resources {
    let limits = [dsp, ramb18, lut, memoryWords(in: cycles)].map { limit in
      // What no problem can reach does not limit.
      limit.flatMap { $0 < Int(Self.most) ? $0 : nil } ?? .max
    }
    return Resources(dsp: limits[0], ramb18: limits[1], lut: limits[2], memoryWords: limits[3])
  }
}
