import Foundation

/// The tools that compile a model: Verilator and a C++ compiler, with their exact versions.
struct Toolchain {
  let verilator: String
  let compiler: String
  /// The folder of Verilator's own C++ sources.
  let includes: String
  /// What names these tools exactly.
  let versions: [String]

  /// Finds the tools. Their versions are asked for once and kept in the cache, with the size and date of their files.
  ///
  /// The compiler is the `clang++` beside the Swift compiler, whose models run faster than those of `g++`; without it
  /// any `clang++`, `c++` or `g++`.
  ///
  /// - Parameter path: The folders to look in, separated by colons; by default those of `PATH`.
  init(cache: ModelCache, path: String? = nil) throws {
    let find = { (name: String) in ToolRun.find(name, in: path) }
    guard let verilator = find("verilator") else {
      throw SimulationError(
        "Verilator is not installed. `scripts/setup` or `apt-get install verilator` installs it; the interpreter runs "
          + "every design without it")
    }
    guard let compiler = Self.findCompiler(find) else {
      throw SimulationError(
        "there is no C++ compiler: none of clang++, c++ and g++ is on PATH. `apt-get install g++` installs one; the "
          + "interpreter runs every design without it")
    }
    self.verilator = verilator
    self.compiler = compiler
    let binary = URL(fileURLWithPath: verilator).deletingLastPathComponent().path + "/verilator_bin"
    let verilatorFacts = try Self.facts(of: verilator, and: binary, cache: cache) {
      [
        try ToolRun(verilator, ["--version"]).output.trimmingCharacters(in: .whitespacesAndNewlines),
        try ToolRun(verilator, ["--getenv", "VERILATOR_ROOT"]).output.trimmingCharacters(in: .whitespacesAndNewlines),
      ]
    }
    let compilerFacts = try Self.facts(of: compiler, and: nil, cache: cache) {
      [try ToolRun(compiler, ["--version"]).output.trimmingCharacters(in: .whitespacesAndNewlines)]
    }
    guard verilatorFacts.count >= 2 else {
      throw SimulationError("\(verilator) does not tell its version and folder; is it Verilator 5 or later?")
    }
    includes = verilatorFacts[verilatorFacts.count - 1] + "/include"
    versions = verilatorFacts + compilerFacts
    guard FileManager.default.fileExists(atPath: includes + "/verilated.cpp") else {
      throw SimulationError(
        "\(verilator) names \(includes) as its folder of C++ sources, but verilated.cpp is not there; reinstall it "
          + "with `apt-get install --reinstall verilator`")
    }
  }

  private static func findCompiler(_ find: (String) -> String?) -> String? {
    if let swift = find("swift") {
      let folder = URL(fileURLWithPath: swift).resolvingSymlinksInPath().deletingLastPathComponent().path
      if FileManager.default.isExecutableFile(atPath: folder + "/clang++") { return folder + "/clang++" }
    }
    return ["clang++", "c++", "g++"].lazy.compactMap(find).first
  }

  /// The answers of a tool to questions, asked once for each state of its files.
  private static func facts(
    of tool: String, and companion: String?, cache: ModelCache, ask: () throws -> [String]
  ) throws -> [String] {
    let state = [tool, companion ?? ""].map { path in
      let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      let attributes = (try? FileManager.default.attributesOfItem(atPath: real)) ?? [:]
      let date = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\(path) \(real) \(attributes[.size] ?? 0) \(date)"
    }
    let (folder, _) = try cache.entry(kind: "tools", of: state) { folder, _ in
      try ModelCache.write(try ask().joined(separator: "\u{0}"), to: folder + "/facts")
    }
    let text = (try? String(contentsOfFile: folder + "/facts", encoding: .utf8)) ?? ""
    return text.split(separator: "\u{0}", omittingEmptySubsequences: false).map(String.init)
  }
}
