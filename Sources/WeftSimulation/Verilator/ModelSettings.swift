import Weft

/// The flags and the generated header of one model.
struct ModelSettings {
  private let ports: [String]
  private let clock: String?
  private let settlesFirst: Bool
  private let actsOnFall: Bool
  private let options: VerilatorOptions
  private let sources: ExternalSources
  private let top: String

  init(_ design: Design, options: VerilatorOptions, sources: ExternalSources) {
    self.options = options
    self.sources = sources
    top = design.top.name
    ports = design.top.portNames
    clock = design.mainClock
    actsOnFall =
      !sources.isEmpty
      || design.top.domains.contains { $0.domain.clock == design.mainClock && $0.domain.edge == .falling }
    settlesFirst = design.top.domains.contains { $0.usesReset && $0.domain.resetKind == .asynchronous }
  }

  /// The arguments of Verilator but for the sources. The limit lets it write vectors of many words in place, where it
  /// would otherwise join their elements through copies whose number is the square of the elements'.
  var verilatorFlags: [String] {
    var flags = [
      "--cc", "--prefix", "Model", "--Mdir", ".", "--top-module", top, "-O3", "--x-assign", "fast", "--x-initial",
      "fast",
      "--noassert", "-Wno-fatal", "--timescale-override", "1ps/1ps", "--expand-limit", "2048",
    ]
    if options.keepsInternals { flags.append("--public-flat-rw") }
    switch options.waves {
    case .vcd: flags.append("--trace")
    case .fst: flags.append("--trace-fst")
    case nil: break
    }
    return flags + sources.flags
  }

  /// How the compiler optimises what runs in every cycle.
  var fast: String { options.isOptimised ? "-O2" : "-O0" }

  /// How the compiler optimises what runs once.
  let slow = "-O0"

  /// The macros that Verilator's sources expect.
  var defines: [String] {
    let (vcd, fst) = (options.waves == .vcd ? 1 : 0, options.waves == .fst ? 1 : 0)
    return [
      "-DVERILATOR=1", "-DVM_COVERAGE=0", "-DVM_SC=0", "-DVM_TRACE=\(vcd | fst)", "-DVM_TRACE_VCD=\(vcd)",
      "-DVM_TRACE_FST=\(fst)",
    ]
  }

  /// The files of Verilator's own library that a model needs, without their extension.
  var runtimeSources: [String] {
    switch options.waves {
    case .vcd: ["verilated", "verilated_threads", "verilated_vcd_c"]
    case .fst: ["verilated", "verilated_threads", "verilated_fst_c"]
    case nil: ["verilated", "verilated_threads"]
    }
  }

  /// The system libraries that a model needs.
  var libraries: [String] { options.waves == .fst ? ["-lz"] : [] }

  /// The header that the fixed part of a model reads.
  ///
  /// - Parameters:
  ///   - members: The C++ member that each port has; the port's own name where it is missing.
  ///   - previousClock: The member that holds the main clock's level at the last evaluation, where it is known.
  func header(members: [String: String], previousClock: String? = nil) -> String {
    var lines = ["#pragma once", "#define WEFT_PORTS(PORT) \\"]
    for port in ports { lines.append("  PORT(\"\(port)\", \(members[port] ?? port)) \\") }
    lines.append("")
    if let clock { lines.append("#define WEFT_CLOCK \(members[clock] ?? clock)") }
    if let previousClock { lines.append("#define WEFT_PREVIOUS_CLOCK \(previousClock)") }
    let waves =
      switch options.waves {
      case nil: 0
      case .vcd: 1
      case .fst: 2
      }
    lines.append("#define WEFT_SETTLES_FIRST \(settlesFirst ? 1 : 0)")
    lines.append("#define WEFT_INTERNALS \(options.keepsInternals ? 1 : 0)")
    lines.append("#define WEFT_TRACE \(waves)")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The C++ members of the ports, by what Verilator declares: it writes double underscores in another way and puts a
  /// prefix before the words of C++.
  func members(in header: String) -> [String: String] {
    var declared: Set<Substring> = []
    for line in header.split(separator: "\n") where line.contains("VL_IN") || line.contains("VL_OUT") {
      let afterAmpersand = line.split(separator: "&", maxSplits: 1).last ?? ""
      declared.insert(afterAmpersand.prefix { $0 == "_" || $0.isLetter || $0.isNumber })
    }
    var members: [String: String] = [:]
    for port in ports {
      let encoded = Self.encoded(port)
      members[port] = declared.contains(Substring("__SYM__" + encoded)) ? "__SYM__" + encoded : encoded
    }
    return members
  }

  /// The member in which a model keeps the main clock's level, to see it rise; `nil` where something happens when it
  /// falls, or where this version of Verilator has no such member: then the fall is evaluated as well.
  func previousClock(in header: String) -> String? {
    guard let clock, !actsOnFall else { return nil }
    let words = Set(header.split { !($0 == "_" || $0.isLetter || $0.isNumber) })
    let name = Self.encoded(clock)
    return ["__Vtrigrprev__TOP__\(name)", "__Vtrigprevexpr___TOP__\(name)__0"].first { words.contains(Substring($0)) }
  }

  /// A name as Verilator writes it in C++, where it keeps double underscores for itself.
  private static func encoded(_ name: String) -> String {
    var result = ""
    for character in name {
      if character == "_", result.hasSuffix("_") { result += "__05F" } else { result.append(character) }
    }
    return result
  }
}

extension Netlist {
  /// The names of all ports: clocks and resets first, then inputs and outputs.
  var portNames: [String] {
    var names: [String] = []
    for use in domains {
      for name in [use.domain.clock] + (use.usesReset ? [use.domain.reset] : []) where !names.contains(name) {
        names.append(name)
      }
    }
    return names + signals.filter { $0.role == .input || $0.role == .output }.map(\.name)
  }

  /// The number of bits of a port, or `nil` where there is none of that name.
  func portWidth(_ name: String) -> Int? {
    if domains.contains(where: { $0.domain.clock == name || ($0.usesReset && $0.domain.reset == name) }) { return 1 }
    return signals.first { $0.name == name && ($0.role == .input || $0.role == .output) }?.width
  }
}
