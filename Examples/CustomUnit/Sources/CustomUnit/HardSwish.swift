import Weft
import WeftNetworks

/// The hard swish, x * min(max(x + 3, 0), 6) / 6, on the codes of a quantisation: the same integers in Swift and in
/// hardware.
///
/// Source: Howard et al., "Searching for MobileNetV3", ICCV 2019.
public struct HardSwish: Hashable, Sendable {
  /// The hardware code of zero.
  public let zeroPoint: Int
  /// Bits of a code.
  public let bits: Int
  /// The number of codes that make three; at least one.
  public let three: Int
  /// What stands for 1 / 6: this number over two to the power of ``places``.
  public let reciprocal: Int
  /// Binary places of the reciprocal.
  public let places = 16

  /// The hard swish of codes that stand for reals as `quantization` says, before and after.
  public init(_ quantization: Quantization) {
    zeroPoint = quantization.zeroPoint
    bits = quantization.bits
    // From where the gate is open for every code on, a smaller step changes nothing.
    three = Int(min(max((3 / quantization.scale).rounded(), 1), Float(1 << bits)))
    reciprocal = Int((Double(1 << places) / Double(2 * three)).rounded())
  }

  /// The code that a code becomes.
  public func callAsFunction(_ code: Int) -> Int {
    let x = code - zeroPoint
    let gate = min(max(x + three, 0), 2 * three)
    let product = x * gate * reciprocal
    let half = 1 << (places - 1)
    let floor = (product + half) >> places
    let isTie = (product + half) & (1 << places - 1) == 0
    let result = (isTie ? floor & ~1 : floor) + zeroPoint
    return min(max(result, -(1 << (bits - 1))), 1 << (bits - 1) - 1)
  }
}

// MARK: - In hardware

extension HardSwish {
  /// Bits that hold a code's distance to zero and the gate.
  private var width: Int { bits + 4 }
  /// Bits of ``gated(_:)``.
  var productBits: Int { 2 * width }

  /// The distance of a code to zero, times the gate.
  func gated(_ code: Signed) -> Signed {
    let x = code.extended(to: width) &- constant(zeroPoint, width)
    let opening = x &+ constant(three, width)
    let six = constant(2 * three, width)
    let gate = (opening < 0).select(0, else: (opening > six).select(six, else: opening))
    return x * gate
  }

  /// A sixth of it, as a code.
  func code(of product: Signed) -> Signed {
    let sixth = (product * constant(reciprocal, places + 1)).rounded(by: places, .toNearestOrEven)
    return (sixth + constant(zeroPoint, bits)).saturated(to: bits)
  }

  private func constant(_ value: Int, _ width: Int) -> Signed {
    Bits(BitVector(truncating: value, width: width)).asSigned
  }
}
