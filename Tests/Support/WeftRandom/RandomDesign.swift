import Weft

/// Makes hierarchies of random modules in which every kind of node and statement occurs.
public struct RandomDesign {
  /// The domains of registers and memories.
  public var domains: [Domain]
  /// How many nodes each module has, about.
  public var size: Int
  /// The number of modules; later ones instantiate earlier ones.
  public var moduleCount: Int
  /// The most bits of a signal, about.
  public var widest: Int
  /// What the modules' names begin with.
  public var prefix: String

  /// A recipe; by default for three small modules in the main domain.
  public init(
    prefix: String = "Random", domains: [Domain] = [.main], size: Int = 40, moduleCount: Int = 3, widest: Int = 150
  ) {
    self.prefix = prefix
    self.domains = domains
    self.size = size
    self.moduleCount = moduleCount
    self.widest = widest
  }

  /// The design of a seed.
  public func make(seed: UInt64) -> Design {
    var random = SeededGenerator(seed: seed)
    var modules: [Netlist] = []
    for index in 0..<moduleCount {
      var module = RandomModule(
        name: "\(prefix)\(seed)_\(index)", domains: domains, widest: widest, children: modules, random: random)
      module.fill(size: size)
      random = module.random
      modules.append(module.builder.netlist)
    }
    return Design(modules: modules)
  }
}
