import Weft
import WeftNetworks

/// The windows that a unit reads: the rows of its maps in line buffers, and the generator of the addresses.
///
/// A row group is read as soon as its rows are complete, while further rows are written. Upsampling and padding are a
/// matter of addresses: a source row lies in its buffer once. In each cycle `cpf` channels of all rows that the engines
/// need are read. Operands leave two clock edges after they are asked for.
public struct InputBuffer: Module {
  let geometry: StageGeometry

  /// The input buffer of a stage.
  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(geometry.layer.name)_input_buffer" }

  // MARK: Ports

  /// The maps, transfer by transfer.
  public var elements: [Stream<Vector<Signed>>] {
    geometry.inputOrders.indices.map {
      sink(geometry.inputPayload($0), named: geometry.inputOrders.count == 1 ? "elements" : "elements\($0)")
    }
  }
  /// Whether the pipeline moves in this cycle.
  public var advance: Bit { input(.bit) }
  /// Whether operands are asked for in this cycle; their weights have to be asked for at once.
  public var issue: Bit { output(.bit) }
  /// For each engine, one activation for each kernel row of those at once and each input channel.
  public var operands: Vector<Vector<Signed>> { output(.vector(h, of: .vector(taps * cpf, of: .signed(bits)))) }
  /// Whether the operands count.
  public var valid: Bit { output(.bit) }
  /// Whether the operands are the first of a sum.
  public var first: Bit { output(.bit) }
  /// Whether the operands are the last of a sum.
  public var last: Bit { output(.bit) }

  // MARK: Sizes

  private var layer: QuantizedLayer { geometry.layer }
  private var kernel: Kernel { geometry.kernel }
  private var bits: Int { layer.inputBits }
  private var h: Int { geometry.configuration.h }
  private var cpf: Int { geometry.configuration.cpf }
  private var taps: Int { geometry.configuration.taps }
  private var groups: Int { geometry.inputGroups.max() ?? 1 }
  private var height: Int { layer.inputShape.height }
  private var rowSize: Int { geometry.rowSize }
  private var addressBits: Int { bitsFor(geometry.bankDepth - 1) }
  private var rowCountBits: Int { bitsFor(geometry.bufferRows) }

  public var body: Circuit {
    storing
    reading
    fetching
  }

  // MARK: Rows in the buffers

  private var buffers: [Instance<LineBuffer>] {
    geometry.inputOrders.indices.map { instance(LineBuffer(geometry, input: $0), named: "buffer\($0)") }
  }
  /// Rows that are released in this cycle.
  private var released: Unsigned { wire(.unsigned(rowCountBits)) }

  @CircuitBuilder private var storing: Circuit {
    for (buffer, stream) in zip(buffers, elements) {
      buffer.elements <== stream
      buffer.released <== released
      buffer.readEnable <== advance
    }
  }

  // MARK: Reading: the loops

  private var inputGroup: Counter {
    Counter(self, limit: geometry.inputGroups.reduce(0, +), named: "inputGroup")
  }
  /// Which input is read, and the group among its own.
  private var source: Counter { Counter(self, limit: geometry.inputGroups.count, named: "source") }
  private var sourceGroup: Unsigned { register(.unsigned(bitsFor(groups - 1)), reset: 0) }
  private var groupInSource: Unsigned { wire(geometry.inputGroups.count == 1 ? inputGroup.value : sourceGroup) }
  private var isSourceDone: Bit {
    wire({
      var ends: [Bit] = []
      var end = 0
      for count in geometry.inputGroups {
        end += count
        ends.append(inputGroup.value == Bits.number(end - 1, inputGroup.value.width))
      }
      return ends.reduce(0, |)
    }())
  }
  private var kernelColumn: Unsigned { register(.unsigned(bitsFor(kernel.window.kernelWidth - 1)), reset: 0) }
  private var kernelRow: Unsigned { register(.unsigned(bitsFor(kernel.window.kernelHeight - 1)), reset: 0) }
  private var round: Counter { Counter(self, limit: geometry.rounds.count, named: "round") }
  /// The group of phases that the round belongs to.
  private var phaseGroup: Counter { Counter(self, limit: kernel.groups.count, named: "phaseGroup") }
  private var outputColumn: Counter { Counter(self, limit: kernel.columns, named: "outputColumn") }
  private var rowGroup: Counter { Counter(self, limit: geometry.rowGroups, named: "rowGroup") }
  private var isStarted: Bit { register(.bit, reset: 0) }
  private var isFirst: Bit { register(.bit, reset: 1) }

  /// Whether a counter of the loops stands at the last of as many values as each group of phases has.
  private func isLast(_ value: Unsigned, of counts: [Int]) -> Bit {
    Set(counts) == [1] ? 1 : value == chosen(phaseGroup.value, counts.map { $0 - 1 }, width: value.width)
  }

  /// The number that belongs to a group of phases.
  private func chosen(_ group: Unsigned, _ numbers: [Int], width: Int) -> Unsigned {
    var result = Bits.number(numbers[0], width)
    for (index, number) in numbers.enumerated().dropFirst() where Set(numbers).count > 1 {
      result = (group == Unsigned(index)).select(Bits.number(number, width), else: result)
    }
    return result
  }

  private var isLastColumn: Bit { wire(isLast(kernelColumn, of: kernel.groups.map(\.columns.count))) }
  private var isLastRow: Bit { wire(isLast(kernelRow, of: kernel.groups.indices.map(geometry.tapGroups))) }
  private var kernelColumnDone: Bit { wire(inputGroup.isLast) }
  private var kernelRowDone: Bit { wire(kernelColumnDone & isLastColumn) }
  private var sumDone: Bit { wire(kernelRowDone & isLastRow) }
  private var pixelDone: Bit { wire(sumDone & round.isLast) }
  private var rowGroupDone: Bit { wire(pixelDone & outputColumn.isLast) }
  /// Whether the round is the last of its group of phases.
  private var isGroupDone: Bit {
    wire({
      let rounds = geometry.rounds
      let last = rounds.indices.filter { $0 == rounds.count - 1 || rounds[$0 + 1].group != rounds[$0].group }
      return last.count == 1 ? round.isLast : last.map { round.value == Unsigned($0) }.reduce(0, |)
    }())
  }
  /// The group of phases of the next round.
  private var nextPhaseGroup: Unsigned {
    wire(kernel.groups.count == 1 ? phaseGroup.value : isGroupDone.select(phaseGroup.next, else: phaseGroup.value))
  }

  // MARK: Reading: columns

  private var columnRange: ClosedRange<Int> {
    let furthest = floorDivide(
      (kernel.columns - 1) * kernel.window.strideHorizontal + kernel.window.kernelWidth - kernel.window.padding.left
        + kernel.window.strideHorizontal, kernel.upsampling.horizontal
    ).0 + 1
    return min(geometry.firstColumn.column, 0) * groups...max(furthest, layer.inputShape.width) * groups
  }
  private var columnShape: Shape<Signed> { .signed(signedBitsFor(columnRange)) }
  private var columnPhaseShape: Shape<Unsigned> { .unsigned(bitsFor(kernel.upsampling.horizontal - 1)) }
  private var firstColumn: Signed { Bits.signed(geometry.firstColumn.column * groups, columnShape.width) }
  private var firstColumnPhase: Unsigned { Bits.number(geometry.firstColumn.phase, columnPhaseShape.width) }

  /// The first column of the window, as an address, and the upsampled place within it.
  private var windowColumn: Signed { register(columnShape, reset: firstColumn) }
  private var windowPhase: Unsigned { register(columnPhaseShape, reset: firstColumnPhase) }
  /// The column that is read.
  private var column: Signed { register(columnShape, reset: firstColumn) }
  private var columnPhase: Unsigned { register(columnPhaseShape, reset: firstColumnPhase) }
  private var isColumnInside: Bit {
    wire(!column.mostSignificantBit & (column < Bits.signed(rowSize, columnShape.width)))
  }

  /// A column some upsampled places further on.
  private func column(_ column: Signed, _ phase: Unsigned, advancedBy places: Int) -> (Signed, Unsigned) {
    let (whole, rest) = floorDivide(places, kernel.upsampling.horizontal)
    let (next, carry) = wrapped(phase, adding: rest, limit: kernel.upsampling.horizontal)
    let width = columnShape.width
    let step = carry.select(Bits.signed((whole + 1) * groups, width), else: Bits.signed(whole * groups, width))
    return (column &+ step, next)
  }

  /// Where a round of a group of phases begins in a window.
  private func start(_ window: (Signed, Unsigned), of group: Unsigned) -> (Signed, Unsigned) {
    var result = window
    for (index, phases) in kernel.groups.enumerated() where phases.columns.lowerBound > 0 {
      let other = column(window.0, window.1, advancedBy: phases.columns.lowerBound)
      let isOther = group == Unsigned(index)
      result = (isOther.select(other.0, else: result.0), isOther.select(other.1, else: result.1))
    }
    return result
  }

  // MARK: Reading: rows

  private var rowRange: ClosedRange<Int> {
    let factor = kernel.upsampling.vertical
    let furthest = (geometry.rowGroups + 1) * h * kernel.window.strideVertical + kernel.window.kernelHeight - kernel.window.padding.top
    return min(geometry.firstRow.row, 0)...max(floorDivide(furthest, factor).0 + 1, height) + geometry.banks + taps
  }
  private var rowShape: Shape<Signed> { .signed(signedBitsFor(rowRange)) }
  private var rowPhaseShape: Shape<Unsigned> { .unsigned(bitsFor(kernel.upsampling.vertical - 1)) }
  private var firstRow: Signed { Bits.signed(geometry.firstRow.row, rowShape.width) }
  private var firstRowPhase: Unsigned { Bits.number(geometry.firstRow.phase, rowPhaseShape.width) }
  /// Where the first window row of a frame lies in the ring.
  private var firstPlace: (bank: Int, start: Int) {
    let row = floorDivide(geometry.firstRow.row, geometry.bufferRows).1
    return (row % geometry.banks, row / geometry.banks * rowSize)
  }

  /// The first row of the first engine's window: in the map, its upsampled place, and in the ring.
  private var windowRow: Signed { register(rowShape, reset: firstRow) }
  private var windowRowPhase: Unsigned { register(rowPhaseShape, reset: firstRowPhase) }
  private var windowBank: Unsigned {
    register(.unsigned(bitsFor(geometry.banks - 1)), reset: Unsigned(firstPlace.bank))
  }
  private var windowStart: Unsigned { register(.unsigned(addressBits), reset: Unsigned(firstPlace.start)) }
  /// The row that the first engine reads.
  private var row: Signed { register(rowShape, reset: firstRow) }
  private var rowPhase: Unsigned { register(rowPhaseShape, reset: firstRowPhase) }
  private var bank: Unsigned { register(.unsigned(bitsFor(geometry.banks - 1)), reset: Unsigned(firstPlace.bank)) }
  private var start: Unsigned { register(.unsigned(addressBits), reset: Unsigned(firstPlace.start)) }

  private struct RowCursor {
    var row: Signed
    var phase: Unsigned
    var place: RowPlace

    static func select(_ condition: Bit, _ a: RowCursor, else b: RowCursor) -> RowCursor {
      RowCursor(
        row: condition.select(a.row, else: b.row), phase: condition.select(a.phase, else: b.phase),
        place: .select(condition, a.place, else: b.place))
    }
  }

  private var window: RowCursor {
    RowCursor(row: windowRow, phase: windowRowPhase, place: RowPlace(bank: windowBank, start: windowStart))
  }
  private var cursor: RowCursor { RowCursor(row: row, phase: rowPhase, place: RowPlace(bank: bank, start: start)) }

  /// A cursor some upsampled rows further on.
  private func advanced(_ cursor: RowCursor, by rows: Int) -> RowCursor {
    let (whole, rest) = floorDivide(rows, kernel.upsampling.vertical)
    let (phase, carry) = wrapped(cursor.phase, adding: rest, limit: kernel.upsampling.vertical)
    let width = rowShape.width
    let step = carry.select(Bits.signed(whole + 1, width), else: Bits.signed(whole, width))
    return RowCursor(
      row: cursor.row &+ step, phase: phase, place: cursor.place.advanced(by: whole, carry: carry, in: geometry))
  }

  /// Where a round of a group of phases begins in a window.
  private func start(_ window: RowCursor, of group: Unsigned) -> RowCursor {
    var result = window
    for (index, phases) in kernel.groups.enumerated() where phases.rows.lowerBound > 0 {
      result = .select(
        group == Unsigned(index), advanced(window, by: phases.rows.lowerBound), else: result)
    }
    return result
  }

  /// The window of the next frame's first row group, from that of this frame's last.
  private var nextFrame: RowCursor {
    let lastWindow = floorDivide(
      (geometry.rowGroups - 1) * h * kernel.window.strideVertical - kernel.window.padding.top, kernel.upsampling.vertical
    ).0
    let rows = height + geometry.firstRow.row - lastWindow
    return RowCursor(row: firstRow, phase: firstRowPhase, place: window.place.advanced(by: rows, in: geometry))
  }

  /// How many source rows an upsampled distance from the cursor's row spans: a constant for each place within the row.
  private func span(_ distance: Int, from phase: Unsigned, width: Int) -> Signed {
    var span = Bits.signed(floorDivide(distance, kernel.upsampling.vertical).0, width)
    for place in 1..<max(kernel.upsampling.vertical, 1) where kernel.upsampling.vertical > 1 {
      let rows = Bits.signed(floorDivide(distance + place, kernel.upsampling.vertical).0, width)
      span = (phase == Unsigned(place)).select(rows, else: span)
    }
    return span
  }

  /// A row limited to those that the map has.
  private func limited(_ row: Signed) -> Signed {
    let limit = Bits.signed(height, row.width)
    return row.mostSignificantBit.select(Bits.signed(0, row.width), else: (row > limit).select(limit, else: row))
  }

  /// The first row that the row group reads, within the map.
  private func held(_ cursor: RowCursor) -> Signed { limited(cursor.row) }
  /// The row after the last that the row group reads, within the map.
  private func needed(_ cursor: RowCursor) -> Signed {
    limited(
      cursor.row &+ span(geometry.windowRows - 1, from: cursor.phase, width: rowShape.width)
        &+ Bits.signed(1, rowShape.width))
  }

  /// The window of the row group after this one, in this frame or the next.
  private var nextWindow: RowCursor {
    .select(rowGroup.isLast, nextFrame, else: advanced(window, by: h * kernel.window.strideVertical))
  }
  /// The row after the last that is released with this row group: what the next one does not read, or all.
  private var releaseEnd: Signed {
    wire(rowGroup.isLast.select(Bits.signed(height, rowShape.width), else: held(nextWindow)))
  }
  /// The rows that have to be complete: those that the row group reads, and those that are released with it.
  private var rowsNeeded: Unsigned {
    wire({
      let read = needed(window)
      let end = (read > releaseEnd).select(read, else: releaseEnd)
      return (end &- held(window)).asUnsigned.truncatedOrExtended(to: rowCountBits)
    }())
  }

  @CircuitBuilder private var reading: Circuit {
    let isReady = buffers.map { $0.filled >= rowsNeeded }.reduce(1, &)
    issue <== advance & (isStarted | isReady)
    released <== (issue & rowGroupDone).select(
      (releaseEnd &- held(window)).asUnsigned.truncatedOrExtended(to: rowCountBits),
      else: Bits.number(0, rowCountBits))

    let (nextColumn, nextPhase) = column(column, columnPhase, advancedBy: 1)
    let (strideColumn, stridePhase) = column(
      windowColumn, windowPhase, advancedBy: kernel.window.strideHorizontal)
    let nextWindowColumn = outputColumn.isLast.select(firstColumn, else: strideColumn)
    let nextWindowPhase = outputColumn.isLast.select(firstColumnPhase, else: stridePhase)
    let (rowStartColumn, rowStartPhase) = start((windowColumn, windowPhase), of: phaseGroup.value)
    let (roundColumn, roundPhase) = start((windowColumn, windowPhase), of: nextPhaseGroup)
    let nextRow = advanced(cursor, by: taps)
    let nextWindow = nextWindow
    When(issue) {
      isFirst <== sumDone
      isStarted <== !rowGroupDone
      inputGroup.advance
      if geometry.inputGroups.count > 1 {
        sourceGroup <== isSourceDone.select(0, else: sourceGroup &+ 1)
        When(isSourceDone) { source.advance }
      }
      When(kernelColumnDone) {
        kernelColumn <== isLastColumn.select(0, else: kernelColumn &+ 1)
        column <== pixelDone.select(
          nextWindowColumn,
          else: sumDone.select(roundColumn, else: isLastColumn.select(rowStartColumn, else: nextColumn)))
        columnPhase <== pixelDone.select(
          nextWindowPhase,
          else: sumDone.select(roundPhase, else: isLastColumn.select(rowStartPhase, else: nextPhase)))
      }
      When(kernelRowDone) {
        kernelRow <== isLastRow.select(0, else: kernelRow &+ 1)
        let next = RowCursor.select(
          rowGroupDone, nextWindow,
          else: .select(
            pixelDone, window, else: .select(isLastRow, start(window, of: nextPhaseGroup), else: nextRow)))
        row <== next.row
        rowPhase <== next.phase
        bank <== next.place.bank
        start <== next.place.start
      }
      When(sumDone) {
        round.advance
        When(isGroupDone) { phaseGroup.advance }
      }
      When(pixelDone) {
        outputColumn.advance
        windowColumn <== nextWindowColumn
        windowPhase <== nextWindowPhase
      }
      When(rowGroupDone) {
        rowGroup.advance
        windowRow <== nextWindow.row
        windowRowPhase <== nextWindow.phase
        windowBank <== nextWindow.place.bank
        windowStart <== nextWindow.place.start
      }
    }
  }

  // MARK: Fetching

  private var offset: Unsigned {
    wire((column + groupInSource.extendedToSigned).asUnsigned.truncatedOrExtended(to: addressBits))
  }
  private var bankAddress: Unsigned { wire(start &+ offset) }
  private var nextBankAddress: Unsigned {
    wire(RowPlace(bank: bank, start: start).advanced(by: geometry.banks, in: geometry).start &+ offset)
  }
  /// The rows that are read in one cycle, as distances from the first.
  private var distances: [Int] { geometry.rowDistances }
  /// What each bank of the input that is read gives.
  private var words: Vector<Vector<Signed>> {
    wire(.vector(geometry.banks, of: .vector(cpf, of: .signed(bits))))
  }

  private var isIssued: Bit { register(.bit, reset: 0) }
  private var isIssuedFirst: Bit { register(.bit) }
  private var isIssuedLast: Bit { register(.bit) }
  private var issuedSource: Unsigned { register(.unsigned(source.value.width)) }
  /// Whether each row, and the column, lie inside the map.
  private var isInside: Vector<Bit> { register(.vector(distances.count, of: .bit)) }
  /// The bank that holds each row.
  private var chosenBank: Vector<Unsigned> {
    register(.vector(distances.count, of: .unsigned(bitsFor(geometry.banks - 1))))
  }
  private var operandRegister: Vector<Vector<Signed>> {
    register(.vector(distances.count, of: .vector(cpf, of: .signed(bits))))
  }
  private var operandValid: Bit { register(.bit, reset: 0) }
  private var operandFirst: Bit { register(.bit) }
  private var operandLast: Bit { register(.bit) }

  @CircuitBuilder private var fetching: Circuit {
    for buffer in buffers {
      for bankIndex in 0..<geometry.banks {
        buffer.addresses[bankIndex] <== (geometry.banks == 1
          ? bankAddress : (bank > Unsigned(bankIndex)).select(nextBankAddress, else: bankAddress))
      }
    }
    words <== buffers.enumerated().dropFirst().reduce(buffers[0].words) { words, other in
      (issuedSource == Unsigned(other.offset)).select(other.element.words, else: words)
    }
    When(advance) {
      isIssued <== issue
      isIssuedFirst <== isFirst
      isIssuedLast <== sumDone
      if buffers.count > 1 { issuedSource <== source.value }
      for (index, distance) in distances.enumerated() {
        let rows = span(distance, from: rowPhase, width: rowShape.width)
        let place = row &+ rows
        isInside[index] <== isColumnInside & !place.mostSignificantBit
          & (place < Bits.signed(height, rowShape.width)) & isInWindow(distance)
        chosenBank[index] <== bankHolding(rows)
      }
      operandValid <== isIssued
      operandFirst <== isIssuedFirst
      operandLast <== isIssuedLast
      for index in distances.indices {
        let word = geometry.banks == 1 ? words[0] : words[chosenBank[index]]
        for lane in 0..<cpf {
          operandRegister[index][lane] <== isInside[index].select(word[lane], else: Signed(layer.inputZeroPoint))
        }
      }
    }
    for engine in 0..<h {
      for tap in 0..<taps {
        let distance = engine * kernel.window.strideVertical + tap
        let index = distances.firstIndex(of: distance)
        for lane in 0..<cpf {
          // Rows beyond the kernel weigh nothing.
          operands[engine][tap * cpf + lane] <== index.map { operandRegister[$0][lane] } ?? Bits.signed(0, bits)
        }
      }
    }
    valid <== operandValid
    first <== operandFirst
    last <== operandLast
  }

  /// Whether a row lies inside the window of the last engine: the last kernel rows at once may go beyond, where rows
  /// need not be complete; their weights are zero.
  private func isInWindow(_ distance: Int) -> Bit {
    let beyond = kernel.groups.indices.filter { group in
      let rows = kernel.groups[group].rows
      let last = rows.lowerBound + (geometry.tapGroups(ofGroup: group) - 1) * taps + distance
      return last >= geometry.windowRows
    }
    return beyond.map { group in
      !((phaseGroup.value == Unsigned(group)) & (kernelRow == Unsigned(geometry.tapGroups(ofGroup: group) - 1)))
    }.reduce(1, &)
  }

  /// The bank of the row that lies `rows` below the cursor's.
  private func bankHolding(_ rows: Signed) -> Unsigned {
    let width = bitsFor(2 * geometry.banks)
    let sum = bank.extended(to: width) &+ rows.asUnsigned.truncatedOrExtended(to: width)
    let limit = Bits.number(geometry.banks, width)
    return (sum >= limit).select(sum &- limit, else: sum).truncated(to: bank.width)
  }
}

extension Unsigned {
  /// The number in `width` bits, which hold it by construction.
  func truncatedOrExtended(to width: Int) -> Unsigned {
    self.width > width ? truncated(to: width) : extended(to: width)
  }
}

extension Bits {
  /// A constant of a fixed width in two's complement.
  static func signed(_ value: Int, _ width: Int) -> Signed {
    Bits(BitVector(truncating: value, width: width)).asSigned
  }
}
