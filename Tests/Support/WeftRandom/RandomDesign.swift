import Weft

/// Makes hierarchies of random modules in which every kind of node and statement occurs.
public struct RandomDesign {
  /// The domain of all registers and memories.
  public var domain: Domain
  /// How many nodes each module has, about.
  public var size: Int
  /// The number of modules; later ones instantiate earlier ones.
  public var moduleCount: Int
  /// What the modules' names begin with.
  public var prefix: String

  /// A recipe; by default for three small modules in the main domain.
  public init(prefix: String = "Random", domain: Domain = .main, size: Int = 40, moduleCount: Int = 3) {
    self.prefix = prefix
    self.domain = domain
    self.size = size
    self.moduleCount = moduleCount
  }

  /// The design of a seed.
  public func make(seed: UInt64) -> Design {
    var random = SeededGenerator(seed: seed)
    var modules: [Netlist] = []
    for index in 0..<moduleCount {
      var module = RandomModule(
        name: "\(prefix)\(seed)_\(index)", domain: domain, children: modules, random: random)
      module.fill(size: size)
      random = module.random
      modules.append(module.builder.netlist)
    }
    return Design(modules: modules)
  }
}
