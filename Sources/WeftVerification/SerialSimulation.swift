import Weft
import WeftAccelerators
import WeftNetworks
import WeftSimulation

/// An accelerator behind a serial line that runs with a host at the line's other end.
///
/// ```swift
/// let simulation = try SerialSimulation(SerialAccelerator(grid, settings: settings), engine: .verilator)
/// let outputs = try simulation.run(frames)
/// ```
public final class SerialSimulation<Unit: StageUnit> {
  /// What runs.
  public let accelerator: SerialAccelerator<Unit>
  /// The simulation.
  public let simulation: Simulation<SerialAccelerator<Unit>>
  /// Cycles that have passed.
  public private(set) var cycle = 0

  private var line: SerialLine
  private var received: [UInt8] = []

  /// Builds the simulation.
  ///
  /// - Throws: `ElaborationError` for a mistake in the design, `SimulationError` where the engine cannot be had.
  public init(_ accelerator: SerialAccelerator<Unit>, engine: EngineKind) throws {
    self.accelerator = accelerator
    simulation = try Simulation(accelerator, engine: engine)
    line = SerialLine(cyclesPerBit: accelerator.settings.cyclesPerBit)
    simulation.uart_rx = 1
  }

  // MARK: The line

  /// Sends bytes, behind those that are on their way.
  public func send(_ bytes: [UInt8]) {
    for byte in bytes { line.send(byte) }
  }

  /// Breaks the line: the accelerator begins anew. What was received is forgotten.
  public func breakLine() {
    line.breakLine()
    while !line.isIdle { run(cycles: 1) }
    received = []
  }

  /// The bytes that have come since they were last asked for.
  public func takeReceived() -> [UInt8] {
    defer { received = [] }
    return received
  }

  /// Runs until something has come, or for so many cycles, and takes it.
  public func receive(within cycles: Int) -> [UInt8] {
    run(until: { !self.received.isEmpty }, cycles: cycles)
    return takeReceived()
  }

  /// Runs so many cycles.
  public func run(cycles: Int) { run(until: { false }, cycles: cycles) }

  /// Runs until a condition holds, or for so many cycles; returns whether it holds.
  @discardableResult
  private func run(until isDone: () -> Bool, cycles: Int) -> Bool {
    for _ in 0..<cycles {
      if isDone() { return true }
      simulation.uart_rx = line.drive()
      if let byte = line.observe(simulation.uart_tx) { received.append(byte) }
      simulation.step()
      cycle += 1
    }
    return isDone()
  }

  /// Waits for so many bytes and takes them.
  ///
  /// - Throws: `SimulationError` where they do not come.
  private func receive(_ count: Int) throws(SimulationError) -> [UInt8] {
    let patience =
      10_000 + 64 * 10 * accelerator.settings.cyclesPerBit + 4 * accelerator.grid.cost.predictedCyclesPerFrame
    guard run(until: { self.received.count >= count }, cycles: patience) else {
      throw SimulationError(
        "the accelerator is silent: \(received.count) of \(count) bytes came within \(patience) cycles")
    }
    defer { received.removeFirst(count) }
    return Array(received.prefix(count))
  }

  // MARK: The host

  /// The hash with which the accelerator answers the question who is there.
  ///
  /// - Throws: `SimulationError` where it does not answer, or with something else.
  public func identity() throws(SimulationError) -> UInt32 {
    send([UInt8(SerialSettings.Kind.identity.rawValue << 6)])
    let answer = try receive(5)
    guard answer[0] == UInt8(SerialSettings.Kind.identity.rawValue << 6) else {
      throw SimulationError("the accelerator answers with a packet of kind \(answer[0] >> 6)")
    }
    return answer.dropFirst().reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// What the host knows while frames are under way.
  private struct Progress {
    /// For each input the bytes that are still to be sent, and the elements that there is room for.
    var waiting: [ArraySlice<UInt8>]
    var room: [Int]
    /// For each output the stored elements of all lanes, as they come.
    var results: [[Int]]
  }

  /// Runs frames through the accelerator, whose line was just broken or that just began; whole passes, where outputs
  /// have batches.
  ///
  /// - Returns: For each frame the codes of every output in channel, row, column order; none where a pass does not give
  ///   the frame.
  /// - Throws: `SimulationError` where the accelerator tells of an error, or is silent.
  public func run(_ frames: [[[Int32]]]) throws(SimulationError) -> [[[Int32]]] {
    let (inputs, outputs) = (accelerator.inputs, accelerator.outputs)
    let perPass = accelerator.grid.framesPerPass
    let passes = frames.count / perPass
    var progress = Progress(
      waiting: inputs.indices.map { input in
        (0..<passes).flatMap { pass in
          let frames = frames[(pass * perPass)...].prefix(inputs[input].frames)
          return inputs[input].bytes(of: frames.map { $0[input] })
        }[...]
      }, room: inputs.map { _ in SerialSettings.capacity }, results: outputs.map { _ in [] })
    let expected = outputs.indices.map {
      passes * outputs[$0].frames * accelerator.grid.outputOrders[$0].transfersPerFrame
        * accelerator.grid.outputOrders[$0].lanes
    }
    while zip(progress.results, expected).contains(where: { $0.count < $1 }) {
      feed(&progress)
      try takePacket(&progress)
    }
    let collected = outputs.indices.map { collect(progress.results[$0], ofOutput: $0) }
    return (0..<passes * perPass).map { frame in
      outputs.indices.map { output in
        let (pass, place) = (frame / perPass, frame % perPass)
        return place < outputs[output].frames ? collected[output][pass * outputs[output].frames + place] : []
      }
    }
  }

  /// Sends what there is room for.
  private func feed(_ progress: inout Progress) {
    for (index, format) in accelerator.inputs.enumerated() {
      while progress.room[index] > 0, !progress.waiting[index].isEmpty {
        let bytes = progress.waiting[index].prefix(min(progress.room[index], 255) * format.elementBytes)
        send([UInt8(index), UInt8(bytes.count / format.elementBytes)] + bytes)
        progress.waiting[index].removeFirst(bytes.count)
        progress.room[index] -= bytes.count / format.elementBytes
      }
    }
  }

  private func takePacket(_ progress: inout Progress) throws(SimulationError) {
    let first = try receive(1)[0]
    let index = Int(first & 63)
    switch SerialSettings.Kind(rawValue: Int(first >> 6)) {
    case .elements where index < accelerator.outputs.count:
      let format = accelerator.outputs[index]
      let bytes = try receive(accelerator.elementsPerPacket(ofOutput: index) * format.elementBytes)
      progress.results[index] += stride(from: 0, to: bytes.count, by: format.elementBytes).map { place in
        format.elementBytes == 2 ? Int(bytes[place]) | Int(bytes[place + 1]) << 8 : Int(bytes[place])
      }
    case .credit where index < accelerator.inputs.count: progress.room[index] += SerialSettings.credit
    default: throw SimulationError("the accelerator sends a packet of kind \(first >> 6) with the index \(index)")
    }
  }

  /// The frames of an output from the elements of all lanes.
  private func collect(_ elements: [Int], ofOutput index: Int) -> [[Int32]] {
    let (format, order) = (accelerator.outputs[index], accelerator.grid.outputOrders[index])
    let places = order.indices.flatMap { $0 }
    let wide = 1 << format.quantization.storage.bits
    return stride(from: 0, to: elements.count, by: max(1, places.count)).map { first in
      var frame = [Int32](repeating: 0, count: format.shape.count)
      for (offset, place) in places.enumerated() where place >= 0 {
        let stored = elements[first + offset]
        let isNegative = format.quantization.storage != .uint8 && stored >= wide / 2
        frame[place] = Int32(format.quantization.code(stored: isNegative ? stored - wide : stored))
      }
      return frame
    }
  }
}
