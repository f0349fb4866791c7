/// Events that can interrupt software: two registers of a map.
///
/// The fields of `NAME_pending` say which events came; the hardware sets them and software clears them, by writing
/// ones. Those of `NAME_enable` say which of them interrupt. ``RegisterBank/irq`` is one while an event is pending that
/// is enabled.
public struct Interrupts {
  let registers: [Register]

  /// Interrupts.
  ///
  /// - Parameters:
  ///   - name: What the two registers' names begin with.
  ///   - offset: The place of the first in bytes, the other being behind it; behind the register before, unless given.
  ///   - events: Fields made by ``RegisterField/interrupt(_:_:)``, or others with ``RegisterAccess/writeOneToClear``.
  public init(
    _ name: String = "interrupt", at offset: Int? = nil, @RegisterFieldBuilder events: () -> [Register.Field]
  ) {
    var pending = Register(
      "\(name)_pending", "The events that came; write ones to clear them.", at: offset, fields: events)
    pending.interruptEnable = "\(name)_enable"
    let enables = pending.fields.map { event in
      Register.Field(
        name: event.name, description: "Whether `\(event.name)` interrupts.", layout: event.layout, access: .readWrite,
        placement: event.lowBit)
    }
    registers = [pending, Register("\(name)_enable", "The events that interrupt.") { enables }]
  }
}
