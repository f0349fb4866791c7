import Foundation
import Testing
import WeftFormal

/// What takes longer than a test may; `scripts/regress formal` runs it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["WEFT_LONG_PROOFS"] != nil), .serialized) struct LongProofs {
  private let solver = Solver(limit: 600)

  @Test(arguments: [13, 16])
  func deepQueuesKeepTheirOrder(depth: Int) throws {
    try prove(Passage(buffer: .fifo(depth: depth), bits: 8), using: solver)
  }

  @Test(arguments: [(5, 3), (3, 5), (4, 6)])
  func wideAdaptersKeepTheirOrder(from inputs: Int, to outputs: Int) throws {
    try prove(Passage(buffer: .widthAdapter(from: inputs, to: outputs), bits: 8), using: solver)
  }

  @Test(arguments: [4, 7])
  func blockRAMQueuesKeepTheirOrder(depth: Int) throws {
    try prove(Passage(buffer: .blockRAM(depth: depth), bits: 8), using: solver)
  }

  @Test func solversAgreeWithTheInterpreter() throws {
    for seed in 1000..<1060 as Range<UInt64> { try EncodingTests.compare(seed: seed) }
  }
}
