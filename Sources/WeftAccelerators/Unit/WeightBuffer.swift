import Weft
import WeftNetworks
import WeftStreams

/// The weights of a layer in the order in which its unit uses them: a memory that gives all weights of a cycle at once,
/// as many clock edges after they are asked for as operands take.
///
/// It has its contents from the start, or takes them from external memory: all of them once after the reset, or, where
/// the weights of a round stay for all columns of a group of rows, those of the next round while one is in use. Then it
/// is a ring of words, each of which is given back when the last column has used it.
public struct WeightBuffer: Module {
  let geometry: StageGeometry

  /// The weights of a stage.
  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(geometry.layer.name)_weight_buffer" }

  // MARK: Ports

  /// Whether the pipeline moves in this cycle.
  public var advance: Bit { input(.bit) }
  /// Whether the next weights are asked for in this cycle.
  public var next: Bit { input(.bit) }
  /// For each output channel, one weight for each kernel row of those at once, kernel column and input channel.
  public var weights: Vector<Vector<Signed>> {
    output(.vector(configuration.kpf, of: .vector(lanes, of: .signed(bits))))
  }
  /// The parts of the words, one after the other, where they come from external memory; else nothing.
  public var parts: [Stream<Bits>] { isFilled ? [sink(geometry.weightPayload)] : [] }
  /// Whether the next weights are here, where they come from external memory; else nothing.
  public var isAvailable: [Bit] { isFilled ? [output(.bit, named: "isAvailable")] : [] }
  /// Whether the weights that are asked for are the last of a round, and whether they are for its last column, where
  /// they are streamed; else nothing.
  public var loop: [WeightLoop] { isStreamed ? [input(.bundle(WeightLoop()), named: "loop")] : [] }

  // MARK: Sizes

  private var configuration: UnitConfiguration { geometry.configuration }
  private var isFilled: Bool { geometry.hasExternalWeights }
  private var isStreamed: Bool { geometry.isWeightStationary }
  private var lanes: Int { configuration.operandLanes }
  private var bits: Int { geometry.kernel.weightBits }
  private var shape: MemoryShape { geometry.weightMemory ?? MemoryShape(depth: 1, width: geometry.weightWidth) }
  private var depth: Int { shape.depth }

  private var word: Bits { register(.bits(geometry.weightWidth)) }
  /// Clock edges from weights that are asked for to their address: as many more as operands take than weights.
  private var addressDelay: Int { geometry.operandLatency - 2 }

  public var body: Circuit {
    if isFilled {
      filling
      if isStreamed { streaming } else { loading }
    } else {
      keeping
    }
    for channel in 0..<configuration.kpf {
      for lane in 0..<lanes {
        let low = (channel * lanes + lane) * bits
        weights[channel][lane] <== word[low..<(low + bits)].asSigned
      }
    }
  }

  // MARK: Contents from the start

  private var words: Memory<Bits> {
    memory(depth: depth, of: .bits(shape.width), contents: WeightWords(geometry).words, style: shape.style)
  }

  @CircuitBuilder private var keeping: Circuit {
    let address = Counter(self, limit: depth, named: "address")
    When(advance) {
      When(next) { address.advance }
      word <== words.read(address.value.delayed(by: addressDelay, named: "address"), enable: advance)
    }
  }

  // MARK: Contents from external memory

  private var store: Instance<LineMemory> {
    instance(
      LineMemory(
        depth: depth, lanes: geometry.weightParts, bits: geometry.weightPartWidth, parts: geometry.weightParts),
      named: "words")
  }
  private var part: Counter { Counter(self, limit: geometry.weightParts, named: "part") }
  /// The word that is filled.
  private var filled: Counter { Counter(self, limit: depth, named: "filled") }
  /// Whether the reset is over: nothing is taken in a reset that ends later than others'.
  private var isAwake: Bit { geometry.isDeep ? register(.bit, reset: 0) : 1 }
  /// Whether there is room for a word.
  private var hasRoom: Bit { wire(.bit) }
  private var takes: Bit { wire(parts[0].valid & hasRoom) }
  /// Whether a word is complete in this cycle.
  private var completes: Bit { wire(takes & part.isLast) }
  private var address: Counter { Counter(self, limit: depth, named: "address") }

  @CircuitBuilder private var filling: Circuit {
    let count = geometry.weightParts
    if geometry.isDeep { isAwake <== 1 }
    parts[0].ready <== hasRoom
    store.writeAddress <== filled.value
    for index in 0..<count {
      store.writeEnable[index] <== (count == 1 ? takes : takes & (part.value == Unsigned(index)))
      store.elements[index] <== parts[0].payload.asSigned
    }
    When(takes) {
      part.advance
      When(part.isLast) { filled.advance }
    }
    store.readEnable <== advance
    store.readAddress <== address.value.delayed(by: addressDelay, named: "address")
    When(advance) { word <== store.word.asBits.truncated(to: geometry.weightWidth) }
  }

  /// Whether all words are here.
  private var isLoaded: Bit { register(.bit, reset: 0) }

  @CircuitBuilder private var loading: Circuit {
    hasRoom <== isAwake & !isLoaded
    When(completes & filled.isLast) { isLoaded <== 1 }
    isAvailable[0] <== isLoaded
    When(next) { address.advance }
  }

  /// Complete words, from the first of the round on.
  private var kept: Unsigned { register(.unsigned(bitsFor(depth)), reset: 0) }
  /// The same with those that are given back, but still to be read: the words that are not to be written.
  private var occupied: Unsigned { addressDelay == 0 ? kept : register(.unsigned(bitsFor(depth)), reset: 0) }
  /// Complete words, from the next on.
  private var ahead: Unsigned { register(.unsigned(bitsFor(depth)), reset: 0) }
  /// The first word of the round.
  private var first: Counter { Counter(self, limit: depth, named: "first") }

  @CircuitBuilder private var streaming: Circuit {
    let (one, zero) = (Bits.number(1, kept.width), Bits.number(0, kept.width))
    let complete = completes.select(one, else: zero)
    let (isRoundDone, isLastColumn) = (loop[0].isRoundDone, loop[0].isLastColumn)
    hasRoom <== isAwake & (occupied != Bits.number(depth, kept.width))
    isAvailable[0] <== ahead != zero
    let givesBack = next & isLastColumn
    kept <== kept &+ complete &- givesBack.select(one, else: zero)
    if addressDelay > 0 {
      let isRead = givesBack.delayed(by: addressDelay, resets: true, named: "givesBack")
      occupied <== occupied &+ complete &- isRead.select(one, else: zero)
    }
    ahead <== ahead &+ complete &- next.select(one, else: zero)
    When(next) {
      address.advance
      When(isLastColumn) {
        first.advance
      } else: {
        When(isRoundDone) {
          address.set(to: first.value)
          ahead <== kept &+ complete
        }
      }
    }
  }
}
