import ArgumentParser
import Foundation
import Weft

/// The tool `weft`.
@main
struct WeftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weft",
    abstract: "Makes hardware that computes a neural network, and proves it bit for bit.",
    discussion: """
      MODEL is an ONNX file: float32, which is quantised on the way, or already quantised in QDQ form. Arrays are \
      NumPy's .npy files; a first dimension above 1 is that many frames.
      """,
    version: "0.1.0",
    subcommands: [
      New.self, Model.self, Analyze.self, Explore.self, Generate.self, Verify.self, Report.self, Run.self,
      Quantize.self, Import.self, Boards.self, Timing.self, Export.self, Emulate.self, Regress.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let mistakes as ElaborationError {
      // One a line, each with its place first, as editors read them.
      FileHandle.standardError.write(Data("\(mistakes)\n".utf8))
      exit(withError: ExitCode.failure)
    } catch {
      exit(withError: error)
    }
  }
}
