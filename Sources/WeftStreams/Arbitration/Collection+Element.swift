import Weft

extension Collection where Element: Signal {
  /// The element at an index that the hardware knows; of an index beyond the last, the first.
  func element(at index: Unsigned) -> Element {
    let list = Array(self)
    return list.indices.dropFirst().reduce(list[0]) { chosen, number in
      (index == Unsigned(number)).select(list[number], else: chosen)
    }
  }
}
