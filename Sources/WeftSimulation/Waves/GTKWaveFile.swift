import Foundation
import Weft

/// What GTKWave shows of a wave file: its signals in groups by instance, each in its format, enumerations by the names
/// of their cases.
///
/// The names stand in translation files beside the save file, one for each enumeration, which GTKWave applies to VCD
/// and FST alike.
public struct GTKWaveFile: Sendable {
  /// A text file and its name.
  public struct File: Hashable, Sendable {
    /// The name within the folder.
    public var name: String
    /// The text.
    public var contents: String
  }

  /// The save file.
  public private(set) var saveFile: File
  /// The codes and names of each enumeration.
  public private(set) var translations: [File] = []

  /// The view of a wave file of `design`.
  ///
  /// - Parameters:
  ///   - waves: The path of the wave file, which ends in `.vcd` or `.fst`; the save file has its name but for that.
  ///   - prefix: What the wave file puts before the top module's name: nothing by the interpreter, `TOP.` by Verilator.
  ///   - includesInternals: Whether internal signals and instances are listed, else the ports alone.
  public init(_ design: Design, waves: String, prefix: String = "", includesInternals: Bool = true) {
    let file = URL(fileURLWithPath: waves)
    saveFile = File(
      name: file.deletingPathExtension().lastPathComponent + ".gtkw",
      contents: "[*] Waves of \(design.top.summary)\n[dumpfile] \"\(file.path)\"\n[timestart] 0\n")
    list(design.modules.count - 1, path: prefix + design.top.name, in: design, file, includesInternals)
  }

  /// Writes the files into the folder of the wave file. Throws ``SimulationError``.
  ///
  /// - Parameter folder: The folder of the wave file.
  public func write(to folder: String) throws {
    for file in [saveFile] + translations {
      let path = "\(folder)/\(file.name)"
      do { try Data(file.contents.utf8).write(to: URL(fileURLWithPath: path)) } catch {
        throw SimulationError("cannot write \(path): \(FileProblem.reason(error))")
      }
    }
  }

  private mutating func list(_ index: Int, path: String, in design: Design, _ waves: URL, _ internals: Bool) {
    let module = design.modules[index]
    saveFile.contents += "@200\n-\(path)\n"
    for name in module.portNames where module.signals.allSatisfy({ $0.name != name }) {
      saveFile.contents += "@28\n\(path).\(name)\n"
    }
    for signal in module.signals where !signal.isConnection {
      guard internals || signal.role == .input || signal.role == .output else { continue }
      let range = signal.width == 1 ? "" : "[\(signal.width - 1):0]"
      saveFile.contents += lines(for: signal.format, waves) + "\(path).\(signal.name)\(range)\n"
    }
    guard internals else { return }
    for instance in module.instances {
      list(instance.module, path: "\(path).\(instance.name)", in: design, waves, internals)
    }
  }

  /// The flags of a format, in hexadecimal: justified to the right (20) and hexadecimal (2), decimal (4), binary (8),
  /// signed (400), or with the names of a translation file (2000).
  private mutating func lines(for format: Netlist.Format, _ waves: URL) -> String {
    switch format {
    case .bit: return "@28\n"
    case .bits, .vector: return "@22\n"
    case .unsigned: return "@24\n"
    case .signed, .fixed: return "@420\n"
    case .enumeration(let name, let cases):
      let contents = cases.map { "\($0.code.hexadecimal) \($0.name)\n" }.joined()
      let file = translation(named: "\(saveFile.name.dropLast(".gtkw".count)).\(name)", contents)
      return "@2022\n^1 \(waves.deletingLastPathComponent().appendingPathComponent(file).path)\n"
    }
  }
  /// The name of the translation file with these contents, which is added where there is none; enumerations of one name
  /// that differ are numbered.
  private mutating func translation(named name: String, _ contents: String) -> String {
    var (file, number) = (File(name: name + ".txt", contents: contents), 1)
    while let other = translations.first(where: { $0.name == file.name }), other != file {
      number += 1
      file.name = "\(name)\(number).txt"
    }
    if !translations.contains(file) { translations.append(file) }
    return file.name
  }
}
