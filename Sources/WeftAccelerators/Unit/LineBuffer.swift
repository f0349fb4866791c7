import Weft
import WeftNetworks

/// The rows of one map that a unit needs at a time, in block RAM.
///
/// Transfers come in the order of the link and are written where they belong; a row group counts when all its rows are
/// complete. Banks take rows by turns, lanes take channels by turns, so that several rows of `cpf` channels are read in
/// each cycle while further rows are written.
public struct LineBuffer: Module {
  let geometry: StageGeometry
  /// Which of the stage's inputs it is for.
  let index: Int
  private let table: StepTable

  /// The buffer of an input of a stage.
  public init(_ geometry: StageGeometry, input index: Int) {
    self.geometry = geometry
    self.index = index
    table = StepTable(geometry.inputOrders[index], in: geometry)
  }

  public var verilogName: String? {
    geometry.inputOrders.count == 1
      ? "\(geometry.layer.name)_line_buffer" : "\(geometry.layer.name)_line_buffer\(index)"
  }

  // MARK: Ports

  /// The map, transfer by transfer.
  public var elements: Stream<Vector<Signed>> { sink(geometry.inputPayload(index)) }
  /// Complete rows that are not released.
  public var filled: Unsigned { output(.unsigned(rowCountBits)) }
  /// Rows that are released in this cycle.
  public var released: Unsigned { input(.unsigned(rowCountBits)) }
  /// Whether words are read.
  public var readEnable: Bit { input(.bit) }
  /// Where each bank, and column bank, is read.
  public var addresses: Vector<Vector<Unsigned>> {
    input(.vector(geometry.banks, of: .vector(columnBanks, of: .unsigned(addressBits))))
  }
  /// What was read at the last clock edge at which it was asked for: of each bank an element for each lane.
  public var words: Vector<Vector<Vector<Signed>>> {
    output(.vector(geometry.banks, of: .vector(columnBanks, of: .vector(cpf, of: .signed(bits)))))
  }

  // MARK: Sizes

  private var order: LinkOrder { geometry.inputOrders[index] }
  private var bits: Int { geometry.layer.inputBits }
  private var cpf: Int { geometry.configuration.cpf }
  private var groups: Int { geometry.inputGroups.max() ?? 1 }
  private var addressBits: Int { bitsFor(geometry.bankDepth - 1) }
  private var rowCountBits: Int { bitsFor(geometry.bufferRows) }
  private var columnBanks: Int { geometry.columnBanks }

  // MARK: Steps

  private var cursor: StepCursor {
    StepCursor(
      self, order, table: table.words, startOfLastGroup: table.startOfLastGroup, takes: take,
      ends: { word in
        let step = table.step(word)
        return StepCursor.Ends(isLast: step.isLast, isLastPass: step.isLastPass)
      })
  }
  private var columnStart: Unsigned {
    register(.unsigned(bitsFor(max(geometry.rowSize - 1, 1))), reset: 0)
  }
  private var columnBank: Unsigned { register(.unsigned(bitsFor(columnBanks - 1)), reset: 0) }
  private var groupBank: Unsigned { register(.unsigned(bitsFor(geometry.banks - 1)), reset: 0) }
  private var groupStart: Unsigned { register(.unsigned(addressBits), reset: 0) }
  /// Complete rows that are not released.
  private var rows: Unsigned { register(.unsigned(rowCountBits), reset: 0) }

  /// Whether the reset is over: nothing is taken in a reset that ends later than others'.
  private var isAwake: Bit { geometry.isDeep ? register(.bit, reset: 0) : 1 }
  private var take: Bit { wire(elements.valid & elements.ready) }
  public var body: Circuit {
    writing
    stepping
    storing
    filled <== rows
  }

  /// Rows of the map in the row group that is written.
  private var groupRows: Unsigned {
    let (whole, last) = (order.mapRowsPerGroup, order.rowsInLastGroup * order.verticalPhases)
    return cursor.rowGroup.isLast.select(Bits.number(last, rowCountBits), else: Bits.number(whole, rowCountBits))
  }

  @CircuitBuilder private var writing: Circuit {
    if geometry.isDeep { isAwake <== 1 }
    elements.ready <== isAwake & (rows <= Bits.number(geometry.bufferRows, rowCountBits) &- groupRows)
    rows <== rows &+ cursor.isGroupDone.select(groupRows, else: Bits.number(0, rowCountBits)) &- released
  }

  @CircuitBuilder private var stepping: Circuit {
    let cursor = cursor
    let (column, rowGroup) = (cursor.column, cursor.rowGroup)
    cursor.advance
    When(cursor.isColumnDone) {
      column.advance
      let width = columnStart.width
      let (turns, banks) = (order.horizontalPhases / columnBanks, order.horizontalPhases % columnBanks)
      if columnBanks == 1 {
        columnStart <== column.isLast.select(
          Bits.number(0, width), else: columnStart &+ Bits.number(turns * groups, width))
      } else {
        let (bank, turn) = wrapped(columnBank, adding: banks, limit: columnBanks)
        let step = turn.select(Bits.number((turns + 1) * groups, width), else: Bits.number(turns * groups, width))
        columnBank <== column.isLast.select(Bits.number(0, bank.width), else: bank)
        columnStart <== column.isLast.select(Bits.number(0, width), else: columnStart &+ step)
      }
    }
    When(cursor.isGroupDone) {
      rowGroup.advance
      let group = RowPlace(bank: groupBank, start: groupStart)
      let next = RowPlace.select(
        rowGroup.isLast,
        group.advanced(by: order.rowsInLastGroup * order.verticalPhases, in: geometry),
        else: group.advanced(by: order.mapRowsPerGroup, in: geometry))
      groupBank <== next.bank
      groupStart <== next.start
    }
  }

  // MARK: Memories

  /// Equal parts of a word that transfers write.
  private var parts: Int {
    let lanes = order.channelLanes
    return cpf % lanes == 0 && table.lanes.allSatisfy { $0 % lanes == 0 } ? cpf / lanes : cpf
  }

  /// For each lane, whether the transfer has an element for it, and which.
  private var laneEnables: Bits { wire(.bits(parts)) }
  private var laneElements: Vector<Vector<Signed>> {
    wire(.vector(order.rowLanes, of: .vector(cpf, of: .signed(bits))))
  }

  /// A value that long paths lead to and from: a clock edge later with deep pipelining.
  private func cut<Value: Signal>(_ value: Value, resets: Bool = false, named name: String) -> Value {
    value.delayed(by: geometry.isDeep ? 1 : 0, resets: resets, named: name)
  }

  @CircuitBuilder private var storing: Circuit {
    let step = table.step(cursor.word)
    let size = cpf / parts
    for part in 0..<parts {
      // The first lanes of steps that reach this part.
      let first = table.lanes.filter { (part * size - $0 + cpf) % cpf < order.channelLanes }
      if first.count == table.lanes.count {
        laneEnables[part] <== 1
      } else {
        laneEnables[part] <== first.map { step.lane == Bits.number($0, step.lane.width) }.reduce(0, |)
      }
    }
    for row in 0..<order.rowLanes {
      for lane in 0..<cpf {
        laneElements[row][lane] <== element(of: lane, row: row, step)
      }
    }
    let places = places(step).enumerated().map { row, place in
      RowPlace(bank: cut(place.bank, named: "bank\(row)"), start: cut(place.start, named: "start\(row)"))
    }
    let (bank, place) = columnPlace(step)
    let (stepBank, offset) = (cut(bank, named: "stepBank"), cut(place, named: "offset"))
    let rows = (0..<order.rowLanes).map { cut(take & step.rows[$0], resets: true, named: "hasRow\($0)") }
    let (lanes, elements) = (cut(laneEnables, named: "lanes"), cut(laneElements, named: "elements"))
    for bank in 0..<geometry.banks {
      let hits = places.indices.map { row in
        let isHere = geometry.banks == 1 ? 1 : places[row].bank == Bits.number(bank, places[row].bank.width)
        return rows[row] & isHere
      }
      let address = cut(chosen(places.map(\.start), hits) &+ offset, named: "writeAddress\(bank)")
      let words = cut(
        Vector((0..<cpf).map { lane in chosen(elements.map { $0[lane] }, hits) }), named: "written\(bank)")
      for columnBank in 0..<columnBanks {
        let store = instance(
          LineMemory(depth: geometry.bankDepth, lanes: cpf, bits: bits, parts: parts),
          named: columnBanks == 1 ? "bank\(bank)" : "bank\(bank)_\(columnBank)")
        let isHere = columnBanks == 1 ? 1 : stepBank == Bits.number(columnBank, stepBank.width)
        store.readEnable <== readEnable
        store.readAddress <== addresses[bank][columnBank]
        store.writeEnable
          <== cut(
            (hits.reduce(0, |) & isHere).select(lanes, else: Bits.zeros(parts)), resets: true,
            named: "writeEnable\(bank)_\(columnBank)")
        store.writeAddress <== address
        store.elements <== words
        self.words[bank][columnBank] <== store.word
      }
    }
  }

  /// The column bank of a transfer, and where in a row of it the word lies.
  private func columnPlace(_ step: StepTable.Step) -> (bank: Unsigned, offset: Unsigned) {
    let offset = columnStart + step.offset
    guard columnBanks > 1 else { return (step.columnBank, offset.truncatedOrExtended(to: addressBits)) }
    let (bank, turn) = wrapped(columnBank, adding: step.columnBank, limit: columnBanks)
    let next = offset + Bits.number(groups, bitsFor(groups))
    let place = turn.select(next, else: offset.extended(to: next.width))
    return (bank, place.truncatedOrExtended(to: addressBits))
  }

  /// The rows of a transfer in the ring.
  private func places(_ step: StepTable.Step) -> [RowPlace] {
    let (bank, turn) = wrapped(groupBank, adding: step.bank, limit: geometry.banks)
    let width = bitsFor(2 * geometry.bankDepth)
    let turned = turn.select(Bits.number(geometry.rowSize, width), else: Bits.number(0, width))
    let sum = groupStart.extended(to: width) &+ step.start.extended(to: width) &+ turned
    let depth = Bits.number(geometry.bankDepth, width)
    let start = (sum >= depth).select(sum &- depth, else: sum).truncated(to: addressBits)
    let first = RowPlace(bank: bank, start: start)
    return (0..<order.rowLanes).map { row in
      row == 0 ? first : first.advanced(by: row * order.verticalPhases, in: geometry)
    }
  }

  /// The element that a lane takes from a row of a transfer; any where it takes none.
  private func element(of lane: Int, row: Int, _ step: StepTable.Step) -> Signed {
    let payload = elements.payload
    var sources: [Int: [Int]] = [:]
    for first in table.lanes {
      let channel = (lane - first + cpf) % cpf
      if channel < order.channelLanes { sources[channel, default: []].append(first) }
    }
    var result: Signed?
    for (channel, first) in sources.sorted(by: { $0.key < $1.key }) {
      let value = payload[row * order.channelLanes + channel]
      let isChosen = first.map { step.lane == Bits.number($0, step.lane.width) }.reduce(0, |)
      result = result.map { isChosen.select(value, else: $0) } ?? value
    }
    return result ?? payload[row * order.channelLanes]
  }

  /// The value of the row that hits, or of the first.
  private func chosen<Value: Scalar>(_ values: [Value], _ hits: [Bit]) -> Value {
    zip(values, hits).dropFirst().reduce(values[0]) { $1.1.select($1.0, else: $0) }
  }
}
