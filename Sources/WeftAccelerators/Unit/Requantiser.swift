import Weft
import WeftNetworks
import WeftStreams

/// Turns sums of products into codes: bias, the factor that the sum's sign selects, one rounding half to even, zero
/// point, saturation and, for some imported networks, a table. A transfer a cycle.
///
/// With deep pipelining nothing in it is ever held: sums are taken while the codes of all that are under way have a place.
public struct Requantiser: Module {
  let geometry: StageGeometry
  private let factors: RequantisationFactors

  /// The requantiser of a stage.
  public init(_ geometry: StageGeometry) {
    self.geometry = geometry
    factors = RequantisationFactors(geometry.layer)
  }

  public var verilogName: String? { "\(layer.name)_requantiser" }

  /// Sums, in the order in which the stage's output leaves.
  public var accumulations: Stream<Accumulation> { sink(.bundle(Accumulation(of: geometry))) }
  /// The biases of the elements in the same order, where they come from external memory; else nothing.
  public var biases: [Stream<Vector<Signed>>] {
    geometry.hasExternalBiases ? [sink(geometry.biasPayload, named: "biases")] : []
  }
  /// Codes.
  public var codes: Stream<Vector<Signed>> { source(geometry.outputPayload) }

  private var layer: QuantizedLayer { geometry.layer }
  private var lanes: Int { geometry.configuration.lanes }
  private var channelLanes: Int { geometry.configuration.channelLanes }
  private var biasBits: Int { geometry.biasBits }

  // MARK: Parameters of the channels

  /// For each group of channels, the factors of each and, where the bias is theirs, the bias.
  private var parameters: Memory<Bits> {
    memory(depth: parameterWords.count, of: .bits(channelLanes * parameterWidth), contents: parameterWords)
  }
  private var groupParameters: Bits { wire(parameters.read(accumulations.payload.channelGroup, enable: advance)) }
  private var parameterWidth: Int { factors.wordWidth + (geometry.isUntied ? 0 : biasBits) }

  private var parameterWords: [BitVector] {
    let biases = layer.foldedBias.values
    return stride(from: 0, to: layer.outputShape.channels, by: channelLanes).map { first in
      // The last of the parts is the lowest.
      .concatenating(
        (first..<first + channelLanes).reversed().map { channel in
          let word = factors.word(layer.requantization[channel])
          if geometry.isUntied { return word }
          return .concatenating([word, BitVector(truncating: Int(biases[channel]), width: biasBits)])
        })
    }
  }

  // MARK: Untied biases

  /// Untied biases on the chip: a word for each transfer.
  private var biasStore: Memory<Vector<Signed>> {
    memory(
      depth: geometry.outputOrder.transfersPerFrame, of: geometry.biasPayload, contents: geometry.biasWords,
      style: geometry.biasMemory?.style ?? .automatic, named: "biases")
  }
  private var biasAddress: Counter {
    Counter(self, limit: geometry.outputOrder.transfersPerFrame, named: "biasAddress")
  }
  private var storedBiases: Vector<Signed> { wire(biasStore.read(biasAddress.value, enable: advance)) }
  private var streamedBiases: Vector<Signed> { register(geometry.biasPayload) }

  // MARK: Pipeline

  /// Whether the pipeline moves.
  private var advance: Bit { geometry.isDeep ? 1 : wire(!codes.valid | codes.ready) }
  /// Whether there is room for sums.
  private var hasRoom: Bit { geometry.isDeep ? credits.isAvailable : advance }
  /// Whether sums are taken, if there is.
  private var isOffered: Bit { wire(biases.reduce(accumulations.valid) { $0 & $1.valid }) }
  private var valid: Vector<Bit> { register(.vector(stages, of: .bit), reset: 0) }
  private var stages: Int { 1 + RequantiserLane.latency(layer, geometry.configuration.pipelining) }
  private var sums: Vector<Signed> { register(.vector(lanes, of: .signed(layer.accumulatorBits))) }

  // MARK: Places for codes

  /// Codes that wait, and the places that are free for those under way: enough for a transfer a cycle, from the place
  /// that is taken to the place that is given back.
  private var places: Int { stages + 4 }
  private var queue: Instance<BlockRAMFIFO<Vector<Signed>>> {
    instance(BlockRAMFIFO(of: geometry.outputPayload, depth: places, style: .distributed))
  }
  private var credits: Instance<CreditCounter> { instance(CreditCounter(credits: places)) }

  @CircuitBuilder private func leaving(_ results: [Signed]) -> Circuit {
    if geometry.isDeep {
      for (lane, code) in results.enumerated() { queue.input.payload[lane] <== code }
      queue.input.valid <== valid[stages - 1]
      credits.sends <== hasRoom & isOffered
      credits.frees <== queue.output.fires
      codes <== queue.output
    } else {
      for (lane, code) in results.enumerated() { codes.payload[lane] <== code }
      codes.valid <== valid[stages - 1]
    }
  }

  private func lane(_ index: Int) -> Instance<RequantiserLane> {
    instance(
      RequantiserLane(geometry.layer, biasBits: biasBits, pipelining: geometry.configuration.pipelining),
      named: "lane\(index)")
  }

  public var body: Circuit {
    accumulations.ready <== biases.reduce(hasRoom) { $0 & $1.valid }
    for stream in biases { stream.ready <== hasRoom & accumulations.valid }
    When(advance) {
      valid[0] <== (geometry.isDeep ? hasRoom & isOffered : isOffered)
      for stage in 1..<stages { valid[stage] <== valid[stage - 1] }
      sums <== accumulations.payload.sums
      if geometry.hasExternalBiases {
        streamedBiases <== biases[0].payload
      } else if geometry.isUntied {
        When(geometry.isDeep ? accumulations.fires : accumulations.valid) { biasAddress.advance }
      }
    }
    for lane in 0..<lanes {
      let unit = self.lane(lane)
      let low = lane % channelLanes * parameterWidth
      unit.advance <== advance
      unit.sum <== sums[lane]
      if geometry.hasExternalBiases {
        unit.bias <== streamedBiases[lane]
      } else if geometry.isUntied {
        unit.bias <== storedBiases[lane]
      } else {
        unit.bias <== groupParameters[low..<low + biasBits].asSigned
      }
      unit.factors <== groupParameters[low + parameterWidth - factors.wordWidth..<low + parameterWidth]
    }
    leaving((0..<lanes).map { lane($0).code })
  }
}
