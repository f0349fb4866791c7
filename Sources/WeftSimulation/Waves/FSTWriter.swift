import Foundation
import Weft

/// Writes a fast signal trace, the compact form of GTKWave, with the names of enumerations' cases.
///
/// The file is a header, a block of changes for about every megabyte, the widths of all signals, and the hierarchy; all
/// numbers of a fixed size are big-endian, others seven bits a byte. Blocks are stored without compression, which the
/// format allows.
struct FSTWriter: WaveWriter {
  private enum Block: UInt8 {
    case header = 0, changes = 1, geometry = 3, hierarchy = 6
  }

  private let file: FileHandle
  private let path: String
  private var hierarchy = FSTBytes()
  private var geometry = FSTBytes()
  private var scopeCount = 0
  private var nameCount = 0
  private var blockCount = 0
  private var variables: [WaveVariable] = []
  /// The variable that begins at each word.
  private var indices: [Int: Int] = [:]
  /// The number of each enumeration's table.
  private var enumerations: [Netlist.Format: Int] = [:]

  /// The block that is collected: for each variable its changes and the index of the last one's time.
  private var changes: [FSTBytes] = []
  private var lastTimes: [Int] = []
  private var times: [Int] = []
  private var collected = 0
  private var firstValues = FSTBytes()
  private var firstTime: Int?
  private var lastTime = 0

  private static let blockSize = 1 << 20
  private static let headerSize = 330

  init(path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw SimulationError("cannot write the wave file \(path); does its folder exist?") }
    self.file = file
    self.path = path
  }
}

// MARK: - Hierarchy

extension FSTWriter {
  mutating func beginScope(_ name: String) {
    scopeCount += 1
    hierarchy.append([254, 0])
    hierarchy.append(name)
    hierarchy.append("")
  }

  mutating func endScope() { hierarchy.append([255]) }

  mutating func declare(_ name: String, width: Int, format: Netlist.Format, word: Int) {
    nameCount += 1
    if case .enumeration(let enumeration, let cases) = format {
      let number = enumerations[format] ?? enumerations.count + 1
      let isNew = enumerations.updateValue(number, forKey: format) == nil
      let table = [enumeration, "\(cases.count)"] + cases.map(\.name) + cases.map(\.code.binary)
      if isNew { addTable(table.joined(separator: " "), number) }
      addTable("", number)
    }
    let known = indices[word]
    hierarchy.append([16, 0])
    hierarchy.append(width == 1 ? name : "\(name) [\(width - 1):0]")
    hierarchy.append(varint: width)
    hierarchy.append(varint: known.map { $0 + 1 } ?? 0)
    if known == nil {
      indices[word] = variables.count
      variables.append(WaveVariable(word: word, width: width))
      geometry.append(varint: width)
    }
  }

  /// An enumeration's table, or without a text the use of one by the next variable.
  private mutating func addTable(_ text: String, _ number: Int) {
    hierarchy.append([252, 0, 7])
    hierarchy.append(text)
    hierarchy.append(varint: number)
  }

  mutating func endDeclarations() { beginBlock() }
}

// MARK: - Changes

extension FSTWriter {
  private mutating func beginBlock() {
    changes = [FSTBytes](repeating: FSTBytes(), count: variables.count)
    lastTimes = [Int](repeating: 0, count: variables.count)
    times = []
    collected = 0
    firstValues = FSTBytes()
    for variable in variables {
      firstValues.append((0..<variable.width).reversed().map { UInt8(ascii: "0") + variable.bit($0) })
    }
  }

  mutating func record(_ words: UnsafePointer<UInt64>, at time: Int) throws {
    if collected > Self.blockSize {
      try writeBlock()
      beginBlock()
    }
    firstTime = firstTime ?? time
    lastTime = time
    for index in variables.indices where variables[index].update(from: words) {
      if times.last != time { times.append(time) }
      append(index)
    }
  }

  private mutating func append(_ index: Int) {
    let before = changes[index].count
    let steps = times.count - 1 - lastTimes[index]
    lastTimes[index] = times.count - 1
    let variable = variables[index]
    if variable.width == 1 {
      changes[index].append(varint: steps << 2 | Int(variable.bit(0)) << 1)
    } else {
      changes[index].append(varint: steps << 1)
      var byte: UInt8 = 0
      for place in 0..<variable.width {
        byte |= variable.bit(variable.width - 1 - place) << UInt8(7 - place & 7)
        if place & 7 == 7 || place == variable.width - 1 {
          changes[index].append([byte])
          byte = 0
        }
      }
    }
    collected += changes[index].count - before
  }

  private mutating func writeBlock() throws {
    guard let first = times.first, let last = times.last else { return }
    var body = FSTBytes()
    body.append(fixed: first)
    body.append(fixed: last)
    body.append(fixed: collected)
    body.append(varint: firstValues.count)
    body.append(varint: firstValues.count)
    body.append(varint: variables.count)
    body.append(firstValues)
    body.append(varint: variables.count)
    var (data, index) = (FSTBytes(), FSTBytes())
    data.append([UInt8(ascii: "Z")])
    var (previous, unchanged) = (0, 0)
    for change in changes {
      guard change.count > 0 else {
        unchanged += 1
        continue
      }
      if unchanged > 0 { index.append(varint: unchanged << 1) }
      unchanged = 0
      index.append(varint: (data.count - previous) << 1 | 1)
      previous = data.count
      data.append([0])
      data.append(change)
    }
    if unchanged > 0 { index.append(varint: unchanged << 1) }
    body.append(data)
    body.append(index)
    body.append(fixed: index.count)
    var (timeTable, before) = (FSTBytes(), 0)
    for time in times {
      timeTable.append(varint: time - before)
      before = time
    }
    body.append(timeTable)
    for number in [timeTable.count, timeTable.count, times.count] { body.append(fixed: number) }
    blockCount += 1
    // The header takes its place when all is known.
    if blockCount == 1 { try write([UInt8](repeating: 0, count: Self.headerSize)) }
    try write(block: .changes, body)
  }

  mutating func close(at time: Int) throws {
    lastTime = max(lastTime, time)
    try writeBlock()
    if blockCount == 0 { try write([UInt8](repeating: 0, count: Self.headerSize)) }
    var widths = FSTBytes()
    widths.append(fixed: geometry.count)
    widths.append(fixed: variables.count)
    widths.append(geometry)
    try write(block: .geometry, widths)
    var names = FSTBytes()
    names.append(fixed: hierarchy.count)
    names.append(asLiterals: hierarchy)
    try write(block: .hierarchy, names)
    do { try file.seek(toOffset: 0) } catch { throw problem(error) }
    try write(block: .header, header())
    try? file.close()
  }

  private func header() -> FSTBytes {
    var header = FSTBytes()
    header.append(fixed: firstTime ?? 0)
    header.append(fixed: lastTime)
    // Readers find the order of bytes in doubles from this one.
    header.append(withUnsafeBytes(of: 2.718_281_828_459_045_235_4) { Array($0) })
    for number in [collected, scopeCount, nameCount, variables.count, blockCount] { header.append(fixed: number) }
    header.append([UInt8(bitPattern: -12)])
    header.append(Array("Weft".utf8) + [UInt8](repeating: 0, count: 124))
    header.append([UInt8](repeating: 0, count: 119 + 1))
    header.append(fixed: 0)
    return header
  }

  private func write(block: Block, _ body: FSTBytes) throws {
    var bytes = FSTBytes()
    bytes.append([block.rawValue])
    bytes.append(fixed: body.count + 8)
    bytes.append(body)
    try write(bytes.bytes)
  }

  private func write(_ bytes: [UInt8]) throws {
    do { try file.write(contentsOf: bytes) } catch { throw problem(error) }
  }

  private func problem(_ error: any Error) -> SimulationError {
    SimulationError("cannot write the wave file \(path): \(FileProblem.reason(error))")
  }
}

/// Bytes in the forms of the format.
private struct FSTBytes {
  private(set) var bytes: [UInt8] = []

  var count: Int { bytes.count }

  mutating func append(_ more: [UInt8]) { bytes += more }

  mutating func append(_ more: FSTBytes) { bytes += more.bytes }

  /// A text with a zero behind it.
  mutating func append(_ text: String) { bytes += Array(text.utf8) + [0] }

  /// Eight bytes, the highest first.
  mutating func append(fixed number: Int) { bytes += withUnsafeBytes(of: number.bigEndian) { Array($0) } }

  /// Seven bits a byte, the lowest first; all but the last have the eighth bit.
  mutating func append(varint number: Int) {
    var rest = UInt64(number)
    while rest > 0x7f {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// The bytes as one run of literals of an LZ4 block.
  mutating func append(asLiterals source: FSTBytes) {
    guard source.count >= 15 else {
      bytes.append(UInt8(source.count) << 4)
      return append(source)
    }
    bytes.append(0xf0)
    bytes += [UInt8](repeating: 255, count: (source.count - 15) / 255)
    bytes.append(UInt8((source.count - 15) % 255))
    append(source)
  }
}
