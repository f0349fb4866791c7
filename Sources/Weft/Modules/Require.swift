/// Reports a mistake in the parameters of a module, where `isRight` is false: a size that cannot be, two that do not
/// fit.
///
/// - Parameter message: a sentence that names the parameter, what was given and what would do.
public func require(_ isRight: Bool, _ message: @autoclosure () -> String) -> Circuit {
  if !isRight { Scope.report(.parameter, message()) }
  return Circuit([])
}
