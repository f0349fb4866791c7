import Weft

/// Holds the results of one round of all compute engines and passes them on, a transfer a cycle, while the next are
/// computed. Rows and channels that the map does not have are left out.
public struct ResultDrain: Module {
  let geometry: StageGeometry

  /// The drain of a stage.
  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(geometry.layer.name)_result_drain" }

  /// For each engine, one accumulator for each output channel.
  public var results: Vector<Vector<Signed>> { input(geometry.resultPayload) }
  /// Whether the results are complete.
  public var valid: Bit { input(.bit) }
  /// Whether results that are complete are taken in this cycle.
  public var ready: Bit { output(.bit) }
  /// The results, transfer by transfer.
  public var accumulations: Stream<Accumulation> { source(.bundle(Accumulation(of: geometry))) }

  private var h: Int { geometry.configuration.h }
  private var kpf: Int { geometry.configuration.kpf }
  private var rowLanes: Int { geometry.configuration.rowLanes }
  private var channelLanes: Int { geometry.configuration.channelLanes }
  private var sumShape: Shape<Signed> { .signed(geometry.layer.accumulatorBits) }
  /// Transfers of a round: rows, and of each of them channels.
  private var rowSteps: Int { ceilingDivide(h, rowLanes) }
  private var channelSteps: Int { kpf / channelLanes }
  private var transfers: Int { rowSteps * channelSteps }
  /// Transfers with the channels of one pixel and phase.
  private var channelGroups: Int { geometry.layer.outputShape.channels / channelLanes }

  private var held: Vector<Vector<Signed>> {
    register(.vector(transfers, of: .vector(rowLanes * channelLanes, of: sumShape)))
  }
  private var isFull: Bit { register(.bit, reset: 0) }
  private var index: Unsigned { register(.unsigned(bitsFor(transfers - 1)), reset: 0) }
  private var rowIndex: Unsigned { register(.unsigned(bitsFor(transfers - 1)), reset: 0) }
  private var channelStep: Counter { Counter(self, limit: channelSteps, named: "channelStep") }
  private var channelGroup: Counter { Counter(self, limit: channelGroups, named: "channelGroup") }
  private var roundGroup: Counter { Counter(self, limit: channelGroups, named: "roundGroup") }
  private var row: Counter { Counter(self, limit: rowSteps, named: "row") }
  private var round: Counter { Counter(self, limit: geometry.rounds.count, named: "round") }
  private var column: Counter { Counter(self, limit: geometry.kernel.columns, named: "column") }
  private var rowGroup: Counter { Counter(self, limit: geometry.rowGroups, named: "rowGroup") }

  /// Whether the last channels of the round are passed on: fewer than others in the last round of a group of phases.
  private var isLastChannel: Bit {
    wire({
      var isLast = channelStep.isLast
      for (index, other) in geometry.rounds.enumerated() where other.count < kpf {
        let last = Unsigned(other.count / channelLanes - 1)
        isLast = isLast | ((round.value == Unsigned(index)) & (channelStep.value == last))
      }
      return isLast
    }())
  }
  private var isLastRow: Bit {
    wire({
      let rest = geometry.rowsInLastGroup
      return row.isLast | (rowGroup.isLast & (row.value == Unsigned(ceilingDivide(rest, rowLanes) - 1)))
    }())
  }
  private var fires: Bit { wire(isFull & accumulations.ready) }
  private var isDone: Bit { wire(fires & isLastChannel & isLastRow) }

  public var body: Circuit {
    ready <== !isFull | isDone
    accumulations.valid <== isFull
    accumulations.payload.sums <== (transfers == 1 ? held[0] : held[index])
    accumulations.payload.channelGroup <== channelGroup.value

    When(valid & ready) {
      isFull <== 1
      for row in 0..<rowSteps {
        for channel in 0..<channelSteps {
          for lane in 0..<rowLanes * channelLanes {
            // Rows beyond the last engine are those of the first.
            let engine = (row * rowLanes + lane / channelLanes) % h
            held[row * channelSteps + channel][lane]
              <== results[engine][channel * channelLanes + lane % channelLanes]
          }
        }
      }
    } else: {
      When(isDone) { isFull <== 0 }
    }
    When(fires) {
      When(!isLastChannel) {
        channelStep.advance
        channelGroup.advance
        if transfers > 1 { index <== index &+ 1 }
      } else: {
        channelStep.restart
        When(!isLastRow) {
          row.advance
          channelGroup.set(to: roundGroup.value)
          if rowSteps > 1 {
            let next = rowIndex &+ Bits.number(channelSteps, rowIndex.width)
            rowIndex <== next
            index <== next
          }
        } else: {
          row.restart
          if transfers > 1 {
            rowIndex <== 0
            index <== 0
          }
          if geometry.isWeightStationary {
            column.advance
            When(column.isLast) { nextRound } else: { channelGroup.set(to: roundGroup.value) }
          } else {
            nextRound
          }
        }
      }
    }
    if geometry.isWeightStationary {
      When(isDone & round.isLast & column.isLast) { rowGroup.advance }
    } else {
      When(isDone & round.isLast) {
        column.advance
        When(column.isLast) { rowGroup.advance }
      }
    }
  }

  /// Goes on to the channels of the next round.
  @CircuitBuilder private var nextRound: Circuit {
    channelGroup.advance
    roundGroup.set(to: channelGroup.next)
    round.advance
  }
}
