import Weft
import WeftSimulation
import WeftStreams

/// What a bank of registers does, cycle by cycle: gives its hardware ports random values and compares all that comes
/// out.
final class RegisterModel: StreamAgent {
  private let map: RegisterMap
  private let engine: any SimulationEngine
  private var generator: SplitMix64
  private var held: [String: UInt64] = [:]
  private var address, data, strobes: UInt64?
  private var writeAnswer, readAnswer: UInt64?
  private var word: UInt64 = 0
  private(set) var writes = 0, reads = 0, errors = 0

  init(_ sim: Simulation<RegisterBank>, seed: UInt64) {
    map = sim.module.map
    engine = sim.engine
    generator = SplitMix64(seed: seed)
    for (register, element, _) in words {
      for field in register.fields { held[key(register, field, element)] = field.access.isStored ? field.resetBits : 0 }
    }
  }

  var status: String { "the model saw \(writes) writes and \(reads) reads" }

  func drive() {
    for register in map.registers {
      for field in register.fields {
        guard let name = inputName(register, field), let port = engine.storage(ofPort: name) else { continue }
        let noise = (0..<2).map { _ in generator.next() & generator.next() & generator.next() }
        port.value = BitVector(words: noise, width: 128).slice(low: 0, width: port.width)
      }
    }
  }

  func observe(cycle: Int) throws(SimulationError) {
    try compare(cycle)
    let (next, answer) = afterHardware()
    advance(next, answer)
  }
}

// MARK: - Ports

extension RegisterModel {
  private var words: [(register: Register, element: Int, offset: UInt64)] {
    map.registers.flatMap { register in
      (0..<(register.count ?? 1)).map { (register, $0, UInt64(register.offset + $0 * register.stride)) }
    }
  }

  private func key(_ register: Register, _ field: Register.Field, _ element: Int) -> String {
    "\(register.name).\(field.name).\(element)"
  }

  private func inputName(_ register: Register, _ field: Register.Field) -> String? {
    let name = "\(register.name)_\(field.name)"
    switch field.access {
    case .readOnly: return name
    case .writeOneToClear, .readToClear: return name + "_set"
    case .writeOneToSet: return name + "_clear"
    case .readWrite, .writeOnly, .writePulse: return nil
    }
  }

  private func port(_ name: String, _ element: Int, _ width: Int) -> UInt64 {
    engine.storage(ofPort: name)?.value.slice(low: element * width, width: width).words[0] ?? .max
  }

  private func bus(_ name: String) -> UInt64 {
    guard let port = engine.storage(ofPort: "s_axi_\(name)") else { return .max }
    return port.value.words[0]
  }

  private func input(_ register: Register, _ field: Register.Field, _ element: Int) -> UInt64 {
    inputName(register, field).map { port($0, element, field.width) } ?? 0
  }
}

// MARK: - Cycles

extension RegisterModel {
  private func compare(_ cycle: Int) throws(SimulationError) {
    func expect(_ name: String, _ found: UInt64, _ expected: UInt64) throws(SimulationError) {
      if found == expected { return }
      throw SimulationError("cycle \(cycle): `\(name)` is \(found) instead of \(expected); \(status)")
    }
    try expect("awready", bus("awready"), address == nil ? 1 : 0)
    try expect("wready", bus("wready"), data == nil ? 1 : 0)
    try expect("arready", bus("arready"), readAnswer == nil ? 1 : 0)
    try expect("bvalid", bus("bvalid"), writeAnswer == nil ? 0 : 1)
    try expect("rvalid", bus("rvalid"), readAnswer == nil ? 0 : 1)
    if let writeAnswer { try expect("bresp", bus("bresp"), writeAnswer) }
    if let readAnswer {
      try expect("rresp", bus("rresp"), readAnswer)
      try expect("rdata", bus("rdata"), word)
    }
    var interrupts = false
    for (register, element, _) in words {
      for field in register.fields where field.access != .readOnly {
        let name = key(register, field, element)
        try expect(name, port("\(register.name)_\(field.name)", element, field.width), held[name] ?? 0)
        guard let enable = register.interruptEnable else { continue }
        if held[name] != 0, held["\(enable).\(field.name).0"] != 0 { interrupts = true }
      }
    }
    try expect("irq", engine.storage(ofPort: "irq")?.value.words[0] ?? .max, interrupts ? 1 : 0)
  }

  /// What the fields hold after the edge if software does nothing, and what software reads now.
  private func afterHardware() -> (next: [String: UInt64], answer: (UInt64, UInt64)) {
    var next = held
    var answer: (response: UInt64, word: UInt64) = (3, 0)
    let (readAddress, isReading) = (bus("araddr"), bus("arvalid") == 1 && readAnswer == nil)
    for (register, element, offset) in words {
      for field in register.fields {
        let name = key(register, field, element)
        let event = input(register, field, element)
        let isRead = isReading && readAddress == offset
        let value = field.access == .readOnly ? event : held[name] ?? 0
        if isRead && field.access.isReadable { answer.word |= value << UInt64(field.lowBit) }
        switch field.access {
        case .writeOneToClear: next[name] = value | event
        case .readToClear: next[name] = isRead ? event : value | event
        case .writeOneToSet: next[name] = value & ~event
        case .writePulse: next[name] = 0
        case .readWrite, .readOnly, .writeOnly: break
        }
      }
      if readAddress == offset { answer.response = 0 }
    }
    if !readAddress.isMultiple(of: UInt64(map.wordWidth / 8)) { answer.response = 2 }
    return (next, answer)
  }

  private func advance(_ next: [String: UInt64], _ answer: (response: UInt64, word: UInt64)) {
    var next = next
    if writeAnswer != nil {
      if bus("bready") == 1 { writeAnswer = nil }
    } else if let address, let data, let strobes {
      writeAnswer = write(data, strobes, to: address, &next)
      (self.address, self.data, self.strobes) = (nil, nil, nil)
      writes += 1
      if writeAnswer != 0 { errors += 1 }
    }
    take(canTakeAddress: address == nil && bus("awready") == 1, canTakeData: data == nil && bus("wready") == 1)
    if readAnswer != nil {
      if bus("rready") == 1 { readAnswer = nil }
    } else if bus("arvalid") == 1 {
      (readAnswer, word) = (answer.response, answer.word)
      reads += 1
      if answer.response != 0 { errors += 1 }
    }
    held = next
  }

  private func take(canTakeAddress: Bool, canTakeData: Bool) {
    if canTakeAddress, bus("awvalid") == 1 { address = bus("awaddr") }
    if canTakeData, bus("wvalid") == 1 { (data, strobes) = (bus("wdata"), bus("wstrb")) }
  }

  /// What a write makes of the fields, and its response.
  private func write(_ data: UInt64, _ strobes: UInt64, to address: UInt64, _ next: inout [String: UInt64]) -> UInt64 {
    if !address.isMultiple(of: UInt64(map.wordWidth / 8)) { return 2 }
    guard let (register, element, _) = words.first(where: { $0.offset == address }) else { return 3 }
    let lanes = (0..<UInt64(8)).filter { strobes >> $0 & 1 == 1 }
    let mask = lanes.reduce(UInt64(0)) { $0 | 0xff << (8 * $1) }
    for field in register.fields {
      let name = key(register, field, element)
      let written = (data & mask & field.mask) >> UInt64(field.lowBit)
      let kept = (~mask & field.mask) >> UInt64(field.lowBit)
      switch field.access {
      case .readWrite, .writeOnly: next[name] = written | (held[name] ?? 0) & kept
      case .writeOneToClear: next[name] = (held[name] ?? 0) & ~written | input(register, field, element)
      case .writeOneToSet: next[name] = (next[name] ?? 0) | written
      case .writePulse: next[name] = written
      case .readOnly, .readToClear: break
      }
    }
    return 0
  }
}
