import Weft
import WeftAccelerators
import WeftNetworks

/// A unit that never takes anything and never gives anything.
struct DeafUnit: StageUnit {
  let geometry: StageGeometry

  init(_ geometry: StageGeometry) { self.geometry = geometry }

  var body: Circuit {
    for input in inputs { input.ready <== 0 }
    output.valid <== 0
    for lane in output.payload { lane <== 0 }
  }
}
