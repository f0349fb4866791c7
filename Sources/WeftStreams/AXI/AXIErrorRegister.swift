import Weft

/// Keeps the first response that is an error, until it is cleared.
struct AXIErrorRegister: Module {
  /// The response that comes.
  var response: Choice<AXIResponse> { input(.choice()) }
  /// Whether one comes in this cycle.
  var comes: Bit { input(.bit) }
  /// Forgets what is kept; an error that comes in the same cycle is kept.
  var clears: Bit { input(.bit) }
  /// The first error, or `okay`.
  var first: Choice<AXIResponse> { output(.choice()) }

  var kept: Choice<AXIResponse> { register(.choice(), reset: .okay) }

  var body: Circuit {
    When(clears) { kept <== .okay }
    When(comes & response.isError & (clears | !kept.isError)) { kept <== response }
    first <== kept
  }
}
