import Testing
import Weft

/// Every kind of mistake is reported in a sentence, at its place.
@Suite struct MistakeTests {
  static let mistakes: [any Mistake.Type] = [
    WiderThanItsTarget.self, WiderSum.self, DifferentBundles.self, ImpossibleSizes.self, WrongResizing.self,
    DifferentBits.self, DifferentChoices.self, OddVectors.self, OddMemories.self, ReservedName.self, ForeignName.self,
    NamelessRegister.self, NameTwice.self, NameInTwoPlaces.self, DelayTwice.self, Undriven.self, DrivenTwice.self,
    Latching.self, Looping.self, LoopingThroughInstances.self, Crossing.self, CrossingThroughInstances.self,
    WrongClocks.self, CrossingPins.self,
    Unconnected.self, TwoWrites.self, ForeignReadMode.self, RefusedParameter.self, WrongDirection.self,
    LargeLiterals.self, OutsideIndex.self, WrongReset.self, PrivateOfAChild.self, WrongCases.self, Endless.self,
    Bottomless.self, FixedShapes.self, FixedLiterals.self, WrongPatterns.self, MissingCases.self, TenMistakes.self,
  ]

  /// Whether mistake `index` is reported as it should be.
  static func isReported(_ index: Int) -> Bool {
    let mistake = mistakes[index]
    return report(of: mistake.init()) == mistake.expected
  }

  @Test(arguments: 0..<mistakes.count) func mistakeIsReported(index: Int) {
    let mistake = Self.mistakes[index]
    #expect(report(of: mistake.init()) == mistake.expected)
  }

  @Test func synchroniserIsNoMistake() { #expect(report(of: Synchronised()) == "") }

  @Test func everyCodeHasAMistake() {
    for code in Diagnostic.Code.allCases {
      #expect(Self.mistakes.contains { $0.report.contains("[\(code.rawValue)]") }, "no mistake for \(code)")
    }
  }

  @Test func tenMistakesAreReportedTogether() throws {
    let error = #expect(throws: ElaborationError.self) { try Design(TenMistakes()) }
    #expect(Set(try #require(error).diagnostics.map(\.code)).count == 10)
  }
}
