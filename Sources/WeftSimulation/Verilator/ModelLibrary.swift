import Foundation

/// A model's shared library in this program. It stays loaded once it is.
struct ModelLibrary {
  /// One running model.
  typealias Instance = UnsafeMutableRawPointer

  let create: @convention(c) () -> Instance?
  let destroy: @convention(c) (Instance) -> Void
  let evaluate: @convention(c) (Instance) -> Void
  let step: @convention(c) (Instance, Int64) -> Void
  let port: @convention(c) (Instance, UnsafePointer<CChar>, UnsafeMutablePointer<Int>) -> UnsafeMutableRawPointer?
  let signal: @convention(c) (Instance, UnsafePointer<CChar>, UnsafePointer<CChar>) -> UnsafeMutableRawPointer?
  let openTrace: @convention(c) (Instance, UnsafePointer<CChar>) -> Bool
  let record: @convention(c) (Instance, UInt64) -> Void
  let closeTrace: @convention(c) (Instance) -> Void

  /// Loads the library at `path`.
  init(_ path: String) throws {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
      throw SimulationError(
        "cannot load the model \(path): \(reason). Removing it from the cache lets it be built again")
    }
    func function<Function>(_ name: String, as: Function.Type) throws -> Function {
      guard let symbol = dlsym(handle, name) else {
        throw SimulationError("the model \(path) has no \(name). Removing it from the cache lets it be built again")
      }
      return unsafeBitCast(symbol, to: Function.self)
    }
    create = try function("weft_create", as: type(of: create))
    destroy = try function("weft_destroy", as: type(of: destroy))
    evaluate = try function("weft_evaluate", as: type(of: evaluate))
    step = try function("weft_step", as: type(of: step))
    port = try function("weft_port", as: type(of: port))
    signal = try function("weft_signal", as: type(of: signal))
    openTrace = try function("weft_trace_open", as: type(of: openTrace))
    record = try function("weft_record", as: type(of: record))
    closeTrace = try function("weft_trace_close", as: type(of: closeTrace))
  }
}
