import Foundation

/// A text file that belongs to a design: a module's Verilog, or a memory's first contents.
public struct VerilogFile: Hashable, Sendable {
  /// The file's name, without a folder.
  public var name: String
  /// The file's text.
  public var contents: String

  /// A file.
  public init(name: String, contents: String) {
    self.name = name
    self.contents = contents
  }
}

/// A design in Verilog-2005.
public struct VerilogOutput: Hashable, Sendable {
  /// One file per module, `<module>.v`, instantiated modules before those that use them.
  public var modules: [VerilogFile]
  /// The first contents of memories that are too long to stand in the module, `<module>_<memory>.hex`, one word a
  /// line in hexadecimal, from address zero.
  public var images: [VerilogFile]

  /// The names of the modules' files, one a line, in their order.
  public var fileList: String { modules.map { $0.name + "\n" }.joined() }

  /// Writes every module, every image and the file list, `files.f`, into a folder, which is made where it is missing.
  /// Each file appears whole or not at all.
  ///
  /// - Throws: What the file system reports.
  public func write(to directory: URL) throws {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for file in modules + images + [VerilogFile(name: "files.f", contents: fileList)] {
      try Data(file.contents.utf8).write(to: directory.appendingPathComponent(file.name), options: .atomic)
    }
  }

  /// Writes every file into the folder at a path; see ``write(to:)-(URL)``.
  public func write(to directory: String) throws {
    try write(to: URL(fileURLWithPath: directory, isDirectory: true))
  }
}

extension Design {
  /// The design in Verilog-2005: one file per module, in a stable order, the same bytes for the same design.
  ///
  /// - Complexity: Linear in the size of the design.
  public func verilog(_ options: VerilogOptions = .init()) -> VerilogOutput {
    let legal = legalisedForVerilog(keepsProperties: options.includesProperties)
    let interfaces = legal.modules.map { VerilogInterface($0, options: options) }
    var output = VerilogOutput(modules: [], images: [])
    for (module, interface) in zip(legal.modules, interfaces) where !interface.isExternal {
      var emitter = VerilogEmitter(module, children: interfaces, options: options)
      output.modules.append(VerilogFile(name: module.name + ".v", contents: emitter.text()))
      output.images += emitter.images
    }
    return output
  }
}
