import Foundation
import Testing
import WeftNetworks

/// `weft explore`: its figures, its options and its plans.
@Suite struct ExploreTests {
  private static let published: Set = [
    "fps", "bound", "cyclesPerFrame", "dsp", "ramb18", "lut", "bandwidth", "multipliers", "seconds", "plan",
  ]

  /// A place with the codec avatar decoder at an eighth of its size, `avatar.onnx`.
  private static func avatar() throws -> Workplace {
    let place = try Workplace()
    try BuiltInModel.avatarDecoder.network(scale: 8).write(onnx: place.file("avatar.onnx"))
    return place
  }

  private static func explore(_ place: Workplace, _ arguments: String...) throws -> [String: Any] {
    let run = try ToolRun(["explore", "avatar.onnx", "--device", "Z7020", "--json"] + arguments, in: place.folder)
    #expect(run.exitCode == 0, "\(run.errors)")
    return try run.json
  }

  @Test func theBestPlanIsProvenAndVerified() throws {
    let place = try Workplace()
    let run = try place.weft(
      "explore", "model.onnx", "--calibration", "latent.npy", "--device", "Z7020", "--json", "--plan-out", "plan.json")
    #expect(run.exitCode == 0, "\(run.errors)")
    let json = try run.json
    #expect(Self.published.isSubset(of: json.keys))
    let cycles = try #require(json["cyclesPerFrame"] as? Int)
    #expect(json["fps"] as? Double == 200e6 / Double(cycles))
    #expect(json["bound"] as? Double == json["fps"] as? Double)
    #expect(try #require(json["dsp"] as? Int) <= 220)
    let branches = try #require(json["branches"] as? [[String: Any]])
    #expect(branches.compactMap { $0["name"] as? String } == ["image", "preview"])
    #expect(branches.compactMap { $0["fps"] as? Double }.min() == json["fps"] as? Double)
    let verified = try place.weft(
      "verify", "model.onnx", "--calibration", "latent.npy", "--configuration", "plan.json", "--engine", "interpreter",
      "--json")
    #expect(verified.exitCode == 0, "\(verified.errors)")
    #expect(try verified.json["predictedCyclesPerFrame"] as? Int == cycles)
    #expect(try verified.json["multipliers"] as? Int == json["multipliers"] as? Int)
  }

  @Test func thePublishedSearchIsSeededAndNeverBetter() throws {
    let place = try Self.avatar()
    let exact = try Self.explore(place)
    let first = try Self.explore(place, "--search", "published", "--seed", "3")
    let second = try Self.explore(place, "--search", "published", "--seed", "3")
    #expect(first["bound"] is NSNull && first["search"] as? String == "published")
    #expect(try #require(first["fps"] as? Double) <= #require(exact["fps"] as? Double))
    #expect(first["plan"] as? NSDictionary == second["plan"] as? NSDictionary)
    let run = try place.weft("explore", "avatar.onnx", "--device", "Z7020", "--search", "published")
    #expect(run.errors.contains("iteration 20 of 20") && run.output.contains("not proven"))
  }

  @Test func aFrameRateThatIsEnoughTakesFewerDSPs() throws {
    let place = try Self.avatar()
    let fastest = try Self.explore(place)
    let rate = try #require(fastest["fps"] as? Double) / 3
    let enough = try Self.explore(place, "--fps", "\(rate)")
    #expect(try #require(enough["fps"] as? Double) >= rate)
    #expect(try #require(enough["dsp"] as? Int) < #require(fastest["dsp"] as? Int))
    #expect(enough["bound"] is NSNull)
  }

  @Test func aBatchMultipliesTheWork() throws {
    let place = try Self.avatar()
    let whole = try #require(Self.explore(place)["fps"] as? Double)
    let half = try #require(Self.explore(place, "--batch", "2,2,2")["fps"] as? Double)
    #expect(half == whole / 2)
    let stereo = try Self.explore(place, "--batch", "1,2,2")
    #expect(try half <= #require(stereo["fps"] as? Double))
    let branches = try #require(stereo["branches"] as? [[String: Any]])
    #expect(branches.compactMap { $0["batch"] as? Int } == [1, 2, 2])
  }

  /// The plan has the batches, and the accelerator keeps to what the search says of them.
  @Test func aBatchIsGeneratedAndVerified() throws {
    let place = try Workplace()
    let explored = try place.weft(
      "explore", "model.onnx", "--calibration", "latent.npy", "--device", "Z7020", "--batch", "2,1", "--json",
      "--plan-out", "plan.json")
    #expect(explored.exitCode == 0, "\(explored.errors)")
    let plan = try #require(explored.json["plan"] as? [String: Any])
    #expect(plan["batches"] as? [String: Int] == ["image": 2])
    let verified = try place.weft(
      "verify", "model.onnx", "--calibration", "latent.npy", "--configuration", "plan.json", "--engine", "interpreter",
      "--json")
    #expect(verified.exitCode == 0, "\(verified.errors)")
    let json = try verified.json
    #expect(json["framesPerPass"] as? Int == 2 && json["frames"] as? Int == 6)
    #expect(json["comparedValues"] as? Int == 6 * 240 + 3 * 20)
    let predicted = try explored.json["cyclesPerFrame"] as? Int
    #expect(json["cyclesPerFrame"] as? Int == predicted)
    let generated = try place.weft(
      "generate", "model.onnx", "--calibration", "latent.npy", "--configuration", "plan.json", "-o", "hardware")
    #expect(generated.exitCode == 0, "\(generated.errors)")
    let report = String(decoding: try #require(place.contents(of: "hardware")["report.txt"]), as: UTF8.self)
    #expect(report.contains("a pass, which takes 2 and gives 2 of image, 1 of preview"))
    let page = try place.weft(
      "report", "model.onnx", "--calibration", "latent.npy", "--configuration", "plan.json", "--engine", "interpreter",
      "-o", "r.html")
    #expect(page.exitCode == 0, "\(page.errors)")
    let notes = try XMLDocumentCheck(contentsOf: place.file("r.html")).texts["note"]
    #expect(notes?.first?.contains("takes 2 frames and gives 2 of image, 1 of preview") == true)
  }

  /// Frames side by side: a plan of more stages, found, proven and verified like others.
  @Test func aBatchIsReplicated() throws {
    let place = try Workplace()
    let arguments = ["model.onnx", "--calibration", "latent.npy"]
    let explored = try ToolRun(
      ["explore"] + arguments + [
        "--device", "Z7020", "--batch", "2,1", "--replicate", "--json", "--plan-out", "plan.json",
      ], in: place.folder)
    #expect(explored.exitCode == 0, "\(explored.errors)")
    let found = try explored.json
    #expect(found["bound"] as? Double == found["fps"] as? Double)
    let plan = try #require(found["plan"] as? [String: Any])
    #expect(plan["replicas"] as? [String: Int] == ["image": 2] && plan["batches"] == nil)
    #expect((plan["stages"] as? [Any])?.count == 5)
    // Both frames of the file are dealt to the two replicas.
    let verified = try ToolRun(
      ["verify"] + arguments + [
        "--input", "latent.npy", "--configuration", "plan.json", "--engine", "interpreter", "--json",
      ], in: place.folder)
    #expect(verified.exitCode == 0, "\(verified.errors)")
    #expect(verified.errors.contains("2 random frames follow the 1 given"))
    let json = try verified.json
    #expect(json["comparedValues"] as? Int == 3 * (2 * 240 + 20))
    let predicted = found["cyclesPerFrame"] as? Int
    #expect(json["cyclesPerFrame"] as? Int == predicted)
    let report = try ToolRun(
      ["report"] + arguments + ["--configuration", "plan.json", "--frames", "0", "-o", "r.html"], in: place.folder)
    #expect(report.exitCode == 0, "\(report.errors)")
    let refused = try place.weft("explore", "model.onnx", "--device", "Z7020", "--replicate")
    #expect(refused.exitCode != 0 && refused.errors.contains("--replicate says how the frames of --batch"))
  }

  @Test func prioritiesStateTheFitness() throws {
    let place = try Self.avatar()
    let json = try Self.explore(place, "--priority", "1,2,0.5")
    let branches = try #require(json["branches"] as? [[String: Any]])
    let rates = branches.compactMap { $0["fps"] as? Double }
    let mean = rates.reduce(0, +) / 3
    let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
    let sum = rates[0] + 2 * rates[1] + rates[2] / 2
    #expect(json["alpha"] as? Double == 0.05)
    #expect(try abs(#require(json["fitness"] as? Double) - (sum - 0.05 * variance)) < 1e-6)
    #expect(try Self.explore(place)["fitness"] == nil)
  }

  @Test func anASICHasItsOwnBudgets() throws {
    let place = try Self.avatar()
    let arguments = ["explore", "avatar.onnx", "--device", "asic", "--mac-units", "150", "--json"]
    let run = try ToolRun(arguments + ["--buffer-bytes", "1000000", "--clock", "400"], in: place.folder)
    #expect(run.exitCode == 0, "\(run.errors)")
    let json = try run.json
    #expect(try #require(json["dsp"] as? Int) <= 150)
    #expect(try json["fps"] as? Double == 400e6 / Double(#require(json["cyclesPerFrame"] as? Int)))
    let slow = try ToolRun(arguments + ["--buffer-bytes", "1000000", "--bandwidth", "0.1"], in: place.folder).json
    #expect(try #require(slow["bandwidth"] as? Double) <= 0.1)
    let refused = try ToolRun(arguments + ["--buffer-bytes", "2304", "--weights", "chip"], in: place.folder)
    #expect(refused.exitCode != 0 && refused.errors.contains("no plan fits"))
  }

  /// Where the device has too little memory for the weights they stay outside, and the plan still does what it says.
  @Test func weightsAreStreamedWhereTheyTakeTooMuch() throws {
    let place = try Self.avatar()
    let small = ["--device", "asic", "--mac-units", "150", "--buffer-bytes", "40000"]
    let json = try ToolRun(["explore", "avatar.onnx", "--json", "--plan-out", "p.json"] + small, in: place.folder).json
    let plan = try #require(json["plan"] as? [String: Any])
    let stages = try #require(plan["stages"] as? [[String: Any]])
    let stores = stages.compactMap { ($0["unit"] as? [String: Any])?["weightStore"] as? String }
    #expect(stores.contains("streamed"))
    let run = try ToolRun(
      ["verify", "avatar.onnx", "--configuration", "p.json", "--engine", "interpreter", "--json"], in: place.folder)
    #expect(run.exitCode == 0, "\(run.errors)")
    let kept = try ToolRun(
      ["explore", "avatar.onnx", "--weights", "chip,nowhere", "--device", "zu9eg"], in: place.folder)
    #expect(kept.exitCode != 0 && kept.errors.contains("'nowhere' is no place for weights"))
  }

  @Test func frontsFallAndAreDrawn() throws {
    let place = try Self.avatar()
    let json = try Self.explore(place, "--pareto", "dsp,bandwidth", "--pareto", "ramb18", "--picture", "f.svg")
    let fronts = try #require(json["fronts"] as? [[String: Any]])
    #expect(fronts.compactMap { $0["resource"] as? String } == ["dsp", "bandwidth", "ramb18"])
    var points = 0
    for front in fronts {
      let key = try #require(front["resource"] as? String)
      let plans = try #require(front["points"] as? [[String: Any]])
      points += plans.count
      #expect(plans.first?["fps"] as? Double == json["fps"] as? Double)
      for (more, less) in zip(plans, plans.dropFirst()) {
        #expect(try #require(more["fps"] as? Double) > #require(less["fps"] as? Double))
        #expect(try #require(more[key] as? Double) > #require(less[key] as? Double))
      }
    }
    let picture = try XMLDocumentCheck(contentsOf: place.file("f.svg"))
    #expect(picture.counts["circle"] == points && picture.counts["svg"] == 1)
  }
}
