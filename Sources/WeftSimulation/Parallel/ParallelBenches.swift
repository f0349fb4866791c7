import Dispatch
import Foundation
import Synchronization

/// Runs independent benches on several threads and gives their results in order, so that the outcome does not depend on
/// which of them was faster.
///
/// ```swift
/// let errors = try runInParallel(1...100) { seed in
///   let sim = try Simulation(Filter(), engine: .verilator)
///   return drive(sim, seed: UInt64(seed))
/// }
/// ```
/// Each bench makes its own simulation, which stays on its thread; equal modules share one compiled model.
///
/// - Parameters:
///   - inputs: What tells the benches apart, a seed or a module each.
///   - threads: How many benches run at once; as many as the machine has processors unless given.
///   - bench: What one bench does.
/// - Returns: The results, in the order of the inputs.
/// - Throws: The error of the first bench, in the order of the inputs, that failed.
public func runInParallel<Input: Sendable, Result: Sendable>(
  _ inputs: some Sequence<Input>, threads: Int? = nil, bench: @Sendable (Input) throws -> Result
) throws -> [Result] {
  let inputs = Array(inputs)
  let workers = max(1, min(inputs.count, threads ?? ProcessInfo.processInfo.activeProcessorCount))
  let next = Mutex(0)
  let outcomes = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: inputs.count))
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let index = next.withLock { next in
        defer { next += 1 }
        return next
      }
      guard index < inputs.count else { return }
      let outcome = Swift.Result { try bench(inputs[index]) }
      outcomes.withLock { $0[index] = outcome }
    }
  }
  return try outcomes.withLock { try $0.compactMap { try $0?.get() } }
}
