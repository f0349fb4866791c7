import Foundation

/// Why a file could not be written, in the system's own words.
enum FileProblem {
  /// The reason behind an error of Foundation, whose own sentence often hides it.
  static func reason(_ error: any Error) -> String {
    if let cocoa = error as? CocoaError {
      if cocoa.code == .fileWriteOutOfSpace { return "the disk is full" }
      if let underlying = cocoa.underlying { return reason(underlying) }
    }
    if let posix = error as? POSIXError { return String(cString: strerror(posix.code.rawValue)) }
    return error.localizedDescription
  }
}
