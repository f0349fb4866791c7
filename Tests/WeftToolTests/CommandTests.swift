import Foundation
import Testing
import WeftNetworks

/// The commands of `weft` on a small model.
@Suite struct CommandTests {
  @Test func helpAndVersionAreEverywhere() throws {
    let place = try Workplace()
    #expect(try place.weft("--version").output.contains("."))
    let commands = [
      "new", "model", "analyze", "explore", "generate", "verify", "report", "run", "quantize", "import", "boards",
      "export", "emulate", "regress",
    ]
    for command in commands {
      let run = try place.weft(command, "--help")
      #expect(run.exitCode == 0 && run.output.contains("USAGE: weft \(command)"))
    }
  }

  @Test func analysisCountsLayersAndBranches() throws {
    let place = try Workplace()
    let run = try place.weft("analyze", "model.onnx", "--json")
    #expect(run.exitCode == 0)
    let json = try run.json
    // Trunk, image and preview: outputs x taps.
    #expect(json["macs"] as? Int == 20 * 4 * 18 + 80 * 3 * 36 + 20 * 4)
    #expect((json["branches"] as? [[String: Any]])?.compactMap { $0["output"] as? String } == ["image", "preview"])
    #expect(try place.weft("analyze", "model.onnx").output.contains("trunk"))
  }

  @Test func theAnalysisIsDrawn() throws {
    let place = try Workplace()
    let decoder = try BuiltInModel.avatarDecoder.network(scale: 8)
    try decoder.write(onnx: place.file("avatar.onnx"))
    let run = try place.weft("analyze", "avatar.onnx", "--picture", "layers.svg")
    #expect(run.exitCode == 0 && run.output.contains("(critical)"), "\(run.errors)")
    let picture = try XMLDocumentCheck(contentsOf: place.file("layers.svg"))
    // A bar for each layer that computes or has constants, once though branches share it.
    let drawn = NetworkAnalysis(decoder).layers.filter { $0.macs > 0 || $0.parameters > 0 }
    #expect(picture.classes["layer"] == drawn.count && picture.classes["critical"] == 1)
    let texts = try #require(picture.texts["text"])
    for name in ["geometry", "texture, the critical flow", "warp"] {
      #expect(texts.contains { $0.hasSuffix(name) }, "\(name)")
    }
    let titles = try #require(picture.texts["title"])
    for layer in drawn { #expect(titles.contains { $0.hasPrefix("\(layer.name), \(layer.kind)") }, "\(layer.name)") }
    let refused = try place.weft("analyze", "avatar.onnx", "--picture", "layers.png")
    #expect(refused.exitCode != 0 && refused.errors.contains("--picture ends in .svg"))
  }

  @Test func builtInModelsAreWrittenAndAnalysed() throws {
    let place = try Workplace()
    let written = try place.weft("model", "avatar-decoder", "--scale", "8", "-o", "avatar.onnx")
    #expect(written.exitCode == 0 && written.output.contains("operations a frame"), "\(written.errors)")
    #expect(try Network(onnx: place.file("avatar.onnx")) == BuiltInModel.avatarDecoder.network(scale: 8))
    let json = try place.weft("analyse", "avatar.onnx", "--json", "--fps", "30", "--bits", "16").json
    #expect(json["criticalBranch"] as? String == "texture")
    #expect((json["assumptions"] as? [String: Any])?["activationBits"] as? Int == 16)
    #expect(((json["traffic"] as? [String: Any])?["peakMapBytes"] as? Int ?? 0) > 0)
    let refused = try place.weft("model", "avatar-decoder", "--scale", "5", "-o", "none.onnx")
    #expect(refused.exitCode != 0 && refused.errors.contains("it has no scale 5; use 1, 2, 4 or 8"))
  }

  /// What the accelerator cannot build yet, the reference computes; hardware refuses it with a sentence.
  @Test func theReferenceComputesWhatHardwareRefuses() throws {
    let place = try Workplace()
    let model = try Network(named: "reshaping") {
      Input("latent", channels: 2, height: 5, width: 4)
      Convolution(2, kernel: 3)
      Reshape(channels: 1, height: 8, width: 5)
      Convolution(3, kernel: 3, name: "late")
    }
    try model.write(onnx: place.file("reshaping.onnx"))
    let run = try place.weft("run", "reshaping.onnx", "--input", "latent.npy", "-o", "y.npy")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(try NumpyArray(npy: place.file("y.npy")).shape == [2, 3, 8, 5])
    let refused = try place.weft("generate", "reshaping.onnx", "--calibration", "latent.npy", "-o", "hardware")
    #expect(refused.exitCode == 1 && refused.errors.contains("the layer 'late' reads a map of 2x5x4 reshaped to 1x8x5"))
  }

  @Test func verificationGivesEveryFigure() throws {
    let place = try Workplace()
    let run = try place.weft(
      "verify", "model.onnx", "--input", "latent.npy", "--engine", "interpreter", "--multipliers", "20", "--json",
      "--dump", "dump")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("calibrating on the inputs") && run.errors.contains("1 random frame"))
    let json = try run.json
    #expect(
      Set(json.keys) == [
        "bitExact", "comparedValues", "mismatches", "frames", "engine", "latencyCycles", "completionCycles",
        "cyclesPerFrame", "predictedCyclesPerFrame", "multipliers", "requantisationMultipliers", "macsPerFrame",
        "nominalMacsPerFrame", "efficiency", "queues",
      ])
    #expect(json["bitExact"] as? Bool == true && json["frames"] as? Int == 3)
    #expect(json["comparedValues"] as? Int == 3 * (240 + 20))
    #expect(json["cyclesPerFrame"] is Int && json["engine"] as? String == "interpreter")
    #expect(try #require(json["multipliers"] as? Int) <= 20)
    let dump = try place.contents(of: "dump")
    #expect(Set(dump.keys) == [
      "image.hardware.npy", "image.reference.npy", "preview.hardware.npy", "preview.reference.npy",
    ])
    #expect(dump["image.hardware.npy"] == dump["image.reference.npy"])
    let image = try NumpyArray(npy: #require(dump["image.hardware.npy"]))
    #expect(image.shape == [3, 3, 10, 8] && image.type == .int8)
  }

  @Test func stallsLeaveCyclesUnmeasured() throws {
    let place = try Workplace()
    let run = try place.weft("verify", "model.onnx", "--engine", "interpreter", "--stalls", "3", "--json")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(try run.json["cyclesPerFrame"] is NSNull)
    #expect(run.errors.contains("random frames between -1 and 1"))
  }

  @Test func generationWritesNothingElseAndReproducesItself() throws {
    let place = try Workplace()
    let first = try place.weft(
      "generate", "model.onnx", "--calibration", "latent.npy", "--multipliers", "30", "-o", "hardware")
    #expect(first.exitCode == 0, "\(first.errors)")
    let files = try place.contents(of: "hardware")
    let modules = String(decoding: try #require(files["files.f"]), as: UTF8.self).split(separator: "\n")
      .map(String.init)
    #expect(Set(modules) == Set(files.keys.filter { $0.hasSuffix(".v") }) && modules.contains("tiny.v"))
    let others = files.keys.filter { !$0.hasSuffix(".v") && !$0.hasSuffix(".hex") }
    #expect(Set(others) == ["files.f", "configuration.json", "report.txt"])
    #expect(String(decoding: try #require(files["report.txt"]), as: UTF8.self).contains("stream latent: 2x5x4"))

    let second = try place.weft(
      "generate", "model.onnx", "--calibration", "latent.npy", "--configuration", "hardware/configuration.json", "-o",
      "again")
    #expect(second.exitCode == 0, "\(second.errors)")
    #expect(try place.contents(of: "again") == files)
    // An earlier run's folder is replaced; nothing stays beside it.
    #expect(
      try place.weft("generate", "model.onnx", "--calibration", "latent.npy", "--multipliers", "9", "-o", "again")
        .exitCode == 0)
    #expect(try place.contents(of: "again")["configuration.json"] != files["configuration.json"])
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: place.folder.path)) == [
        "model.onnx", "latent.npy", "hardware", "again",
      ])
  }

  @Test func theQuantisedModelComputesTheSame() throws {
    let place = try Workplace()
    #expect(try place.weft("quantize", "model.onnx", "--calibration", "latent.npy", "-o", "q.onnx").exitCode == 0)
    for (model, result) in [("model.onnx", "a.npy"), ("q.onnx", "b.npy")] {
      let run = try place.weft(
        "run", model, "--input", "latent=latent.npy", "--output-name", "preview", "--output", result, "--raw")
      #expect(run.exitCode == 0, "\(run.errors)")
    }
    let array = try NumpyArray(npy: place.file("a.npy"))
    #expect(array.shape == [2, 1, 5, 4] && array.type == .int8)
    #expect(try array == NumpyArray(npy: place.file("b.npy")))
    let simulated = try place.weft(
      "run", "q.onnx", "--input", "latent.npy", "--output-name", "preview", "--output", "c.npy", "--raw", "--engine",
      "interpreter")
    #expect(simulated.exitCode == 0, "\(simulated.errors)")
    #expect(try array == NumpyArray(npy: place.file("c.npy")))
  }

  /// Widths of the whole network and of one layer, in every command that quantises.
  @Test func bitsAreChosenForTheNetworkAndForLayers() throws {
    let place = try Workplace()
    let bits = ["--bits", "12x7", "--layer-bits", "preview_conv=5x4", "--calibration", "latent.npy"]
    let generated = try ToolRun(["generate", "model.onnx", "-o", "hardware"] + bits, in: place.folder)
    #expect(generated.exitCode == 0, "\(generated.errors)")
    let report = String(decoding: try #require(place.contents(of: "hardware")["report.txt"]), as: UTF8.self)
    #expect(report.contains("quantised with: --bits 12x7 --layer-bits preview_conv=5x4"))
    #expect(report.contains("12 x 7") && report.contains("12 x 4") && report.contains("5-bit two's complement"))
    let verified = try ToolRun(
      ["verify", "model.onnx", "--configuration", "hardware/configuration.json", "--engine", "interpreter"] + bits,
      in: place.folder)
    #expect(verified.exitCode == 0 && verified.output.contains("bit-exact"), "\(verified.errors)")
    let quantised = try ToolRun(["quantize", "model.onnx", "-o", "q.onnx"] + bits, in: place.folder)
    #expect(quantised.exitCode == 0, "\(quantised.errors)")
    for (options, result) in [(["model.onnx"] + bits, "a.npy"), (["q.onnx"], "b.npy")] {
      let run = try ToolRun(
        ["run"] + options + ["--input", "latent.npy", "--output-name", "preview", "--output", result, "--raw"],
        in: place.folder)
      #expect(run.exitCode == 0, "\(run.errors)")
    }
    let array = try NumpyArray(npy: place.file("a.npy"))
    #expect(array.type == .int8 && (array.integers ?? []).allSatisfy { (-16...15).contains($0) })
    #expect(try array == NumpyArray(npy: place.file("b.npy")))
  }

  @Test func plansOfSixteenBitsAreFoundAndVerified() throws {
    let place = try Workplace()
    let explored = try place.weft(
      "explore", "model.onnx", "--device", "ZU3EG", "--bits", "16", "--calibration", "latent.npy", "--plan-out",
      "plan.json")
    #expect(explored.exitCode == 0, "\(explored.errors)")
    let verified = try place.weft(
      "verify", "model.onnx", "--bits", "16", "--calibration", "latent.npy", "--configuration", "plan.json", "--engine",
      "interpreter")
    #expect(verified.exitCode == 0 && verified.output.contains("bit-exact"), "\(verified.errors)")
  }

  @Test func resultsAreRealNumbersOrPictures() throws {
    let place = try Workplace()
    try Workplace.frames(1).write(npy: place.file("one.npy"))
    for (engine, result) in [("reference", "r.npy"), ("float", "f.npy"), ("reference", "r.png")] {
      let run = try place.weft("run", "model.onnx", "--input", "one.npy", "-o", result, "--engine", engine)
      #expect(run.exitCode == 0, "\(run.errors)")
    }
    let reals = try NumpyArray(npy: place.file("r.npy"))
    let exact = try NumpyArray(npy: place.file("f.npy"))
    #expect(reals.shape == [1, 3, 10, 8] && reals.type == .float32)
    let range = (exact.reals.max() ?? 0) - (exact.reals.min() ?? 0)
    #expect(zip(reals.reals, exact.reals).allSatisfy { abs($0 - $1) < range / 20 })
    let png = try Data(contentsOf: place.file("r.png"))
    #expect(png.starts(with: [0x89, 0x50, 0x4e, 0x47]) && png[19] == 8 && png[23] == 10 && png[25] == 2)
    // Stored rows of a filter byte and the pixels, after the file's first 8, IHDR's 25 and 8 + 2 + 5 bytes.
    let pixels = png.dropFirst(48).prefix(10 * 25)
    var expected: [UInt8] = []
    for row in 0..<10 {
      expected.append(0)
      for place in 0..<24 {
        let value = reals.reals[(place % 3 * 10 + row) * 8 + place / 3]
        expected.append(UInt8((min(max(value, 0), 1) * 255).rounded()))
      }
    }
    #expect(Array(pixels) == expected)
  }

  @Test func anInputMayBeDeclaredAtAnotherSize() throws {
    let place = try Workplace()
    let run = try place.weft("run", "model.onnx", "--size", "3x2", "--input", "latent.npy", "-o", "y.npy")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(try NumpyArray(npy: place.file("y.npy")).shape == [2, 3, 6, 4])
  }
}
