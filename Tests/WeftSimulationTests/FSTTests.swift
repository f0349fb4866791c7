import Foundation
import Testing
import Weft
import WeftSimulation

/// What the interpreter writes as FST, read by the library that GTKWave reads it with.
@Suite struct FSTTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-fst-\(UUID().uuidString)")

  @discardableResult
  private func run(_ tool: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(tool) \(arguments.joined(separator: " "))")
    return output
  }

  /// A program that prints an FST file as VCD, with a second argument the tables of enumerations as well, made of the reader that comes with Verilator.
  private func reader() throws -> String {
    let root = try run("verilator", ["--getenv", "VERILATOR_ROOT"]).trimmingCharacters(in: .whitespacesAndNewlines)
    let source = folder.appendingPathComponent("reader.c").path
    try Data(
      """
      #define FST_CONFIG_INCLUDE "fst_config.h"
      #include "gtkwave/fastlz.c"
      #include "gtkwave/fstapi.c"
      #include "gtkwave/lz4.c"
      int main(int count, char **arguments) {
        void *file = count > 1 ? fstReaderOpen(arguments[1]) : 0;
        if (!file) return 1;
        fstReaderSetVcdExtensions(file, count > 2);
        fstReaderProcessHier(file, stdout);
        fstReaderSetFacProcessMaskAll(file);
        fstReaderIterBlocks(file, 0, 0, stdout);
        fstReaderClose(file);
        return 0;
      }

      """.utf8
    ).write(to: URL(fileURLWithPath: source))
    let program = folder.appendingPathComponent("reader").path
    try run(
      "cc", ["-w", "-I\(root)/include", "-I\(root)/include/gtkwave", source, "-o", program, "-lz"])
    return program
  }

  /// A table has the type's name, the number of cases, their names and their codes.
  @Test func theReaderOfGTKWaveSeesTheNamesOfCases() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("waves.fst").path
    let sim = try Simulation(TrafficLight())
    try sim.engine.startTrace(to: file)
    sim.step(3)
    try sim.engine.stopTrace()
    let text = try run(reader(), [file, "tables"])
    let tables = text.split(separator: "\n").filter { $0.contains(" Light ") }
    #expect(tables.count == 1, "\(text)")
    #expect(tables.first?.contains("Light 3 red green amber ") == true, "\(text)")
  }

  @Test func theReaderOfGTKWaveSeesWhatVCDSays() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let reader = try reader()
    let trial = { (run: (String) throws -> Void) in
      var dumps: [ValueChangeDump] = []
      for name in ["waves.vcd", "waves.fst"] {
        let file = folder.appendingPathComponent(name).path
        try run(file)
        if name.hasSuffix("fst") {
          let text = try self.run(reader, [file])
          try Data(text.utf8).write(to: URL(fileURLWithPath: file + ".vcd"))
          dumps.append(try ValueChangeDump(contentsOfFile: file + ".vcd"))
        } else {
          dumps.append(try ValueChangeDump(contentsOfFile: file))
        }
      }
      #expect(dumps[0].changes.count > 5)
      let agrees = dumps[0].changes == dumps[1].changes
      #expect(agrees)
    }

    try trial { file in
      let sim = try Simulation(TrafficLight())
      try sim.engine.startTrace(to: file)
      for cycle in 0..<300 {
        sim.go = cycle % 7 / 3 & 1
        sim.step()
      }
      try sim.engine.stopTrace()
    }
    // Wide signals, several clocks, and enough changes for several blocks.
    try trial { file in
      let sim = try Simulation(Grid(size: 4))
      try sim.engine.startTrace(to: file)
      sim.enable = 1
      var random = SplitMix64(seed: 3)
      for _ in 0..<6_000 {
        sim.activations = (0..<16).map { _ in Int(random.next() % 256) - 128 }
        sim.weights = (0..<16).map { _ in Int(random.next() % 256) - 128 }
        sim.step()
      }
      try sim.engine.stopTrace()
      if file.hasSuffix("fst") {
        // Three blocks.
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        #expect((size ?? 0) > 2 << 20, "\(size ?? 0) bytes fill no more than one block")
      }
    }
  }
}
