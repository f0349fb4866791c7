/// One step of a program over the word array. What it does is its run's ``Opcode``.
struct Instruction {
  /// Where the result goes.
  var target: Int32
  /// The first operand.
  var a: Int32
  /// The second operand.
  var b: Int32 = 0
  /// The third operand, or a number that the opcode explains.
  var c: Int32 = 0
  /// A mask, a packed ``Fields``, or a number that the opcode explains.
  var extra: UInt64 = 0
}

/// Instructions of one kind that are carried out one after another, all or, under a guard, none of them.
struct Run {
  var opcode: Opcode
  /// The word that must not be zero, or -1; of a loop, its index.
  var condition: Int32
  /// The first instruction; of a loop, the first run of its body.
  var start: Int32
  /// The number of instructions; of a loop, the number of runs in its body.
  var count: Int32
}

/// Two bit fields, read as numbers with a sign, and the width of a result, packed into eight bytes.
struct Fields {
  /// How far to shift the first word left, then right.
  var leftA: Int, rightA: Int
  /// How far to shift the second word left, then right.
  var leftB = 0, rightB = 0
  /// The bits of the result.
  var width: Int

  var packed: UInt64 {
    UInt64(leftA) | UInt64(rightA) << 8 | UInt64(leftB) << 16 | UInt64(rightB) << 24 | UInt64(64 - width) << 32
  }
}

/// What the instructions of a run do. Values lie in runs of 64-bit words, bits beyond their width zero.
enum Opcode: UInt8, Comparable {
  // Up to 64 bits.
  /// `a`
  case copy
  /// `(a op b) & extra`
  case add, subtract
  /// `field a op field b`, in the width of the result
  case addFields, subtractFields, multiplySigned, multiplyUnsigned
  /// `a op b`
  case and, or, xor
  /// `a ^ extra`
  case not
  /// `a op b`
  case equal, less, lessSigned
  /// all bits of `a`, of which `extra` is the mask
  case reduceAnd, reduceOr, reduceXor
  /// `a` moved by `b`; `c` bits wide
  case shiftLeft, shiftRight, shiftRightArithmetic
  /// `a` not zero: `b`, else `c`
  case select
  /// `(a >> b) & extra`
  case slice
  /// the same where the bits reach into the word after `a`
  case sliceAcross
  /// field `a` in the width of the result
  case signExtend
  /// `a << c | b`
  case join
  /// adds `a << c` to the target, whose bits are zero there
  case orLeft
  /// puts `a << c` at the bits of mask `extra`
  case insertLeft
  /// puts `a >> c` at the bits of mask `extra`
  case insertRight
  /// element `b` of the vector `a`, `c` bits each; `extra` is their number
  case element, elementWide
  /// the word of which table entry `extra + a` has the place
  case choose
  /// table entry `extra + a`
  case lookup
  /// word `a` of the memory at `b`, of depth `extra`
  case memoryRead
  /// gives word `a` of the memory at the target, of depth `extra`, the value `b`
  case memoryWrite
  /// gives bits of word `a` of the memory at the target, `c` words each, the value `b`; at table entry `extra` stand
  /// the depth, the lowest bit and their number
  case memoryInsert
  /// `a`, or all ones where it takes more than one of its `extra` words
  case saturate

  // Any width.
  /// `extra` words of `a`
  case wideCopy
  /// `extra` bits wide
  case wideAdd, wideSubtract, wideAnd, wideOr, wideXor, wideNot
  /// operands of `extra`'s low and high half bits; `c` is one where they are signed
  case wideMultiply
  /// one bit from operands of `extra` bits
  case wideEqual, wideLess, wideLessSigned, wideReduceAnd, wideReduceOr, wideReduceXor
  /// `a`, `extra` bits wide, moved by `b`
  case wideShiftLeft, wideShiftRight, wideShiftRightArithmetic
  /// `a` not zero: `extra` words of `b`, else of `c`
  case wideSelect
  /// puts `extra` bits of `a` from bit `c` at the target's bit `b`
  case copyBits
  /// `a` of the low half of `extra` bits in that of its high half
  case wideSignExtend
  /// element `b` of the vector `a`, `c` bits each; `extra` is their number
  case wideElement
  /// `extra`'s high half words of the place in the table entry at `extra`'s low half plus `a`
  case wideChoose
  /// word `a` of the memory at `b`, `c` words each; `extra` is the depth
  case wideMemoryRead, wideMemoryWrite

  /// The runs that follow, until nothing changes.
  case loop

  static func < (a: Opcode, b: Opcode) -> Bool { a.rawValue < b.rawValue }
}
