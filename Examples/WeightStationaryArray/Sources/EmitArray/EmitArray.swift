import Foundation
import Weft
import WeightStationaryArray

/// Writes the Verilog of an array: `swift run EmitArray DIRECTORY [ROWS COLUMNS]`, 4 x 4 unless told.
@main
struct EmitArray {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    let sizes = arguments.dropFirst().map { Int($0) ?? 0 }
    guard let directory = arguments.first, sizes.isEmpty || sizes.count == 2, sizes.allSatisfy({ $0 > 0 }) else {
      fail("usage: EmitArray DIRECTORY [ROWS COLUMNS], both positive numbers")
    }
    let array = WeightStationaryArray(rows: sizes.first ?? 4, columns: sizes.last ?? 4)
    do {
      try Design(array).verilog().write(to: directory)
      print("\(array.rows) x \(array.columns) cells, \(array.latency) cycles of latency, in \(directory)/files.f")
    } catch {
      fail("\(error)")
    }
  }

  private static func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(1)
  }
}
