/// Transactions that began and did not end, by identifier; those of one identifier in order.
struct OpenTransactions {
  private var places: [Int: [Int]] = [:]
  /// The number of transactions.
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// Notes that a transaction began, with its place among all.
  mutating func begin(_ place: Int, _ identifier: Int) {
    places[identifier, default: []].append(place)
    count += 1
  }

  /// The place of the transaction of an identifier that began first.
  func oldest(of identifier: Int) -> Int? { places[identifier]?.first }

  /// Notes that the transaction of an identifier that began first has ended.
  mutating func end(_ identifier: Int) {
    guard places[identifier]?.isEmpty == false else { return }
    places[identifier]?.removeFirst()
    count -= 1
  }

  mutating func removeAll() {
    places.removeAll()
    count = 0
  }
}
