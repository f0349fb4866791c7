import WeftNetworks

/// The kernels of a network's layers, as they are written and of all phases: all that plans need to know of the
/// weights, computed once for any number of them.
public struct NetworkKernels: Sendable {
  /// A kernel and the least and the greatest of its weights.
  struct Entry: Sendable {
    let kernel: Kernel
    let weightRange: ClosedRange<Int>

    init(_ kernel: Kernel) {
      self.kernel = kernel
      weightRange = kernel.weightRange
    }
  }

  private let written: [Entry]
  private let decomposed: [Entry?]

  /// The kernels of a network.
  public init(_ network: QuantizedNetwork) {
    written = network.layers.map { Entry(Kernel($0)) }
    decomposed = network.layers.map { Kernel.canDecompose($0) ? Entry(Kernel(decomposing: $0)) : nil }
  }

  /// The kernel of a layer, of all phases where it has some and these are asked for.
  subscript(layer: Int, decomposed isDecomposed: Bool) -> Entry {
    isDecomposed ? decomposed[layer] ?? written[layer] : written[layer]
  }
}
