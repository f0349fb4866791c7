import Weft

/// Holds the results of one step of all compute engines and passes them on one a cycle, while the next are computed.
/// Rows and channels that the map does not have are left out.
public struct ResultDrain: Module {
  let geometry: StageGeometry

  /// The drain of a stage.
  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(geometry.layer.name)_result_drain" }

  /// For each engine, one accumulator for each output channel.
  public var results: Vector<Vector<Signed>> {
    input(.vector(h, of: .vector(kpf, of: .signed(geometry.layer.accumulatorBits))))
  }
  /// Whether the results are complete.
  public var valid: Bit { input(.bit) }
  /// Whether results that are complete are taken in this cycle.
  public var ready: Bit { output(.bit) }
  /// The results one by one.
  public var accumulations: Stream<Accumulation> { source(.bundle(Accumulation(of: geometry))) }

  private var h: Int { geometry.configuration.h }
  private var kpf: Int { geometry.configuration.kpf }
  private var channels: Int { geometry.layer.outputShape.channels }
  private var order: ElementOrder { geometry.outputOrder }

  private var held: Vector<Signed> { register(.vector(h * kpf, of: .signed(geometry.layer.accumulatorBits))) }
  private var isFull: Bit { register(.bit, reset: 0) }
  private var index: Unsigned { register(.unsigned(bitsFor(h * kpf - 1)), reset: 0) }
  private var rowIndex: Unsigned { register(.unsigned(bitsFor(h * kpf - 1)), reset: 0) }
  private var channel: Unsigned { register(.unsigned(bitsFor(channels - 1)), reset: 0) }
  private var groupChannel: Unsigned { register(.unsigned(bitsFor(channels - 1)), reset: 0) }
  private var channelInGroup: Counter { Counter(self, limit: order.channelsPerGroup, named: "channelInGroup") }
  private var row: Counter { Counter(self, limit: order.rowsPerGroup, named: "row") }
  private var column: Counter { Counter(self, limit: geometry.layer.outputShape.width, named: "column") }
  private var rowGroup: Counter { Counter(self, limit: order.rowGroups, named: "rowGroup") }

  private var isLastChannel: Bit { wire(channel == Bits.number(channels - 1, channel.width)) }
  private var isGroupDone: Bit { wire(channelInGroup.isLast | isLastChannel) }
  private var isLastRow: Bit {
    wire(row.isLast | (rowGroup.isLast & (row.value == Unsigned(order.rowsInLastGroup - 1))))
  }
  private var fires: Bit { wire(isFull & accumulations.ready) }
  private var isDone: Bit { wire(fires & isGroupDone & isLastRow) }

  public var body: Circuit {
    ready <== !isFull | isDone
    accumulations.valid <== isFull
    accumulations.payload.sum <== held[index]
    accumulations.payload.channel <== channel

    When(valid & ready) {
      isFull <== 1
      for engine in 0..<h {
        for k in 0..<kpf { held[engine * kpf + k] <== results[engine][k] }
      }
    } else: {
      When(isDone) { isFull <== 0 }
    }
    When(fires) {
      When(!isGroupDone) {
        channelInGroup.advance
        channel <== channel &+ 1
        index <== index &+ 1
      } else: {
        channelInGroup.restart
        When(!isLastRow) {
          row.advance
          channel <== groupChannel
          let next = rowIndex &+ Bits.number(kpf, rowIndex.width)
          rowIndex <== next
          index <== next
        } else: {
          row.restart
          rowIndex <== 0
          index <== 0
          let next = isLastChannel.select(Bits.number(0, channel.width), else: channel &+ 1)
          channel <== next
          groupChannel <== next
        }
      }
    }
    When(isDone & isLastChannel) {
      column.advance
      When(column.isLast) { rowGroup.advance }
    }
  }
}
