/// A network while its elements are put together.
public struct NetworkAssembly: Sendable {
  /// The network so far.
  public private(set) var network: Network
  private var last: Network.Source?
  private var values: [String: Network.Source] = [:]
  private var generator: SeededGenerator
  private var counts: [String: Int] = [:]

  init(named name: String, seed: UInt64) {
    network = Network(name: name, inputs: [])
    generator = SeededGenerator(seed: seed)
  }

  private var place: String { "network \(quoted(network.name))" }

  /// The value that the next element takes.
  ///
  /// - Throws: ``NetworkError`` where there is none yet.
  public func current() throws(NetworkError) -> Network.Source {
    guard let last else { throw NetworkError(place, "its first element reads nothing", cure: "begin with an Input") }
    return last
  }

  /// The shape of the value that the next element takes.
  ///
  /// - Throws: ``NetworkError`` where there is none yet.
  public func shape() throws(NetworkError) -> MapShape { network.shape(of: try current()) }

  /// The value of a name.
  ///
  /// - Throws: ``NetworkError`` where nothing has the name.
  public func value(named name: String) throws(NetworkError) -> Network.Source {
    guard let value = values[name] else {
      throw NetworkError(
        place, "no value is named \(quoted(name))",
        cure: "name one with Label before it is used; inputs have their own names")
    }
    return value
  }

  /// Gives the current value a name.
  ///
  /// - Throws: ``NetworkError`` where the name is taken.
  public mutating func name(_ name: String) throws(NetworkError) { try self.name(try current(), name) }

  private mutating func name(_ value: Network.Source, _ name: String) throws(NetworkError) {
    guard values.updateValue(value, forKey: name) == nil else {
      throw NetworkError(place, "two values are named \(quoted(name))", cure: "give each its own name")
    }
  }

  /// Goes on after the value of a name.
  ///
  /// - Throws: ``NetworkError`` where nothing has the name.
  public mutating func proceed(from name: String) throws(NetworkError) { last = try value(named: name) }

  /// Adds an input, which becomes the current value.
  ///
  /// - Throws: ``NetworkError`` where its name is taken or its shape is empty or too large.
  public mutating func append(_ input: Network.Input) throws(NetworkError) {
    let shape = input.shape
    guard [shape.channels, shape.height, shape.width].allSatisfy({ $0 > 0 }),
      product([shape.channels, shape.height, shape.width], limit: NetworkLimits.mapElements) != nil
    else { throw NetworkError("input \(quoted(input.name))", "its shape \(shape) is empty or too large") }
    network.inputs.append(input)
    last = .input(network.inputs.count - 1)
    try name(.input(network.inputs.count - 1), input.name)
  }

  /// Shows the current value as an output.
  ///
  /// - Throws: ``NetworkError`` where there is no value, or another output has the name.
  public mutating func appendOutput(named name: String) throws(NetworkError) {
    guard !network.outputs.contains(where: { $0.name == name }) else {
      throw NetworkError("output \(quoted(name))", "two outputs have this name")
    }
    network.outputs.append(Network.Output(name: name, source: try current()))
  }

  /// Adds a node that reads the current value, or `sources`; its result becomes the current value.
  ///
  /// - Parameters:
  ///   - name: of the node; without one it is called after its operator and numbered.
  ///   - sources: what it reads; nil for the current value.
  /// - Throws: ``NetworkError`` if the operation does not fit.
  public mutating func append(
    _ operation: Network.Operation, named name: String?, joining sources: [Network.Source]? = nil
  ) throws(NetworkError) {
    let kind = operation.operatorName.lowercased()
    counts[kind, default: 0] += 1
    let name = name ?? "\(kind)_\(counts[kind, default: 0])"
    let read: [Network.Source]
    if let sources { read = sources } else { read = [try current()] }
    last = try network.append(operation, named: name, joining: read, at: "\(operation.operatorName) \(quoted(name))")
  }

  /// The name that a node of this operator would get.
  func defaultName(_ operatorName: String) -> String {
    "\(operatorName.lowercased())_\(counts[operatorName.lowercased(), default: 0] + 1)"
  }

  /// Random values, spread evenly around 0.
  ///
  /// - Throws: ``NetworkError`` where there are too many.
  public mutating func randomValues(_ sizes: [Int], within spread: Float) throws(NetworkError) -> Parameter {
    guard let count = product(sizes, limit: NetworkLimits.fileBytes / 4), count > 0 else {
      throw NetworkError(place, "weights of the shape \(sizes) are none, or too many")
    }
    return .reals(
      Array(unsafeUninitializedCapacity: count) { values, initialized in
        for index in 0..<count { values.initializeElement(at: index, to: generator.real(in: -spread...spread)) }
        initialized = count
      })
  }

  /// The network.
  func finished() throws(NetworkError) -> Network {
    var network = network
    if network.outputs.isEmpty { network.outputs = [Network.Output(name: "output", source: try current())] }
    return network
  }
}
