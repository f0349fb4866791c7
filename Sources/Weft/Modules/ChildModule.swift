/// A module that instances in one parent stand for, and its ports as far as they are known: what a property was for one
/// instance it is for all, so that it is asked once.
class ChildModule {
  /// The module.
  let module: any Module
  private let type: ObjectIdentifier
  /// The ports that were reached, as signals of the module.
  private(set) var ports: [Netlist.Signal] = []
  private var reached: [ObjectIdentifier: (port: Int, layout: Layout)] = [:]
  /// What the keys of `reached` stand for, so that they stay.
  private var paths: [AnyKeyPath] = []

  /// Paths beyond this many are not remembered: generic code makes some anew each time.
  private static let pathLimit = 1024

  fileprivate init(_ module: any Module, _ type: ObjectIdentifier) {
    self.module = module
    self.type = type
  }

  /// Whether this is `other`.
  func isModule<M: Module>(_ other: M) -> Bool {
    type == ObjectIdentifier(M.self) && unsafeDowncast(self, to: TypedChildModule<M>.self).typedModule == other
  }

  /// The index of the port that a path leads to, and its layout there, where one instance's path did.
  func port(at path: AnyKeyPath) -> (port: Int, layout: Layout)? { reached[ObjectIdentifier(path)] }

  /// Remembers what a path leads to: a signal at a port of an instance. Gives the port's index.
  func learn(_ signal: Netlist.Signal, at path: AnyKeyPath, _ layout: Layout) -> Int {
    let (name, role): (String, Netlist.Signal.Role) =
      switch signal.role {
      case .instanceInput(_, let port): (port, .input)
      case .instanceOutput(_, let port): (port, .output)
      default: preconditionFailure("`\(signal.name)` is at no port")
      }
    let index = ports.firstIndex { $0.name == name } ?? ports.count
    if index == ports.count {
      ports.append(
        Netlist.Signal(name: name, width: signal.width, role: role, format: signal.format, place: signal.place))
    }
    if paths.count < Self.pathLimit {
      reached[ObjectIdentifier(path)] = (index, layout)
      paths.append(path)
    }
    return index
  }
}

/// A child module of a known type.
final class TypedChildModule<M: Module>: ChildModule {
  let typedModule: M

  init(_ module: M) {
    typedModule = module
    super.init(module, ObjectIdentifier(M.self))
  }
}
