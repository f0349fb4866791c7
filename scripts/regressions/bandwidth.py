#!/usr/bin/env python3
"""Runs the avatar decoder, at a quarter of its size, with external memories of several bandwidths and random latencies.

The throughput has to be within 1 % of the prediction, where the bandwidth suffices and where it does not, and every
value that of the reference.

usage: bandwidth.py [WEFT]
"""
import json
import pathlib
import subprocess
import sys
import tempfile

# GB/s, and the latency in cycles: up to that which the queues are made for.
MEMORIES = [(12.8, "100"), (12.8, "20-100"), (6.4, "1-100"), (2.0, "20-100"), (1.0, "20-100"), (0.4, "1-100")]
FRAMES = 64


def main():
    weft = sys.argv[1] if len(sys.argv) > 1 else ".build/release/weft"
    failures = 0
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        model, plan = str(folder / "model.onnx"), str(folder / "plan.json")
        subprocess.run([weft, "model", "avatar-decoder", "--scale", "4", "-o", model], check=True)
        subprocess.run(
            [weft, "explore", model, "--device", "ZU3EG", "--plan-out", plan], check=True, capture_output=True)
        for bandwidth, latency in MEMORIES:
            run = subprocess.run(
                [weft, "verify", model, "--configuration", plan, "--frames", str(FRAMES), "--json",
                 "--memory-bandwidth", str(bandwidth), "--memory-latency", latency], capture_output=True, text=True)
            if run.returncode not in (0, 1) or not run.stdout:
                sys.exit(run.stderr)
            report = json.loads(run.stdout)
            # From the first frames, which fill the pipeline, to the last, while no output is done.
            done = report["completionCycles"]
            first, last = FRAMES // 4, FRAMES // 4 * 3
            measured = (done[last] - done[first]) / (last - first)
            predicted = report["predictedCyclesPerFrame"]
            error = abs(measured - predicted) / predicted
            passed = report["bitExact"] and error <= 0.01
            failures += not passed
            print(f"{'pass' if passed else 'FAIL'}  {bandwidth:5.1f} GB/s, latency {latency:>6}: "
                  f"{measured:9.1f} cycles a frame, predicted {predicted}, {100 * error:.2f} % off, "
                  f"{report['mismatches']} of {report['comparedValues']} values differ", flush=True)
    sys.exit(1 if failures else 0)


main()
