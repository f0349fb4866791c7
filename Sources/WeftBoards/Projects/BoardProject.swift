import Foundation
import Weft
import WeftStreams

/// A project that builds a design for a board: its Verilog, its description for the tools that place it in a larger
/// design, and scripts that end in a bitstream.
///
/// ```swift
/// let project = try BoardProject(Design(Blinker()), for: .ulx3s)
/// try project.write(to: "blinker")
/// ```
public struct BoardProject: Hashable, Sendable {
  /// The board.
  public let board: Board
  /// By what tools know the design.
  public let identity: ComponentIdentity
  /// What the tools see of it.
  public let interface: BlockInterface
  /// All files.
  public let files: [ProjectFile]

  /// A project for a design.
  ///
  /// - Parameters:
  ///   - identity: By what tools know the design; without one, a block of the user's of the top module's name.
  ///   - summary: A sentence for people; without one, what the design's module says of itself.
  ///   - clock: Cycles a second that a PLL is to make of the oscillator's, on boards that open tools build for; without
  ///     it the oscillator feeds the design. Boards with a processor have the clock that they are designed for.
  ///   - registers: The registers behind the bus that controls the design: they are described, and software gets a
  ///     header, a Python map, a page and SystemRDL of them.
  /// - Throws: `BoardError` where the board has no place for the design, or the registers have mistakes.
  public init(
    _ design: Design, for board: Board, identity: ComponentIdentity? = nil, summary: String? = nil,
    clock: Double? = nil, registers: RegisterMap? = nil
  ) throws(BoardError) {
    try board.check()
    let interface = try BlockInterface(design)
    let identity = if let identity { identity } else { try ComponentIdentity(name: interface.name) }
    let summary = summary ?? design.top.summary
    let verilog = design.verilog()
    let folder = "rtl/"
    let (sources, images) = (verilog.modules.map { folder + $0.name }, verilog.images.map { folder + $0.name })
    var files = (verilog.modules + verilog.images).map { ProjectFile(folder + $0.name, $0.contents) }
    files.append(ProjectFile(folder + "files.f", verilog.fileList))
    let component = IPXACTComponent(
      identity: identity, summary: summary, interface: interface, sources: sources, images: images,
      clock: board.device.clock, registers: registers)
    files.append(ProjectFile(identity.name + ".ipxact.xml", component.file(.ieee2014)))
    if let registers { files += try Self.software(for: registers, of: interface) }
    files.append(
      FuseSoCCore(
        identity: identity, summary: summary, toplevel: interface.name, sources: sources, images: images, board: board
      ).file)
    switch board.family.tools {
    case .vivado:
      files.append(ProjectFile("component.xml", component.file(.ieee2009)))
      files += try VivadoProject(interface, identity: identity, board: board).files
    case .open: files += try OpenProject(interface, identity: identity, board: board, clock: clock).files
    }
    self.board = board
    self.identity = identity
    self.interface = interface
    self.files = files
  }

  /// The same with other files.
  func replacingFiles(_ files: [ProjectFile]) -> BoardProject {
    BoardProject(board: board, identity: identity, interface: interface, files: files)
  }

  private init(board: Board, identity: ComponentIdentity, interface: BlockInterface, files: [ProjectFile]) {
    self.board = board
    self.identity = identity
    self.interface = interface
    self.files = files
  }

  /// What software and people get of registers.
  private static func software(
    for registers: RegisterMap, of interface: BlockInterface
  ) throws(BoardError) -> [ProjectFile] {
    guard let control = interface.control else {
      throw BoardError("'\(interface.name)' has registers, but no AXI4-Lite bus on which it answers")
    }
    guard control.addressWidth >= registers.addressWidth, control.dataWidth == registers.wordWidth else {
      throw BoardError(
        "the bus '\(control.name)' of '\(interface.name)' has addresses of \(control.addressWidth) bits and words of "
          + "\(control.dataWidth); the registers '\(registers.name)' take \(registers.addressWidth) and "
          + "\(registers.wordWidth)")
    }
    do {
      return [
        ProjectFile("software/" + registers.cHeaderName, try registers.cHeader()),
        ProjectFile("software/" + registers.pythonMapName, try registers.pythonMap()),
        ProjectFile("software/" + registers.systemRDLName, try registers.systemRDL()),
        ProjectFile("software/" + registers.htmlName, try registers.html()),
      ]
    } catch {
      throw BoardError("the registers '\(registers.name)' have mistakes:\n\(error)")
    }
  }

  /// Writes every file into a folder, which is made where it is missing. Each file appears whole or not at all.
  ///
  /// - Throws: What the file system reports.
  public func write(to directory: URL) throws {
    for file in files {
      let url = directory.appendingPathComponent(file.path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.contents.utf8).write(to: url, options: .atomic)
    }
  }

  /// Writes every file into the folder at a path; see ``write(to:)-(URL)``.
  public func write(to directory: String) throws {
    try write(to: URL(fileURLWithPath: directory, isDirectory: true))
  }
}
