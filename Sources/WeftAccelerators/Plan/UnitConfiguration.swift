import WeftNetworks

/// How much of a layer an elastic unit computes at once, and how.
public struct UnitConfiguration: Hashable, Sendable {
  /// Where a unit has what it adds to its sums for each element: an untied bias.
  public enum BiasStore: String, Hashable, Sendable, Codable {
    /// In memories on the chip.
    case chip
    /// In external memory, from which it is streamed anew for each frame.
    case external
  }

  /// Where a unit has its weights.
  public enum WeightStore: String, Hashable, Sendable, Codable, CaseIterable {
    /// In a memory on the chip that has them from the start.
    case chip
    /// In a memory on the chip that is filled from external memory after the reset.
    case loaded
    /// In external memory: those of a round are kept for all columns of a group of rows, while those of the next are
    /// fetched.
    case streamed
  }

  /// How two rows share a multiplier, for two products of one weight.
  public enum Packing: String, Hashable, Sendable, Codable, CaseIterable {
    /// They do not.
    case none
    /// In one of 27 x 18 bits, as a DSP48E2 has it.
    case wide
    /// In one of 25 x 18 bits and its adder, as a DSP48E1 has them.
    case narrow
  }

  /// How many registers stand in a unit's paths, for the clock that is to be reached.
  public enum Pipelining: String, Hashable, Sendable, Codable, CaseIterable {
    /// As few as keep the initiation interval at one: for DSP slices and fast fabric.
    case standard
    /// At both sides of memories, after every four addends, around each multiplier and step of requantisation, whose
    /// products are those of 18 x 18 bits. No path is held from the end of the unit: results have credits. For fabric of
    /// four-input tables at 100 MHz and more.
    case deep
  }

  /// Input channels multiplied at once by a processing element: any positive number.
  public var cpf: Int
  /// Output channels, one processing element each, computed at once by a compute engine: any positive number. Those of
  /// all phases count.
  public var kpf: Int
  /// Neighbouring rows of results, one compute engine each, computed at once: any positive number.
  public var h: Int
  /// Kernel rows, and kernel columns of each, multiplied at once: any positive number.
  public var taps, columnTaps: Int
  /// Rows and channels that are requantised and passed on at once. The channels divide ``kpf`` and the layer's output
  /// channels, and are at most the next unit's ``cpf``.
  public var rowLanes, channelLanes: Int
  /// Whether upsampling before the convolution is decomposed into phases.
  public var decomposes: Bool
  /// Whether, and how, two rows share a multiplier.
  public var packing: Packing
  /// Where untied biases are.
  public var biasStore: BiasStore
  /// Where the weights are.
  public var weightStore: WeightStore
  /// How many registers stand in its paths.
  public var pipelining: Pipelining

  /// A configuration of positive factors.
  public init(
    cpf: Int = 1, kpf: Int = 1, h: Int = 1, taps: Int = 1, columnTaps: Int = 1, rowLanes: Int = 1,
    channelLanes: Int = 1, decomposes: Bool = false, packing: Packing = .none, biasStore: BiasStore = .chip,
    weightStore: WeightStore = .chip, pipelining: Pipelining = .standard
  ) {
    self.cpf = cpf
    self.kpf = kpf
    self.h = h
    self.taps = taps
    self.columnTaps = columnTaps
    self.rowLanes = rowLanes
    self.channelLanes = channelLanes
    self.decomposes = decomposes
    self.packing = packing
    self.biasStore = biasStore
    self.weightStore = weightStore
    self.pipelining = pipelining
  }

  /// Products a cycle.
  public var multipliers: Int { operandLanes * kpf * h }
  /// Operands a cycle of each row: products of each output channel.
  public var operandLanes: Int { cpf * taps * columnTaps }
  /// The kernel taps multiplied at once, each as a row and a column, in the order of the lanes.
  package var kernelTaps: [(row: Int, column: Int)] {
    (0..<taps).flatMap { row in (0..<columnTaps).map { (row, $0) } }
  }
  /// Whether the unit takes so many channels at once of a map of `channels`: they lie in one word of its buffer.
  package func takes(_ channelLanes: Int, of channels: Int) -> Bool {
    cpf % channelLanes == 0 || (cpf >= channelLanes && cpf >= channels)
  }
  /// Results that are requantised at once.
  public var lanes: Int { rowLanes * channelLanes }
}

extension UnitConfiguration {
  /// The same with the weights in another place.
  package func withWeights(in store: WeightStore) -> UnitConfiguration {
    var unit = self
    unit.weightStore = store
    return unit
  }

  /// The same with other registers in its paths.
  package func withPipelining(_ pipelining: Pipelining) -> UnitConfiguration {
    var unit = self
    unit.pipelining = pipelining
    return unit
  }

  /// The same as far as a max pooling can have it: it gives the channels that it reads, at as many taps at once as its
  /// window has whole parts of.
  package func pooling(_ layer: QuantizedLayer) -> UnitConfiguration {
    func divisor(_ count: Int, of whole: Int) -> Int {
      (1...max(1, min(count, whole))).last { whole % $0 == 0 } ?? 1
    }
    var unit = self
    unit.kpf = cpf
    unit.taps = divisor(taps, of: layer.kernelHeight)
    unit.columnTaps = divisor(columnTaps, of: layer.kernelWidth)
    unit.packing = .none
    unit.weightStore = .chip
    return unit
  }
}

extension UnitConfiguration: Codable {
  private enum CodingKeys: String, CodingKey {
    case cpf, kpf, h, taps, columnTaps, rowLanes, channelLanes, decomposes, packing, biasStore, weightStore
    case pipelining
  }

  /// Decodes a configuration; what a file leaves out beside `cpf`, `kpf` and `h` is as in
  /// ``init(cpf:kpf:h:taps:columnTaps:rowLanes:channelLanes:decomposes:packing:biasStore:weightStore:pipelining:)``.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func value<T: Decodable>(_ key: CodingKeys, _ standard: T) throws -> T {
      try container.decodeIfPresent(T.self, forKey: key) ?? standard
    }
    self.init(
      cpf: try container.decode(Int.self, forKey: .cpf), kpf: try container.decode(Int.self, forKey: .kpf),
      h: try container.decode(Int.self, forKey: .h), taps: try value(.taps, 1), columnTaps: try value(.columnTaps, 1),
      rowLanes: try value(.rowLanes, 1), channelLanes: try value(.channelLanes, 1),
      decomposes: try value(.decomposes, false), packing: try value(.packing, .none),
      biasStore: try value(.biasStore, .chip), weightStore: try value(.weightStore, .chip),
      pipelining: try value(.pipelining, .standard))
  }
}
