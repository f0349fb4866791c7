import Foundation
import Weft

/// The way from a design to a shared library: Verilog, C++ by Verilator, objects, link. Everything lands in the cache.
struct ModelBuild {
  /// The library file.
  let library: String
  /// Whether it had to be compiled.
  let wasCompiled: Bool

  private static let compilerFlags = ["-std=c++17", "-fPIC", "-fvisibility=hidden", "-w"]

  /// Finds the library of a design in the cache, or builds it.
  ///
  /// - Throws: ``SimulationError`` with the message of the tool that failed.
  init(_ design: Design, options: VerilatorOptions) throws {
    let cache = ModelCache(directory: options.cacheDirectory)
    let tools = try Toolchain(cache: cache, path: options.toolPath)
    let verilog = design.verilog()
    let shim = String(decoding: PackageResources.WeftModel_cpp, as: UTF8.self)
    let sources = try ExternalSources(design)
    let settings = ModelSettings(design, options: options, sources: sources)
    var parts = tools.versions + settings.verilatorFlags + settings.defines + Self.compilerFlags
    parts += [settings.fast, settings.slow, shim, settings.header(members: [:]), cache.directory]
    for file in verilog.modules + verilog.images { parts += [file.name, file.contents] }
    parts += sources.contents
    let (folder, isNew) = try cache.entry(kind: "models", of: parts) { draft, place in
      let output =
        verilog.images.isEmpty ? verilog : design.verilog(VerilogOptions(imageDirectory: place + "/images"))
      let work = draft + "/build"
      try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
      for file in output.modules { try ModelCache.write(file.contents, to: "\(work)/\(file.name)") }
      try ModelCache.write(output.fileList, to: work + "/files.f")
      if !output.images.isEmpty {
        try FileManager.default.createDirectory(atPath: draft + "/images", withIntermediateDirectories: true)
        for file in output.images { try ModelCache.write(file.contents, to: "\(draft)/images/\(file.name)") }
      }
      _ = try ToolRun(tools.verilator, settings.verilatorFlags + ["-f", "files.f"] + sources.files, in: work)
      try Self.compile(in: work, shim: shim, settings: settings, tools: tools, cache: cache, to: draft + "/model.so")
      try FileManager.default.removeItem(atPath: work)
    }
    library = folder + "/model.so"
    wasCompiled = isNew
  }

  /// Compiles what Verilator wrote into `work` and links it: what runs in every cycle optimised, the rest not.
  private static func compile(
    in work: String, shim: String, settings: ModelSettings, tools: Toolchain, cache: ModelCache, to library: String
  ) throws {
    let header = (try? String(contentsOfFile: work + "/Model.h", encoding: .utf8)) ?? ""
    let root = (try? String(contentsOfFile: work + "/Model___024root.h", encoding: .utf8)) ?? ""
    try ModelCache.write(
      settings.header(members: settings.members(in: header), previousClock: settings.previousClock(in: root)),
      to: work + "/WeftModel.h")
    try ModelCache.write(shim, to: work + "/WeftModel.cpp")
    let sources = try FileManager.default.contentsOfDirectory(atPath: work).filter { $0.hasSuffix(".cpp") }.sorted()
    let isSlow = { (name: String) in name.contains("__Slow") || name.contains("__Syms") }
    let include = ["-I.", "-I", tools.includes, "-I", tools.includes + "/vltstd"]
    var jobs: [[String]] = []
    var objects: [String] = []
    for (kind, files, level) in [
      ("fast", sources.filter { !isSlow($0) }, settings.fast), ("slow", sources.filter(isSlow), settings.slow),
    ] {
      for (index, unit) in units(of: files, in: work).enumerated() {
        let name = "\(kind)\(index)"
        try ModelCache.write(unit.map { "#include \"\($0)\"\n" }.joined(), to: "\(work)/\(name).cc")
        jobs.append(compilerFlags + settings.defines + [level] + include + ["-c", name + ".cc"])
        objects.append(name + ".o")
      }
    }
    let runtime = try runtimeObjects(settings: settings, tools: tools, cache: cache)
    // A compiler whose optimiser falls over a unit, as clang's does over some, is asked for less.
    try ToolRun.all(tools.compiler, jobs, in: work) { $0.map { $0 == "-O2" ? "-O1" : $0 } }
    _ = try ToolRun(
      tools.compiler,
      ["-shared", "-Wl,-z,defs", "-o", library] + objects + runtime + ["-pthread"] + settings.libraries, in: work)
  }

  /// Files that are compiled together: small ones share the headers, large ones are compiled side by side.
  private static func units(of files: [String], in folder: String) -> [[String]] {
    let limit = 400_000
    var units: [[String]] = []
    var size = limit
    for file in files {
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(file)")
      let bytes = (attributes?[.size] as? Int) ?? 0
      if size + bytes > limit {
        units.append([])
        size = 0
      }
      units[units.count - 1].append(file)
      size += bytes
    }
    return units
  }

  /// Verilator's own library as objects, compiled once for all models.
  private static func runtimeObjects(settings: ModelSettings, tools: Toolchain, cache: ModelCache) throws -> [String] {
    let sources = settings.runtimeSources
    let parts = tools.versions + compilerFlags + settings.defines + sources
    let (folder, _) = try cache.entry(kind: "runtime", of: parts) { draft, _ in
      let flags = compilerFlags + settings.defines + ["-O1", "-I", tools.includes, "-I", tools.includes + "/vltstd"]
      do {
        try ToolRun.all(tools.compiler, sources.map { flags + ["-c", "\(tools.includes)/\($0).cpp"] }, in: draft)
      } catch let error as SimulationError where error.message.contains("zlib.h") {
        throw SimulationError("FST waves need zlib; `apt-get install zlib1g-dev` installs it. \(error.message)")
      }
    }
    return sources.map { "\(folder)/\($0).o" }
  }
}
