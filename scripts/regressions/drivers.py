#!/usr/bin/env python3
"""Decodes the demo photo with the drivers that `weft export` writes, in Python and in C, which run unchanged against the
simulated block: every byte has to be the reference's.

usage: drivers.py [WEFT]
"""
import asyncio
import importlib
import pathlib
import subprocess
import sys
import tempfile

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT / "Models/photo-decoder/decoder_256_u8.onnx"
LATENT = ROOT / "Models/photo-decoder/vectors/chelsea_256_latent.npy"
PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include "accelerator.h"
#include "accelerator_configuration.h"

int main(int count, char **words)
{
  struct accelerator accelerator;
  static unsigned char bytes[ACCELERATOR_OUTPUT_0_BYTES + ACCELERATOR_INPUT_0_BYTES];
  uint64_t inputs[1], outputs[2];
  FILE *file = fopen(words[1], "rb");
  (void)count;
  if (file == NULL || fread(bytes, 1, ACCELERATOR_INPUT_0_BYTES, file) != ACCELERATOR_INPUT_0_BYTES) return 1;
  fclose(file);
  if (emulator_open(words + 3) != 0) return 2;
  inputs[0] = emulator_allocate(ACCELERATOR_INPUT_0_BYTES);
  outputs[0] = emulator_allocate(ACCELERATOR_OUTPUT_0_BYTES);
  outputs[1] = emulator_allocate(ACCELERATOR_OUTPUT_1_BYTES);
  emulator_store(inputs[0], bytes, ACCELERATOR_INPUT_0_BYTES);
  if (accelerator_open(&accelerator, NULL, 0) != ACCELERATOR_OK) return 3;
  if (accelerator_start(&accelerator, inputs, outputs) != ACCELERATOR_OK) return 4;
  if (accelerator_wait(&accelerator, 0) != ACCELERATOR_OK) return 5;
  file = fopen(words[2], "wb");
  if (file == NULL) return 6;
  emulator_load(outputs[0], bytes, ACCELERATOR_OUTPUT_0_BYTES);
  fwrite(bytes, 1, ACCELERATOR_OUTPUT_0_BYTES, file);
  emulator_load(outputs[1], bytes, ACCELERATOR_OUTPUT_1_BYTES);
  fwrite(bytes, 1, ACCELERATOR_OUTPUT_1_BYTES, file);
  fclose(file);
  if (accelerator_close(&accelerator) != ACCELERATOR_OK) return 7;
  emulator_close();
  return 0;
}
"""


async def stream(accelerator, latent, count):
    """So many frames, as many under way as there may be."""
    frames, results = [], []
    for _ in range(count):
        if not accelerator.room:
            results.append(await accelerator.finish(frames.pop(0)))
        frames.append(accelerator.start(latent=latent))
    return results + [await accelerator.finish(frame) for frame in frames]


def main():
    weft = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".build/release/weft").resolve())
    failures = 0

    def check(name, found, expected):
        nonlocal failures
        wrong = sum(int((found[key] != expected[key]).sum()) for key in expected)
        total = sum(value.size for value in expected.values())
        failures += wrong > 0
        print(f"{'FAIL' if wrong else 'pass'}  {name}: {wrong} of {total} bytes differ", flush=True)

    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        subprocess.run(
            [weft, "verify", str(MODEL), "--input", f"latent={LATENT}", "--frames", "1", "--dump", str(folder / "dump")],
            check=True, capture_output=True)
        expected = {
            name: numpy.load(folder / f"dump/{name}.reference.npy")[0].astype(numpy.uint8) for name in ("image", "preview")}
        # The last has its memory beyond 4 GiB, where addresses take two registers.
        for board, layout, place in (
                ("pynq-z1", "nchw", []), ("pynq-z1", "nhwc", []), ("zcu104", "nchw", ["--memory-at", "1fff00000"])):
            options = [str(MODEL), "--board", board, "--layout", layout, "--multipliers", "128"]
            project = folder / f"{board}-{layout}"
            subprocess.run([weft, "export", *options, "-o", str(project)], check=True, capture_output=True)
            command = [weft, "emulate", *options, *place]
            turned = expected if layout == "nchw" else {
                name: numpy.ascontiguousarray(value.transpose(1, 2, 0)) for name, value in expected.items()}
            package = next(path for path in (project / "software/python").iterdir() if path.is_dir())
            sys.path.insert(0, str(package.parent))
            driver = importlib.import_module(package.name)
            platforms = importlib.import_module(f"{package.name}.platforms")
            latent = numpy.load(LATENT)[0].astype(numpy.float32)
            latent = latent if layout == "nchw" else latent.transpose(1, 2, 0)
            with driver.Accelerator(platforms.EmulatedPlatform(command)) as accelerator:
                for number, outputs in enumerate(asyncio.run(stream(accelerator, latent, 3))):
                    check(f"Python, {board}, {layout}, frame {number}", outputs, turned)
                print(f"      {accelerator.cycles_per_frame} cycles a frame", flush=True)
                codes = accelerator.inputs[0].codes(latent)
            codes.tofile(folder / "latent.bin")
            sys.path.pop(0)
            for name in [name for name in sys.modules if name.startswith(package.name)]:
                del sys.modules[name]

            c = project / "software/c"
            (folder / "main.c").write_text(PROGRAM)
            subprocess.run(
                ["cc", "-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-include", str(c / "emulator.h"), "-I", str(c),
                 str(folder / "main.c"), str(c / "accelerator.c"), str(c / "emulator.c"), "-o", str(folder / "program")],
                check=True)
            subprocess.run(
                [str(folder / "program"), str(folder / "latent.bin"), str(folder / "out.bin"), *command], check=True,
                stderr=subprocess.DEVNULL)
            bytes_ = numpy.fromfile(folder / "out.bin", numpy.uint8)
            sizes = [value.size for value in turned.values()]
            found = {
                "image": bytes_[:sizes[0]].reshape(turned["image"].shape),
                "preview": bytes_[sizes[0]:].reshape(turned["preview"].shape)}
            check(f"C, {board}, {layout}", found, turned)
    sys.exit(1 if failures else 0)


main()
