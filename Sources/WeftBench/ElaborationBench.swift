import Weft

/// How long it takes from an array as a value to its Verilog, in processor time. Of several runs the fastest counts:
/// what else the machine does only ever adds to a time.
enum ElaborationBench {
  /// The seconds for a `size` x `size` array.
  static func seconds(size: Int) throws -> Double {
    let times = try (0..<max(3, 640 / size)).map { _ in
      try processorTime { _ = try Design(MultiplyAccumulateArray(size: size, lanes: 1)).verilog() }
    }
    return fastest(times)
  }

  /// Time at two sizes, and how it grows with the number of elements.
  static func figures() throws -> [Figure] {
    let (small, large) = (try seconds(size: 64), try seconds(size: 256))
    return [
      Figure(
        name: "64 x 64 int8 MAC array, elaboration and emission", value: small, unit: "s", bound: .atMost(0.1)),
      Figure(name: "256 x 256 int8 MAC array, elaboration and emission", value: large, unit: "s", bound: .atMost(2)),
      Figure(
        name: "time an element at 256 x 256 to that at 64 x 64", value: large / small / 16, unit: "x",
        bound: .atMost(1.5)),
    ]
  }
}
