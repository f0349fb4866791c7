/// Networks of float32 made from a seed, with odd sizes and channel counts, for tests of everything that takes a
/// network: stacks of the operators that accelerators compute, or of all operators there are.
public struct RandomNetwork: Hashable, Sendable {
  /// What a random network may be.
  public struct Bounds: Hashable, Sendable {
    /// Channels of every map.
    public var channels: ClosedRange<Int>
    /// Height and width of the inputs.
    public var size: ClosedRange<Int>
    /// Convolutions of each of the trunk and the branches.
    public var convolutions: ClosedRange<Int>
    /// Kernel heights and widths to choose from.
    public var kernels: [Int]
    /// Greatest height and width of a map.
    public var greatestSize: Int
    /// Whether there may be operators that accelerators do not compute yet: reshapes, and what joins maps; and with them
    /// poolings, groups and fully connected layers.
    public var hasAllOperators: Bool
    /// Whether there are skips: maps that are added or joined to what is made of them.
    public var hasSkips: Bool

    /// Creates bounds; without arguments networks that are simulated in seconds.
    public init(
      channels: ClosedRange<Int> = 1...7, size: ClosedRange<Int> = 3...9,
      convolutions: ClosedRange<Int> = 1...2, kernels: [Int] = [1, 2, 3, 3, 5, 7],
      greatestSize: Int = 24, hasAllOperators: Bool = false, hasSkips: Bool = false
    ) {
      self.channels = channels
      self.size = size
      self.convolutions = convolutions
      self.kernels = kernels
      self.greatestSize = greatestSize
      self.hasAllOperators = hasAllOperators
      self.hasSkips = hasSkips
    }
  }

  /// What the network was made from.
  public let seed: UInt64
  /// The network.
  public let network: Network
  private var generator: SeededGenerator
  private let bounds: Bounds

  /// Makes the network of a seed; equal seeds and bounds give equal networks.
  public init(seed: UInt64, bounds: Bounds = Bounds()) {
    var builder = Builder(generator: SeededGenerator(seed: seed), bounds: bounds, seed: seed)
    network = builder.build()
    generator = builder.generator
    self.seed = seed
    self.bounds = bounds
  }

  /// Frames of random values for every input of the network; the same ones at every call.
  public func frames(_ count: Int) -> [[[Float]]] {
    var generator = generator
    return (0..<count).map { _ in
      network.inputs.map { input in
        (0..<input.shape.count).map { _ in generator.real(in: -2...2) }
      }
    }
  }

  /// Widths for the whole network, and in three of four networks others for each layer; the same at every call. Every
  /// fourth network has 8 bits throughout.
  ///
  /// - Throws: ``NetworkError`` if the network does not lower.
  public func mixedBits() throws(NetworkError) -> QuantizationOptions {
    guard seed % 4 != 0 else { return QuantizationOptions() }
    var generator = SeededGenerator(seed: seed ^ 0xB175)
    func bits() -> QuantizationOptions.Bits {
      let range = QuantizationOptions.Bits.range
      return .init(activations: .random(in: range, using: &generator), weights: .random(in: range, using: &generator))
    }
    var options = QuantizationOptions()
    options.bits = bits()
    for stage in try StageGraph(network).stages { options.layers[stage.name] = bits() }
    return options
  }

  /// The network quantised on random frames.
  ///
  /// - Throws: ``NetworkError`` as ``QuantizedNetwork/init(_:calibration:options:)``.
  public func quantized(_ options: QuantizationOptions = .init()) throws(NetworkError)
    -> QuantizedNetwork
  {
    try QuantizedNetwork(network, calibration: frames(2), options: options)
  }
}

/// A small generator whose sequence is fixed by its seed (SplitMix64; Steele, Lea and Flood, 2014).
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  /// Creates the generator of a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A real number of a range, the same on every platform.
  mutating func real(in range: ClosedRange<Float>) -> Float {
    let unit = Float(next() >> 40) / Float(1 << 24 as Int)
    return range.lowerBound + unit * (range.upperBound - range.lowerBound)
  }
}

/// Makes one random network, operator by operator.
private struct Builder {
  var generator: SeededGenerator
  let bounds: RandomNetwork.Bounds
  let seed: UInt64
  private var network = Network(name: "", inputs: [])

  init(generator: SeededGenerator, bounds: RandomNetwork.Bounds, seed: UInt64) {
    self.generator = generator
    self.bounds = bounds
    self.seed = seed
  }

  mutating func build() -> Network {
    network = Network(name: "random_\(seed)", inputs: [])
    for input in 0..<(chance(5) ? 2 : 1) {
      let shape = MapShape(
        channels: .random(in: bounds.channels, using: &generator),
        height: .random(in: bounds.size, using: &generator),
        width: .random(in: bounds.size, using: &generator))
      network.inputs.append(Network.Input(name: "input_\(input)", shape: shape))
      let trunk = stack(after: .input(network.inputs.count - 1))
      for branch in 0..<(chance(2) ? 2 : 1) {
        var end = stack(after: trunk)
        if bounds.hasAllOperators, chance(4) { end = fullyConnected(after: end) }
        network.outputs.append(Network.Output(name: "output_\(input)_\(branch)", source: end))
      }
    }
    if bounds.hasAllOperators, chance(2) { joinInputs() }
    return network
  }

  /// A vector that is seen as a map and joined with another input, which has an output of its own.
  private mutating func joinInputs() {
    let first = network.inputs.count
    var shape = MapShape(
      channels: .random(in: bounds.channels, using: &generator), height: .random(in: bounds.size, using: &generator),
      width: .random(in: bounds.size, using: &generator))
    network.inputs.append(
      Network.Input(
        name: "vector", shape: MapShape(channels: shape.count, height: 1, width: 1), isVector: true))
    let code = append(.reshape(shape), after: .input(first))
    shape.channels = .random(in: bounds.channels, using: &generator)
    network.inputs.append(Network.Input(name: "map", shape: shape))
    let both = append(.concatenate, joining: [code, .input(first + 1)])
    for (index, source) in [both, code].enumerated() {
      network.outputs.append(Network.Output(name: "joined_\(index)", source: stack(after: source)))
    }
  }

  private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &generator) == 0 }

  private mutating func reals(_ count: Int, _ range: ClosedRange<Float>) -> [Float] {
    (0..<count).map { _ in generator.real(in: range) }
  }

  /// Appends an operation that may not fit; if it does not, the value stays as it is.
  private mutating func append(_ operation: Network.Operation, after source: Network.Source)
    -> Network.Source
  {
    append(operation, joining: [source])
  }

  private mutating func append(_ operation: Network.Operation, joining sources: [Network.Source]) -> Network.Source {
    let name = "\(operation.operatorName.lowercased())_\(network.nodes.count)"
    return (try? network.append(operation, named: name, joining: sources)) ?? sources[0]
  }

  /// Some convolutions, each with whatever may follow it.
  private mutating func stack(after start: Network.Source) -> Network.Source {
    var value = start
    for _ in 0..<Int.random(in: bounds.convolutions, using: &generator) {
      value = convolution(after: value)
      if chance(3) { value = add(after: value, isUntied: true) }
      if chance(6) { value = add(after: value, isUntied: false) }
      value = activation(after: value)
      if chance(2) { value = upsample(after: value) }
      if chance(6) { value = activation(after: value) }
      if chance(8) { value = add(after: value, isUntied: chance(2)) }
      if bounds.hasAllOperators { value = general(after: value) }
    }
    return bounds.hasSkips ? skip(after: value) : value
  }

  /// Perhaps a pooling, a skip connection, or the same elements in another shape.
  private mutating func general(after source: Network.Source) -> Network.Source {
    let shape = network.shape(of: source)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0:
      let size = Int.random(in: 2...3, using: &generator)
      let window = ConvolutionWindow(
        kernelHeight: size, kernelWidth: chance(4) ? 1 : size,
        strideVertical: .random(in: 1...3, using: &generator), strideHorizontal: .random(in: 1...2, using: &generator),
        padding: Padding(top: chance(3) ? 1 : 0, left: 0, bottom: chance(3) ? size - 1 : 0, right: 0))
      return append(.maximum(window: window), after: source)
    case 1: return append(.sum, joining: [pointwise(shape.channels, after: source), source])
    case 2: return append(.concatenate, joining: [source, pointwise(2, after: source), source])
    case 3:
      let turned = MapShape(channels: shape.width, height: shape.channels, width: shape.height)
      return append(.reshape(turned), after: source)
    default: return source
    }
  }

  /// A map added or joined to what is made of it, or to another input.
  private mutating func skip(after source: Network.Source) -> Network.Source {
    let shape = network.shape(of: source)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: return append(.sum, joining: [residue(shape.channels, depth: 2, after: source), source])
    case 1:
      // Two blocks, the second of which adds what the first one begins with.
      let first = append(.sum, joining: [residue(shape.channels, depth: 1, after: source), source])
      let second = residue(shape.channels, depth: 2, after: activation(after: first))
      return append(.sum, joining: [second, first, source])
    case 2:
      let made = residue(.random(in: bounds.channels, using: &generator), depth: 1, after: source)
      return append(.concatenate, joining: [source, residue(2, depth: 2, after: made), made])
    case 3: return append(.sum, joining: [source, source])
    case 4:
      let other = MapShape(
        channels: .random(in: bounds.channels, using: &generator), height: shape.height, width: shape.width)
      network.inputs.append(Network.Input(name: "skip_\(network.inputs.count)", shape: other))
      let inputs = network.inputs.count - 1
      let both = append(.concatenate, joining: [residue(3, depth: 1, after: source), .input(inputs)])
      return append(.concatenate, joining: [residue(2, depth: 1, after: both), .input(inputs)])
    default:
      guard shape.height.isMultiple(of: 2), shape.width.isMultiple(of: 2) else { return source }
      // A level of a U-Net.
      var low = residue(.random(in: bounds.channels, using: &generator), depth: 1, stride: 2, after: source)
      low = residue(.random(in: bounds.channels, using: &generator), depth: 1, after: low)
      let high = append(.upsample(Upsampling(vertical: 2, horizontal: 2)), after: low)
      let grown = residue(.random(in: bounds.channels, using: &generator), depth: 1, after: high)
      return residue(3, depth: 1, after: append(.concatenate, joining: [source, grown]))
    }
  }

  /// Convolutions that keep the size of the map, but for the step of the first, and an activation after each.
  private mutating func residue(
    _ channels: Int, depth: Int, stride: Int = 1, after source: Network.Source
  ) -> Network.Source {
    var value = source
    for level in 0..<depth {
      let kernel = [1, 3, 3, 5].randomElement(using: &generator) ?? 1
      var window = ConvolutionWindow(kernelHeight: kernel, kernelWidth: kernel, padding: Padding(kernel / 2))
      if level == 0 { (window.strideVertical, window.strideHorizontal) = (stride, stride) }
      let taps = network.shape(of: value).channels * kernel * kernel
      let spread = 2 / Float(taps).squareRoot()
      let weights = Parameter.reals(reals(channels * taps, -spread...spread))
      value = append(.convolution(weights: weights, bias: nil, window: window), after: value)
      value = activation(after: value)
    }
    return value
  }

  private mutating func pointwise(_ outputs: Int, after source: Network.Source) -> Network.Source {
    let weights = Parameter.reals(reals(outputs * network.shape(of: source).channels, -1...1))
    return append(.convolution(weights: weights, bias: nil, window: .pointwise), after: source)
  }

  private mutating func fullyConnected(after source: Network.Source) -> Network.Source {
    let vector = append(.flatten, after: source)
    let count = network.shape(of: vector).count
    let outputs = Int.random(in: bounds.channels, using: &generator)
    let spread = 2 / Float(count).squareRoot()
    let weights = Parameter.reals(reals(outputs * count, -spread...spread))
    let sums = append(.fullyConnected(weights: weights, bias: .reals(reals(outputs, -1...1))), after: vector)
    return append(.rectify(slopes: [0.25]), after: sums)
  }

  private mutating func convolution(after source: Network.Source) -> Network.Source {
    let shape = network.shape(of: source)
    var output = Int.random(in: bounds.channels, using: &generator)
    var groups = 1
    if bounds.hasAllOperators, chance(3) {
      groups = (1...shape.channels).filter { shape.channels % $0 == 0 }.randomElement(using: &generator) ?? 1
      output *= groups
    }
    let height = bounds.kernels.randomElement(using: &generator) ?? 1
    let width = chance(4) ? bounds.kernels.randomElement(using: &generator) ?? 1 : height
    var window = ConvolutionWindow(kernelHeight: height, kernelWidth: width)
    window.padding = Padding(
      top: height / 2, left: width / 2, bottom: (height - 1) / 2, right: (width - 1) / 2)
    if chance(6) {
      window.padding.top = Int.random(in: 0..<max(height, 1), using: &generator)
      window.padding.right = Int.random(in: 0..<max(width, 1), using: &generator)
    }
    if chance(5) { window.strideVertical = 2 }
    if chance(5) { window.strideHorizontal = 2 }
    let taps = shape.channels / groups * height * width
    let spread = 2 / Float(taps).squareRoot()
    let weights = Parameter.reals(reals(output * taps, -spread...spread))
    let bias = chance(4) ? nil : Parameter.reals(reals(output, -1...1))
    return append(.convolution(weights: weights, bias: bias, window: window, groups: groups), after: source)
  }

  private mutating func add(after source: Network.Source, isUntied: Bool) -> Network.Source {
    let shape = network.shape(of: source)
    let count = isUntied ? shape.count : chance(2) ? 1 : shape.channels
    return append(.add(.reals(reals(count, -1...1))), after: source)
  }

  private mutating func activation(after source: Network.Source) -> Network.Source {
    let channels = network.shape(of: source).channels
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: return append(.rectify(slopes: [0]), after: source)
    case 1, 2: return append(.rectify(slopes: [0.125]), after: source)
    case 3: return append(.rectify(slopes: reals(channels, -0.25...0.5)), after: source)
    case 4:
      let lower: [Float] = [0, -Float.infinity, generator.real(in: -1 ... -0.1)]
      return append(
        .clip(lower: lower.randomElement(using: &generator) ?? 0, upper: 1), after: source)
    default: return source
    }
  }

  private mutating func upsample(after source: Network.Source) -> Network.Source {
    let shape = network.shape(of: source)
    var factors = Upsampling(vertical: 2, horizontal: 2)
    if chance(4) { factors.horizontal = Int.random(in: 1...3, using: &generator) }
    guard shape.height * factors.vertical <= bounds.greatestSize,
      shape.width * factors.horizontal <= bounds.greatestSize
    else { return source }
    return append(.upsample(factors), after: source)
  }
}
