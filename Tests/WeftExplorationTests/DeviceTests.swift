import Testing
import WeftExploration

@Suite struct DeviceTests {
  @Test func devicesAreFoundByTheirNames() throws {
    #expect(try Device.named("zu9cg").name == "ZU9EG")
    #expect(try Device.named("XCZU17EG").name == "ZU17EG")
    #expect(try Device.named("xc7z045").dspKind == .dsp48e1)
    let error = #expect(throws: ExplorationError.self) { try Device.named("Z9") }
    #expect(error?.message.hasPrefix("there is no device 'Z9'; the devices are Z7020, Z7045") == true)
  }

  @Test func theBudgetIsAllThatThereIs() throws {
    let budget = try Device.named("ZU9EG").budget
    #expect(budget == Budget(dsp: 2520, ramb18: 1824, lut: 274_080, memoryWordsPerCycle: 1))
    let asic = Device.asic(macUnits: 1024, bufferBytes: 1 << 20, clock: 800e6)
    #expect(asic.budget == Budget(dsp: 1024, ramb18: 455, memoryWordsPerCycle: 0.25))
    #expect(asic.bandwidth(wordsPerFrame: 1000, cyclesPerFrame: 4000) == 12.8e9)
  }

  @Test func cyclesAndWordsOfThePortAgree() {
    for rate in [0.1, 0.25, 1.0 / 3, 0.7, 1] {
      let budget = Budget(memoryWordsPerCycle: rate)
      for words in [0, 1, 2, 3, 7, 64, 1000, 12_345] {
        let cycles = budget.cycles(toFetch: words) ?? -1
        #expect(budget.memoryWords(in: cycles) ?? -1 >= words)
        if cycles > 0 { #expect(budget.memoryWords(in: cycles - 1) ?? .max < words) }
      }
    }
    #expect(Budget(memoryWordsPerCycle: 0).cycles(toFetch: 1) == nil)
    #expect(Budget().cycles(toFetch: 1) == 0)
    #expect(DSPKind.dsp48e2.operandBits?.wide == 27)
  }
}
