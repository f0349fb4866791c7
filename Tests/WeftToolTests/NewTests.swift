import Foundation
import Testing

/// `weft new`; scripts/test builds and runs such a package.
@Suite struct NewTests {
  private func swift(_ arguments: String...) throws -> (exitCode: Int32, output: Data) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["swift"] + arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, data)
  }

  @Test func makesAPackageThatDependsOnItsSource() throws {
    let place = try Workplace()
    let run = try place.weft("new", "Blinker", "--at", "made/blinker")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("swift run EmitBlinker verilog"))
    let paths = try FileManager.default.subpathsOfDirectory(atPath: place.file("made").path)
    #expect(
      Set(paths.filter { $0.contains(".") }) == [
        "blinker/.gitignore", "blinker/Package.swift", "blinker/README.md", "blinker/Sources/Blinker/Counter.swift",
        "blinker/Sources/Blinker/CounterOnBoard.swift",
        "blinker/Sources/EmitBlinker/EmitBlinker.swift", "blinker/Tests/BlinkerTests/CounterTests.swift",
      ])

    let program = try String(
      contentsOf: place.file("made/blinker/Sources/EmitBlinker/EmitBlinker.swift"), encoding: .utf8)
    #expect(
      program.contains(
        """
              case 3 where arguments[1] == "--board":
                try BoardProject(Design(CounterOnBoard()), for: .named(arguments[2])).write(to: arguments[0])
        """))

    let package = try swift("package", "--package-path", place.file("made/blinker").path, "dump-package")
    #expect(package.exitCode == 0)
    let json = try #require(JSONSerialization.jsonObject(with: package.output) as? [String: Any])
    let targets = (json["targets"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
    #expect(targets == ["Blinker", "EmitBlinker", "BlinkerTests"])
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    #expect(String(decoding: package.output, as: UTF8.self).contains("\"\(source)\""))
  }

  @Test(arguments: [
    ("https://example.org/hardware/weft.git", ".product(name: \"Weft\", package: \"weft\")"),
    ("git@example.org:hardware/loom", ".product(name: \"Weft\", package: \"loom\")"),
  ])
  func aURLIsADependencyOnItsMainBranch(url: String, product: String) throws {
    let place = try Workplace()
    let run = try place.weft("new", "Blinker", "--weft", url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let manifest = try String(contentsOf: place.file("Blinker/Package.swift"), encoding: .utf8)
    #expect(manifest.contains(".package(url: \"\(url)\", branch: \"main\")") && manifest.contains(product))
  }

  @Test(arguments: [
    (["new", "blinker"], "'blinker' cannot name a Swift module"),
    (["new", "Blinker-2"], "'Blinker-2' cannot name a Swift module"),
    (["new", "Weft"], "'Weft' names a module that the package uses"),
    (["new", "Testing"], "'Testing' names a module that the package uses"),
    (["new", "Blinker", "--weft", "nowhere"], "holds no Package.swift"),
    (["new", "Blinker", "--at", "model.onnx"], "'model.onnx' is there already"),
  ])
  func aSentenceNamesThePlace(arguments: [String], sentence: String) throws {
    let place = try Workplace()
    let run = try ToolRun(arguments, in: place.folder)
    #expect(run.exitCode != 0)
    #expect(run.errors.contains(sentence), "\(run.errors)")
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: place.folder.path)) == ["latent.npy", "model.onnx"])
  }
}
