import Testing
import Weft
import WeftSimulation
import WeftStreams

enum Rate: Enumeration { case slow, fast }

/// The registers of a timer.
enum TimerRegisters {
  static let start = RegisterField("start", .bit, .writePulse, "Starts the timer from zero.")
  static let rate = RegisterField("rate", .choice(Rate.self), at: 4, "How fast it counts.")
  static let limit = RegisterField("limit", .unsigned(16), reset: 99, "Where it ends.")
  static let count = RegisterField("count", .unsigned(16), .readOnly, "Where it is.")
  static let done = RegisterField.interrupt("done", "The timer came to its limit.")

  static let map = RegisterMap("timer", "Counts up to a limit.") {
    Register("control", "Starts and sets up.") {
      start
      rate
    }
    Register("range", "How far to count.") { limit }
    Register("position", "How far it has come.") { count }
    Interrupts { done }
  }
}

/// A timer behind a bus.
struct Timer: Module {
  var s_axi: AXI4Lite { input(.bundle(AXI4Lite(addressWidth: TimerRegisters.map.addressWidth))) }
  var irq: Bit { output(.bit) }
  var registers: Instance<RegisterBank> { instance(RegisterBank(TimerRegisters.map)) }
  var isRunning: Bit { register(.bit, reset: 0) }
  var count: Unsigned { register(.unsigned(16), reset: 0) }
  var isOver: Bit { wire(isRunning & (count >= registers[TimerRegisters.limit])) }

  var body: Circuit {
    registers.s_axi <== s_axi
    irq <== registers.irq
    registers[TimerRegisters.count] <== count
    registers[set: TimerRegisters.done] <== isOver
    When(isRunning) {
      let step: Unsigned = (registers[TimerRegisters.rate] == .fast).select(4, else: 1)
      count <== count &+ step.extended(to: 16)
    }
    When(isOver) { isRunning <== 0 }
    When(registers[TimerRegisters.start]) {
      isRunning <== 1
      count <== 0
    }
  }
}

/// The example of the page on registers.
@Suite struct RegisterPageTests {
  @Test func theTimerInterrupts() throws {
    let sim = try Simulation(Timer())
    let registers = AXILiteManager(sim, \.s_axi)
    let bench = StreamBench(sim, registers)
    try registers.write(20, at: 0x04, on: bench)  // range: limit
    try registers.write(1, at: 0x10, on: bench)  // interrupt_enable: done
    try registers.write(0x11, at: 0x00, on: bench)  // control: start, fast
    try bench.run(until: { sim.irq == 1 }, limit: 12)
    #expect(try registers.read(at: 0x08, on: bench) >= 20)
    try registers.write(1, at: 0x0c, on: bench)  // interrupt_pending: done
    #expect(sim.irq == 0)
  }
}
