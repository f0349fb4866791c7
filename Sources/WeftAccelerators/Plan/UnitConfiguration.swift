/// How much of a layer an elastic unit computes at once.
public struct UnitConfiguration: Hashable, Sendable, Codable {
  /// Input channels multiplied at once by a processing element: any positive number.
  public var cpf: Int
  /// Output channels, one processing element each, computed at once by a compute engine: any positive number.
  public var kpf: Int
  /// Neighbouring output rows, one compute engine each, computed at once: any positive number.
  public var h: Int

  /// A configuration of three positive factors.
  public init(cpf: Int = 1, kpf: Int = 1, h: Int = 1) {
    self.cpf = cpf
    self.kpf = kpf
    self.h = h
  }

  /// The multipliers for multiply-accumulates.
  public var multipliers: Int { cpf * kpf * h }
}
