import Weft
import WeftNetworks
import WeftStreams

/// What stands between the bytes of a host and the streams of a grid: inputs come in packets, results leave in packets
/// as the grid gives them.
///
/// The line has no way to stop the host, so that the host counts: it sends no more elements of an input than there
/// is room for, `SerialSettings.capacity` at first and as many more as the credits say that it gets. Results of all outputs
/// leave by turns, so that no output waits for another.
struct SerialHost: Module {
  /// What comes and what leaves.
  let inputs, outputs: [TensorFormat]
  /// Elements of a transfer of each output, and of a packet.
  let lanes, elementsPerPacket: [Int]
  /// What tells the accelerator from others.
  let hash: UInt32

  /// Whether a byte has come.
  var isReceived: Bit { input(.bit) }
  /// The byte.
  var received: Unsigned { input(.unsigned(8)) }
  /// Whether a byte came that is none.
  var isGarbled: Bit { input(.bit) }
  /// Whether the grid is at the beginning of a frame: then the question who is there is answered.
  var isReady: Bit { input(.bit) }
  /// What is sent.
  var bytes: Stream<Unsigned> { source(.unsigned(8)) }
  /// The elements of each input.
  var elements: [Stream<Vector<Signed>>] {
    inputs.indices.map { source(.vector(1, of: .signed(inputs[$0].quantization.bits)), named: "elements\($0)") }
  }
  /// What each output gives.
  var results: [Stream<Vector<Signed>>] {
    outputs.indices.map {
      sink(.vector(lanes[$0], of: .signed(outputs[$0].quantization.bits)), named: "results\($0)")
    }
  }

  // MARK: Parts

  private var commands: Instance<SerialCommands> { instance(SerialCommands(inputs: inputs)) }
  /// Who sends: the outputs, the credits of the inputs, the answer and the errors.
  private var turns: Instance<SerialTurns> {
    instance(SerialTurns(senders: outputs.count + inputs.count + 2))
  }
  private func queue(_ input: Int) -> Instance<BlockRAMFIFO<Vector<Signed>>> {
    instance(
      BlockRAMFIFO(of: .vector(1, of: .signed(inputs[input].quantization.bits)), depth: SerialSettings.capacity),
      named: "queue\(input)")
  }
  private func adapter(_ output: Int) -> Instance<WidthAdapter<Signed>> {
    instance(
      WidthAdapter(
        of: .signed(outputs[output].quantization.bits), from: lanes[output], to: elementsPerPacket[output]),
      named: "packets\(output)")
  }

  var body: Circuit {
    commands.isReceived <== isReceived
    commands.received <== received
    for index in inputs.indices { feeding(index) }
    for index in outputs.indices { giving(index) }
    answering
    telling
    bytes <== turns.output
  }

  /// What takes the packets of a name apart.
  private func sender(_ name: String, bytes: Int) -> Instance<SerialSender> {
    instance(SerialSender(length: 1 + bytes), named: "\(name)_sender")
  }

  /// Sends packets.
  @CircuitBuilder private func send(
    _ sender: Instance<SerialSender>, as turn: Int, _ kind: SerialSettings.Kind, index: Unsigned, _ bytes: [Unsigned],
    valid: Bit
  ) -> Circuit {
    sender.packets.valid <== valid
    sender.packets.payload[0] <== concatenate(Bits.number(kind.rawValue, 2), index.extended(to: 6)).asUnsigned
    for (place, value) in bytes.enumerated() { sender.packets.payload[place + 1] <== value }
    turns.inputs[turn] <== sender.bytes
  }

  // MARK: Inputs

  @CircuitBuilder private func feeding(_ index: Int) -> Circuit {
    let queue = queue(index)
    let credit = SerialSettings.credit
    let taken = Counter(self, limit: credit, named: "taken\(index)")
    let owed: Unsigned = register(
      .unsigned(bitsFor(SerialSettings.capacity / credit + 1)), reset: 0, named: "owed\(index)")
    let earns = queue.output.fires & taken.isLast
    let sender = sender("credit\(index)", bytes: 0)
    queue.input <== commands.elements[index]
    elements[index] <== queue.output
    When(queue.output.fires) { taken.advance }
    When(earns != sender.packets.fires) { owed <== earns.select(owed &+ 1, else: owed &- 1) }
    send(sender, as: outputs.count + index, .credit, index: Unsigned(index), [], valid: owed != 0)
  }

  // MARK: Outputs

  @CircuitBuilder private func giving(_ index: Int) -> Circuit {
    let (adapter, format) = (adapter(index), outputs[index])
    let sender = sender("output\(index)", bytes: elementsPerPacket[index] * format.elementBytes)
    let bytes = adapter.output.payload.flatMap { code -> [Unsigned] in
      let stored = format.stored(ofCode: code)
      return stride(from: 0, to: stored.width, by: 8).map { stored[$0..<$0 + 8].asUnsigned }
    }
    adapter.input <== results[index]
    adapter.output.ready <== sender.packets.ready
    send(sender, as: index, .elements, index: Unsigned(index), bytes, valid: adapter.output.valid)
  }

  // MARK: Answers

  private var isAsked: Bit { register(.bit, reset: 0) }
  private var fault: Unsigned { register(.unsigned(2), reset: 0) }

  @CircuitBuilder private var answering: Circuit {
    let sender = sender("identity", bytes: 4)
    When(sender.packets.fires) { isAsked <== 0 }
    When(commands.asksIdentity) { isAsked <== 1 }
    send(
      sender, as: outputs.count + inputs.count, .identity, index: Bits.number(0, 6),
      (0..<4).map { Bits.number(Int(hash >> (8 * UInt32($0)) & 255), 8) }, valid: isAsked & isReady)
  }

  /// The first of the faults that are not told yet is told.
  @CircuitBuilder private var telling: Circuit {
    let sender = sender("fault", bytes: 0)
    let faults: [(isSeen: Bit, fault: SerialSettings.Fault)] = [
      (commands.isUnknown, .unknownPacket), (commands.overruns, .overrun), (isGarbled, .garbledByte),
    ]
    When(sender.packets.fires) { fault <== 0 }
    When(fault == 0) {
      for (isSeen, kind) in faults {
        When(isSeen) { fault <== Unsigned(kind.rawValue) }
      }
    }
    send(
      sender, as: outputs.count + inputs.count + 1, .error, index: fault.extended(to: 6), [], valid: fault != 0)
  }
}
