import Weft
import WeftNetworks

/// The rows of a map that a unit needs at a time, in block RAM, and the generator of the windows it reads.
///
/// Elements come in the order of the link and are written where they belong; a row group is read as soon as its rows
/// are complete, while further rows are written. Upsampling and padding are a matter of addresses: a source row lies in
/// the buffer once. Banks take rows by turns, lanes take channels by turns, so that `h` rows of `cpf` channels are read
/// in each cycle. Operands leave two clock edges after they are asked for.
public struct InputBuffer: Module {
  let geometry: StageGeometry

  /// The input buffer of a stage.
  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(geometry.layer.name)_input_buffer" }

  // MARK: Ports

  /// The map, element by element.
  public var elements: Stream<Signed> { sink(.signed(bits)) }
  /// Whether the pipeline moves in this cycle.
  public var advance: Bit { input(.bit) }
  /// Whether operands are asked for in this cycle; their weights have to be asked for at once.
  public var issue: Bit { output(.bit) }
  /// For each engine, one activation for each input channel.
  public var operands: Vector<Vector<Signed>> { output(.vector(h, of: .vector(cpf, of: .signed(bits)))) }
  /// Whether the operands count.
  public var valid: Bit { output(.bit) }
  /// Whether the operands are the first of a sum.
  public var first: Bit { output(.bit) }
  /// Whether the operands are the last of a sum.
  public var last: Bit { output(.bit) }

  // MARK: Sizes

  private var layer: QuantizedLayer { geometry.layer }
  private var bits: Int { layer.inputBits }
  private var h: Int { geometry.configuration.h }
  private var cpf: Int { geometry.configuration.cpf }
  private var groups: Int { geometry.inputGroups }
  private var height: Int { layer.inputShape.height }
  private var rowSize: Int { layer.inputShape.width * groups }
  private var addressBits: Int { bitsFor(geometry.bankDepth - 1) }
  private var order: ElementOrder { geometry.inputOrder }

  public var body: Circuit {
    writing
    reading
    fetching
    occupancy
  }

  // MARK: Rows in the buffer

  /// Complete rows that are not released.
  private var filled: Unsigned { register(.unsigned(bitsFor(geometry.bufferRows)), reset: 0) }
  /// Rows that become complete in this cycle.
  private var completed: Unsigned { wire(.unsigned(bitsFor(geometry.bufferRows))) }
  /// Rows that are released in this cycle.
  private var released: Unsigned { wire(.unsigned(bitsFor(geometry.bufferRows))) }

  @CircuitBuilder private var occupancy: Circuit {
    filled <== filled &+ completed &- released
  }

  // MARK: Writing

  private var writeGroupChannel: Counter { Counter(self, limit: order.channelsPerGroup, named: "writeGroupChannel") }
  private var writeChannel: Counter { Counter(self, limit: layer.inputShape.channels, named: "writeChannel") }
  private var writeLane: Unsigned { register(.unsigned(bitsFor(cpf - 1)), reset: 0) }
  private var writeOffset: Unsigned { register(.unsigned(bitsFor(groups - 1)), reset: 0) }
  private var groupChannel: Unsigned { register(.unsigned(bitsFor(layer.inputShape.channels - 1)), reset: 0) }
  private var groupLane: Unsigned { register(.unsigned(bitsFor(cpf - 1)), reset: 0) }
  private var groupOffset: Unsigned { register(.unsigned(bitsFor(groups - 1)), reset: 0) }
  private var writeRow: Counter { Counter(self, limit: order.rowsPerGroup, named: "writeRow") }
  private var writeColumn: Counter { Counter(self, limit: layer.inputShape.width, named: "writeColumn") }
  private var writeRowGroup: Counter { Counter(self, limit: order.rowGroups, named: "writeRowGroup") }
  private var writeColumnStart: Unsigned { register(.unsigned(bitsFor(rowSize - 1)), reset: 0) }
  private var writeBank: Unsigned { register(.unsigned(bitsFor(geometry.banks - 1)), reset: 0) }
  private var writeStart: Unsigned { register(.unsigned(addressBits), reset: 0) }
  private var groupBank: Unsigned { register(.unsigned(bitsFor(geometry.banks - 1)), reset: 0) }
  private var groupStart: Unsigned { register(.unsigned(addressBits), reset: 0) }

  private var take: Bit { wire(elements.valid & elements.ready) }
  /// Whether the last channel of a group is written, the last row of a group, and the last element of a column.
  private var isWriteGroupDone: Bit { wire(writeGroupChannel.isLast | writeChannel.isLast) }
  private var isLastWriteRow: Bit {
    wire((writeRowGroup.isLast & (writeRow.value == Unsigned(order.rowsInLastGroup - 1))) | writeRow.isLast)
  }
  private var isPixelWritten: Bit { wire(take & isWriteGroupDone & isLastWriteRow & writeChannel.isLast) }
  private var writeAddress: Unsigned {
    wire((writeStart + writeColumnStart + writeOffset).truncatedOrExtended(to: addressBits))
  }

  @CircuitBuilder private var writing: Circuit {
    let (rows, rest) = (order.rowsPerGroup, order.rowsInLastGroup)
    let isLastGroup = writeRowGroup.isLast
    let room = isLastGroup.select(
      Bits.number(geometry.bufferRows - rest, filled.width),
      else: Bits.number(geometry.bufferRows - rows, filled.width))
    elements.ready <== (filled <= room)

    let (nextLane, laneTurn) = wrapped(writeLane, adding: 1, limit: cpf)
    let (nextOffset, _) = wrapped(writeOffset, adding: 0, carry: laneTurn, limit: groups)
    let here = RowPlace(bank: writeBank, start: writeStart)
    let group = RowPlace(bank: groupBank, start: groupStart)
    let nextRow = here.advanced(by: 1, in: geometry)
    let nextGroup = RowPlace.select(
      isLastGroup, group.advanced(by: rest, in: geometry), else: group.advanced(by: rows, in: geometry))

    completed <== (isPixelWritten & writeColumn.isLast).select(
      isLastGroup.select(Bits.number(rest, completed.width), else: Bits.number(rows, completed.width)),
      else: Bits.number(0, completed.width))
    When(take) {
      When(!isWriteGroupDone) {
        writeGroupChannel.advance
        writeChannel.advance
        writeLane <== nextLane
        writeOffset <== nextOffset
      } else: {
        writeGroupChannel.restart
        When(!isLastWriteRow) {
          writeRow.advance
          writeChannel.set(to: groupChannel)
          writeLane <== groupLane
          writeOffset <== groupOffset
          writeBank <== nextRow.bank
          writeStart <== nextRow.start
        } else: {
          writeRow.restart
          let place = RowPlace.select(isPixelWritten & writeColumn.isLast, nextGroup, else: group)
          writeBank <== place.bank
          writeStart <== place.start
          let lane = writeChannel.isLast.select(0, else: nextLane)
          let offset = writeChannel.isLast.select(0, else: nextOffset)
          let channel = writeChannel.isLast.select(0, else: writeChannel.value &+ 1)
          writeChannel.set(to: channel)
          groupChannel <== channel
          writeLane <== lane
          groupLane <== lane
          writeOffset <== offset
          groupOffset <== offset
        }
      }
    }
    When(isPixelWritten) {
      writeColumn.advance
      writeColumnStart <== writeColumn.isLast.select(
        Bits.number(0, writeColumnStart.width), else: writeColumnStart &+ Bits.number(groups, writeColumnStart.width))
      When(writeColumn.isLast) {
        writeRowGroup.advance
        groupBank <== nextGroup.bank
        groupStart <== nextGroup.start
      }
    }
  }

  // MARK: Reading: the loops

  private var inputGroup: Counter { Counter(self, limit: groups, named: "inputGroup") }
  private var kernelColumn: Counter { Counter(self, limit: layer.kernelWidth, named: "kernelColumn") }
  private var kernelRow: Counter { Counter(self, limit: layer.kernelHeight, named: "kernelRow") }
  private var outputGroup: Counter { Counter(self, limit: geometry.outputGroups, named: "outputGroup") }
  private var outputColumn: Counter { Counter(self, limit: layer.outputShape.width, named: "outputColumn") }
  private var rowGroup: Counter { Counter(self, limit: geometry.rowGroups, named: "rowGroup") }
  private var isStarted: Bit { register(.bit, reset: 0) }
  private var isFirst: Bit { register(.bit, reset: 1) }

  private var kernelColumnDone: Bit { wire(inputGroup.isLast) }
  private var kernelRowDone: Bit { wire(kernelColumnDone & kernelColumn.isLast) }
  private var sumDone: Bit { wire(kernelRowDone & kernelRow.isLast) }
  private var pixelDone: Bit { wire(sumDone & outputGroup.isLast) }
  private var rowGroupDone: Bit { wire(pixelDone & outputColumn.isLast) }

  // MARK: Reading: columns

  private var columnRange: ClosedRange<Int> {
    let furthest = floorDivide(
      (layer.outputShape.width - 1) * layer.strideHorizontal + layer.kernelWidth - layer.padding.left
        + layer.strideHorizontal, layer.upsampling.horizontal
    ).0 + 1
    return min(geometry.firstColumn.column, 0) * groups...max(furthest, layer.inputShape.width) * groups
  }
  private var columnShape: Shape<Signed> { .signed(signedBitsFor(columnRange)) }
  private var columnPhaseShape: Shape<Unsigned> { .unsigned(bitsFor(layer.upsampling.horizontal - 1)) }
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
    let (whole, rest) = floorDivide(places, layer.upsampling.horizontal)
    let (next, carry) = wrapped(phase, adding: rest, limit: layer.upsampling.horizontal)
    let width = columnShape.width
    let step = carry.select(Bits.signed((whole + 1) * groups, width), else: Bits.signed(whole * groups, width))
    return (column &+ step, next)
  }

  // MARK: Reading: rows

  private var rowRange: ClosedRange<Int> {
    let factor = layer.upsampling.vertical
    let furthest = (geometry.rowGroups + 1) * h * layer.strideVertical + layer.kernelHeight - layer.padding.top
    return min(geometry.firstRow.row, 0)...max(floorDivide(furthest, factor).0 + 1, height) + geometry.banks
  }
  private var rowShape: Shape<Signed> { .signed(signedBitsFor(rowRange)) }
  private var rowPhaseShape: Shape<Unsigned> { .unsigned(bitsFor(layer.upsampling.vertical - 1)) }
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
    let (whole, rest) = floorDivide(rows, layer.upsampling.vertical)
    let (phase, carry) = wrapped(cursor.phase, adding: rest, limit: layer.upsampling.vertical)
    let width = rowShape.width
    let step = carry.select(Bits.signed(whole + 1, width), else: Bits.signed(whole, width))
    return RowCursor(
      row: cursor.row &+ step, phase: phase, place: cursor.place.advanced(by: whole, carry: carry, in: geometry))
  }

  /// The window of the next frame's first row group, from that of this frame's last.
  private var nextFrame: RowCursor {
    let lastWindow = floorDivide(
      (geometry.rowGroups - 1) * h * layer.strideVertical - layer.padding.top, layer.upsampling.vertical
    ).0
    let rows = height + geometry.firstRow.row - lastWindow
    return RowCursor(row: firstRow, phase: firstRowPhase, place: window.place.advanced(by: rows, in: geometry))
  }

  /// How many source rows an upsampled distance from the cursor's row spans: a constant for each place within the row.
  private func span(_ distance: Int, from phase: Unsigned, width: Int) -> Signed {
    var span = Bits.signed(floorDivide(distance, layer.upsampling.vertical).0, width)
    for place in 1..<max(layer.upsampling.vertical, 1) where layer.upsampling.vertical > 1 {
      let rows = Bits.signed(floorDivide(distance + place, layer.upsampling.vertical).0, width)
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
    .select(rowGroup.isLast, nextFrame, else: advanced(window, by: h * layer.strideVertical))
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
      return (end &- held(window)).asUnsigned.truncatedOrExtended(to: filled.width)
    }())
  }

  @CircuitBuilder private var reading: Circuit {
    let isReady = isStarted | (filled >= rowsNeeded)
    issue <== advance & isReady
    released <== (issue & rowGroupDone).select(
      (releaseEnd &- held(window)).asUnsigned.truncatedOrExtended(to: released.width),
      else: Bits.number(0, released.width))

    let (nextColumn, nextPhase) = column(column, columnPhase, advancedBy: 1)
    let (strideColumn, stridePhase) = column(windowColumn, windowPhase, advancedBy: layer.strideHorizontal)
    let nextWindowColumn = outputColumn.isLast.select(firstColumn, else: strideColumn)
    let nextWindowPhase = outputColumn.isLast.select(firstColumnPhase, else: stridePhase)
    let nextRow = advanced(cursor, by: 1)
    let nextWindow = nextWindow
    When(issue) {
      isFirst <== sumDone
      isStarted <== !rowGroupDone
      inputGroup.advance
      When(kernelColumnDone) {
        kernelColumn.advance
        column <== pixelDone.select(nextWindowColumn, else: kernelColumn.isLast.select(windowColumn, else: nextColumn))
        columnPhase <== pixelDone.select(
          nextWindowPhase, else: kernelColumn.isLast.select(windowPhase, else: nextPhase))
      }
      When(kernelRowDone) {
        kernelRow.advance
        let next = RowCursor.select(
          rowGroupDone, nextWindow, else: .select(kernelRow.isLast, window, else: nextRow))
        row <== next.row
        rowPhase <== next.phase
        bank <== next.place.bank
        start <== next.place.start
      }
      When(sumDone) { outputGroup.advance }
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
    wire((column + inputGroup.value.extendedToSigned).asUnsigned.truncatedOrExtended(to: addressBits))
  }
  private var bankAddress: Unsigned { wire(start &+ offset) }
  private var nextBankAddress: Unsigned {
    wire(RowPlace(bank: bank, start: start).advanced(by: geometry.banks, in: geometry).start &+ offset)
  }
  /// What each bank reads: all its lanes beside each other.
  private var words: Vector<Bits> { wire(.vector(geometry.banks, of: .bits(cpf * bits))) }

  private var isIssued: Bit { register(.bit, reset: 0) }
  private var isIssuedFirst: Bit { register(.bit) }
  private var isIssuedLast: Bit { register(.bit) }
  /// Whether each engine's row, and the column, lie inside the map.
  private var isInside: Vector<Bit> { register(.vector(h, of: .bit)) }
  /// The bank that holds each engine's row.
  private var chosenBank: Vector<Unsigned> { register(.vector(h, of: .unsigned(bitsFor(geometry.banks - 1)))) }
  private var operandRegister: Vector<Vector<Signed>> {
    register(.vector(h, of: .vector(cpf, of: .signed(bits))))
  }
  private var operandValid: Bit { register(.bit, reset: 0) }
  private var operandFirst: Bit { register(.bit) }
  private var operandLast: Bit { register(.bit) }

  @CircuitBuilder private var fetching: Circuit {
    for bankIndex in 0..<geometry.banks {
      let address = geometry.banks == 1
        ? bankAddress : (bank > Unsigned(bankIndex)).select(nextBankAddress, else: bankAddress)
      for lane in 0..<cpf {
        let store = instance(
          LineMemory(depth: geometry.bankDepth, bits: bits), named: "bank\(bankIndex)_lane\(lane)")
        store.readEnable <== advance
        store.readAddress <== address
        store.writeEnable <== take & (writeBank == Unsigned(bankIndex)) & (writeLane == Unsigned(lane))
        store.writeAddress <== writeAddress
        store.element <== elements.payload
        words[bankIndex][(lane * bits)..<((lane + 1) * bits)] <== store.word.asBits
      }
    }
    When(advance) {
      isIssued <== issue
      isIssuedFirst <== isFirst
      isIssuedLast <== sumDone
      for engine in 0..<h {
        let distance = engine * layer.strideVertical
        let rows = span(distance, from: rowPhase, width: rowShape.width)
        let engineRow = row &+ rows
        isInside[engine] <== isColumnInside & !engineRow.mostSignificantBit
          & (engineRow < Bits.signed(height, rowShape.width))
        chosenBank[engine] <== bankHolding(rows)
      }
      operandValid <== isIssued
      operandFirst <== isIssuedFirst
      operandLast <== isIssuedLast
      for engine in 0..<h {
        let word = geometry.banks == 1 ? words[0] : words[chosenBank[engine]]
        for lane in 0..<cpf {
          operandRegister[engine][lane] <== isInside[engine].select(
            word[(lane * bits)..<((lane + 1) * bits)].asSigned, else: Signed(layer.inputZeroPoint))
        }
      }
    }
    operands <== operandRegister
    valid <== operandValid
    first <== operandFirst
    last <== operandLast
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
