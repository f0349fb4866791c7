import Weft

/// Collects the fields of a register.
@resultBuilder
public enum RegisterFieldBuilder {
  /// A field.
  public static func buildExpression<Value>(_ field: RegisterField<Value>) -> [Register.Field] { [field.field] }
  /// Fields.
  public static func buildExpression(_ fields: [Register.Field]) -> [Register.Field] { fields }
  public static func buildBlock(_ parts: [Register.Field]...) -> [Register.Field] { parts.flatMap { $0 } }
  public static func buildArray(_ parts: [[Register.Field]]) -> [Register.Field] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [Register.Field]?) -> [Register.Field] { part ?? [] }
  public static func buildEither(first part: [Register.Field]) -> [Register.Field] { part }
  public static func buildEither(second part: [Register.Field]) -> [Register.Field] { part }
}

/// Collects the registers of a map.
@resultBuilder
public enum RegisterMapBuilder {
  /// A register.
  public static func buildExpression(_ register: Register) -> [Register] { [register] }
  /// The two registers of interrupts.
  public static func buildExpression(_ interrupts: Interrupts) -> [Register] { interrupts.registers }
  /// Registers, such as those that several maps have in common.
  public static func buildExpression(_ registers: [Register]) -> [Register] { registers }
  public static func buildBlock(_ parts: [Register]...) -> [Register] { parts.flatMap { $0 } }
  public static func buildArray(_ parts: [[Register]]) -> [Register] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [Register]?) -> [Register] { part ?? [] }
  public static func buildEither(first part: [Register]) -> [Register] { part }
  public static func buildEither(second part: [Register]) -> [Register] { part }
}
