import Weft

/// Puts the units of combinational logic in order, by levels, and gathers equal instructions of a level into runs.
///
/// Units that depend on one another in a circle are iterated until nothing changes. The circles are found by Tarjan's
/// algorithm (Depth-first search and linear graph algorithms, SIAM J. Comput. 1972), here without recursion.
struct Scheduler {
  private let builder: ProgramBuilder
  private let unitCount: Int
  /// The units that each unit reads from, in one array with the ends of each unit's part.
  private var sources: [Int32] = []
  private var sourceEnds: [Int32] = []
  /// For each unit its level, the first free one after it, whether inputs reach it, and the loop it belongs to or -1.
  private var levels: [Int32]
  private var nextLevels: [Int32]
  private var readsInput: [Bool]
  private var loops: [Int32]
  private var loopCount = 0

  /// What the scheduler makes.
  struct Schedule {
    var instructions: [Instruction] = []
    var runs: [Run] = []
    var loops: [[Int32]] = []
    /// The runs that inputs do not reach come first.
    var stateRunCount = 0
  }

  init(_ builder: ProgramBuilder) {
    self.builder = builder
    unitCount = builder.dependencyEnds.count
    levels = [Int32](repeating: 0, count: unitCount)
    nextLevels = [Int32](repeating: 1, count: unitCount)
    readsInput = [Bool](repeating: false, count: unitCount)
    loops = [Int32](repeating: -1, count: unitCount)
    for entry in builder.entries { nextLevels[Int(entry.unit)] = max(nextLevels[Int(entry.unit)], entry.step + 1) }
    collectSources()
  }

  private func sources(of unit: Int) -> Range<Int> {
    (unit == 0 ? 0 : Int(sourceEnds[unit - 1]))..<Int(sourceEnds[unit])
  }

  private mutating func collectSources() {
    for unit in 0..<unitCount {
      for dependency in builder.dependencies[builder.dependencies(of: unit)] {
        if builder.inputs.contains(dependency.word) { readsInput[unit] = true }
        let producer = builder.producers[Int(dependency.word)]
        if producer >= 0 {
          sources.append(producer)
        } else if producer <= -2 {
          addPieces(of: Int(-2 - producer), for: dependency)
        }
      }
      sourceEnds.append(Int32(sources.count))
    }
  }

  private mutating func addPieces(of signal: Int, for dependency: ProgramBuilder.Dependency) {
    let (word, pieces) = builder.pieces[signal]
    let low = (dependency.word - word) * 64 + dependency.low
    var (first, last) = (0, pieces.count)
    while first < last {
      let middle = (first + last) / 2
      if pieces[middle].low + pieces[middle].width <= low { first = middle + 1 } else { last = middle }
    }
    for piece in pieces[first...] {
      if piece.low >= low + dependency.width { break }
      sources.append(piece.unit)
    }
  }
}

// MARK: - Levels

extension Scheduler {
  /// Visits the units, sources first, a circle at a time.
  private mutating func findLevels() {
    var indices = [Int32](repeating: -1, count: unitCount)
    var lowLinks = [Int32](repeating: 0, count: unitCount)
    var isOpen = [Bool](repeating: false, count: unitCount)
    var open: [Int32] = []
    var visits: [(unit: Int, next: Int)] = []
    var count: Int32 = 0
    for root in 0..<unitCount where indices[root] < 0 {
      visits.append((root, sources(of: root).lowerBound))
      while let (unit, next) = visits.last {
        if indices[unit] < 0 {
          indices[unit] = count
          lowLinks[unit] = count
          count += 1
          open.append(Int32(unit))
          isOpen[unit] = true
        }
        if next < sources(of: unit).upperBound {
          visits[visits.count - 1].next += 1
          let source = Int(sources[next])
          if indices[source] < 0 {
            visits.append((source, sources(of: source).lowerBound))
          } else if isOpen[source] {
            lowLinks[unit] = min(lowLinks[unit], indices[source])
          }
          continue
        }
        visits.removeLast()
        if let parent = visits.last?.unit { lowLinks[parent] = min(lowLinks[parent], lowLinks[unit]) }
        guard lowLinks[unit] == indices[unit] else { continue }
        var circle: [Int] = []
        while let member = open.popLast() {
          isOpen[Int(member)] = false
          circle.append(Int(member))
          if member == unit { break }
        }
        place(circle)
      }
    }
  }

  /// Gives a circle, or a single unit, the first level after all that it reads.
  private mutating func place(_ circle: [Int]) {
    var level: Int32 = 0
    var reads = false
    var isLoop = circle.count > 1
    for unit in circle {
      reads = reads || readsInput[unit]
      for source in sources[sources(of: unit)] {
        if Int(source) == unit { isLoop = true }
        reads = reads || readsInput[Int(source)]
      }
    }
    let members = isLoop ? Set(circle) : []
    for unit in circle {
      for source in sources[sources(of: unit)] where Int(source) != unit && !members.contains(Int(source)) {
        level = max(level, nextLevels[Int(source)])
      }
    }
    for unit in circle {
      readsInput[unit] = reads
      levels[unit] = level
      nextLevels[unit] = level + (isLoop ? 1 : nextLevels[unit])
      if isLoop { loops[unit] = Int32(loopCount) }
    }
    if isLoop { loopCount += 1 }
  }
}

// MARK: - Runs

extension Scheduler {
  /// Where an instruction goes.
  private struct Key: Comparable {
    var readsInput: Bool
    var level: Int32
    var opcode: Opcode
    var loop: Int32
    var unit: Int32
    var step: Int32

    static func < (a: Key, b: Key) -> Bool {
      if a.readsInput != b.readsInput { return b.readsInput }
      if a.level != b.level { return a.level < b.level }
      if a.opcode != b.opcode { return a.opcode < b.opcode }
      if a.loop != b.loop { return a.loop < b.loop }
      return a.unit == b.unit ? a.step < b.step : a.unit < b.unit
    }
  }

  /// The instructions in order.
  mutating func schedule() -> Schedule {
    findLevels()
    var keys: [(key: Key, entry: Int)] = []
    keys.reserveCapacity(builder.entries.count)
    for (index, entry) in builder.entries.enumerated() {
      let unit = Int(entry.unit)
      let isLoop = loops[unit] >= 0
      keys.append(
        (
          Key(
            readsInput: readsInput[unit], level: levels[unit] + (isLoop ? 0 : entry.step),
            opcode: isLoop ? .loop : entry.opcode, loop: loops[unit], unit: entry.unit, step: entry.step), index
        ))
    }
    keys.sort { $0.key == $1.key ? $0.entry < $1.entry : $0.key < $1.key }

    var result = Schedule(loops: loopWords())
    result.instructions.reserveCapacity(keys.count)
    var previous: Key?
    var loopHeader = 0
    for (key, index) in keys {
      let entry = builder.entries[index]
      if key.readsInput, previous?.readsInput != true { result.stateRunCount = result.runs.count }
      if key.loop >= 0, previous?.loop != key.loop {
        loopHeader = result.runs.count
        result.runs.append(Run(opcode: .loop, condition: key.loop, start: Int32(loopHeader + 1), count: 0))
      }
      if key.loop < 0, let previous, previous.loop < 0, previous.readsInput == key.readsInput,
        previous.level == key.level, previous.opcode == key.opcode
      {
        result.runs[result.runs.count - 1].count += 1
      } else {
        result.runs.append(
          Run(opcode: entry.opcode, condition: -1, start: Int32(result.instructions.count), count: 1))
        if key.loop >= 0 { result.runs[loopHeader].count += 1 }
      }
      result.instructions.append(entry.instruction)
      previous = key
    }
    if previous?.readsInput != true { result.stateRunCount = result.runs.count }
    return result
  }

  /// For each word what has to be settled before it is read: nothing for inputs and constants, for state only what
  /// written ports cause.
  func settling() -> [Staleness] {
    builder.producers.indices.map { word in
      let producer = builder.producers[word]
      let units =
        producer <= -2 ? builder.pieces[Int(-2 - producer)].pieces.map(\.unit) : producer >= 0 ? [producer] : []
      if units.isEmpty { return builder.isState[word] ? .ports : [] }
      return units.contains { readsInput[Int($0)] } ? .all : [.ports, .stateLogic]
    }
  }

  /// For each loop the words that its units compute.
  private func loopWords() -> [[Int32]] {
    var result = [[Int32]](repeating: [], count: loopCount)
    guard loopCount > 0 else { return result }
    for (word, producer) in builder.producers.enumerated() {
      if producer >= 0, loops[Int(producer)] >= 0 {
        result[Int(loops[Int(producer)])].append(Int32(word))
      } else if producer <= -2 {
        let units = builder.pieces[Int(-2 - producer)].pieces.map { Int($0.unit) }
        for loop in Set(units.map { loops[$0] }) where loop >= 0 { result[Int(loop)].append(Int32(word)) }
      }
    }
    return result
  }
}
