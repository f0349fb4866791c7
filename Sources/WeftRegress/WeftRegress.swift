import Foundation
import Weft
import WeftSimulation
import WeftStreams

/// Compares tools on random circuits and writes random register maps; `scripts/regress` calls it for its parts
/// `circuits` and `registers`.
///
/// - `WeftRegress circuits COUNT [FIRST]` runs the circuits of as many seeds, from zero or the first one given.
/// - `WeftRegress circuit SEED` runs one.
/// - `WeftRegress emit SEED FOLDER` writes the Verilog of one.
/// - `WeftRegress defect COUNT` gives the interpreter the same circuits with sums in place of differences and greater
///   in place of less; it succeeds if that is found.
/// - `WeftRegress registers COUNT FOLDER` writes all that is made of as many random register maps, a folder each, and
///   `map.json`, which says what they have to hold.
///
/// The variable `YOSYS` holds the command that runs Yosys, if it is another than `yosys`.
@main
struct WeftRegress {
  static func main() {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      guard arguments.count >= 2, let number = UInt64(arguments[1]) else { throw usage }
      let yosys = ProcessInfo.processInfo.environment["YOSYS"] ?? "yosys"
      switch arguments[0] {
      case "circuits":
        guard let first = arguments.count > 2 ? UInt64(arguments[2]) : 0 else { throw usage }
        exit(try compare(CircuitRegression(seeds: first..<first + number, yosys: yosys)) ? 0 : 1)
      case "emit" where arguments.count == 3: try CircuitRegression.design(number).verilog().write(to: arguments[2])
      case "circuit": exit(try compare(CircuitRegression(seeds: number..<number + 1, yosys: yosys)) ? 0 : 1)
      case "defect":
        let regression = CircuitRegression(seeds: 0..<number, defect: swapped, yosys: yosys)
        if try compare(regression) { throw SimulationError("a defect went unnoticed") }
        print("the defect was found, as it has to be")
      case "registers" where arguments.count == 3: try writeRegisterMaps(number, to: arguments[2])
      default: throw usage
      }
    } catch {
      FileHandle.standardError.write(Data("WeftRegress: \(error)\n".utf8))
      exit(1)
    }
  }

  private static let usage = SimulationError(
    "usage: WeftRegress circuits COUNT [FIRST], circuit SEED, emit SEED FOLDER, defect COUNT or "
      + "registers COUNT FOLDER")

  /// Runs circuits and prints what differs; whether nothing did.
  private static func compare(_ regression: CircuitRegression) throws -> Bool {
    let differences = try regression.run { FileHandle.standardOutput.write(Data(($0 + "\n").utf8)) }
    if let difference = differences.first {
      print("// seed \(difference.seed): the interpreter and \(difference.tool) differ; shrunk, it is")
      print(SwiftText.text(regression.shrunk(difference)))
    }
    let small = regression.seeds.filter(CircuitRegression.isSynthesised).count
    print(
      "\(regression.seeds.count) circuits x \(regression.cycles) cycles on the interpreter and Verilator, \(small) of "
        + "them in Icarus Verilog and through Yosys: \(differences.count) differences")
    return differences.isEmpty
  }

  /// Writes the files of as many random maps.
  private static func writeRegisterMaps(_ count: UInt64, to folder: String) throws {
    for seed in 0..<count {
      let map = RandomRegisterMap(seed: seed).map
      let folder = URL(fileURLWithPath: folder).appendingPathComponent("\(seed)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let files = try [
        map.cHeaderName: map.cHeader(), map.pythonMapName: map.pythonMap(), map.systemRDLName: map.systemRDL(),
        map.htmlName: map.html(),
      ]
      for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
      try JSONEncoder().encode(RegisterMapRecord(map)).write(to: folder.appendingPathComponent("map.json"))
    }
  }

  /// A design with the operands of comparisons exchanged.
  @Sendable private static func swapped(_ design: Design) -> Design {
    Design(
      modules: design.modules.map { module in
        var rewriter = NetlistRewriter(module) { builder, node, _, _ in
          switch node {
          case .compare(let comparison, let a, let b) where comparison != .equal: builder.compare(comparison, b, a)
          case .subtract(let a, let b): builder.add(a, b)
          default: nil
          }
        }
        return rewriter.finish()
      })
  }
}
