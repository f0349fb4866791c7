import Foundation
import Testing
import WeftNetworks

/// What `weft export` writes: projects whose drivers run, against a simulation in place of the board.
@Suite struct DriverTests {
  private static let options = ["model.onnx", "--calibration", "latent.npy", "--board", "pynq-z1", "--multipliers", "8"]

  @Test func theProjectIsComplete() throws {
    let place = try Workplace()
    let run = try place.weft(["export"] + Self.options + ["-o", "project"])
    #expect(run.exitCode == 0 && run.output.contains("`make -C project` builds the bitstream"), "\(run.errors)")
    #expect(run.output.contains(" of 220 DSPs, ") && run.output.contains(" in the buffers around them)"), "\(run.output)")
    let expected = [
      "component.xml", "configuration.json", "tiny_block.core", "tiny_block.ipxact.xml", "Makefile", "rtl/files.f",
      "rtl/tiny_block.v", "vivado/create_project.tcl", "vivado/build.tcl", "software/accelerator.rdl",
      "software/accelerator_registers.html", "software/c/accelerator.c", "software/c/accelerator_registers.h",
      "software/python/weft_tiny_block/driver.py", "software/python/weft_tiny_block/accelerator_registers.py",
    ]
    for path in expected {
      #expect(FileManager.default.fileExists(atPath: place.file("project/" + path).path), "\(path)")
    }
  }

  @Test(arguments: [
    ("\"dsp\" : 220", "\"dsp\" : 9", " DSPs, but the board 'pynq-z1' has 9; give it fewer multipliers"),
    ("\"ramb18\" : 280", "\"ramb18\" : 3", "in the buffers around them, but the board 'pynq-z1' has 3; give it"),
  ])
  func anAcceleratorThatIsTooLargeIsRefused(old: String, new: String, sentence: String) throws {
    let place = try Workplace()
    let board = try place.weft("boards", "pynq-z1", "--json")
    #expect(board.output.contains(old), "\(board.output)")
    try board.output.replacing(old, with: new).write(to: place.file("small.json"), atomically: true, encoding: .utf8)
    let refused = try place.weft(["export"] + Self.options(for: "small.json") + ["-o", "project"])
    #expect(refused.exitCode != 0 && refused.errors.contains(sentence), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: place.file("project").path))
  }

  @Test func namesOfAModelStayNames() throws {
    let place = try Workplace()
    var network = try Workplace.network()
    network.name = "../../x\"; $(touch stolen) `id` [exec id] {"
    network.inputs[0].name = "/etc/passwd\\\n#define ACCELERATOR_INPUTS 9 */ module"
    network.outputs[0].name = "'''); import os #"
    network.outputs[1].name = "*/ int main"
    try network.onnxModel().write(to: place.file("model.onnx"))
    let run = try place.weft("export", "model.onnx", "--board", "pynq-z1", "--multipliers", "8", "-o", "project")
    #expect(run.exitCode == 0, "\(run.errors)")
    let paths = try #require(FileManager.default.enumerator(atPath: place.file("project").path)).compactMap {
      $0 as? String
    }
    let legal = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/")
    for path in paths { #expect(path.allSatisfy(legal.contains) && !path.contains(".."), "\(path)") }
    let beside = try FileManager.default.contentsOfDirectory(atPath: place.folder.path)
    #expect(Set(beside) == ["model.onnx", "latent.npy", "project"], "\(beside)")
    let check = Process()
    check.executableURL = URL(fileURLWithPath: "/bin/sh")
    let python = "software/python/weft_*/accelerator_registers.py software/python/weft_*/driver.py"
    check.arguments = [
      "-c",
      "cc -std=c99 -Wall -Wextra -Werror -fsyntax-only software/c/accelerator.c && "
        + "python3 -c 'import ast, sys; [ast.parse(open(p).read()) for p in sys.argv[1:]]' \(python)",
    ]
    check.currentDirectoryURL = place.file("project")
    try check.run()
    check.waitUntilExit()
    #expect(check.terminationStatus == 0)
    let description = try #require(paths.first { $0.hasSuffix("description.json") })
    let data = try Data(contentsOf: place.file("project/" + description))
    #expect(try JSONSerialization.jsonObject(with: data) is [String: Any])
  }

  /// The codes of the reference, as `weft verify` writes them.
  private static func reference(in place: Workplace) throws -> [String: [UInt8]] {
    let verified = try place.weft(
      "verify", "model.onnx", "--calibration", "latent.npy", "--input", "latent.npy", "--multipliers", "8", "--engine",
      "interpreter", "--frames", "2", "--dump", "dump")
    #expect(verified.exitCode == 0, "\(verified.errors)")
    return try Dictionary(
      uniqueKeysWithValues: ["image", "preview"].map { name in
        let array = try NumpyArray(npy: place.file("dump/\(name).reference.npy"))
        return (name, try #require(array.integers).map { UInt8(truncatingIfNeeded: $0) })
      })
  }

  /// A board, and where the simulation has memory: on the second one tensors lie on both sides of 8 GiB, so that the
  /// upper words of their addresses differ.
  private static let places = [
    (board: "pynq-z1", options: []), (board: "zcu104", options: ["--memory-at", "1ffffe000"]),
  ]

  /// The options that export for a board.
  private static func options(for board: String) -> [String] { options.map { $0 == "pynq-z1" ? board : $0 } }

  @Test(arguments: places) func theDriverInCRuns(board: String, emulation: [String]) throws {
    let place = try Workplace()
    let expected = try Self.reference(in: place)
    let exported = try place.weft(["export"] + Self.options(for: board) + ["-o", "project"])
    #expect(exported.exitCode == 0, "\(exported.errors)")
    let model = try QuantizedNetwork(
      try Network(onnx: place.file("model.onnx")), calibration: try Self.reals(of: place))
    let scale = model.inputs[0].quantization
    let codes = try Workplace.frames(2).reals.map { scale.stored(scale.code($0)) }
    func bytes(_ values: [Int]) -> String { values.map { "\($0 & 255)" }.joined(separator: ", ") }
    func bytes(_ values: [UInt8]?) -> String { (values ?? []).map { "\($0)" }.joined(separator: ", ") }
    let program = """
      #include <stdio.h>
      #include <string.h>
      #include "accelerator.h"
      #include "accelerator_configuration.h"

      static const unsigned char latent[2][40] = {{\(bytes(Array(codes[..<40])))}, {\(bytes(Array(codes[40...])))}};
      static const unsigned char image[480] = {\(bytes(expected["image"]))};
      static const unsigned char preview[40] = {\(bytes(expected["preview"]))};

      int main(int count, char **words)
      {
        struct accelerator accelerator;
        unsigned char bytes[240];
        uint64_t inputs[2][1], outputs[2][2];
        (void)count;
        if (emulator_open(words + 1) != 0) return 1;
        if (accelerator_open(&accelerator, NULL, 0) != ACCELERATOR_OK) return 2;
        for (uint32_t frame = 0; frame < 2; frame++) {
          inputs[frame][0] = emulator_allocate(ACCELERATOR_INPUT_0_BYTES);
          outputs[frame][0] = emulator_allocate(ACCELERATOR_OUTPUT_0_BYTES);
          outputs[frame][1] = emulator_allocate(ACCELERATOR_OUTPUT_1_BYTES);
          emulator_store(inputs[frame][0], latent[frame], ACCELERATOR_INPUT_0_BYTES);
          if (accelerator_start(&accelerator, inputs[frame], outputs[frame]) != ACCELERATOR_OK) return 3;
        }
        for (uint32_t frame = 0; frame < 2; frame++) {
          if (accelerator_wait(&accelerator, frame) != ACCELERATOR_OK) return 4;
          emulator_load(outputs[frame][0], bytes, ACCELERATOR_OUTPUT_0_BYTES);
          if (memcmp(bytes, image + 240 * frame, 240) != 0) return 5;
          emulator_load(outputs[frame][1], bytes, ACCELERATOR_OUTPUT_1_BYTES);
          if (memcmp(bytes, preview + 20 * frame, 20) != 0) return 6;
        }
        /* An output that goes where there is no memory stops it, and a new beginning mends that. */
        outputs[0][1] = 0x1000;
        if (accelerator_start(&accelerator, inputs[0], outputs[0]) != ACCELERATOR_OK) return 7;
        if (accelerator_wait(&accelerator, 2) != ACCELERATOR_STOPPED) return 8;
        uint32_t source = 99;
        if (accelerator_error(&accelerator, &source) != 2 || source != 2) return 9;
        if (accelerator_restart(&accelerator) != ACCELERATOR_OK) return 10;
        if (accelerator_start(&accelerator, inputs[1], outputs[1]) != ACCELERATOR_OK) return 11;
        if (accelerator_wait(&accelerator, 0) != ACCELERATOR_OK) return 12;
        if (accelerator_close(&accelerator) != ACCELERATOR_OK) return 13;
        emulator_close();
        return 0;
      }

      """
    try program.write(to: place.file("main.c"), atomically: true, encoding: .utf8)
    let flags = "-std=c99 -Wall -Wextra -Wconversion -pedantic -Werror -include project/software/c/emulator.h"
    let sources = "main.c project/software/c/accelerator.c project/software/c/emulator.c"
    let weft = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("weft")
    let command =
      "cc \(flags) -I project/software/c \(sources) -o program && ./program '\(weft.path)' emulate "
      + (Self.options(for: board) + emulation + ["--engine", "interpreter"]).joined(separator: " ")
    try Self.run(command, in: place)
  }

  /// Runs a command of a shell, which has to succeed.
  private static func run(_ command: String, in place: Workplace) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "(\(command)) > said.txt 2>&1"]
    process.currentDirectoryURL = place.folder
    try process.run()
    process.waitUntilExit()
    let said = try String(contentsOf: place.file("said.txt"), encoding: .utf8)
    #expect(process.terminationStatus == 0, "\(said)")
  }

  @Test(arguments: places) func theDriverInPythonRuns(board: String, emulation: [String]) throws {
    let place = try Workplace()
    let expected = try Self.reference(in: place)
    let exported = try place.weft(["export"] + Self.options(for: board) + ["-o", "project"])
    #expect(exported.exitCode == 0, "\(exported.errors)")
    func text(_ name: String) -> String { (expected[name] ?? []).map { "\($0)" }.joined(separator: ", ") }
    let program = """
      import sys
      import numpy
      sys.path.insert(0, "project/software/python")
      from weft_tiny_block import Accelerator, AcceleratorError
      from weft_tiny_block.platforms import EmulatedPlatform

      expected = {"image": [\(text("image"))], "preview": [\(text("preview"))]}
      latent = numpy.load("latent.npy")
      with Accelerator(EmulatedPlatform(sys.argv[1:])) as accelerator:
          frames = [accelerator.start(latent=frame.astype(numpy.float32)) for frame in latent]
          for number, frame in enumerate(frames):
              for name, codes in accelerator.wait(frame).items():
                  size = codes.size
                  wanted = numpy.array(expected[name][number * size:(number + 1) * size], numpy.uint8)
                  assert (codes.reshape(-1).view(numpy.uint8) == wanted).all(), (number, name)
          try:
              accelerator._set_address("input_address", 1 << 40, 0)
              assert accelerator.description["addressBits"] > 32
          except AcceleratorError as error:
              assert accelerator.description["addressBits"] == 32 and "out of the accelerator's reach" in str(error)

      """
    try program.write(to: place.file("main.py"), atomically: true, encoding: .utf8)
    let weft = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("weft")
    try Self.run(
      "python3 main.py '\(weft.path)' emulate "
        + (Self.options(for: board) + emulation + ["--engine", "interpreter"]).joined(separator: " "), in: place)
  }

  @Test func memoryBeyondTheBlocksAddressesIsRefused() throws {
    let place = try Workplace()
    let run = try place.weft(["emulate"] + Self.options + ["--engine", "interpreter", "--memory-at", "1ffffe000"])
    #expect(run.exitCode != 0 && run.errors.contains("ends beyond the addresses of 32 bits"), "\(run.errors)")
    let odd = try place.weft(["emulate"] + Self.options + ["--memory-at", "123"])
    #expect(odd.exitCode != 0 && odd.errors.contains("--memory-at takes a hexadecimal multiple"), "\(odd.errors)")
  }

  /// The files of the host's driver are plain ones here, and interrupts come through a pipe.
  @Test func thePlatformBehindPCIExpressMovesBytes() throws {
    let place = try Workplace()
    let exported = try place.weft(["export"] + Self.options(for: "kcu1500") + ["-o", "project"])
    #expect(exported.exitCode == 0, "\(exported.errors)")
    let program = """
      import asyncio, json, os, struct, sys
      import numpy
      sys.path.insert(0, "project/software/python")
      from weft_tiny_block import Accelerator
      from weft_tiny_block.platforms import XdmaPlatform

      description = json.load(open("project/software/python/weft_tiny_block/description.json"))
      assert description["platform"] == "xdma"
      with open("x_user", "wb") as file:
          file.truncate(65536)
      with open("x_h2c_0", "wb") as file:
          file.truncate(1 << 16)
      os.symlink("x_h2c_0", "x_c2h_0")
      try:
          XdmaPlatform("x")
          raise SystemExit("a file that is missing is not told")
      except RuntimeError as error:
          assert "x_events_0" in str(error) and "is the bitstream loaded" in str(error), error
      os.mkfifo("x_events_0")
      platform = XdmaPlatform("x", memory=1 << 16)
      platform.write(8, 0x12345678)
      assert platform.read(8) == 0x12345678
      assert open("x_user", "rb").read()[8:12] == struct.pack("<I", 0x12345678)
      first, second = platform.allocate(5000), platform.allocate(100)
      assert (first.address, second.address) == (0, 8192)
      values = numpy.arange(5000).astype(numpy.uint8)
      first.write(values)
      second.write(values[:100], 3)
      assert (first.read(5000) == values).all() and (second.read(103)[3:] == values[:100]).all()
      try:
          platform.allocate(1 << 16)
          raise SystemExit("memory has no end")
      except MemoryError:
          pass
      with open("x_events_0", "wb", buffering=0) as events:
          async def waits():
              task = asyncio.create_task(platform.interrupt())
              done, _ = await asyncio.wait([task], timeout=0.05)
              assert not done
              events.write(struct.pack("<I", 1))
              await asyncio.wait_for(task, 10)
          asyncio.run(waits())
      try:
          Accelerator(platform)
          raise SystemExit("an accelerator is found where there is none")
      except Exception as error:
          assert "no accelerator of this kind" in str(error), error
      platform.close()

      """
    try program.write(to: place.file("main.py"), atomically: true, encoding: .utf8)
    try Self.run("python3 main.py", in: place)
  }

  /// The frames that the model is quantised on.
  private static func reals(of place: Workplace) throws -> [[[Float]]] {
    let values = try Workplace.frames(2).reals
    return [[Array(values[..<40])], [Array(values[40...])]]
  }

  @Test func theEmulationTellsWhatItCannotDo() throws {
    let place = try Workplace()
    let requests = "nothing\nread zz\nread 0\nread 5\nstore 10000000 0g\nload 10000000 4\ntime\n"
    try requests.write(to: place.file("requests.txt"), atomically: true, encoding: .utf8)
    let weft = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("weft")
    let process = Process()
    process.executableURL = weft
    process.arguments = ["emulate"] + Self.options + ["--engine", "interpreter"]
    process.currentDirectoryURL = place.folder
    process.standardInput = try FileHandle(forReadingFrom: place.file("requests.txt"))
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(process.terminationStatus == 0 && lines.count == 7)
    #expect(lines[0].hasPrefix("error: 'nothing' is no request"))
    #expect(lines[1].hasPrefix("error: 'read zz' lacks a hexadecimal number"))
    #expect(lines[2] == "ok 57656674")
    #expect(lines[3].hasPrefix("error: "))
    #expect(lines[4] == "error: the bytes to store are not hexadecimal")
    #expect(lines[5] == "ok 00000000")
    #expect(lines[6].hasPrefix("ok "))
  }
}
