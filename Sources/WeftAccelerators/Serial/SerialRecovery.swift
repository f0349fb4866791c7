import Weft
import WeftStreams

/// Brings a grid that is in the midst of frames to the end of a pass without a reset: its inputs are fed up to the end
/// of the pass that the first of them has begun, and what its outputs give until then is left out.
///
/// A reset would have to reach every unit of the grid within a cycle; this reaches the ports alone.
struct SerialRecovery: Module {
  /// Elements of each input, and transfers of each output, in a pass.
  let inputElements, outputTransfers: [Int]

  /// Whether a recovery begins, for at least two cycles in which no input takes anything.
  var begins: Bit { input(.bit) }
  /// For each input whether it takes an element.
  var takes: Vector<Bit> { input(.vector(inputElements.count, of: .bit)) }
  /// For each output whether it gives a transfer.
  var gives: Vector<Bit> { input(.vector(outputTransfers.count, of: .bit)) }
  /// For each input whether it is to be fed, with anything.
  var feeds: Vector<Bit> { output(.vector(inputElements.count, of: .bit)) }
  /// Whether the grid is not yet at the end of a pass: results are to be left out.
  var isRecovering: Bit { output(.bit) }

  /// Bits of the numbers of passes, which are compared modulo their range: more than a grid ever holds.
  private static let passBits = 12
  private var recovers: Bit { register(.bit, reset: 0) }
  /// The passes after which it is done.
  private var target: Unsigned { register(.unsigned(Self.passBits), reset: 0) }
  private var inputPasses: Vector<Unsigned> {
    register(.vector(inputElements.count, of: .unsigned(Self.passBits)), reset: 0)
  }
  private var outputPasses: Vector<Unsigned> {
    register(.vector(outputTransfers.count, of: .unsigned(Self.passBits)), reset: 0)
  }

  /// The place of an input, or of an output, in its pass.
  private func place(_ kind: String, _ index: Int, of limit: Int) -> Counter {
    Counter(self, limit: limit, named: "\(kind)\(index)")
  }
  /// Whether it stands at the end of a pass, and of the last one.
  private func isDone(_ place: Counter, _ passes: Unsigned) -> Bit {
    (place.value == Bits.number(0, place.value.width)) & (passes == target)
  }

  @CircuitBuilder private func count(_ moves: Bit, _ place: Counter, _ passes: Unsigned) -> Circuit {
    When(moves) {
      place.advance
      When(place.isLast) { passes <== passes &+ 1 }
    }
  }

  /// The passes that the first of the inputs has begun.
  private var begun: Unsigned {
    let begun = inputElements.indices.map { index in
      let place = place("element", index, of: inputElements[index])
      let isWithin = place.value != Bits.number(0, place.value.width)
      return inputPasses[index] &+ isWithin.widened(to: Self.passBits)
    }
    return begun.dropFirst().reduce(begun[0]) { first, other in
      (other &- first).mostSignificantBit.select(first, else: other)
    }
  }

  var body: Circuit {
    let elements = inputElements.indices.map { place("element", $0, of: inputElements[$0]) }
    let transfers = outputTransfers.indices.map { place("transfer", $0, of: outputTransfers[$0]) }
    let inputsDone = elements.indices.map { isDone(elements[$0], inputPasses[$0]) }
    let outputsDone = transfers.indices.map { isDone(transfers[$0], outputPasses[$0]) }
    for (index, place) in elements.enumerated() {
      count(takes[index], place, inputPasses[index])
      feeds[index] <== recovers & !begins & !inputsDone[index]
    }
    for (index, place) in transfers.enumerated() { count(gives[index], place, outputPasses[index]) }
    isRecovering <== recovers
    When(begins) {
      recovers <== 1
      target <== begun
    } else: {
      When((inputsDone + outputsDone).areAllSet) { recovers <== 0 }
    }
  }
}
