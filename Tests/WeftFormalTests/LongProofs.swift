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

  @Test(arguments: [AsynchronousPassage.Crossing.fifo(depth: 8), .handshake])
  func wideCrossingsKeepTheirOrder(crossing: AsynchronousPassage.Crossing) throws {
    try prove(AsynchronousPassage(crossing: crossing, bits: 8), using: solver)
  }

  @Test func longPipelinesKeepTheirOrder() throws {
    try prove(Passage(buffer: .pipeline(stages: 6), bits: 8), by: .induction(2), using: solver)
  }

  @Test func largeArbitersAreFair() throws {
    try prove(ArbiterProof(streams: 8, policy: .roundRobin, patience: 7), using: solver)
  }

  @Test func largeCrossbarsLoseNothing() throws {
    try prove(CrossbarProof(inputs: 4, outputs: 4), using: solver)
  }

  @Test func everyOneOfManyPortsReadsWhatWasWrittenLast() throws {
    try prove(MultiportProof(writes: 4, reads: 3), using: solver)
  }

  @Test(arguments: [
    ReaderProof(words: 13, burst: 4, buffer: 11, base: 2, boundary: 8), ReaderProof(words: 16, burst: 4, buffer: 8),
  ])
  func largeReadersAskForWhatTheyHaveRoomFor(proof: ReaderProof) throws {
    try prove(proof, using: solver)
  }

  @Test(arguments: [(3, 4), (2, 6)])
  func manyWordsComeBackToTheirReader(readers: Int, outstanding: Int) throws {
    try prove(SharingProof(readers: readers, outstanding: outstanding), using: solver)
  }

  @Test func solversAgreeWithTheInterpreter() throws {
    for seed in 1000..<1060 as Range<UInt64> { try EncodingTests.compare(seed: seed) }
  }
}
