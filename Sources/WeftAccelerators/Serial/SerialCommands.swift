import Weft
import WeftNetworks
import WeftStreams

/// Reads what the host sends: elements for the inputs, and the question who is there.
///
/// A packet is a byte that says its kind; one of elements has a byte with their number, and their bytes. What is of no
/// kind is told and left out.
struct SerialCommands: Module {
  /// The inputs.
  let inputs: [TensorFormat]

  /// Whether a byte has come.
  var isReceived: Bit { input(.bit) }
  /// The byte.
  var received: Unsigned { input(.unsigned(8)) }
  /// The elements of each input, which are lost where they are not taken at once.
  var elements: [Stream<Vector<Signed>>] {
    inputs.indices.map { source(.vector(1, of: .signed(inputs[$0].quantization.bits)), named: "elements\($0)") }
  }
  /// Whether the host asks who is there.
  var asksIdentity: Bit { output(.bit) }
  /// Whether a packet of no kind came.
  var isUnknown: Bit { output(.bit) }
  /// Whether elements were lost.
  var overruns: Bit { output(.bit) }

  enum Phase: Enumeration { case kind, count, elements }
  var phase: StateMachine<Phase> { stateMachine(startingIn: .kind) }
  private var target: Unsigned { register(.unsigned(6), reset: 0) }
  private var remaining: Unsigned { register(.unsigned(8), reset: 0) }
  private var isHigh: Bit { register(.bit, reset: 0) }
  private var low: Unsigned { register(.unsigned(8)) }
  /// Whether the elements of the packet's input have two bytes.
  private var isWide: Bit {
    wire(inputs.indices.map { (target == Unsigned($0)) & (inputs[$0].elementBytes == 2 ? 1 : 0) }.isAnySet)
  }
  private var completes: Bit { wire(isReceived & phase.isIn(.elements) & (!isWide | isHigh)) }

  var body: Circuit {
    let kind = received.asBits[6..<8].asUnsigned
    let index = received.asBits[0..<6].asUnsigned
    let isElements = (kind == Unsigned(SerialSettings.Kind.elements.rawValue)) & (index < Unsigned(inputs.count))
    let isQuestion = (kind == Unsigned(SerialSettings.Kind.identity.rawValue)) & (index == 0)
    let begins = isReceived & phase.isIn(.kind)
    asksIdentity <== begins & isQuestion
    isUnknown <== begins & !isQuestion & !isElements
    phase.states {
      During(.kind) {
        When(begins) {
          target <== index
          When(isElements) { phase.go(to: .count) }
        }
      }
      During(.count) {
        When(isReceived) {
          remaining <== received
          isHigh <== 0
          When(received == 0) { phase.go(to: .kind) } else: { phase.go(to: .elements) }
        }
      }
      During(.elements) {
        When(isReceived) {
          low <== received
          isHigh <== isWide & !isHigh
        }
        When(completes) {
          remaining <== remaining &- 1
          When(remaining == 1) { phase.go(to: .kind) }
        }
      }
    }
    for (index, stream) in elements.enumerated() {
      let format = inputs[index]
      let stored = format.elementBytes == 2 ? concatenate(received, low) : received.asBits
      stream.payload[0] <== format.code(ofStored: stored)
      stream.valid <== completes & (target == Unsigned(index))
    }
    overruns <== elements.map { $0.valid & !$0.ready }.isAnySet
  }
}
