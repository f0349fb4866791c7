/// A module used inside another. Its ports are reached as its properties.
@dynamicMemberLookup
public struct Instance<M: Module> {
  /// The module it stands for.
  public let module: M
  /// Its name in the parent.
  public let name: String
  let id: Netlist.InstanceID
  private let scope: Scope
  private let child: ChildModule

  init(_ module: M, name: String, scope parent: Scope, place: SourcePlace) {
    self.module = module
    self.name = name
    parent.claim(name, at: place)
    let (child, index) = parent.child(module)
    id = parent.builder { $0.add(Netlist.Instance(name: name, module: index, place: place)) }
    self.child = child
    scope = ModuleScope(module, kind: .instance(id, name: name), host: parent, child: child)
  }

  /// The signal at a port.
  public subscript<S: Signal>(dynamicMember port: KeyPath<M, S>) -> S {
    scope.signal(at: port, of: module, child)
  }

  /// The signals at ports that are declared together.
  public subscript<S: Signal>(dynamicMember ports: KeyPath<M, [S]>) -> [S] {
    scope.enter { module[keyPath: ports] }
  }

  /// A domain of the instance, whose clock and reset can be given signals.
  public subscript(domain: Domain, file: String = #fileID, line: Int = #line) -> InstanceDomain {
    InstanceDomain(
      domain: domain, instance: id, name: name, scope: scope, place: SourcePlace(file: file, line: line))
  }

  /// Instances inside an instance are out of reach.
  @available(*, unavailable, message: "an instance inside an instance cannot be reached; give the child a port for it")
  public subscript<N>(dynamicMember child: KeyPath<M, Instance<N>>) -> Instance<N> {
    preconditionFailure("unavailable")
  }
}
