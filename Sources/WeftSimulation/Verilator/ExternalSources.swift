import Foundation
import Weft

/// The user's own Verilog that stands behind the black boxes of a design.
struct ExternalSources {
  /// The files, as absolute paths.
  private(set) var files: [String] = []
  /// The folders in which they look for what they include.
  private(set) var folders: [String] = []
  /// The names and contents of the files and of all that they include: what a compiled model depends on.
  private(set) var contents: [String] = []

  /// Whether there are any.
  var isEmpty: Bool { files.isEmpty }

  /// The sources of a design's black boxes.
  ///
  /// - Throws: ``SimulationError`` where a file cannot be read.
  init(_ design: Design) throws(SimulationError) {
    for box in design.modules.compactMap(\.blackBox) {
      for source in box.sources { try add(source, of: box.name) }
    }
  }

  private mutating func add(_ source: String, of box: String) throws(SimulationError) {
    let file = URL(fileURLWithPath: source).standardizedFileURL
    guard !files.contains(file.path) else { return }
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw SimulationError(
        "the source \(file.path) of the black box `\(box)` cannot be read; `sources` names files by their paths, "
          + "relative ones from the folder that the program runs in")
    }
    files.append(file.path)
    let folder = file.deletingLastPathComponent().path
    if !folders.contains(folder) { folders.append(folder) }
    contents += [file.path, text]
    addIncludes(of: text)
  }

  /// Adds the contents of the files that a text includes, as far as they are in the sources' folders.
  private mutating func addIncludes(of text: String) {
    for part in text.components(separatedBy: "`include").dropFirst() {
      let quoted = part.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
      guard quoted.count == 3, quoted[0].allSatisfy(\.isWhitespace) else { continue }
      let candidates = folders.map {
        URL(fileURLWithPath: String(quoted[1]), relativeTo: URL(fileURLWithPath: $0 + "/"))
      }
      for file in candidates.map(\.standardizedFileURL) where !contents.contains(file.path) {
        guard let included = try? String(contentsOf: file, encoding: .utf8) else { continue }
        contents += [file.path, included]
        addIncludes(of: included)
        break
      }
    }
  }

  /// The flags that Verilator takes for them. Delays, which other simulators wait for, pass at once.
  var flags: [String] { isEmpty ? [] : ["--no-timing"] + folders.map { "-I" + $0 } }
}

extension Design {
  /// The design with its models in the place of black boxes: of all that have one, or, where sources are to be run, of
  /// those that have no sources.
  func withModels(runningSources: Bool) -> Design {
    Design(
      modules: modules.map { module in
        guard let box = module.blackBox, box.hasModel, !runningSources || box.sources.isEmpty else { return module }
        var model = module
        model.blackBox = nil
        return model
      })
  }

  /// The design with a module around its top where that is a black box, since an external module is only ever an
  /// instance.
  var aroundBlackBox: Design {
    guard top.blackBox != nil else { return self }
    var builder = NetlistBuilder(name: top.name + "Bench", summary: top.summary)
    builder.netlist.domains = top.domains
    let place = top.signals.first?.place ?? SourcePlace(file: "", line: 0)
    let box = builder.add(Netlist.Instance(name: "box", module: modules.count - 1, place: place))
    for port in top.signals where port.role == .input || port.role == .output {
      let isInput = port.role == .input
      let outer = builder.add(port)
      var connection = port
      connection.name = "box_\(port.name)"
      connection.role = isInput ? .instanceInput(box, port: port.name) : .instanceOutput(box, port: port.name)
      let inner = builder.add(connection)
      let (target, source) = isInput ? (inner, outer) : (outer, inner)
      let value = builder.reference(source)
      builder.netlist.processes.append(
        .init(
          kind: .combinational, statements: [.assign(target, low: 0, value, port.place)], targets: [target]))
    }
    return Design(modules: modules + [builder.netlist])
  }
}
