import Weft
import WeftStreams

enum Pace: Enumeration { case slow, fast, turbo }

/// Registers with fields of every kind.
enum DeviceRegisters {
  static let enable = RegisterField("enable", .bit, reset: 1, "Whether it runs.")
  static let pace = RegisterField("pace", .choice(Pace.self), at: 4, reset: .fast, "How fast it runs.")
  static let scale = RegisterField("scale", .signed(12), at: 10, reset: -3, "The exponent of the scale.")
  static let busy = RegisterField("busy", .bit, .readOnly, "Whether it runs now.")
  static let position = RegisterField("position", .unsigned(20), .readOnly, at: 8, "How far it is.")
  static let key = RegisterField("key", .bits(9), .writeOnly, at: 4, reset: 0x155, "What opens it.")
  static let start = RegisterField("start", .bit, .writePulse, "Starts it.")
  static let step = RegisterField("step", .unsigned(10), .writePulse, at: 3, "Goes so many steps.")
  static let errors = RegisterField("errors", .bits(10), .writeOneToClear, "What went wrong.")
  static let requests = RegisterField("requests", .bits(10), .writeOneToSet, at: 12, "What is asked for.")
  static let seen = RegisterField("seen", .bits(5), .readToClear, at: 2, "What came since the last look.")
  static let threshold = RegisterField(
    "threshold", .unsigned(12), reset: 7, values: ["off": 0, "high": 0xf00], "A limit.")
  static let done = RegisterField.interrupt("done", "It came to its end.")
  static let failed = RegisterField.interrupt("failed", "It failed.")

  /// All of them, in words of 32 or 64 bits.
  static func map(wordWidth: Int = 32) -> RegisterMap {
    let bytes = wordWidth / 8
    return RegisterMap("device", "A device with fields of every kind.", wordWidth: wordWidth) {
      Register("control", "Sets it up.") {
        enable
        pace
        scale
      }
      Register("status", "How it is.") {
        busy
        position
      }
      Register("lock") { key }
      Register("command") {
        start
        step
      }
      Register("events") {
        errors
        requests
      }
      Register("view") { seen }
      Register("limits", at: 8 * bytes, count: 3, stride: 2 * bytes) { threshold }
      Interrupts(at: 16 * bytes) {
        done
        failed
      }
    }
  }
}
