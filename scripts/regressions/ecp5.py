#!/usr/bin/env python3
"""Goes from the photo decoder, an ONNX file with two outputs, to a packed bitstream for an ECP5 in one command, and holds
what it reaches against what is asked for and what the model says. Then the driver of that project decodes the demo photo
on the simulated serial line.

usage: ecp5.py [WEFT]
"""
import importlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT / "Models/photo-decoder/decoder_256_u8.onnx"
LATENT = ROOT / "Models/photo-decoder/vectors/chelsea_256_latent.npy"
BOARD = "ecp5-evn"
CLOCK, MULTIPLIERS, MEMORY_ERROR = 100.0, 96, 0.05


def tools(folder):
    """A folder with the programs that build a bitstream, all of them from PyPI."""
    scripts = ROOT / ".venv/bin"
    yosys = folder / "yosys"
    yosys.write_text(f'#!/bin/sh\nexec "{scripts}/python" "{ROOT}/scripts/regressions/yosys.py" "$@"\n')
    yosys.chmod(0o755)
    for name in ("nextpnr-ecp5", "ecppack"):
        (folder / name).symlink_to(scripts / f"yowasp-{name}")
    return folder


def build(weft, folder, programs):
    """Exports and builds; what is wrong with what came of it."""
    command = [weft, "export", MODEL, "--board", BOARD, "--build", "--tools", programs, "-o", folder]
    print("$ " + " ".join(str(word) for word in command), flush=True)
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    print(run.stdout, flush=True)
    if run.returncode:
        return [f"weft export ended with {run.returncode}"]
    faults = []
    report = json.loads((folder / "timing.json").read_text())
    clock = min(entry["achieved"] for entry in report["fmax"].values())
    if clock < CLOCK:
        faults.append(f"the clock reaches {clock:.1f} MHz, not {CLOCK}")
    multipliers, asked, blocks, expected = map(int, re.search(
        r"(\d+) multipliers, the model says (\d+); (\d+) block RAMs, the model says (\d+)", run.stdout).groups())
    if multipliers < MULTIPLIERS:
        faults.append(f"{multipliers} multipliers are in use, not {MULTIPLIERS}")
    if multipliers != asked:
        faults.append(f"{multipliers} multipliers are in use, the model says {asked}")
    if abs(blocks / expected - 1) > MEMORY_ERROR:
        faults.append(f"{blocks} block RAMs are in use, the model says {expected}")
    bitstreams = [path for path in folder.glob("*.bit") if path.stat().st_size > 100_000]
    if not bitstreams:
        faults.append("there is no bitstream")
    print(f"{clock:.1f} MHz, {multipliers} multipliers ({asked}), {blocks} block RAMs ({expected}), bitstream of "
          f"{bitstreams[0].stat().st_size if bitstreams else 0} bytes", flush=True)
    return faults


def decode(weft, folder):
    """Has the driver decode the demo photo on the simulated line; what is wrong with the result."""
    subprocess.run(
        [weft, "verify", MODEL, "--input", LATENT, "--configuration", folder / "configuration.json", "--engine",
         "verilator", "--dump", folder / "dump"], check=True, stdout=subprocess.DEVNULL)
    package = next((folder / "software/python").glob("weft_*"))
    sys.path.insert(0, str(package.parent))
    driver, lines = (importlib.import_module(f"{package.name}{part}") for part in ("", ".lines"))
    command = [str(weft), "emulate", str(MODEL), "--board", BOARD, "--configuration",
               str(folder / "configuration.json")]
    faults, count = [], 0
    with driver.Accelerator(line=lines.EmulatedLine(command)) as accelerator:
        name = accelerator.inputs[0].name
        outputs = accelerator.run(**{name: numpy.load(LATENT)})
        for output, codes in outputs.items():
            expected = numpy.load(folder / f"dump/{output}.reference.npy").reshape(codes.shape)
            different = int((codes != expected).sum())
            count += codes.size
            if different:
                faults.append(f"{different} of {codes.size} elements of {output} differ over the line")
    print(f"the driver decodes the demo photo: {count} elements compared, {len(faults)} outputs differ", flush=True)
    return faults


def main():
    weft = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/release/weft").resolve()
    folder = ROOT / "build/ecp5"
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as programs:
        faults = build(weft, folder, tools(pathlib.Path(programs)))
    faults += decode(weft, folder)
    for fault in faults:
        print(f"FAIL  {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
