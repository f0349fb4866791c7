import Foundation
import Testing
import Weft
import WeftSimulation

/// Compiled models, in a cache beside the build that begins each test without models.
@Suite(.serialized) struct VerilatorTests {
  private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../.build/simulation-tests").standardizedFileURL

  init() throws {
    for name in ["cache/models", "tools"] {
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func options(keepsInternals: Bool = false, waves: WaveFormat? = nil, toolPath: String? = nil)
    -> VerilatorOptions
  {
    VerilatorOptions(
      keepsInternals: keepsInternals, waves: waves, cacheDirectory: folder.appendingPathComponent("cache").path,
      toolPath: toolPath)
  }

  /// A folder with a script called `verilator`, or as another tool.
  private func fakeTool(_ script: String, named name: String = "verilator") throws -> String {
    let tools = folder.appendingPathComponent("tools")
    try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
    let file = tools.appendingPathComponent(name)
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return tools.path
  }

  private var path: String { ProcessInfo.processInfo.environment["PATH"] ?? "" }

  @Test func aModelIsCompiledOnceAndInstancesAreApart() throws {
    let design = try Design(ProcessingElement(lanes: 4))
    let first = try VerilatorEngine(design, options: options())
    #expect(first.wasCompiled)
    let second = try VerilatorEngine(design, options: options(toolPath: path))
    #expect(!second.wasCompiled)
    for (engine, factor) in [(first, 1), (second, -1)] {
      for lane in 0..<4 {
        engine.storage(ofPort: "activations")?.setBits(low: lane * 8, width: 8, UInt64(truncatingIfNeeded: lane + 1))
        engine.storage(ofPort: "weights")?.setBits(
          low: lane * 8, width: 8, UInt64(truncatingIfNeeded: factor * (lane + 5)))
      }
      engine.storage(ofPort: "enable")?.lowWord = 1
    }
    first.step()
    second.step(3)
    #expect(first.storage(ofPort: "sum")?.signedValue == 70)
    #expect(second.storage(ofPort: "sum")?.signedValue == -210)
    #expect(try VerilatorEngine(try Design(ProcessingElement(lanes: 3)), options: options()).wasCompiled)
  }

  @Test func imagesAreFoundFromTheCache() throws {
    let design = try Design(Table())
    for _ in 0..<2 {
      let engine = try VerilatorEngine(design, options: options())
      let address = try #require(engine.storage(ofPort: "address"))
      for index in [3, 49, 50, 0] {
        address.unsignedValue = index
        engine.step(2)
        let expected = index < 50 ? index * index * index - 100 : 0
        #expect(engine.storage(ofPort: "word")?.value == BitVector(truncating: expected, width: 70), "word \(index)")
      }
    }
  }

  @Test func internalsAreReadByNameWhereTheModelKeepsThem() throws {
    let design = try Design(Grid(size: 2))
    let engines: [any SimulationEngine] = [
      try VerilatorEngine(design, options: options(keepsInternals: true)), InterpreterEngine(design),
    ]
    for engine in engines {
      engine.storage(ofPort: "activations")?.setBits(low: 0, width: 8, 7)
      engine.storage(ofPort: "weights")?.setBits(low: 0, width: 8, 6)
      engine.storage(ofPort: "enable")?.lowWord = 1
      engine.step(2)
      #expect(engine.storage(ofSignal: "element0_0.accumulator")?.signedValue == 84)
      #expect(engine.storage(ofSignal: "element0_0.dotProduct")?.signedValue == 42)
      #expect(engine.storage(ofSignal: "element1_1.accumulator")?.signedValue == 0)
      #expect(engine.storage(ofSignal: "element2_0.accumulator") == nil)
      #expect(engine.storage(ofSignal: "element0_0.nothing") == nil)
    }
    let table = try Design(Table())
    let tables: [any SimulationEngine] = [
      try VerilatorEngine(table, options: options(keepsInternals: true)), InterpreterEngine(table),
    ]
    for engine in tables {
      #expect(engine.readMemory("cubes", at: 4) == BitVector(truncating: -36, width: 70))
      #expect(engine.readMemory("cubes", at: 50) == nil)
      #expect(engine.writeMemory("cubes", at: 4, BitVector(truncating: 5, width: 70)))
      engine.storage(ofPort: "address")?.unsignedValue = 4
      engine.step(2)
      #expect(engine.storage(ofPort: "word")?.value.signedValue == 5)
    }
    let plain = try VerilatorEngine(table, options: options())
    #expect(plain.readMemory("cubes", at: 4) == nil)
    #expect(plain.storage(ofSignal: "last") == nil)
  }

  @Test func bothEnginesRecordTheSameWaves() throws {
    let design = try Design(Grid(size: 2, lanes: 1))
    let engines: [any SimulationEngine] = [
      InterpreterEngine(design), try VerilatorEngine(design, options: options(waves: .vcd)),
    ]
    var dumps: [ValueChangeDump] = []
    for (index, engine) in engines.enumerated() {
      let file = folder.appendingPathComponent("waves\(index).vcd").path
      try engine.startTrace(to: file)
      engine.storage(ofPort: "enable")?.lowWord = 1
      for cycle in 0..<20 {
        engine.storage(ofPort: "activations")?.lowWord = UInt64(cycle * 0x301 + 1)
        engine.storage(ofPort: "weights")?.lowWord = UInt64(cycle * 0x207 + 2)
        engine.step()
      }
      try engine.stopTrace()
      dumps.append(try ValueChangeDump(contentsOfFile: file))
    }
    for name in ["clock", "enable", "activations", "sums", "element1_0.accumulator", "element0_1.weights"] {
      let full = "\(design.top.name).\(name)"
      let changes = try #require(dumps[0].changes[full], "\(full)")
      #expect(changes.count > (name == "enable" ? 0 : 5), "\(full)")
      #expect(changes == dumps[1].changes["TOP." + full], "\(full)")
    }
    #expect(throws: SimulationError.self) { try engines[0].startTrace(to: "/nowhere/at/all.vcd") }
    #expect(throws: SimulationError.self) { try engines[0].startTrace(to: self.folder.path + "/waves.txt") }
    #expect(throws: SimulationError.self) { try engines[1].startTrace(to: self.folder.path + "/waves.fst") }
  }

  @Test func compressedWavesAreWritten() throws {
    let engine = try VerilatorEngine(try Design(ProcessingElement(lanes: 1)), options: options(waves: .fst))
    let file = folder.appendingPathComponent("waves.fst")
    try engine.startTrace(to: file.path)
    engine.step(10)
    try engine.stopTrace()
    #expect(try Data(contentsOf: file).count > 100)
  }

  @Test func aMissingToolIsNamedWithItsCure() throws {
    let error = #expect(throws: SimulationError.self) {
      _ = try VerilatorEngine(try Design(Table()), options: self.options(toolPath: self.folder.path + "/nothing"))
    }
    #expect(error?.message.contains("apt-get install verilator") == true)
  }

  @Test func whatTheCompilerCannotOptimiseIsOptimisedLess() throws {
    let crash = "case \" $* \" in *' -O2 '*) echo 'Stack dump' >&2; exit 1;; esac; exec c++ \"$@\""
    let verilator = try #require(
      path.split(separator: ":").first { FileManager.default.isExecutableFile(atPath: "\($0)/verilator") })
    let tools = try fakeTool(crash, named: "clang++")
    let engine = try VerilatorEngine(
      try Design(ProcessingElement(lanes: 2)), options: options(toolPath: "\(tools):\(verilator)"))
    engine.storage(ofPort: "enable")?.lowWord = 1
    engine.storage(ofPort: "activations")?.setBits(low: 0, width: 8, 3)
    engine.storage(ofPort: "weights")?.setBits(low: 0, width: 8, 7)
    engine.step()
    #expect(engine.wasCompiled && engine.storage(ofPort: "sum")?.signedValue == 21)
  }

  @Test func aFailedOrKilledToolLeavesACacheThatWorks() throws {
    let design = try Design(ProcessingElement(lanes: 2))
    let scripts = [
      ("echo '%Error: the roof is leaking' >&2; exit 3", "the roof is leaking"),
      ("echo half > Model.cpp; kill -9 $$", "signal 9"),
    ]
    for (script, message) in scripts {
      let tools = try fakeTool(
        "case $1 in --version|--getenv) PATH='\(path)' exec verilator \"$@\";; esac; \(script)")
      let error = #expect(throws: SimulationError.self) {
        _ = try VerilatorEngine(design, options: self.options(toolPath: tools + ":" + self.path))
      }
      #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
    }
    let models = folder.appendingPathComponent("cache/models").path
    let remains = try FileManager.default.contentsOfDirectory(atPath: models).filter { !$0.hasSuffix(".lock") }
    #expect(remains == [])
    #expect(try VerilatorEngine(design, options: options()).wasCompiled)
  }

  @Test func modelsThatAreBuiltAtOnceAreBuiltOnce() async throws {
    let options = options()
    let compiled = try await withThrowingTaskGroup(of: (Bool, Int).self) { group in
      for index in 0..<4 {
        group.addTask {
          let engine = try VerilatorEngine(try Design(ProcessingElement(lanes: 1 + index % 2)), options: options)
          engine.storage(ofPort: "enable")?.lowWord = 1
          engine.storage(ofPort: "activations")?.lowWord = 11
          engine.storage(ofPort: "weights")?.lowWord = 3
          engine.step(2)
          return (engine.wasCompiled, engine.storage(ofPort: "sum")?.signedValue ?? 0)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(compiled.count { $0.0 } == 2)
    #expect(compiled.map(\.1) == [66, 66, 66, 66])
  }
}
