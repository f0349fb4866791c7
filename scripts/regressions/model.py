#!/usr/bin/env python3
"""Compares the cycles that plans are predicted to take with those that their Verilog takes.

The designs are the fastest plans for four image networks, with a sixteenth of their channels, at two precisions, and for
the avatar decoder, a quarter of its size, on several devices, with phases and without, and with one geometry for two
eyes, by turns and side by side. Each has to be within 0.5 %, and every value that of the reference. `weft regress
--explore` does the same for random networks.

With --whole the designs are those for the image networks as they are, whose weights are streamed. They share the memory,
so that it takes some frames until each has its part of it, and the last frame has it for itself: the cycles are those
between the two frames before it.

usage: model.py [--whole] [WEFT]
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

LIMIT = 0.005
NETWORKS = [(name, 16, ["--device", device] + bits, bits)
            for name, device in [("alexnet", "ZU9EG"), ("zfnet", "ZU9EG"), ("vgg16", "ZU9EG"), ("tiny-yolo", "Z7045")]
            for bits in ([], ["--bits", "16"])]
DECODERS = [("avatar-decoder", 4, ["--device", device] + bits + phases, bits)
            for device, bits in [("ZU3EG", []), ("Z7020", []), ("ZU7EV", []), ("ZU3EG", ["--bits", "16"]),
                                 ("ZU7EV", ["--bits", "16"])]
            for phases in ([], ["--no-decompose"])]
STEREO = [("avatar-decoder", 4, ["--device", "ZU7EV", "--batch", "1,2,2"] + options, [])
          for options in ([], ["--replicate"])]
DESIGNS = NETWORKS + DECODERS + STEREO
WHOLE = [(name, 1, ["--device", "KU115"] + bits, bits)
         for name in ("alexnet", "zfnet", "tiny-yolo", "vgg16") for bits in ([], ["--bits", "16"])]


def main():
    options = argparse.ArgumentParser(description="Compares predicted cycles with those of the Verilog.")
    options.add_argument("--whole", action="store_true", help="the image networks as they are")
    options.add_argument("weft", nargs="?", default=".build/release/weft")
    options = options.parse_args()
    designs, frames = (WHOLE, 12) if options.whole else (DESIGNS, 6)
    failures, worst = 0, 0.0
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        for name, scale, explore, bits in designs:
            model, plan = str(folder / f"{name}.onnx"), str(folder / "plan.json")
            if not pathlib.Path(model).exists():
                run(options.weft, "model", name, "--scale", str(scale), "-o", model)
            found = json.loads(run(options.weft, "explore", model, *explore, "--plan-out", plan, "--json"))
            report = json.loads(run(
                options.weft, "verify", model, *bits, "--configuration", plan, "--frames", str(frames), "--json"))
            done = report["completionCycles"]
            measured = done[-2] - done[-3] if options.whole else report["cyclesPerFrame"]
            predicted = found["cyclesPerFrame"]
            error = predicted / measured - 1
            worst = max(worst, abs(error))
            passed = report["bitExact"] and abs(error) <= LIMIT
            failures += not passed
            print(f"{'pass' if passed else 'FAIL'}  {name} {' '.join(explore)}: {measured} cycles a frame, predicted "
                  f"{predicted}, {100 * error:+.2f} % off, efficiency {report['efficiency']:.3f}, "
                  f"{report['mismatches']} of {report['comparedValues']} values differ", flush=True)
    print(f"{len(designs)} designs, at most {100 * worst:.2f} % off")
    sys.exit(1 if failures else 0)


def run(*arguments):
    """What a command prints."""
    result = subprocess.run(arguments, capture_output=True, text=True)
    if result.returncode not in (0, 1) or not result.stdout:
        sys.exit(f"{' '.join(arguments)}: {result.stderr}")
    return result.stdout


main()
