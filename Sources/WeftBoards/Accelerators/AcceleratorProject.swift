import Foundation
import Weft
import WeftAccelerators

/// A project that builds an accelerator for a board, with the drivers that run it.
///
/// ```swift
/// let project = try AcceleratorProject(grid, for: .pynqZ1)
/// try project.write(to: "decoder")
/// ```
public struct AcceleratorProject: Hashable, Sendable {
  /// Verilog, scripts and drivers.
  public let project: BoardProject
  /// What the drivers know of the accelerator.
  public let description: AcceleratorDescription
  /// The image of weights and biases that is to be in memory; empty where there is none.
  public let parameters: [UInt8]
  /// What the accelerator takes of the board's device.
  public let resources: AcceleratorResources

  /// A project for a grid, as a block between registers and memory.
  ///
  /// - Parameters:
  ///   - layout: How inputs and outputs lie in memory.
  ///   - summary: A sentence for people.
  /// - Throws: `BoardError` where the board has no place for it, `ElaborationError` where the block has a mistake.
  public init<Unit: StageUnit>(
    _ grid: Grid<Unit>, for board: Board, layout: TensorFormat.Layout = .nchw, summary: String? = nil
  ) throws {
    let block = AcceleratorBlock(grid, settings: try Self.settings(for: board, layout: layout))
    resources = AcceleratorResources(block, on: board.device)
    try resources.check(block.verilogName ?? "block", on: board)
    let design = try Design(block)
    let project = try BoardProject(design, for: board, summary: summary, registers: block.registers.map)
    let description = AcceleratorDescription(
      block, name: project.identity.name, platform: board.pciExpress == nil ? .pynq : .xdma)
    self.description = description
    parameters = block.parameterImage
    self.project = project.addingSoftware(Self.drivers(description, python: Self.package(description)))
  }

  /// The settings of a block at a board's memory.
  ///
  /// - Throws: `BoardError` where a design on the board reaches no memory.
  public static func settings(
    for board: Board, layout: TensorFormat.Layout = .nchw
  ) throws(BoardError) -> BlockSettings {
    guard let memory = board.memory, !memory.ports.isEmpty else {
      throw BoardError(
        "the board '\(board.name)' has no memory that a design reaches, and frames lie in memory; choose another of "
          + "`weft boards`")
    }
    return BlockSettings(
      addressWidth: board.family == .zynqUltraScalePlus ? 40 : 32, dataWidth: memory.portBits, layout: layout)
  }

  /// The name of the Python package.
  private static func package(_ description: AcceleratorDescription) -> String {
    "weft_" + description.name.lowercased()
  }

  /// Where the image of the parameters belongs in the project.
  public var parametersPath: String { "software/python/\(Self.package(description))/parameters.bin" }

  private static func drivers(_ description: AcceleratorDescription, python package: String) -> [ProjectFile] {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    let python = "software/python/\(package)/"
    return [
      ProjectFile(python + "__init__.py", "from .driver import Accelerator, AcceleratorError\n"),
      ProjectFile(python + "driver.py", text(PackageResources.driver_py)),
      ProjectFile(python + "tensor.py", text(PackageResources.tensor_py)),
      ProjectFile(python + "platforms.py", text(PackageResources.platforms_py)),
      ProjectFile(python + "description.json", description.json),
      ProjectFile("software/python/pyproject.toml", pyproject(package, dependencies: ["numpy"])),
      ProjectFile("software/c/accelerator.h", text(PackageResources.accelerator_h)),
      ProjectFile("software/c/accelerator.c", text(PackageResources.accelerator_c)),
      ProjectFile("software/c/accelerator_configuration.h", description.header),
      ProjectFile("software/c/emulator.h", text(PackageResources.emulator_h)),
      ProjectFile("software/c/emulator.c", text(PackageResources.emulator_c)),
    ]
  }

  /// What Python's tools are told of a package.
  static func pyproject(_ package: String, dependencies: [String]) -> String {
    """
    [project]
    name = "\(package.replacing("_", with: "-"))"
    version = "1.0"
    requires-python = ">=3.8"
    dependencies = [\(dependencies.map { "\"\($0)\"" }.joined(separator: ", "))]

    [build-system]
    requires = ["setuptools>=61"]
    build-backend = "setuptools.build_meta"

    [tool.setuptools]
    packages = ["\(package)"]

    [tool.setuptools.package-data]
    "\(package)" = ["*.json", "*.bin", "*.bit", "*.hwh"]

    """
  }

  /// Writes every file into a folder, which is made where it is missing. Each file appears whole or not at all.
  ///
  /// - Throws: What the file system reports.
  public func write(to directory: URL) throws {
    try project.write(to: directory)
    guard !parameters.isEmpty else { return }
    try Data(parameters).write(to: directory.appendingPathComponent(parametersPath), options: .atomic)
  }
}

extension BoardProject {
  /// The same with drivers: the registers' files go where their languages look for them.
  fileprivate func addingSoftware(_ drivers: [ProjectFile]) -> BoardProject {
    let python = drivers.first { $0.path.hasSuffix("driver.py") }?.path.replacing("driver.py", with: "") ?? ""
    return replacingFiles(
      files.map { file in
        guard file.path.hasPrefix("software/") else { return file }
        let name = String(file.path.dropFirst("software/".count))
        switch name.split(separator: ".").last {
        case "h": return ProjectFile("software/c/" + name, file.contents)
        case "py": return ProjectFile(python + name, file.contents)
        default: return file
        }
      } + drivers)
  }
}
