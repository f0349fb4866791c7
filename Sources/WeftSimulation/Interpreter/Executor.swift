/// Carries out runs of a program over the words of one engine.
struct Executor {
  let words: UnsafeMutablePointer<UInt64>
  let instructions: UnsafePointer<Instruction>
  let runs: UnsafePointer<Run>
  let tables: UnsafePointer<Int32>
  let loops: [[Int32]]

  /// Calls `body` with each instruction of a run.
  @inline(__always)
  private func forEach(_ run: Run, _ body: (Instruction) -> Void) {
    var instruction = instructions + Int(run.start)
    let end = instruction + Int(run.count)
    while instruction < end {
      body(instruction.pointee)
      instruction += 1
    }
  }

  @inline(__always)
  private func word(_ index: Int32) -> UInt64 { words[Int(index)] }

  @inline(__always)
  private func set(_ index: Int32, _ value: UInt64) { words[Int(index)] = value }

  @inline(__always)
  private func set(_ index: Int32, _ value: Bool) { words[Int(index)] = value ? 1 : 0 }

  /// Field `a` of an instruction, as a number with a sign.
  @inline(__always)
  private func fieldA(_ i: Instruction) -> Int64 {
    Int64(bitPattern: word(i.a) &<< (i.extra & 0xff)) &>> Int64(truncatingIfNeeded: i.extra >> 8 & 0xff)
  }

  /// Field `b` of an instruction, as a number with a sign.
  @inline(__always)
  private func fieldB(_ i: Instruction) -> Int64 {
    Int64(bitPattern: word(i.b) &<< (i.extra >> 16 & 0xff)) &>> Int64(truncatingIfNeeded: i.extra >> 24 & 0xff)
  }

  /// A result cut to the width that the fields of an instruction give.
  @inline(__always)
  private func cut(_ value: Int64, _ i: Instruction) -> UInt64 {
    UInt64(bitPattern: value) & (.max &>> (i.extra >> 32 & 0xff))
  }

  /// Carries out a range of runs.
  func execute(_ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      let run = runs[index]
      index += 1
      if run.opcode == .loop {
        iterate(run)
        index += Int(run.count)
      } else if run.condition < 0 || word(run.condition) != 0 {
        execute(run)
      }
    }
  }

  /// Repeats a loop until its words stay as they are. Logic that never settles is given up after as many rounds as it
  /// has bits.
  private func iterate(_ loop: Run) {
    let places = loops[Int(loop.condition)]
    var before = places.map(word)
    for _ in 0...places.count * 64 {
      execute(Int(loop.start)..<Int(loop.start) + Int(loop.count))
      let after = places.map(word)
      if after == before { return }
      before = after
    }
  }

  private func execute(_ run: Run) {
    switch run.opcode {
    case .copy: forEach(run) { i in set(i.target, word(i.a)) }
    case .add: forEach(run) { i in set(i.target, (word(i.a) &+ word(i.b)) & i.extra) }
    case .subtract: forEach(run) { i in set(i.target, (word(i.a) &- word(i.b)) & i.extra) }
    case .addFields: forEach(run) { i in set(i.target, cut(fieldA(i) &+ fieldB(i), i)) }
    case .subtractFields: forEach(run) { i in set(i.target, cut(fieldA(i) &- fieldB(i), i)) }
    case .multiplySigned: forEach(run) { i in set(i.target, cut(fieldA(i) &* fieldB(i), i)) }
    case .multiplyUnsigned:
      forEach(run) { i in
        let a = (word(i.a) &<< (i.extra & 0xff)) &>> (i.extra >> 8 & 0xff)
        let b = (word(i.b) &<< (i.extra >> 16 & 0xff)) &>> (i.extra >> 24 & 0xff)
        set(i.target, a &* b)
      }
    case .and: forEach(run) { i in set(i.target, word(i.a) & word(i.b)) }
    case .or: forEach(run) { i in set(i.target, word(i.a) | word(i.b)) }
    case .xor: forEach(run) { i in set(i.target, word(i.a) ^ word(i.b)) }
    case .not: forEach(run) { i in set(i.target, word(i.a) ^ i.extra) }
    case .equal: forEach(run) { i in set(i.target, word(i.a) == word(i.b)) }
    case .less: forEach(run) { i in set(i.target, word(i.a) < word(i.b)) }
    case .lessSigned: forEach(run) { i in set(i.target, fieldA(i) < fieldB(i)) }
    case .reduceAnd: forEach(run) { i in set(i.target, word(i.a) == i.extra) }
    case .reduceOr: forEach(run) { i in set(i.target, word(i.a) != 0) }
    case .reduceXor: forEach(run) { i in set(i.target, word(i.a).nonzeroBitCount & 1 != 0) }
    case .shiftLeft:
      forEach(run) { i in set(i.target, word(i.b) < UInt64(i.c) ? word(i.a) &<< word(i.b) & i.extra : 0) }
    case .shiftRight: forEach(run) { i in set(i.target, word(i.b) < UInt64(i.c) ? word(i.a) &>> word(i.b) : 0) }
    case .shiftRightArithmetic:
      forEach(run) { i in
        let unused = Int64(64 - i.c)
        let value = (Int64(bitPattern: word(i.a)) &<< unused) &>> unused
        set(i.target, UInt64(bitPattern: value &>> Int64(truncatingIfNeeded: min(word(i.b), 63))) & i.extra)
      }
    case .select: forEach(run) { i in set(i.target, word(i.a) != 0 ? word(i.b) : word(i.c)) }
    case .slice: forEach(run) { i in set(i.target, word(i.a) &>> UInt64(i.b) & i.extra) }
    case .sliceAcross:
      forEach(run) { i in
        set(i.target, (word(i.a) &>> UInt64(i.b) | word(i.a + 1) &<< UInt64(64 - i.b)) & i.extra)
      }
    case .signExtend: forEach(run) { i in set(i.target, cut(fieldA(i), i)) }
    case .join: forEach(run) { i in set(i.target, word(i.a) &<< UInt64(i.c) | word(i.b)) }
    case .orLeft: forEach(run) { i in set(i.target, word(i.target) | word(i.a) &<< UInt64(i.c)) }
    case .insertLeft:
      forEach(run) { i in set(i.target, word(i.target) & ~i.extra | word(i.a) &<< UInt64(i.c) & i.extra) }
    case .insertRight:
      forEach(run) { i in set(i.target, word(i.target) & ~i.extra | word(i.a) &>> UInt64(i.c) & i.extra) }
    case .element:
      forEach(run) { i in
        let value = word(i.a) &>> (word(i.b) &* UInt64(i.c)) & (.max &>> UInt64(64 - i.c))
        set(i.target, word(i.b) < i.extra ? value : 0)
      }
    case .elementWide:
      forEach(run) { i in
        let low = word(i.b) < i.extra ? Int(word(i.b)) &* Int(i.c) : -1
        set(i.target, low < 0 ? 0 : WideArithmetic.bits(words + Int(i.a), low: low, count: Int(i.c)))
      }
    case .choose: forEach(run) { i in set(i.target, word(tables[Int(i.extra) &+ Int(word(i.a))])) }
    case .lookup: forEach(run) { i in set(i.target, UInt64(tables[Int(i.extra) &+ Int(word(i.a))])) }
    case .memoryRead:
      forEach(run) { i in set(i.target, word(i.a) < i.extra ? words[Int(i.b) &+ Int(word(i.a))] : 0) }
    case .memoryWrite:
      forEach(run) { i in
        if word(i.a) < i.extra { words[Int(i.target) &+ Int(word(i.a))] = word(i.b) }
      }
    case .memoryInsert:
      forEach(run) { i in
        let table = tables + Int(i.extra)
        guard word(i.a) < UInt64(table[0]) else { return }
        WideArithmetic.copyBits(
          words + Int(i.target) + Int(word(i.a)) * Int(i.c), low: Int(table[1]), from: words + Int(i.b), low: 0,
          count: Int(table[2]))
      }
    case .saturate:
      forEach(run) { i in
        let fits = (1..<Int(i.extra)).allSatisfy { words[Int(i.a) + $0] == 0 }
        set(i.target, fits ? word(i.a) : .max)
      }
    default: executeWide(run)
    }
  }
}

// MARK: - Wide values

extension Executor {
  @inline(__always)
  private func at(_ index: Int32) -> UnsafeMutablePointer<UInt64> { words + Int(index) }

  private func executeWide(_ run: Run) {
    switch run.opcode {
    case .wideCopy: forEach(run) { i in WideArithmetic.copy(at(i.target), at(i.a), count: Int(i.extra)) }
    case .wideAdd: forEach(run) { i in WideArithmetic.add(at(i.target), at(i.a), at(i.b), width: Int(i.extra)) }
    case .wideSubtract:
      forEach(run) { i in WideArithmetic.subtract(at(i.target), at(i.a), at(i.b), width: Int(i.extra)) }
    case .wideAnd: forEach(run) { i in combine(i) { $0 & $1 } }
    case .wideOr: forEach(run) { i in combine(i) { $0 | $1 } }
    case .wideXor: forEach(run) { i in combine(i) { $0 ^ $1 } }
    case .wideNot: forEach(run) { i in WideArithmetic.invert(at(i.target), at(i.a), width: Int(i.extra)) }
    case .wideMultiply:
      forEach(run) { i in
        WideArithmetic.multiply(
          at(i.target), at(i.a), width: Int(i.extra & 0xffff_ffff), at(i.b), width: Int(i.extra >> 32), signed: i.c != 0
        )
      }
    case .wideEqual:
      forEach(run) { i in
        set(i.target, (0..<(Int(i.extra) + 63) >> 6).allSatisfy { at(i.a)[$0] == at(i.b)[$0] })
      }
    case .wideLess: forEach(run) { i in set(i.target, WideArithmetic.less(at(i.a), at(i.b), width: Int(i.extra))) }
    case .wideLessSigned:
      forEach(run) { i in
        let (x, y) = (
          WideArithmetic.sign(at(i.a), width: Int(i.extra)), WideArithmetic.sign(at(i.b), width: Int(i.extra))
        )
        set(i.target, x == y ? WideArithmetic.less(at(i.a), at(i.b), width: Int(i.extra)) : x)
      }
    case .wideReduceAnd:
      forEach(run) { i in set(i.target, WideArithmetic.countOnes(at(i.a), width: Int(i.extra)) == Int(i.extra)) }
    case .wideReduceOr:
      forEach(run) { i in set(i.target, WideArithmetic.countOnes(at(i.a), width: Int(i.extra)) != 0) }
    case .wideReduceXor:
      forEach(run) { i in set(i.target, WideArithmetic.countOnes(at(i.a), width: Int(i.extra)) & 1 != 0) }
    case .wideShiftLeft:
      forEach(run) { i in WideArithmetic.shiftLeft(at(i.target), at(i.a), by: word(i.b), width: Int(i.extra)) }
    case .wideShiftRight:
      forEach(run) { i in
        WideArithmetic.shiftRight(at(i.target), at(i.a), by: word(i.b), width: Int(i.extra), signed: false)
      }
    case .wideShiftRightArithmetic:
      forEach(run) { i in
        WideArithmetic.shiftRight(at(i.target), at(i.a), by: word(i.b), width: Int(i.extra), signed: true)
      }
    case .wideSelect:
      forEach(run) { i in
        WideArithmetic.copy(at(i.target), word(i.a) != 0 ? at(i.b) : at(i.c), count: Int(i.extra))
      }
    case .copyBits:
      forEach(run) { i in
        WideArithmetic.copyBits(at(i.target), low: Int(i.b), from: at(i.a), low: Int(i.c), count: Int(i.extra))
      }
    case .wideSignExtend:
      forEach(run) { i in
        WideArithmetic.signExtend(at(i.target), width: Int(i.extra >> 32), at(i.a), width: Int(i.extra & 0xffff_ffff))
      }
    case .wideElement:
      forEach(run) { i in
        if word(i.b) < i.extra {
          WideArithmetic.copyBits(at(i.target), low: 0, from: at(i.a), low: Int(word(i.b)) * Int(i.c), count: Int(i.c))
        } else {
          at(i.target).update(repeating: 0, count: (Int(i.c) + 63) >> 6)
        }
      }
    case .wideChoose:
      forEach(run) { i in
        let source = tables[Int(i.extra & 0xffff_ffff) &+ Int(word(i.a))]
        WideArithmetic.copy(at(i.target), at(source), count: Int(i.extra >> 32))
      }
    case .wideMemoryRead:
      forEach(run) { i in
        if word(i.a) < i.extra {
          WideArithmetic.copy(at(i.target), at(i.b) + Int(word(i.a)) * Int(i.c), count: Int(i.c))
        } else {
          at(i.target).update(repeating: 0, count: Int(i.c))
        }
      }
    case .wideMemoryWrite:
      forEach(run) { i in
        if word(i.a) < i.extra {
          WideArithmetic.copy(at(i.target) + Int(word(i.a)) * Int(i.c), at(i.b), count: Int(i.c))
        }
      }
    default: break
    }
  }

  @inline(__always)
  private func combine(_ i: Instruction, _ operation: (UInt64, UInt64) -> UInt64) {
    let (target, a, b) = (at(i.target), at(i.a), at(i.b))
    for index in 0..<(Int(i.extra) + 63) >> 6 { target[index] = operation(a[index], b[index]) }
  }
}
