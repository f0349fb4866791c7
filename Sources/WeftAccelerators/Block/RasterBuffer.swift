import Weft
import WeftNetworks
import WeftStreams

/// Brings the elements of an output into the order of memory: takes the transfers of a link, in whatever order they
/// come, and gives packets of bytes.
///
/// A row group is given while the next one comes. A packet has all bytes of a pass, or, where each channel has a plane
/// of its own, those of a row group: see ``RegionSequencer``.
///
/// - Latency: a row group, and six cycles.
/// - Throughput: a transfer a cycle; a beat a cycle, but for the last of a run, which may be shorter.
/// - Capacity: two row groups.
/// - Paths: `output` comes from registers; `transfers.ready` from registers and one level of logic.
struct RasterBuffer: Module {
  let geometry: RasterGeometry

  /// A buffer for the transfers of a link.
  init(_ format: TensorFormat, _ order: LinkOrder, dataWidth: Int) {
    geometry = RasterGeometry(format, order, dataWidth: dataWidth)
  }

  /// The transfers of the link.
  var transfers: Stream<Vector<Signed>> { sink(.vector(order.lanes, of: .signed(bits))) }
  /// The bytes as they lie in memory.
  var output: Stream<AXIStreamTransfer> { source(.bundle(AXIStreamTransfer(dataWidth: dataWidth))) }

  private var format: TensorFormat { geometry.format }
  private var order: LinkOrder { geometry.order }
  private var bits: Int { format.quantization.bits }
  private var dataWidth: Int { geometry.beatElements * 8 * format.elementBytes }
  private var banks: Int { geometry.banks }
  private var addressBits: Int { geometry.addressBits }
  private var bankBits: Int { geometry.bankBits }
  private var writeBits: Int { 1 + addressBits + bits }

  /// Whether each half holds a whole row group.
  var isFilled: Vector<Bit> { register(.vector(2, of: .bit), reset: 0) }

  // MARK: Writing

  private var table: (words: [BitVector], startOfLastGroup: Int) { geometry.steps }
  /// The half that is written, and the place of the column's first element in its run.
  var half: Unsigned { register(.unsigned(1), reset: 0) }
  var columnPlace: Unsigned { register(.unsigned(geometry.placeBits), reset: 0) }
  // A transfer that was taken: its elements, its place in its run, its word, its rows.
  var hasTaken: Bit { register(.bit, reset: 0) }
  var taken: Vector<Signed> { register(.vector(order.lanes, of: .signed(bits))) }
  var takenTurn: Unsigned { register(.unsigned(bankBits)) }
  var takenWord: Unsigned { register(.unsigned(addressBits)) }
  var takenRows: Bits { register(.bits(order.rowLanes)) }
  /// What each bank writes: whether it does, where and what.
  var writes: Vector<Bits> {
    register(.vector(banks, of: .bits(writeBits)), reset: Bits.zeros(writeBits))
  }
  /// Whether the row group ends with what was taken, and with what is written; and its half.
  var endsTaken: Bit { register(.bit, reset: 0) }
  var endsWritten: Bit { register(.bit, reset: 0) }
  var takenHalf: Unsigned { register(.unsigned(1), reset: 0) }
  var writtenHalf: Unsigned { register(.unsigned(1), reset: 0) }

  private var cursor: StepCursor {
    let table = table
    return StepCursor(
      self, order, table: table.words, startOfLastGroup: table.startOfLastGroup, takes: transfers.fires,
      ends: { geometry.step($0).ends })
  }

  // MARK: Reading

  var readHalf: Unsigned { register(.unsigned(1), reset: 0) }
  private var frame: Counter { Counter(self, limit: format.frames, named: "frame") }
  private var group: Counter { Counter(self, limit: order.rowGroups, named: "group") }
  private var plane: Counter { Counter(self, limit: geometry.planes, named: "plane") }
  private var row: Counter { Counter(self, limit: geometry.rows, named: "row") }
  private var beat: Counter { Counter(self, limit: geometry.beatsPerRun, named: "beat") }
  /// The run, and its first word.
  var run: Unsigned { register(.unsigned(bitsFor(geometry.runs - 1)), reset: 0) }
  var runWord: Unsigned { register(.unsigned(addressBits), reset: 0) }
  // The word that was read: by how many banks it is turned, which of its beats is given, and what ends with that.
  var isOffering: Bit { register(.bit, reset: 0) }
  var turn: Unsigned { register(.unsigned(bankBits)) }
  var part: Unsigned { register(.unsigned(bitsFor(geometry.beatsPerWord - 1))) }
  var isRunEnd: Bit { register(.bit) }
  var isPacketEnd: Bit { register(.bit) }

  var stage: Instance<PipelineRegister<ByteRun>> {
    instance(PipelineRegister(of: .bundle(ByteRun(dataWidth: dataWidth))))
  }
  var packer: Instance<BytePacker> { instance(BytePacker(dataWidth: dataWidth)) }
  var outputStage: Instance<PipelineRegister<AXIStreamTransfer>> {
    instance(PipelineRegister(of: .bundle(AXIStreamTransfer(dataWidth: dataWidth))))
  }
  private func bank(_ index: Int) -> Instance<LineMemory> {
    instance(LineMemory(depth: 2 * geometry.wordsPerGroup, lanes: 1, bits: bits), named: "bank\(index)")
  }

  var fetches: Bit { wire(isFilled[readHalf] & (!isOffering | stage.input.ready)) }
  /// Whether the row is the last of its plane in the row group.
  var isLastRow: Bit {
    wire(row.isLast | (group.isLast & (row.value == Unsigned(geometry.rowsInLastGroup - 1))))
  }
  var isLastRun: Bit { wire(isLastRow & plane.isLast) }

  var body: Circuit {
    require(
      order.steps.allSatisfy {
        $0.row.isMultiple(of: order.rowLanes) && $0.channel.isMultiple(of: order.channelLanes)
      }, "the transfers of '\(format.name)' begin at a multiple of their rows and channels")
    taking
    turning
    storing
    fetching
    giving
  }

  /// A half is written when nothing waits in it and nothing is on its way to it.
  @CircuitBuilder private var taking: Circuit {
    let step = geometry.step(cursor.word)
    let place = columnPlace &+ step.place
    let isClosing = (endsTaken & (takenHalf == half)) | (endsWritten & (writtenHalf == half))
    transfers.ready <== !isFilled[half] & !isClosing
    let start = half[0].select(Bits.number(geometry.wordsPerGroup, addressBits), else: Bits.number(0, addressBits))
    let places = place.extended(to: geometry.placeBits + bankBits)
    hasTaken <== transfers.fires
    taken <== transfers.payload
    takenTurn <== (banks == 1 ? Bits.number(0, 1) : places.truncated(to: bankBits))
    let word = banks == 1 ? place : places[bankBits..<places.width].asUnsigned
    takenWord <== start &+ step.word &+ word.truncatedOrExtended(to: addressBits)
    takenRows <== step.rows
    takenHalf <== half
    endsTaken <== cursor.isGroupDone
    cursor.advance
    When(cursor.isColumnDone) {
      cursor.column.advance
      columnPlace <== cursor.column.isLast.select(
        0, else: columnPlace &+ Bits.number(geometry.placesPerColumn, geometry.placeBits))
    }
    When(cursor.isGroupDone) {
      cursor.rowGroup.advance
      half <== ~half
    }
  }

  /// Each lane goes to the bank that its place says.
  @CircuitBuilder private var turning: Circuit {
    let lanes = (0..<banks).map { lane -> Bits in
      guard lane < order.lanes else { return Bits.zeros(writeBits) }
      let (row, channel) = lane.quotientAndRemainder(dividingBy: order.channelLanes)
      var word = takenWord &+ Bits.number(geometry.wordOffset(ofLane: lane), addressBits)
      if format.isInterleaved, channel > 0, banks > 1 {
        // Neighbouring channels may lie in the next word.
        word = word &+ (takenTurn >= Unsigned(banks - channel)).widened(to: addressBits)
      }
      return concatenate(hasTaken & takenRows[row], word, taken[lane])
    }
    let all = Vector(lanes).asBits
    let turned = banks == 1 ? all : all.rotatedDown(by: 0 &- takenTurn, partWidth: writeBits)
    for bank in 0..<banks {
      writes[bank] <== turned[(bank * writeBits)..<((bank + 1) * writeBits)]
    }
    endsWritten <== endsTaken
    writtenHalf <== takenHalf
    When(endsWritten) { isFilled[writtenHalf] <== 1 }
  }

  @CircuitBuilder private var storing: Circuit {
    let word = geometry.beatsPerWord == 1 ? beat.value : beat.value >> bitsFor(geometry.beatsPerWord - 1)
    let start = readHalf[0].select(Bits.number(geometry.wordsPerGroup, addressBits), else: Bits.number(0, addressBits))
    let address = start &+ runWord &+ word.truncatedOrExtended(to: addressBits)
    for index in 0..<banks {
      let bank = bank(index)
      bank.writeEnable <== writes[index][(writeBits - 1)..<writeBits]
      bank.writeAddress <== writes[index][bits..<(addressBits + bits)].asUnsigned
      bank.elements <== Vector([writes[index][0..<bits].asSigned])
      bank.readEnable <== fetches
      bank.readAddress <== address
    }
  }

  @CircuitBuilder private var fetching: Circuit {
    let turns = geometry.turns
    When(!isOffering | stage.input.ready) { isOffering <== fetches }
    When(fetches) {
      if turns.count > 1 {
        let table: Memory<Bits> = memory(
          depth: turns.count, of: .bits(bankBits), contents: turns, style: .distributed, named: "turns")
        turn <== table.asynchronousRead(run).asUnsigned
      } else {
        turn <== 0
      }
      part <== beat.value.truncatedOrExtended(to: part.width)
      isRunEnd <== beat.isLast
      let isPassEnd = group.isLast & frame.isLast
      isPacketEnd <== beat.isLast & isLastRun & (format.isInterleaved ? isPassEnd : 1)
      beat.advance
      When(beat.isLast) { nextRun }
    }
  }

  @CircuitBuilder private var nextRun: Circuit {
    // Rows that the last row group lacks are left out.
    let missing = geometry.rows - geometry.rowsInLastGroup
    let isShort = group.isLast & isLastRow
    run <== run &+ isShort.select(Bits.number(missing + 1, run.width), else: 1)
    let words = geometry.wordsPerRun
    runWord
      <== runWord
      &+ isShort.select(Bits.number((missing + 1) * words, addressBits), else: Bits.number(words, addressBits))
    row.advance
    When(isLastRow) {
      row.restart
      plane.advance
    }
    When(isLastRun) {
      run <== 0
      runWord <== 0
      isFilled[readHalf] <== 0
      readHalf <== ~readHalf
      group.advance
      When(group.isLast) { frame.advance }
    }
  }

  @CircuitBuilder private var giving: Circuit {
    let read = Vector((0..<banks).map { bank($0).word[0] }).asBits
    let word = banks == 1 ? read : read.rotatedDown(by: turn, partWidth: bits)
    let beats = (0..<geometry.beatsPerWord).map { beat in
      Vector(
        (0..<geometry.beatElements).map { element in
          let low = (beat * geometry.beatElements + element) * bits
          return format.stored(ofCode: word[low..<(low + bits)].asSigned)
        }
      ).asBits
    }
    let bytes = dataWidth / 8
    let last = geometry.runLength - (geometry.beatsPerRun - 1) * geometry.beatElements
    let run = stage.input.payload
    run.data <== (beats.count == 1 ? beats[0] : Vector(beats)[part])
    run.firstLane <== 0
    run.endLane
      <== isRunEnd.select(Bits.number(last * format.elementBytes, run.endLane.width), else: Unsigned(bytes))
    run.last <== isPacketEnd
    stage.input.valid <== isOffering
    packer.input <== stage.output
    outputStage.input <== packer.output
    output <== outputStage.output
  }
}
