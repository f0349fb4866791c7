import Foundation
import Testing
import WeftNetworks

/// What `weft` says where it cannot do what it is asked for: a sentence, and an exit code other than zero.
@Suite struct ErrorTests {
  private typealias Mistake = (arguments: [String], sentence: String)

  private static let mistakes: [Mistake] = [
    (["verify", "missing.onnx"], "model "),
    (["generate", "model.onnx", "--multipliers", "2", "-o", "out"], "2 multipliers"),
    (["generate", "model.onnx", "--configuration", "latent.npy", "-o", "out"], "this is no plan"),
    (["generate", "model.onnx", "--configuration", "none.json", "-o", "out"], "cannot be read"),
    (["generate", "model.onnx", "--configuration", "x", "--multipliers", "9", "-o", "out"], "exclude each other"),
    (["generate", "model.onnx", "-o", "."], "holds other files"),
    (["verify", "model.onnx", "--input", "code=latent.npy"], "no input 'code'; its inputs are latent"),
    (["verify", "model.onnx", "--input", "latent.npy", "--input", "latent.npy"], "two values"),
    (["verify", "model.onnx", "--input", "model.onnx"], "not a .npy file"),
    (["verify", "model.onnx", "--size", "3", "--input", "latent.npy"], "a height and a width"),
    (["verify", "model.onnx", "--bits", "3"], "--bits 3: bits are numbers from 4 to 16"),
    (["verify", "model.onnx", "--bits", "8x"], "--bits 8x: bits are numbers from 4 to 16"),
    (["verify", "model.onnx", "--layer-bits", "8"], "name the layer and its bits, as in conv_1=8x6"),
    (["verify", "model.onnx", "--layer-bits", "a=8", "--layer-bits", "a=9"], "the layer is given bits twice"),
    (["verify", "model.onnx", "--layer-bits", "a=8"], "no such layer; its layers are trunk, image_conv, preview_conv"),
    (["run", "model.onnx", "--input", "latent.npy", "-o", "y.jpg"], "ends in .png or .npy"),
    (["run", "model.onnx", "--input", "latent.npy", "-o", "y.png"], "one frame"),
    (["run", "model.onnx", "--input", "latent.npy", "-o", "y.png", "--raw"], "integer codes"),
    (["run", "model.onnx", "-o", "y.npy"], "--input is missing"),
    (["run", "model.onnx", "--input", "latent.npy", "--output-name", "z", "-o", "y.npy"], "it has image, preview"),
    (["run", "model.onnx", "--input", "latent.npy", "-o", "none/y.npy"], "cannot be written"),
  ]

  private static let mistakesInExploring: [Mistake] = [
    (["report", "model.onnx", "-o", "r.txt"], "--output ends in .html"),
    (["report", "model.onnx", "--frames", "100001", "-o", "r.html"], "--frames takes a number from 0 to 100000"),
    (["report", "model.onnx", "--frames", "0", "-o", "none/r.html"], "cannot be written"),
    (["report", "model.onnx", "--configuration", "none.json", "-o", "r.html"], "cannot be read"),
    (["report", "model.onnx", "--clock", "100", "-o", "r.html"], "--clock changes a device; name one with --device"),
    (["report", "model.onnx", "--device", "Z1", "-o", "r.html"], "there is no device 'Z1'"),
    (["explore", "model.onnx"], "--device is missing"),
    (["explore", "model.onnx", "--device", "ZU9XX"], "there is no device 'ZU9XX'; the devices are Z7020"),
    (["explore", "model.onnx", "--device", "asic", "--mac-units", "9"], "--buffer-bytes is missing"),
    (["explore", "model.onnx", "--device", "Z7020", "--mac-units", "9"], "take --device asic"),
    (["explore", "model.onnx", "--device", "Z7020", "--bandwidth", "0"], "--bandwidth takes a number above 0"),
    (["explore", "model.onnx", "--device", "Z7020", "--clock", "nan"], "--clock takes a number above 0"),
    (["explore", "model.onnx", "--device", "Z7020", "--batch", "1"], "2 numbers, one for each output: image, preview"),
    (["explore", "model.onnx", "--device", "Z7020", "--batch", "1,0"], "'0', for the output 'preview'"),
    (["explore", "model.onnx", "--device", "Z7020", "--priority", "1,x"], "'x', for the output 'preview'"),
    (["explore", "model.onnx", "--device", "Z7020", "--priority", "1,-1"], "is not a number from 0 to 1000000"),
    (["explore", "model.onnx", "--device", "Z7020", "--seed", "1"], "--seed is for --search published"),
    (["explore", "model.onnx", "--device", "Z7020", "--pareto", "uram"], "one or several of dsp, ramb18, bandwidth"),
    (["explore", "model.onnx", "--device", "Z7020", "--picture", "f.svg"], "fronts of --pareto"),
    (["explore", "model.onnx", "--device", "Z7020", "--pareto", "dsp", "--picture", "f.png"], "ends in .svg"),
    (["explore", "model.onnx", "--device", "Z7020", "--pareto", "dsp", "--search", "published"], "the exact search"),
    (["explore", "model.onnx", "--device", "Z7020", "--fps", "0"], "--fps takes a number above zero"),
    (["explore", "model.onnx", "--device", "Z7020", "--fps", "1", "--search", "published"], "--fps takes the exact"),
    (["explore", "model.onnx", "--device", "Z7020", "--fps", "1e8"], "the fastest takes"),
    (["explore", "model.onnx", "--device", "Z7020", "--plan-out", "none/p.json"], "cannot be written"),
  ]

  @Test(arguments: mistakes + mistakesInExploring)
  func aSentenceNamesThePlace(arguments: [String], sentence: String) throws {
    let place = try Workplace()
    let before = try Set(FileManager.default.contentsOfDirectory(atPath: place.folder.path))
    let run = try ToolRun(arguments, in: place.folder)
    #expect(run.exitCode != 0)
    #expect(run.errors.contains(sentence), "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: place.folder.path)) == before)
  }

  @Test func aQuantisedModelTakesNoCalibration() throws {
    let place = try Workplace()
    #expect(try place.weft("quantize", "model.onnx", "--calibration", "latent.npy", "-o", "q.onnx").exitCode == 0)
    let run = try place.weft("quantize", "q.onnx", "--calibration", "latent.npy", "-o", "r.onnx")
    #expect(run.exitCode == 1 && run.errors.contains("quantised already"))
    let bits = try place.weft("quantize", "q.onnx", "--layer-bits", "trunk=8", "-o", "r.onnx")
    #expect(bits.exitCode == 1 && bits.errors.contains("--layer-bits: 'q.onnx' is quantised already"))
  }
}
