/// Elements numbered by what tells them apart: those with equal keys have one number.
struct Classes<Key: Hashable, Element> {
  /// An element of each class, by its number.
  private(set) var representatives: [Element] = []
  private var numbers: [Key: Int] = [:]

  /// The number of a key's class; a new one, with an element that is made for it, where the key is new.
  mutating func number(of key: Key, _ element: @autoclosure () -> Element) -> Int {
    if let number = numbers[key] { return number }
    numbers[key] = representatives.count
    representatives.append(element())
    return representatives.count - 1
  }
}
