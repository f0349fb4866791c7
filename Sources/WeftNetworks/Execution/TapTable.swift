/// The taps of a kernel whose weights are not 0, one output channel after the other.
struct TapTable<Weight: Sendable>: Sendable {
  let taps: [Int32]
  let weights: [Weight]
  /// Where each channel's taps begin, and where the last one's end.
  let starts: [Int]

  /// Picks the taps of weights in output channel x input channel x row x column order.
  init<Given: Numeric>(_ given: [Given], channels: Int, weight: (Given) -> Weight) {
    let count = given.count / max(channels, 1)
    var taps: [Int32] = []
    var weights: [Weight] = []
    var starts = [0]
    for channel in 0..<channels {
      for tap in 0..<count where given[channel * count + tap] != 0 {
        taps.append(Int32(tap))
        weights.append(weight(given[channel * count + tap]))
      }
      starts.append(taps.count)
    }
    self.taps = taps
    self.weights = weights
    self.starts = starts
  }
}

/// How products are made and summed.
protocol RowArithmetic {
  associatedtype Element
  associatedtype Weight: Sendable
  associatedtype Sum
  static func product(_ element: Element, _ weight: Weight) -> Sum
  static func sum(_ left: Sum, _ right: Sum) -> Sum
}

enum NarrowArithmetic: RowArithmetic {
  @inline(__always) static func product(_ element: Int16, _ weight: Int16) -> Int32 {
    Int32(element) &* Int32(weight)
  }
  @inline(__always) static func sum(_ left: Int32, _ right: Int32) -> Int32 { left &+ right }
}

enum WideArithmetic: RowArithmetic {
  @inline(__always) static func product(_ element: Int16, _ weight: Int32) -> Int64 {
    Int64(element) &* Int64(weight)
  }
  @inline(__always) static func sum(_ left: Int64, _ right: Int64) -> Int64 { left &+ right }
}

enum FloatArithmetic: RowArithmetic {
  @inline(__always) static func product(_ element: Float, _ weight: Float) -> Float {
    element * weight
  }
  @inline(__always) static func sum(_ left: Float, _ right: Float) -> Float { left + right }
}

extension TapTable {
  /// Adds one output channel's products to a row of sums.
  ///
  /// - Parameters:
  ///   - elements: the values that `places` point into.
  ///   - places: where each tap's run begins.
  @inline(__always)
  func accumulate<Arithmetic: RowArithmetic>(
    _: Arithmetic.Type, channel: Int, _ elements: UnsafePointer<Arithmetic.Element>,
    _ places: UnsafeMutableBufferPointer<Int>, into sums: UnsafeMutableBufferPointer<Arithmetic.Sum>
  ) where Arithmetic.Weight == Weight {
    guard let row = sums.baseAddress else { return }
    var tap = starts[channel]
    let end = starts[channel + 1]
    while tap + 4 <= end {
      let a = elements + places[Int(taps[tap])]
      let b = elements + places[Int(taps[tap + 1])]
      let c = elements + places[Int(taps[tap + 2])]
      let d = elements + places[Int(taps[tap + 3])]
      let (wa, wb, wc, wd) = (
        weights[tap], weights[tap + 1], weights[tap + 2], weights[tap + 3]
      )
      for column in 0..<sums.count {
        let first = Arithmetic.sum(
          Arithmetic.product(a[column], wa), Arithmetic.product(b[column], wb))
        let second = Arithmetic.sum(
          Arithmetic.product(c[column], wc), Arithmetic.product(d[column], wd))
        row[column] = Arithmetic.sum(row[column], Arithmetic.sum(first, second))
      }
      tap += 4
    }
    while tap < end {
      let a = elements + places[Int(taps[tap])]
      let wa = weights[tap]
      for column in 0..<sums.count {
        row[column] = Arithmetic.sum(row[column], Arithmetic.product(a[column], wa))
      }
      tap += 1
    }
  }
}
