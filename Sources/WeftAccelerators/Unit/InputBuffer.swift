import Weft
import WeftNetworks

/// The windows that a unit reads: the rows of its maps in line buffers, and the generator of the addresses.
///
/// A row group is read as soon as its rows are complete, while further rows are written. Upsampling and padding are a
/// matter of addresses: a source row lies in its buffer once. In each cycle `cpf` channels of all rows and columns that
/// the engines need are read. Operands leave two clock edges after they are asked for, or with deep pipelining five; then
/// the loops wait after each row group, until what the next one needs is known.
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
  /// Whether there is a place for another round's results, where the pipeline never stops; else nothing.
  public var hasPlace: [Bit] { geometry.isDeep ? [input(.bit, named: "hasPlace")] : [] }
  /// Whether the operands that are asked for are the last of a sum, where the pipeline never stops; else nothing.
  public var completes: [Bit] { geometry.isDeep ? [output(.bit, named: "completes")] : [] }
  /// Whether operands are asked for in this cycle; their weights have to be asked for at once.
  public var issue: Bit { output(.bit) }
  /// For each engine, one activation for each kernel row of those at once, kernel column and input channel.
  public var operands: Vector<Vector<Signed>> {
    output(.vector(h, of: .vector(geometry.configuration.operandLanes, of: .signed(bits))))
  }
  /// Whether the weights of the operands that are asked for next are here, where they come from external memory; else
  /// nothing.
  public var areWeightsAvailable: [Bit] {
    geometry.hasExternalWeights ? [input(.bit, named: "areWeightsAvailable")] : []
  }
  /// Where the loops stand, where the weights of a round stay for all columns; else nothing.
  public var loop: [WeightLoop] {
    geometry.isWeightStationary ? [output(.bundle(WeightLoop()), named: "loop")] : []
  }
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
  /// The code that stands for what lies outside the map.
  private var padding: Int {
    geometry.isPooling ? layer.inputQuantization.codes.lowerBound : layer.inputZeroPoint
  }
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

  /// A value that long paths lead to and from: a clock edge later with deep pipelining.
  private func cut<Value: Signal>(_ value: Value, named name: String) -> Value {
    value.delayed(by: geometry.isDeep ? 1 : 0, named: name)
  }
  private func cut(_ cursor: RowCursor, named name: String) -> RowCursor {
    cursor.delayed(by: geometry.isDeep ? 1 : 0, named: name)
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
    Counter(self, limit: geometry.inputGroupsPerSum, named: "inputGroup")
  }
  /// Which input is read, and the group among its own.
  private var source: Counter { Counter(self, limit: geometry.inputGroups.count, named: "source") }
  private var sourceGroup: Unsigned { register(.unsigned(bitsFor(groups - 1)), reset: 0) }
  /// A pooling has the channels that it reads in the order of its rounds.
  private var groupInSource: Unsigned {
    wire(geometry.isPooling ? round.value : geometry.inputGroups.count == 1 ? inputGroup.value : sourceGroup)
  }
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
  private var isFirstOfSum: Bit { register(.bit, reset: 1, named: "isFirst") }

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

  private var isLastColumn: Bit { wire(isLast(kernelColumn, of: kernel.groups.indices.map(geometry.columnTapGroups))) }
  private var isLastRow: Bit { wire(isLast(kernelRow, of: kernel.groups.indices.map(geometry.tapGroups))) }
  private var kernelColumnDone: Bit { wire(inputGroup.isLast) }
  private var kernelRowDone: Bit { wire(kernelColumnDone & isLastColumn) }
  private var sumDone: Bit { wire(kernelRowDone & isLastRow) }
  /// Whether all rounds of a column follow each other, or all columns of a round.
  private var isWeightStationary: Bool { geometry.isWeightStationary }
  private var pixelDone: Bit { wire(isWeightStationary ? sumDone : sumDone & round.isLast) }
  private var roundDone: Bit { isWeightStationary ? wire(sumDone & outputColumn.isLast) : sumDone }
  private var rowGroupDone: Bit {
    wire(isWeightStationary ? roundDone & round.isLast : pixelDone & outputColumn.isLast)
  }
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
    wire({
      if kernel.groups.count == 1 { return phaseGroup.value }
      let isDone = isWeightStationary ? isGroupDone & outputColumn.isLast : isGroupDone
      return isDone.select(phaseGroup.next, else: phaseGroup.value)
    }())
  }

  // MARK: Reading: columns

  private var columnFactor: Int { kernel.upsampling.horizontal }
  private var columnBanks: Int { geometry.columnBanks }
  private var columnRange: ClosedRange<Int> {
    let window = kernel.window
    let furthest = kernel.columns * window.strideHorizontal + window.kernelWidth - window.padding.left
    return min(geometry.firstColumn.column, 0)...max(floorDivide(furthest, columnFactor).0 + 1, layer.inputShape.width)
      + geometry.configuration.columnTaps
  }
  private var columnStartRange: ClosedRange<Int> {
    let (least, most) = (columnRange.lowerBound, columnRange.upperBound)
    return floorDivide(least, columnBanks).0 * groups...(most / columnBanks + 1) * groups
  }
  private var columnShape: Shape<Signed> { .signed(signedBitsFor(columnRange)) }
  private var columnPhaseShape: Shape<Unsigned> { .unsigned(bitsFor(columnFactor - 1)) }
  private var columnBankShape: Shape<Unsigned> { .unsigned(bitsFor(columnBanks - 1)) }
  private var columnStartShape: Shape<Signed> { .signed(signedBitsFor(columnStartRange)) }

  /// The first column of a row's first window.
  private var firstColumn: ColumnCursor {
    let (column, phase) = geometry.firstColumn
    let (turns, bank) = floorDivide(column, columnBanks)
    return ColumnCursor(
      column: Bits.signed(column, columnShape.width), phase: Bits.number(phase, columnPhaseShape.width),
      bank: Bits.number(bank, columnBankShape.width), start: Bits.signed(turns * groups, columnStartShape.width))
  }

  /// Registers that hold a column; what follows from it takes none.
  private func columnRegisters(named name: String) -> ColumnCursor {
    let first = firstColumn
    let column: Signed = register(columnShape, reset: first.column, named: "\(name)Column")
    return ColumnCursor(
      column: column,
      phase: columnFactor == 1
        ? first.phase : register(columnPhaseShape, reset: first.phase, named: "\(name)ColumnPhase"),
      bank: columnBanks == 1
        ? first.bank : register(columnBankShape, reset: first.bank, named: "\(name)ColumnBank"),
      start: columnBanks * groups == 1
        ? column.extended(to: columnStartShape.width)
        : register(columnStartShape, reset: first.start, named: "\(name)ColumnStart"))
  }

  /// The first column of the window.
  private var windowColumn: ColumnCursor { columnRegisters(named: "window") }
  /// The first column that is read.
  private var column: ColumnCursor { columnRegisters(named: "read") }

  /// Moves registers on.
  @CircuitBuilder private func set(_ registers: ColumnCursor, to column: ColumnCursor) -> Circuit {
    registers.column <== column.column
    if columnFactor > 1 { registers.phase <== column.phase }
    if columnBanks > 1 { registers.bank <== column.bank }
    if columnBanks * groups > 1 { registers.start <== column.start }
  }

  /// A column some upsampled places further on.
  private func advanced(_ column: ColumnCursor, by places: Int) -> ColumnCursor {
    let (whole, rest) = floorDivide(places, columnFactor)
    let (phase, carry): (Unsigned, Bit) =
      columnFactor == 1 ? (column.phase, 0) : wrapped(column.phase, adding: rest, limit: columnFactor)
    let (turns, banks) = floorDivide(whole, columnBanks)
    let (bank, turn): (Unsigned, Bit) =
      columnBanks == 1 ? (column.bank, carry) : wrapped(column.bank, adding: banks, carry: carry, limit: columnBanks)
    func moved(_ value: Signed, by step: Int, or other: Int, _ condition: Bit) -> Signed {
      value &+ condition.select(Bits.signed(other, value.width), else: Bits.signed(step, value.width))
    }
    return ColumnCursor(
      column: moved(column.column, by: whole, or: whole + 1, carry), phase: phase, bank: bank,
      start: moved(column.start, by: turns * groups, or: (turns + 1) * groups, turn))
  }

  /// Where a round of a group of phases begins in a window.
  private func start(_ window: ColumnCursor, of group: Unsigned) -> ColumnCursor {
    var result = window
    for (index, phases) in kernel.groups.enumerated() where phases.columns.lowerBound > 0 {
      result = .select(group == Unsigned(index), advanced(window, by: phases.columns.lowerBound), else: result)
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

  /// Where a round of a group of phases begins in the window.
  private func windowStart(of group: Unsigned) -> RowCursor {
    var result = window
    for (index, phases) in kernel.groups.enumerated() where phases.rows.lowerBound > 0 {
      let start = cut(advanced(window, by: phases.rows.lowerBound), named: "windowOfGroup\(index)")
      result = .select(group == Unsigned(index), start, else: result)
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

  /// How many source rows, or columns, an upsampled distance spans: a constant for each place where it may begin within
  /// the first.
  private func span(_ distance: Int, from phase: Unsigned, factor: Int, width: Int) -> Signed {
    var span = Bits.signed(floorDivide(distance, factor).0, width)
    for place in 1..<max(factor, 1) where factor > 1 {
      let rows = Bits.signed(floorDivide(distance + place, factor).0, width)
      span = (phase == Unsigned(place)).select(rows, else: span)
    }
    return span
  }

  /// A row limited to those that the map has.
  private func limited(_ row: Signed) -> Signed {
    let limit = Bits.signed(height, row.width)
    return row.mostSignificantBit.select(Bits.signed(0, row.width), else: (row > limit).select(limit, else: row))
  }

  /// The first row that a row group reads, within the map.
  private func held(_ cursor: RowCursor) -> Signed { limited(cursor.row) }
  /// The row after the last that the row group reads, within the map.
  private func needed(_ cursor: RowCursor) -> Signed {
    limited(
      cursor.row
        &+ span(
          geometry.windowRows - 1, from: cursor.phase, factor: kernel.upsampling.vertical, width: rowShape.width)
        &+ Bits.signed(1, rowShape.width))
  }

  /// The window of the row group after this one, in this frame or the next.
  private var nextWindow: RowCursor {
    cut(
      .select(rowGroup.isLast, nextFrame, else: advanced(window, by: h * kernel.window.strideVertical)),
      named: "nextWindow")
  }
  /// The first row that the row group reads, within the map.
  private var firstHeld: Signed { wire(cut(held(window), named: "firstHeld")) }
  /// The row after the last that is released with this row group: what the next one does not read, or all.
  private var releaseEnd: Signed {
    wire(
      cut(
        rowGroup.isLast.select(Bits.signed(height, rowShape.width), else: held(nextWindow)), named: "releaseEnd"))
  }
  /// The rows that have to be complete: those that the row group reads, and those that are released with it.
  private var rowsNeeded: Unsigned {
    wire({
      let read = cut(needed(window), named: "readEnd")
      let end = (read > releaseEnd).select(read, else: releaseEnd)
      return cut(rows(from: firstHeld, to: end), named: "rowsNeeded")
    }())
  }
  /// The rows that are released with the row group.
  private var rowsReleased: Unsigned { cut(rows(from: firstHeld, to: releaseEnd), named: "rowsReleased") }

  private func rows(from first: Signed, to end: Signed) -> Unsigned {
    (end &- first).asUnsigned.truncatedOrExtended(to: rowCountBits)
  }

  /// Whether it is not known yet what a row group needs that has come up: a bit for each cycle of its first.
  private var settling: [Bits] {
    geometry.isDeep
      ? [register(.bits(geometry.rowGroupGap), reset: Bits(BitVector(truncating: -1, width: geometry.rowGroupGap)), named: "settling")] : []
  }

  @CircuitBuilder private var reading: Circuit {
    let isReady = cut(buffers.map { $0.filled >= rowsNeeded }.reduce(1, &), named: "isReady")
    let isSettled = settling.map { $0 == Bits.zeros($0.width) }
    issue <== (areWeightsAvailable + isSettled + hasPlace).reduce(advance & (isStarted | isReady), &)
    for completes in completes { completes <== issue & sumDone }
    for settling in settling {
      settling <== concatenate(settling[0..<settling.width - 1], issue & rowGroupDone)
    }
    for loop in loop {
      loop.isRoundDone <== sumDone
      loop.isLastColumn <== outputColumn.isLast
    }
    released <== (issue & rowGroupDone).select(rowsReleased, else: Bits.number(0, rowCountBits))

    let windowColumn = windowColumn
    let nextWindowColumn = ColumnCursor.select(
      outputColumn.isLast, firstColumn, else: advanced(windowColumn, by: kernel.window.strideHorizontal))
    let nextColumn = ColumnCursor.select(
      pixelDone, isWeightStationary ? start(nextWindowColumn, of: nextPhaseGroup) : nextWindowColumn,
      else: .select(
        sumDone, start(windowColumn, of: nextPhaseGroup),
        else: .select(
          isLastColumn, start(windowColumn, of: phaseGroup.value),
          else: advanced(column, by: geometry.configuration.columnTaps))))
    let nextRow = advanced(cursor, by: taps)
    let nextWindow = nextWindow
    When(issue) {
      isFirstOfSum <== sumDone
      isStarted <== !rowGroupDone
      inputGroup.advance
      if geometry.inputGroups.count > 1 {
        sourceGroup <== isSourceDone.select(0, else: sourceGroup &+ 1)
        When(isSourceDone) { source.advance }
      }
      When(kernelColumnDone) {
        kernelColumn <== isLastColumn.select(0, else: kernelColumn &+ 1)
        set(column, to: nextColumn)
      }
      When(kernelRowDone) {
        kernelRow <== isLastRow.select(0, else: kernelRow &+ 1)
        let nextSum = RowCursor.select(isLastRow, windowStart(of: nextPhaseGroup), else: nextRow)
        let next = RowCursor.select(
          rowGroupDone, nextWindow, else: isWeightStationary ? nextSum : .select(pixelDone, window, else: nextSum))
        row <== next.row
        rowPhase <== next.phase
        bank <== next.place.bank
        start <== next.place.start
      }
      When(roundDone) {
        round.advance
        When(isGroupDone) { phaseGroup.advance }
      }
      When(pixelDone) {
        outputColumn.advance
        set(windowColumn, to: nextWindowColumn)
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

  /// Where the cycle's word lies in a row, for each column bank: those before the cursor's hold columns of the next turn.
  private var offsets: [Unsigned] {
    let column = column
    let offset = column.start + groupInSource.extendedToSigned
    return (0..<columnBanks).map { bank in
      let next = offset + Bits.signed(groups, bitsFor(groups) + 1)
      let start = columnBanks == 1 ? offset : (column.bank > Unsigned(bank)).select(next, else: offset.extended(to: next.width))
      return start.asUnsigned.truncatedOrExtended(to: addressBits)
    }
  }
  /// Where rows of the first turn begin, for banks from the cursor's on, and of the next turn, for those before it.
  private var nextStart: Unsigned { wire(RowPlace(bank: bank, start: start).advanced(by: geometry.banks, in: geometry).start) }
  /// The rows that are read in one cycle, as distances from the first.
  private var distances: [Int] { geometry.rowDistances }
  /// The columns, likewise.
  private var columnDistances: Range<Int> { geometry.columnDistances }
  private var elementShape: Shape<Vector<Signed>> { .vector(cpf, of: .signed(bits)) }
  /// What each bank, and column bank, of the input that is read gives.
  private var words: Vector<Vector<Vector<Signed>>> {
    wire(.vector(geometry.banks, of: .vector(columnBanks, of: elementShape)))
  }

  private var isIssued: Bit { register(.bit, reset: 0) }
  private var isIssuedFirst: Bit { register(.bit) }
  private var isIssuedLast: Bit { register(.bit) }
  private var issuedSource: Unsigned { register(.unsigned(source.value.width)) }
  /// For each row and each column whether they lie inside the map.
  private var isInside: Vector<Vector<Bit>> {
    register(.vector(distances.count, of: .vector(columnDistances.count, of: .bit)))
  }
  /// The bank that holds each row.
  private var chosenBank: Vector<Unsigned> {
    register(.vector(distances.count, of: .unsigned(bitsFor(geometry.banks - 1))))
  }
  /// The bank that holds each column.
  private var chosenColumnBank: Vector<Unsigned> {
    register(.vector(columnDistances.count, of: columnBankShape))
  }
  private var operandRegister: Vector<Vector<Vector<Signed>>> {
    register(.vector(distances.count, of: .vector(columnDistances.count, of: elementShape)))
  }
  private var operandValid: Bit { register(.bit, reset: 0) }
  private var operandFirst: Bit { register(.bit) }
  private var operandLast: Bit { register(.bit) }

  /// What is known of words when they are asked for, as many clock edges later as they take to be here.
  private func read<Value: Signal>(_ value: Value, resets: Bool = false, named name: String) -> Value {
    value.delayed(by: geometry.operandLatency - 2, resets: resets, named: "\(name)Read")
  }

  @CircuitBuilder private var fetching: Circuit {
    let offsets = offsets
    for buffer in buffers {
      for bankIndex in 0..<geometry.banks {
        let rowStart = geometry.banks == 1 ? start : (bank > Unsigned(bankIndex)).select(nextStart, else: start)
        let first = cut(rowStart, named: "rowStart\(bankIndex)")
        for (columnBank, offset) in offsets.enumerated() {
          let address = first &+ cut(offset, named: "offset\(columnBank)")
          buffer.addresses[bankIndex][columnBank] <== cut(address, named: "address\(bankIndex)_\(columnBank)")
        }
      }
    }
    words <== buffers.enumerated().dropFirst().reduce(cut(buffers[0].words, named: "words0")) { words, other in
      let other = (index: Unsigned(other.offset), words: cut(other.element.words, named: "words\(other.offset)"))
      return (read(issuedSource, named: "source") == other.index).select(other.words, else: words)
    }
    let isValid = read(isIssued, resets: true, named: "isValid")
    let (isFirst, isLast) = (read(isIssuedFirst, named: "isFirst"), read(isIssuedLast, named: "isLast"))
    let isRead = read(isInside, named: "isInside")
    When(advance) {
      isIssued <== issue
      isIssuedFirst <== isFirstOfSum
      isIssuedLast <== sumDone
      if buffers.count > 1 { issuedSource <== source.value }
      let column = column
      let columns = columnDistances.map {
        span($0, from: column.phase, factor: columnFactor, width: columnShape.width)
      }
      let areColumnsInside = columns.map {
        isInside(column.column &+ $0, of: Bits.signed(layer.inputShape.width, columnShape.width))
      }
      for (index, distance) in distances.enumerated() {
        let rows = span(distance, from: rowPhase, factor: kernel.upsampling.vertical, width: rowShape.width)
        let isRowInside =
          isInside(row &+ rows, of: Bits.signed(height, rowShape.width)) & isInWindow(distance)
        for (tap, isColumnInside) in areColumnsInside.enumerated() {
          isInside[index][tap] <== isRowInside & isColumnInside
        }
        if geometry.banks > 1 { chosenBank[index] <== turned(bank, by: rows, limit: geometry.banks) }
      }
      if columnBanks > 1 {
        for (tap, span) in columns.enumerated() {
          chosenColumnBank[tap] <== turned(column.bank, by: span, limit: columnBanks)
        }
      }
      operandValid <== isValid
      operandFirst <== isFirst
      operandLast <== isLast
      for tap in columnDistances {
        let words = Vector(words.map { columnBanks == 1 ? $0[0] : $0[read(chosenColumnBank, named: "chosenColumnBank")[tap]] })
        for index in distances.indices {
          let word = geometry.banks == 1 ? words[0] : words[read(chosenBank, named: "chosenBank")[index]]
          for lane in 0..<cpf {
            operandRegister[index][tap][lane]
              <== isRead[index][tap].select(word[lane], else: Signed(padding))
          }
        }
      }
    }
    for engine in 0..<h {
      for (place, (tap, columnTap)) in geometry.configuration.kernelTaps.enumerated() {
        let index = distances.firstIndex(of: engine * kernel.window.strideVertical + tap)
        for lane in 0..<cpf {
          // Rows and columns beyond the kernel weigh nothing.
          operands[engine][place * cpf + lane]
            <== (columnDistances.contains(columnTap) ? index : nil).map { operandRegister[$0][columnTap][lane] }
            ?? Bits.signed(0, bits)
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

  /// Whether a row or a column is one of the map's.
  private func isInside(_ place: Signed, of limit: Signed) -> Bit { !place.mostSignificantBit & (place < limit) }
}
