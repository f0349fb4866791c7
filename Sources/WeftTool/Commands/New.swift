import ArgumentParser
import Foundation

/// `weft new`.
struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a package with a first module, its test and a program that writes its Verilog.",
    discussion: "`swift test` and `swift run` work in the new folder at once.")

  @Argument(
    help: ArgumentHelp(
      "The package's name: a capital letter, then letters, digits and underscores.", valueName: "NAME"))
  var name: String
  @Option(help: ArgumentHelp("The folder to make (default: NAME).", valueName: "PATH"))
  var at: String?
  @Option(
    help: ArgumentHelp(
      "Where the package finds Weft: a folder, or a Git URL (default: the folder that this tool was built from).",
      valueName: "PATH|URL"))
  var weft: String?

  func run() throws {
    let package = try NewPackage(named: name, weft: weft.map(WeftLocation.init(argument:)) ?? .source())
    let path = at ?? name
    guard !FileManager.default.fileExists(atPath: path) else {
      throw ToolError("'\(path)' is there already; name a new folder with --at")
    }
    try OutputDirectory(path).replace { folder in
      for file in package.files {
        let url = folder.appendingPathComponent(file.path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.contents.utf8).write(to: url)
      }
    }
    print("\(path): `swift test` runs the module, `swift run \(package.program) verilog` writes its Verilog")
  }
}
