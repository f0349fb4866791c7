import Weft

/// Turns words of some elements into words of others: a serialiser, a deserialiser, or anything between, such as three
/// elements in and two out. Elements keep their order.
///
/// Elements move through a short queue that shifts down by a whole output word and is filled behind what remains. Its
/// length is the least for which the narrower side never waits for the wider one although `input.ready` does not depend
/// on `output.ready`: the wider word and two narrower ones, less what both have in common.
///
/// - Latency: one cycle, once the elements of an output word have come.
/// - Throughput: a word a cycle at the narrower side, both sides ready.
/// - Capacity: `max(i, o) + 2 * min(i, o) - gcd(i, o)` elements, where i and o are the elements of a word.
/// - Paths: every output comes from registers alone.
public struct WidthAdapter<Element: Signal>: Module {
  /// What words are made of.
  public let element: Shape<Element>
  /// The elements of a word that enters, at least one.
  public let inputCount: Int
  /// The elements of a word that leaves, at least one.
  public let outputCount: Int

  /// An adapter from words of `inputCount` elements to words of `outputCount`, each at least one.
  public init(of element: Shape<Element>, from inputCount: Int, to outputCount: Int) {
    self.element = element
    self.inputCount = inputCount
    self.outputCount = outputCount
  }

  /// Where words enter, the first element at index zero.
  public var input: Stream<Vector<Element>> { sink(.vector(inputCount, of: element)) }
  /// Where words leave, the first element at index zero.
  public var output: Stream<Vector<Element>> { source(.vector(outputCount, of: element)) }

  /// The elements in the queue, the oldest first. For proofs alone.
  public var contents: Vector<Element> { output(.vector(capacity * groupCount, of: element)) }
  /// How many elements the queue holds. For proofs alone.
  public var count: Unsigned { output(.unsigned((capacity * groupCount).bitsToHold)) }

  /// The elements that always move together.
  private var groupCount: Int { greatestCommonDivisor(max(1, inputCount), max(1, outputCount)) }
  /// The groups of a word that enters.
  private var inputGroups: Int { max(1, inputCount) / groupCount }
  /// The groups of a word that leaves.
  private var outputGroups: Int { max(1, outputCount) / groupCount }
  /// The groups that the queue holds.
  private var capacity: Int { max(inputGroups, outputGroups) + 2 * min(inputGroups, outputGroups) - 1 }

  var queue: Vector<Element> { register(.vector(capacity * groupCount, of: element)) }
  /// The groups in the queue.
  var stored: Unsigned { register(.unsigned(capacity.bitsToHold), reset: 0) }
  /// The groups in the queue once an output word has left.
  var remaining: Unsigned { wire(output.fires.select(stored &- Unsigned(outputGroups), else: stored)) }

  public var body: Circuit {
    input.ready <== stored <= Unsigned(capacity - inputGroups)
    output.valid <== stored >= Unsigned(outputGroups)
    output.payload <== groups(0..<outputGroups)
    stored <== input.fires.select(remaining &+ Unsigned(inputGroups), else: remaining)
    When(output.fires) {
      groups(0..<(capacity - outputGroups)) <== groups(outputGroups..<capacity)
    }
    When(input.fires) {
      Switch(remaining) {
        for first in 0...(capacity - inputGroups) {
          Case(first) { groups(first..<(first + inputGroups)) <== input.payload }
        }
      }
    }
  }

  public var invariants: Circuit {
    Assert(stored <= Unsigned(capacity), "the queue holds at most what it has places for")
    contents <== queue
    count <== (stored * Unsigned(groupCount)).truncated(to: (capacity * groupCount).bitsToHold)
  }

  private func groups(_ range: Range<Int>) -> Vector<Element> {
    Vector(queue[(range.lowerBound * groupCount)..<(range.upperBound * groupCount)])
  }
}

package func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
