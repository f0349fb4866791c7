import Foundation

/// A lock on a file that programs and threads hold one at a time; the system takes it back when its holder ends.
struct FileLock {
  private let descriptor: Int32

  /// Waits until nobody else holds the lock.
  init(_ path: String) throws {
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw SimulationError("cannot open the lock \(path): \(String(cString: strerror(errno)))")
    }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else {
        let reason = String(cString: strerror(errno))
        close(descriptor)
        throw SimulationError("cannot lock \(path): \(reason)")
      }
    }
  }

  /// Lets the next one in.
  func unlock() { close(descriptor) }
}
