/// What the names in a scope stand for.
struct NameTable {
  /// What a name stands for. A declaration has the name of its signal, or several signals named after it.
  struct Entry {
    /// Where the name is taken for something in Verilog.
    private var claim: SourcePlace?
    /// The signal of the name.
    var signal: (id: Netlist.SignalID, node: Netlist.NodeID)?
    /// What the declaration of the name gave.
    var declaration: (value: AnyBox, place: SourcePlace)?

    /// Takes the name; gives the place where it was taken before.
    mutating func claim(at place: SourcePlace) -> SourcePlace? {
      defer { claim = place }
      return claim
    }
  }

  private var indices: [String: Int32] = [:]
  private var entries: [Entry] = []

  /// The signal of a name.
  func signal(_ name: String) -> (id: Netlist.SignalID, node: Netlist.NodeID)? {
    index(of: name).flatMap { entries[$0].signal }
  }

  /// What the declaration of a name gave.
  func declaration(_ name: String) -> (value: AnyBox, place: SourcePlace)? {
    index(of: name).flatMap { entries[$0].declaration }
  }

  private func index(of name: String) -> Int? { indices.isEmpty ? nil : indices[name].map { Int($0) } }

  /// Changes what is known of a name.
  mutating func update<R>(_ name: String, _ change: (inout Entry) -> R) -> R {
    let index = indices[name, default: Int32(entries.count)]
    if Int(index) == entries.count {
      indices[name] = index
      entries.append(Entry())
    }
    return change(&entries[Int(index)])
  }
}

extension NameTable {
  /// What a declaration gave, whatever its type.
  class AnyBox {
    private let type: ObjectIdentifier

    fileprivate init(_ type: ObjectIdentifier) { self.type = type }

    /// What it gave, if that is of this type.
    func value<Value>() -> Value? {
      type == ObjectIdentifier(Value.self) ? unsafeDowncast(self, to: Box<Value>.self).value : nil
    }
  }

  /// What a declaration of a known type gave.
  final class Box<Value>: AnyBox {
    let value: Value

    init(_ value: Value) {
      self.value = value
      super.init(ObjectIdentifier(Value.self))
    }
  }
}
