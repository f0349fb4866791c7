import Foundation
import Testing
import WeftNetworks

/// `weft report`: a page with what `weft verify` measures.
@Suite struct ReportTests {
  @Test func thePageHasTheFiguresOfTheVerification() throws {
    let place = try Workplace()
    let options = ["--calibration", "latent.npy", "--multipliers", "30", "--engine", "interpreter"]
    let run = try ToolRun(["report", "model.onnx", "--device", "Z7020", "-o", "r.html"] + options, in: place.folder)
    #expect(run.exitCode == 0, "\(run.errors)")
    let verified = try ToolRun(["verify", "model.onnx", "--frames", "3", "--json"] + options, in: place.folder).json
    let page = try XMLDocumentCheck(contentsOf: place.file("r.html"))
    // The network has three layers.
    #expect(page.classes["stage"] == 3 && page.classes["timeline"] == 3)
    let predicted = try #require(verified["predictedCyclesPerFrame"] as? Int)
    let measured = try #require(verified["cyclesPerFrame"] as? Int)
    let efficiency = try #require(verified["efficiency"] as? Double)
    #expect(page.number("predicted-cycles") == Double(predicted))
    #expect(page.number("measured-cycles") == Double(measured))
    #expect(page.texts["measured-efficiency"] == [String(format: "%.4f", efficiency)])
    #expect(page.texts["measured-fps"] == [String(format: "%.2f", 200e6 / Double(measured))])
    let figures = try #require(page.texts["dd"])
    let latency = try #require(verified["latencyCycles"] as? Int)
    #expect(figures.contains { $0.filter(\.isNumber) == "\(latency)" })
    #expect(page.texts["h2"]?.contains("Two frames in time") == true)
    #expect(page.counts["script"] == nil && page.counts["link"] == nil && page.counts["img"] == nil)
    let names = try FileManager.default.contentsOfDirectory(atPath: place.folder.path)
    #expect(Set(names) == ["model.onnx", "latent.npy", "r.html"])
  }

  @Test func withoutFramesThePlanAloneIsTold() throws {
    let place = try Workplace()
    let run = try place.weft("report", "model.onnx", "--frames", "0", "-o", "r.html")
    #expect(run.exitCode == 0 && run.output.contains("predicted"), "\(run.errors)")
    let page = try XMLDocumentCheck(contentsOf: place.file("r.html"))
    #expect(page.texts["note"]?.first?.contains("Nothing was simulated") == true)
    #expect(page.classes["stage"] == 3 && page.classes["timeline"] == nil)
    #expect(page.texts["measured-cycles"] == nil)
  }

  @Test func untiedBiasesHaveARoofline() throws {
    let place = try Workplace()
    try BuiltInModel.avatarDecoder.network(scale: 8).write(onnx: place.file("avatar.onnx"))
    let explored = try place.weft("explore", "avatar.onnx", "--device", "Z7020", "--plan-out", "plan.json")
    #expect(explored.exitCode == 0, "\(explored.errors)")
    let run = try place.weft(
      "report", "avatar.onnx", "--configuration", "plan.json", "--device", "Z7020", "--frames", "0", "-o", "r.html")
    #expect(run.exitCode == 0, "\(run.errors)")
    let page = try XMLDocumentCheck(contentsOf: place.file("r.html"))
    #expect(page.classes["stage"] == 15 && page.counts["circle"] == 2)
    #expect(page.texts["text"]?.contains { $0.hasPrefix("memory port: 64.0 bytes") } == true)
    // A smaller decoder is not the published one.
    #expect(page.texts["h2"]?.contains { $0.contains("published") } == false)
  }

  /// A memory that is too slow sets the pace, in the prediction as in the simulation.
  @Test func aSlowMemoryIsTold() throws {
    let place = try Workplace()
    let model = try Network(named: "untied") {
      Input("x", channels: 4, height: 12, width: 12)
      Convolution(8, kernel: 3, biases: .untied)
      Convolution(2, kernel: 1)
    }
    try model.write(onnx: place.file("untied.onnx"))
    let explored = try place.weft("explore", "untied.onnx", "--device", "Z7020", "--plan-out", "plan.json", "--json")
    #expect(explored.exitCode == 0, "\(explored.errors)")
    let fast = try #require(explored.json["cyclesPerFrame"] as? Int)
    // A twentieth of what the plan takes.
    let bandwidth = try #require(explored.json["bandwidth"] as? Double) / 20
    let run = try place.weft(
      "report", "untied.onnx", "--configuration", "plan.json", "--device", "Z7020", "--bandwidth", "\(bandwidth)",
      "--frames", "4", "--engine", "interpreter", "-o", "r.html")
    #expect(run.exitCode == 0, "\(run.errors)")
    let page = try XMLDocumentCheck(contentsOf: place.file("r.html"))
    let predicted = try #require(page.number("predicted-cycles"))
    let measured = try #require(page.number("measured-cycles"))
    #expect(abs(predicted - Double(20 * fast)) < Double(fast))
    #expect(abs(measured - predicted) < predicted / 20)
  }

  @Test func namesAreText() throws {
    let place = try Workplace()
    let name = "<b> & \"bold\""
    let model = try Network(named: name) {
      Input("<i>in", channels: 2, height: 4, width: 4)
      Convolution(3, kernel: 3)
      // An output in the middle.
      Output("out'>")
      Convolution(2, kernel: 1)
      Output("end")
    }
    try model.write(onnx: place.file("named.onnx"))
    let run = try place.weft("report", "named.onnx", "--engine", "interpreter", "-o", "r.html")
    #expect(run.exitCode == 0, "\(run.errors)")
    let page = try XMLDocumentCheck(contentsOf: place.file("r.html"))
    #expect(page.texts["h1"] == [name] && page.counts["script"] == nil && page.counts["b"] == nil)
    let titles = try #require(page.texts["title"])
    #expect(titles.contains("<i>in") && titles.contains("out'>") && titles.contains("end"))
  }
}

extension XMLDocumentCheck {
  /// The number in the element with an identifier.
  fileprivate func number(_ identifier: String) -> Double? {
    texts[identifier]?.first.flatMap { Double($0.filter { $0.isNumber || $0 == "." }) }
  }
}
