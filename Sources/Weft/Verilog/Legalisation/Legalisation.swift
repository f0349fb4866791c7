/// One step from the netlist as elaborated to one that Verilog can say without a tool's complaint. The hardware stays
/// the same.
struct LegalisationPass: Sendable {
  /// What the step does.
  let name: String
  /// Carries the step out on one module; `interfaces` holds what is known of the modules before it.
  let run: @Sendable (inout Netlist, [CombinationalInterface]) -> Void

  /// All steps, in order.
  static let all = [
    LegalisationPass(name: "drop memories that nothing reads") { module, _ in module.dropUnreadMemories() },
    LegalisationPass(name: "fold conditions that are constant") { module, _ in module.foldConstantConditions() },
    LegalisationPass(name: "express shifts with the sign") { module, _ in module.expressArithmeticShifts() },
    LegalisationPass(name: "give vectors what their index reaches") { module, _ in module.padVectors() },
    LegalisationPass(name: "settle repeated assignments") { module, _ in module.settleAssignments() },
    LegalisationPass(name: "separate what only seems to feed itself") { $0.separateLoops(interfaces: $1) },
    LegalisationPass(name: "join parts that are plain names") { module, _ in module.joinParts() },
  ]
}

extension Design {
  /// The design after all passes.
  ///
  /// - Parameter keepsProperties: Whether assertions and assumptions stay, to be checked by the Verilog.
  func legalisedForVerilog(keepsProperties: Bool) -> Design {
    var result = keepsProperties ? self : withoutProperties()
    var interfaces: [CombinationalInterface] = []
    for index in result.modules.indices {
      for pass in LegalisationPass.all { pass.run(&result.modules[index], interfaces) }
      // Nothing instantiates the last one.
      if index == result.modules.count - 1 { break }
      interfaces.append(CombinationalInterface(result.modules[index], children: interfaces))
    }
    return result
  }
}
