/// Looks for the prices at which the cheapest choice costs the most: a subgradient ascent over the shares of the weight
/// that each limit has, with Polyak's step towards a level a little above the best so far.
struct PriceAscent {
  /// The share of each resource, in the order of `Resource.allCases`; they add up to one.
  private(set) var shares: [Double]
  /// The shares with the highest bound so far.
  private(set) var best: [Double]
  private let limits: Resources
  private let isLimited: [Bool]
  private var bestBound = -Double.infinity
  /// How far above the best bound to aim.
  private var ambition = 0.05
  private var sinceBest = 0

  init(limits: Resources, shares: [Double]?) {
    self.limits = limits
    isLimited = Resource.allCases.map { limits[$0] != .max }
    let count = isLimited.count { $0 }
    self.shares = shares ?? isLimited.map { $0 ? 1 / Double(max(1, count)) : 0 }
    best = self.shares
  }

  /// Whether a bound, as prices have it, is above all before; the shares are then the best.
  mutating func improves(_ bound: Int) -> Bool {
    let bound = Double(bound) / Double(Refutation.unit)
    guard bound > bestBound else {
      sinceBest += 1
      return false
    }
    sinceBest = bound > bestBound + 0.05 * ambition ? 0 : sinceBest + 1
    (bestBound, best) = (bound, shares)
    return true
  }

  /// Moves the shares towards the resources that the cheapest choice takes too much of.
  ///
  /// - Returns: false where there is nothing left to move.
  mutating func step(bound: Int, cost: Resources) -> Bool {
    if sinceBest >= 3 {
      (ambition, sinceBest) = (ambition / 2, 0)
      if ambition < 1e-5 { return false }
    }
    var slope = zip(Resource.allCases, isLimited).map { resource, isLimited in
      isLimited ? Double(cost[resource]) / Double(max(1, limits[resource])) - 1 : 0
    }
    // Along the simplex only.
    let limited = isLimited.count { $0 }
    let mean = slope.reduce(0, +) / Double(max(1, limited))
    for index in slope.indices where isLimited[index] { slope[index] -= mean }
    let square = slope.reduce(0) { $0 + $1 * $1 }
    guard square > 1e-18 else { return false }
    let target = bestBound + ambition
    let length = (target - Double(bound) / Double(Refutation.unit)) / square
    shares = Self.projected(zip(shares, slope).map { $0 + length * $1 }, isLimited)
    return true
  }

  /// The nearest shares that are not negative and add up to one.
  private static func projected(_ point: [Double], _ isLimited: [Bool]) -> [Double] {
    let sorted = zip(point, isLimited).filter(\.1).map(\.0).sorted(by: >)
    var (sum, threshold) = (0.0, 0.0)
    for (index, value) in sorted.enumerated() {
      sum += value
      let candidate = (sum - 1) / Double(index + 1)
      if value > candidate { threshold = candidate }
    }
    return zip(point, isLimited).map { $1 ? max(0, $0 - threshold) : 0 }
  }
}
