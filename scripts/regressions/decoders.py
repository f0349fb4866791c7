#!/usr/bin/env python3
"""Verifies the photo decoders bit for bit: models, sizes, numbers of multipliers, with and without stalls.

Without stalls the predicted cycles must be within 1 % of the measured ones, and at 256x256 with 256 multipliers the
efficiency at least 0.90 and a frame at most 2.86 million cycles.

usage: decoders.py [--weft PATH] [--sizes 128,256] [--kinds s8,u8,fp32] [--multipliers 16,100,256]
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "Models" / "photo-decoder"


def verify(weft, kind, size, multipliers, stalls):
    """The figures of one verification, and what is wrong with them."""
    command = [
        str(weft), "verify", str(MODELS / f"decoder_{size}_{kind}.onnx"), "--json", "--multipliers", str(multipliers),
        "--input", f"latent={MODELS / 'vectors' / f'chelsea_{size}_latent.npy'}"]
    if stalls:
        command += ["--stalls", str(stalls)]
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if process.returncode != 0:
        return None, [process.stderr.strip().splitlines()[-1] if process.stderr.strip() else "no message"]
    figures, faults = json.loads(process.stdout), []
    if not figures["bitExact"]:
        faults.append("not bit-exact")
    if figures["multipliers"] > multipliers:
        faults.append("too many multipliers")
    if stalls:
        if figures["cyclesPerFrame"] is not None:
            faults.append("cycles are given under stalls")
        return figures, faults
    cycles = figures["cyclesPerFrame"]
    if abs(figures["predictedCyclesPerFrame"] - cycles) > 0.01 * cycles:
        faults.append("the prediction is off by more than 1 %")
    if size == 256 and multipliers == 256 and (figures["efficiency"] < 0.90 or cycles > 2_860_000):
        faults.append("too slow")
    return figures, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weft", type=Path, default=ROOT / ".build" / "release" / "weft")
    parser.add_argument("--sizes", default="128,256")
    parser.add_argument("--kinds", default="s8,u8,fp32")
    parser.add_argument("--multipliers", default="16,100,256")
    options = parser.parse_args()
    failures = 0
    print("size kind  multipliers  stalls     values  mismatches  cycles/frame   predicted  efficiency", flush=True)
    for size in map(int, options.sizes.split(",")):
        for kind in options.kinds.split(","):
            for multipliers in map(int, options.multipliers.split(",")):
                for stalls in (0, 1):
                    figures, faults = verify(options.weft, kind, size, multipliers, stalls)
                    failures += bool(faults)
                    row = f"{size:4} {kind:4} {multipliers:12} {'yes' if stalls else 'no':>7}"
                    if figures:
                        cycles, efficiency = figures["cyclesPerFrame"], figures["efficiency"]
                        row += (
                            f" {figures['comparedValues']:10} {figures['mismatches']:11} {cycles if cycles else '-':>13}"
                            f" {figures['predictedCyclesPerFrame']:11} {f'{efficiency:.3f}' if efficiency else '-':>11}")
                    print(row + "".join(f"  FAULT: {fault}" for fault in faults), flush=True)
    print(f"{failures} failures")
    sys.exit(failures > 0)


main()
