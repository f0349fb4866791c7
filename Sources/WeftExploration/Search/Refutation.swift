/// A proof that no plan keeps to some limits, in a form that is checked without a search.
///
/// It is read from the top. For each of the prices in turn, every option goes without which the cheapest choice at
/// these prices would cost no more than the limits do; a stage without an option is a contradiction. If none has come
/// up, the options of one stage are split in two, and each half is refuted by itself.
public struct Refutation: Hashable, Sendable, Codable {
  /// The halves of a stage's options.
  public struct Split: Hashable, Sendable, Codable {
    /// Index of the stage.
    public var stage: Int
    /// Indices of the options of the first half; all others are the second.
    public var options: [Int]
    /// The refutations of the first and of the second half.
    public var halves: [Refutation]

    /// A split.
    public init(stage: Int, options: [Int], halves: [Refutation]) {
      self.stage = stage
      self.options = options
      self.halves = halves
    }
  }

  /// Prices, Lagrange multipliers of the limits, in the order of their use.
  public var prices: [Resources]
  /// How to go on when they are used up.
  public var split: Split?

  /// A proof; the one without steps is good where a stage has no option within the limits.
  public init(prices: [Resources] = [], split: Split? = nil) {
    self.prices = prices
    self.split = split
  }

  /// How many such steps the proof has in all.
  public var steps: Int { prices.count + (split?.halves.reduce(1) { $0 + $1.steps } ?? 0) }

  /// The unit in which prices are written: what a limit costs by itself when all weight lies on it.
  static let unit = 1 << 40

  /// Prices that give each limit its share of the weight; shares are between 0 and 1.
  static func prices(_ shares: [Double], limits: Resources) -> Resources {
    var prices = Resources.zero
    for (resource, share) in zip(Resource.allCases, shares) where limits[resource] != .max {
      prices[resource] = Int(share * Double(unit) / Double(max(1, limits[resource])))
    }
    return prices
  }
}
