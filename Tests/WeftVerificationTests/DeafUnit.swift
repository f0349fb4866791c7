import Weft
import WeftAccelerators
import WeftNetworks

/// A unit that never takes anything and never gives anything.
struct DeafUnit: StageUnit {
  let geometry: StageGeometry

  init(_ geometry: StageGeometry) { self.geometry = geometry }

  var input: Stream<Signed> { sink(.signed(geometry.layer.inputBits)) }
  var output: Stream<Signed> { source(.signed(geometry.layer.outputBits)) }

  var body: Circuit {
    input.ready <== 0
    output.valid <== 0
    output.payload <== 0
  }
}
