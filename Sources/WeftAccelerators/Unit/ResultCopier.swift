import Weft
import WeftStreams

/// Passes each transfer on several times: the results of a pixel that all phases of the upsampled map share.
public struct ResultCopier: Module {
  let geometry: StageGeometry

  /// The copier of a stage.
  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(geometry.layer.name)_copier" }

  /// Codes, each once.
  public var codes: Stream<Vector<Signed>> { sink(geometry.outputPayload) }
  /// Codes, each as often as the kernel copies it.
  public var copies: Stream<Vector<Signed>> { source(geometry.outputPayload) }

  private var copy: Counter { Counter(self, limit: geometry.kernel.copies.count, named: "copy") }

  public var body: Circuit {
    copies.payload <== codes.payload
    copies.valid <== codes.valid
    codes.ready <== copies.ready & copy.isLast
    When(copies.fires) { copy.advance }
  }
}
