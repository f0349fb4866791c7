/// Sets values below 0 to 0.
public struct ReLU: NetworkElement {
  /// A rectifier.
  public init() {}

  public func append(to network: inout NetworkAssembly) throws(NetworkError) {
    try network.append(.rectify(slopes: [0]), named: nil)
  }
}

/// Multiplies values below 0 by a slope.
public struct LeakyReLU: NetworkElement {
  private let slope: Float

  /// A rectifier with a slope below 0.
  public init(_ slope: Float = 0.01) { self.slope = slope }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) {
    try network.append(.rectify(slopes: [slope]), named: nil)
  }
}

/// Limits values to a range.
public struct Clip: NetworkElement {
  private let range: ClosedRange<Float>

  /// Limits; they may be infinite.
  public init(_ range: ClosedRange<Float>) { self.range = range }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) {
    try network.append(.clip(lower: range.lowerBound, upper: range.upperBound), named: nil)
  }
}

/// The greatest element in each window of each channel.
public struct MaxPool: NetworkElement {
  private let window: ConvolutionWindow

  /// Windows of `kernel` x `kernel` elements.
  ///
  /// - Parameters:
  ///   - stride: rows and columns from one window to the next; nil for those of the window.
  ///   - padding: what windows may reach beyond the map.
  public init(_ kernel: Int, stride: Int? = nil, padding: Padding = Padding(0)) {
    window = ConvolutionWindow(
      kernelHeight: kernel, kernelWidth: kernel, strideVertical: stride ?? kernel, strideHorizontal: stride ?? kernel,
      padding: padding)
  }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) {
    try network.append(.maximum(window: window), named: nil)
  }
}

/// Nearest-neighbour upsampling.
public struct Upsample: NetworkElement {
  private let factor: Int

  /// Upsampling of rows and columns by a factor.
  public init(_ factor: Int) { self.factor = factor }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) {
    try network.append(.upsample(Upsampling(vertical: factor, horizontal: factor)), named: nil)
  }
}

/// The same elements as a map of another shape.
public struct Reshape: NetworkElement {
  private let shape: MapShape

  /// The new shape.
  public init(channels: Int, height: Int, width: Int) {
    shape = MapShape(channels: channels, height: height, width: width)
  }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) {
    try network.append(.reshape(shape), named: nil)
  }
}

/// The same elements as a vector.
public struct Flatten: NetworkElement {
  /// A vector.
  public init() {}

  public func append(to network: inout NetworkAssembly) throws(NetworkError) {
    try network.append(.flatten, named: nil)
  }
}

/// Joins the channels of values that have names.
public struct Concatenate: NetworkElement {
  private let names: [String]

  /// The names of inputs or of ``Label``s above, in the order of the channels.
  public init(_ names: String...) { self.names = names }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) {
    var sources: [Network.Source] = []
    for name in names { sources.append(try network.value(named: name)) }
    try network.append(.concatenate, named: nil, joining: sources)
  }
}

/// Adds values that have names to the one before.
public struct Add: NetworkElement {
  private let names: [String]

  /// The names of inputs or of ``Label``s above.
  public init(_ names: String...) { self.names = names }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) {
    var sources = [try network.current()]
    for name in names { sources.append(try network.value(named: name)) }
    try network.append(.sum, named: nil, joining: sources)
  }
}
