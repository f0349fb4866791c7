/// The block RAMs of a block beside those of its grid, computed from the sizes of its memories without building it. A
/// block multiplies nothing, so that it takes no DSPs.
public struct BlockCost: Hashable, Sendable {
  /// Block RAMs of 18 Kib of the buffers that bring outputs into the order of memory.
  public var rasterBuffers: Int
  /// Block RAMs of 18 Kib of the buffers that bring the planes of inputs into the order of pixels.
  public var transposers: Int
  /// Block RAMs of 18 Kib of the data movers' queues.
  public var queues: Int

  /// Block RAMs of 18 Kib of all that.
  public var ramb18: Int { rasterBuffers + transposers + queues }

  /// The cost of a block.
  public init<Unit: StageUnit>(_ block: AcceleratorBlock<Unit>) {
    let (settings, orders) = (block.settings, block.grid.outputOrders)
    rasterBuffers = zip(block.outputs, orders).reduce(0) { sum, output in
      sum + RasterGeometry(output.0, output.1, dataWidth: settings.dataWidth).ramb18
    }
    transposers = block.inputs.reduce(0) { $0 + $1.transposer.ramb18 }
    // A beat that was read has a mark of an error, one to be written its strobes and a mark of the last.
    let (read, written) = (settings.dataWidth + 1, settings.dataWidth + settings.dataWidth / 8 + 1)
    queues =
      block.inputs.count * Self.blocks(ofQueue: settings.buffer, width: read)
      + block.outputs.count * Self.blocks(ofQueue: settings.buffer, width: written)
  }

  /// Queues are in block RAM however shallow they are.
  private static func blocks(ofQueue depth: Int, width: Int) -> Int {
    MemoryShape(depth: max(depth, 512), width: width).ramb18
  }
}

extension RasterGeometry {
  /// Block RAMs of 18 Kib of all banks.
  fileprivate var ramb18: Int {
    banks * MemoryShape(depth: 2 * wordsPerGroup, width: format.quantization.bits).ramb18
  }
}

extension TensorFormat {
  /// What a reader keeps the rows of all planes in; nothing where elements lie in the order of pixels.
  fileprivate var transposer: MemoryShape {
    MemoryShape(
      depth: isInterleaved ? 0 : 2 * shape.channels * shape.width, width: quantization.storage.bits)
  }
}
