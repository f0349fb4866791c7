import Foundation
import Weft

/// Writes a value change dump (IEEE 1364-2005, chapter 18): the hierarchy of signals first, then what changes when.
struct VCDWriter: WaveWriter {
  private let file: FileHandle
  private let path: String
  private var buffer: [UInt8] = []
  private var variables: [(variable: WaveVariable, code: [UInt8])] = []
  /// The variable that begins at each word.
  private var indices: [Int: Int] = [:]

  /// Creates the file. Names follow by `beginScope`, `declare` and `endScope`, then `endDeclarations`.
  init(path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw SimulationError("cannot write the wave file \(path); does its folder exist?") }
    self.file = file
    self.path = path
    write("$version Weft $end\n$timescale 1ps $end\n")
  }

  private mutating func write(_ text: String) { buffer.append(contentsOf: text.utf8) }

  mutating func beginScope(_ name: String) { write("$scope module \(name) $end\n") }

  mutating func endScope() { write("$upscope $end\n") }

  mutating func declare(_ name: String, width: Int, format: Netlist.Format, word: Int) {
    let index = indices[word] ?? variables.count
    if index == variables.count {
      indices[word] = index
      variables.append((WaveVariable(word: word, width: width), Self.code(index)))
    }
    let range = width == 1 ? "" : " [\(width - 1):0]"
    write("$var wire \(width) \(String(decoding: variables[index].code, as: UTF8.self)) \(name)\(range) $end\n")
  }

  mutating func endDeclarations() { write("$enddefinitions $end\n") }

  /// A short name of printable characters.
  private static func code(_ index: Int) -> [UInt8] {
    var (rest, code) = (index, [UInt8]())
    repeat {
      code.append(UInt8(33 + rest % 94))
      rest = rest / 94 - 1
    } while rest >= 0
    return code
  }
}

// MARK: - Changes

extension VCDWriter {
  mutating func record(_ words: UnsafePointer<UInt64>, at time: Int) throws {
    var hasTime = false
    for index in variables.indices where variables[index].variable.update(from: words) {
      if !hasTime { write("#\(time)\n") }
      hasTime = true
      append(variables[index].variable, variables[index].code)
    }
    if buffer.count > 1 << 18 { try flush() }
  }

  /// Writes a variable's bits, a vector's without leading zeros.
  private mutating func append(_ variable: WaveVariable, _ code: [UInt8]) {
    let zero = UInt8(ascii: "0")
    if variable.width == 1 {
      buffer.append(zero + variable.bit(0))
    } else {
      buffer.append(UInt8(ascii: "b"))
      var highest = variable.width - 1
      while highest > 0, variable.bit(highest) == 0 { highest -= 1 }
      for bit in (0...highest).reversed() { buffer.append(zero + variable.bit(bit)) }
      buffer.append(UInt8(ascii: " "))
    }
    buffer.append(contentsOf: code)
    buffer.append(UInt8(ascii: "\n"))
  }

  private mutating func flush() throws {
    do {
      try file.write(contentsOf: buffer)
    } catch {
      throw SimulationError("cannot write the wave file \(path): \(FileProblem.reason(error))")
    }
    buffer.removeAll(keepingCapacity: true)
  }

  mutating func close(at time: Int) throws {
    write("#\(time)\n")
    try flush()
    try? file.close()
  }
}
