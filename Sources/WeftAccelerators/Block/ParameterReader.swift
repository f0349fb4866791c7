import Weft
import WeftStreams

/// Reads weights and biases from memory for the grid.
///
/// While it is held it asks for nothing, and drops what is on its way.
struct ParameterReader: Module {
  /// The grid's port.
  let port: Shape<MemoryReadPort>
  let settings: BlockSettings

  /// The grid.
  var memory: MemoryReadPort { input(port) }
  /// The bus to memory.
  var bus: AXI4ReadChannels {
    output(.bundle(AXI4ReadChannels(addressWidth: settings.addressWidth, dataWidth: settings.dataWidth)))
  }
  /// Where word zero lies.
  var baseAddress: Unsigned { input(.unsigned(settings.addressWidth)) }
  /// Whether it is held.
  var isHeld: Bit { input(.bit) }
  var report: MoverReport { output(.bundle(MoverReport())) }

  var adapter: Instance<AXIReadAdapter> {
    instance(
      AXIReadAdapter(
        of: port, addressWidth: settings.addressWidth, outstanding: BlockSettings.outstanding,
        longestBurst: BlockSettings.longestBurst))
  }
  var converter: Instance<AXIReadWidthConverter> {
    instance(
      AXIReadWidthConverter(
        addressWidth: settings.addressWidth, from: MemoryLayout.wordWidth, to: settings.dataWidth,
        outstanding: BlockSettings.outstanding))
  }

  var body: Circuit {
    let requests = adapter.memory.requests
    requests.payload <== memory.requests.payload
    requests.valid <== memory.requests.valid & !isHeld
    memory.requests.ready <== requests.ready & !isHeld
    memory.words.payload <== adapter.memory.words.payload
    memory.words.valid <== adapter.memory.words.valid & !isHeld
    adapter.memory.words.ready <== memory.words.ready | isHeld
    adapter.baseAddress <== baseAddress
    adapter.clearsError <== isHeld
    if settings.dataWidth == MemoryLayout.wordWidth {
      bus <== adapter.bus
    } else {
      converter.manager <== adapter.bus
      bus <== converter.subordinate
    }
    report.isIdle <== adapter.isIdle
    report.fails <== adapter.response.isError
    report.outcome <== adapter.response.outcome(else: Choice(.complete))
  }
}
