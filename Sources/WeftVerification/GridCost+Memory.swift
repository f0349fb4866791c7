import WeftAccelerators
import WeftSimulation

extension GridCost {
  /// Cycles between frames at steady state with a memory: those of the slowest stage, or those in which the memory
  /// gives the words of a frame.
  public func cyclesPerFrame(at memory: MemoryTiming) -> Int {
    max(predictedCyclesPerFrame, (memoryWordsPerFrame * memory.cycles + memory.words - 1) / memory.words)
  }
}
