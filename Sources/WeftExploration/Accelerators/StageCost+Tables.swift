import WeftAccelerators
import WeftNetworks

extension StageCost {
  /// Look-up tables of the unit without its line buffers: one for each bit of an adder, and of a multiplexer one for
  /// each bit and every three ways or, where the ways are many, every two. The constants are those of small units
  /// that Yosys synthesised.
  var lut: Int {
    if geometry.isPooling { return comparisonTables + drainTables + addressTables }
    var tables = engineTables + drainTables + requantiserTables + addressTables
    tables += geometry.weightMemory?.lut(isWritten: geometry.hasExternalWeights) ?? 0
    tables += geometry.biasMemory?.lut(isWritten: false) ?? 0
    return tables + geometry.memoryStreams.count * Self.streamTables
  }

  /// What takes the words of a stream apart, and the reader with its queue.
  private static let streamTables = 1000

  private var engineTables: Int {
    let unit = geometry.configuration
    let (lanes, sum) = (unit.operandLanes, geometry.layer.accumulatorBits)
    let product = geometry.layer.inputBits + geometry.kernel.weightBits
    // The products of a row are added up, and to the sum.
    let row = (lanes - 1) * (product + 2) + sum
    let pairs = unit.packing == .none ? 0 : unit.h / 2
    // The higher one of two products is corrected; an offset is taken off both.
    let correction = lanes * product * (unit.packing == .narrow ? 2 : 1)
    return unit.kpf * (unit.h * row + pairs * correction)
  }

  /// Each element is compared with another, and the greater one is chosen.
  private var comparisonTables: Int {
    geometry.configuration.operandLanes * geometry.configuration.h * 2 * geometry.layer.inputBits
  }

  /// The results that wait to be passed on are chosen among.
  private var drainTables: Int {
    let unit = geometry.configuration
    let transfers = ceilingDivide(unit.h, unit.rowLanes) * (unit.kpf / unit.channelLanes)
    return 30 + ceilingDivide(transfers, 2) * unit.lanes * geometry.layer.accumulatorBits
  }

  /// Bias, rounding and saturation of each lane, and the factors of the channels.
  private var requantiserTables: Int {
    let (unit, layer) = (geometry.configuration, geometry.layer)
    let factors = unit.channelLanes * 60 * ceilingDivide(layer.outputShape.channels, 64)
    return unit.lanes * 5 * layer.accumulatorBits + factors
  }

  /// The loops, the addresses of every bank, and the choice of what each engine reads.
  private var addressTables: Int {
    let (unit, window) = (geometry.configuration, geometry.kernel.window)
    let columns = min(unit.columnTaps, window.kernelWidth)
    let rows = (unit.h - 1) * min(window.strideVertical, unit.taps) + unit.taps
    func ways(_ count: Int) -> Int { (count + 1) / 3 }
    let banks = (unit.h - 1) * window.strideVertical + unit.taps
    let choice = columns * (banks * ways(columns) + rows * ways(banks))
    return 250 + choice * unit.cpf * geometry.layer.inputBits + banks * columns * 14
  }
}
