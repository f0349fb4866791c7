import Weft

/// Where a link stands: which step of a column comes next, as a word of a table, in which column and row group.
///
/// The table has the steps of a whole row group, and behind them those of a last one where that has fewer rows.
struct StepCursor {
  /// What a word says of its place in the order.
  struct Ends {
    /// Whether the step is the column's last of its pass, and whether no pass follows.
    let isLast, isLastPass: Bit
  }

  /// The word of the next step.
  let word: Bits
  let column, rowGroup: Counter
  /// Whether the column, and the row group, end in this cycle.
  let isColumnDone, isGroupDone: Bit

  private let order: LinkOrder
  private let startOfLastGroup: Int
  private let ends: Ends
  private let takes: Bit
  /// The table and the place in it, where there are several steps.
  private let steps: (table: Memory<Bits>, index: Unsigned, word: Bits)?
  /// The first step of the pass, where there are several passes.
  private let passStart: Unsigned?

  /// The cursor of a link in the module whose body is being built.
  ///
  /// - Parameters:
  ///   - takes: Whether a transfer is taken in this cycle.
  ///   - ends: What a word says.
  init<M: Module>(
    _ module: M, _ order: LinkOrder, table: [BitVector], startOfLastGroup: Int, takes: Bit, ends: (Bits) -> Ends
  ) {
    self.order = order
    self.startOfLastGroup = startOfLastGroup
    self.takes = takes
    let (first, indexBits) = (table[0], bitsFor(table.count - 1))
    steps =
      table.count > 1
      ? (
        table: module.memory(depth: table.count, of: .bits(first.width), contents: table, named: "steps"),
        index: module.register(.unsigned(indexBits), reset: 0, named: "stepIndex"),
        word: module.register(.bits(first.width), reset: Bits(first), named: "stepWord")
      ) : nil
    passStart = order.hasPasses ? module.register(.unsigned(indexBits), reset: 0, named: "passStart") : nil
    column = Counter(module, limit: order.columns, named: "column")
    rowGroup = Counter(module, limit: order.rowGroups, named: "rowGroup")
    let held = steps?.word ?? Bits(first)
    let word = module.wire(held, named: "word")
    let said = ends(word)
    let isColumnDone = module.wire(takes & said.isLast, named: "isColumnDone")
    let isPassDone = isColumnDone & column.isLast
    isGroupDone = module.wire(order.hasPasses ? isPassDone & said.isLastPass : isPassDone, named: "isGroupDone")
    self.word = word
    self.ends = said
    self.isColumnDone = isColumnDone
  }

  /// Goes on to the next step; column and row group are advanced where they end, beside this.
  @CircuitBuilder var advance: Circuit {
    if let steps {
      // The last row group has steps of its own where it has fewer rows.
      let width = steps.index.width
      let isLastNext = isGroupDone.select(
        order.rowGroups == 1 ? 1 : rowGroup.next == Unsigned(order.rowGroups - 1), else: rowGroup.isLast)
      let restart =
        startOfLastGroup == 0
        ? Bits.number(0, width)
        : isLastNext.select(Bits.number(startOfLastGroup, width), else: Bits.number(0, width))
      let following = steps.index &+ 1
      let afterPass = ends.isLastPass.select(restart, else: following)
      let afterColumn = passStart.map { column.isLast.select(afterPass, else: $0) } ?? restart
      let next = ends.isLast.select(afterColumn, else: following)
      if let passStart {
        When(isColumnDone & column.isLast) { passStart <== afterPass }
      }
      When(takes) {
        steps.index <== next
        steps.word <== steps.table.asynchronousRead(next)
      }
    }
  }
}
