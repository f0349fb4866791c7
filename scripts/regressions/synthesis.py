#!/usr/bin/env python3
"""Has Yosys synthesise whole blocks of accelerators as `weft export` writes them, for UltraScale+ and for the 7 series,
and compares what it makes of them with the models: DSPs and block RAMs. A latch, or a problem that `check` finds, fails.
A latch, products that are not packed and a buffer that is not in block RAM are put in, and have to be found.

usage: synthesis.py FOLDER WEFT
"""
import json
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT / "Models/photo-decoder/decoder_256_u8.onnx"
# A name, the board, the device and the frames a second that its plan is for, more options, the family as Yosys calls it,
# and where it ends: before the mapping of logic, which takes longest, or at its end.
CASES = [
    ("zcu104", "zcu104", "ZU7EV", 120, [], "xcup", None),
    ("zcu104-nhwc", "zcu104", "ZU7EV", 60, ["--layout", "nhwc"], "xcup", "map_cells"),
    ("pynq-z1", "pynq-z1", "Z7020", 30, [], "xc7", None),
]
# What is told of block RAMs of stages is the best of a block's shapes; a tool may find a better mix of them.
TOLERANCE = 0.05


def weft(tool, *arguments):
    run = subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"weft {' '.join(map(str, arguments))} ended with {run.returncode}: {run.stderr}")
    return run.stdout


def export(tool, folder, name, board, device, fps, options):
    """Exports a block; what the models say of it."""
    plan = folder / f"{name}.json"
    weft(tool, "explore", MODEL, "--device", device, "--fps", fps, "--plan-out", plan)
    said = weft(tool, "export", MODEL, "--board", board, "--configuration", plan, *options, "-o", folder / name)
    numbers = re.search(
        r": (\d+) multipliers.*?(\d+) of \d+ DSPs, \d+ of \d+ block RAMs of 18 Kib \((\d+) in stages, (\d+) in", said,
        re.S)
    products, dsp, stages, block = map(int, numbers.groups())
    packed = sum(stage["unit"]["packing"] != "none" for stage in json.loads(plan.read_text())["stages"])
    return {"products": products, "dsp": dsp, "stages": stages, "block": block, "packed": packed}


def synthesise(rtl, family, until=None):
    """The cells of the block and of the grid in it, each as often as it occurs; with an error the text of Yosys."""
    files = (rtl / "files.f").read_text().split()
    top, grid = files[-1][:-2], files[-1][:-2].removesuffix("_block")
    run = f"-run begin:{until}" if until else ""
    script = (f"read_verilog {' '.join(files)}; synth_xilinx -family {family} -top {top} {run}; check -assert; "
              f"tee -q -o block.txt stat; hierarchy -top {grid}; tee -q -o grid.txt stat")
    outcome = subprocess.run(
        [sys.executable, ROOT / "scripts/regressions/yosys.py", "-q", "-p", script], cwd=rtl, capture_output=True,
        text=True)
    if outcome.returncode:
        return outcome.stderr.strip()[-500:], None
    return cells(rtl / "block.txt"), cells(rtl / "grid.txt")


def cells(path):
    """The cells in the statistics of a design, each as often as it occurs."""
    total = path.read_text().rsplit("=== design hierarchy ===", 1)[1]
    return {cell: int(count) for count, cell in re.findall(r"^\s+(\d+)\s+([$\w]+)\s*$", total, re.M)}


def count(cells, pattern):
    return sum(number for cell, number in cells.items() if re.fullmatch(pattern, cell))


def ramb18(cells):
    return count(cells, r"RAMB18E\d") + 2 * count(cells, r"RAMB36E\d")


def faults(block, grid, model, memories=True):
    """What is wrong with what Yosys made of a block."""
    if isinstance(block, str):
        return [f"Yosys: {block}"]
    wrong = []
    latch = re.compile(r"LD[CP]E|\$_DLATCH.*|\$.?dlatch\w*")
    latches = {cell: number for cell, number in block.items() if latch.fullmatch(cell)}
    if latches:
        wrong.append(f"latches: {latches}")
    dsp = count(block, r"DSP48E\d")
    if dsp != model["dsp"]:
        wrong.append(f"{dsp} DSPs, {model['dsp']} by the model")
    if memories:
        stages, buffers = ramb18(grid), ramb18(block) - ramb18(grid)
        if buffers != model["block"]:
            wrong.append(f"{buffers} RAMB18 in the buffers of the block, {model['block']} by the model")
        if abs(stages / model["stages"] - 1) > TOLERANCE:
            wrong.append(f"{stages} RAMB18 in stages, {model['stages']} by the model")
    return wrong


def control(title, rtl, family, model, change, memories=False):
    """Changes a sound block, and says whether that is found."""
    sound = {path: path.read_text() for path in rtl.glob("*.v")}
    try:
        if not change(sound):
            return [f"{title}: there is nothing to change"]
        until = "map_ffram" if memories else "coarse"
        found = faults(*synthesise(rtl, family, until), model, memories)
    finally:
        for path, text in sound.items():
            path.write_text(text)
    print(f"{'pass' if found else 'FAIL'}  {title}: {'; '.join(found) or 'not found'}", flush=True)
    return [] if found else [f"{title} is not found"]


def replace(sound, pattern, replacement, every=False):
    """Writes the first file that matches, or all, with a replacement."""
    changed = 0
    for path, text in sorted(sound.items()):
        new = re.sub(pattern, replacement, text, count=0 if every else 1)
        if new != text:
            path.write_text(new)
            changed += 1
            if not every:
                break
    return changed > 0


def latch(sound):
    """The interrupt follows only while a register is accessed."""
    return replace(
        sound, r"assign irq = (.+);",
        r"reg seeded; always @* if (s_axi_awvalid) seeded = \1;\n  assign irq = seeded;")


def main():
    folder, tool, failures = pathlib.Path(sys.argv[1]), sys.argv[2], []
    folder.mkdir(parents=True, exist_ok=True)
    for name, *choice, options, family, until in CASES:
        model = export(tool, folder, name, *choice, options)
        start = time.monotonic()
        block, grid = synthesise(folder / name / "rtl", family, until)
        wrong = faults(block, grid, model)
        if not model["packed"]:
            wrong.append("no stage of the plan is packed")
        failures += wrong
        figures = "" if isinstance(block, str) else (
            f": {count(block, 'DSP48E.')} DSPs for {model['products']} products and their requantisation, {ramb18(grid)} "
            f"RAMB18 in stages ({model['stages']} by the model), {ramb18(block) - ramb18(grid)} in the block's buffers, "
            + ("" if until else f"{count(block, 'LUT.')} LUTs, {count(block, 'FD.E')} registers, ")
            + f"{time.monotonic() - start:.0f} s")
        print(f"{'FAIL' if wrong else 'pass'}  {name}, {family}{figures}" + "".join(f"; {fault}" for fault in wrong),
              flush=True)

    # Defects, in the smallest of the blocks.
    name, *choice, options, family, _ = CASES[1]
    model, rtl = export(tool, folder, name, *choice, options), folder / name / "rtl"
    failures += control("a latch", rtl, family, model, latch)
    failures += control(
        "a buffer that is not in block RAM", rtl, family, model,
        lambda sound: replace(
            {path: text for path, text in sound.items() if path.name.startswith("BlockRAMFIFO_AXIWriteData")},
            r'ram_style = "block"', 'ram_style = "distributed"'), memories=True)
    # The same plan without packing, against the model of the one that has it.
    plan = json.loads((folder / f"{name}.json").read_text())
    for stage in plan["stages"]:
        stage["unit"]["packing"] = "none"
    (folder / "unpacked.json").write_text(json.dumps(plan))
    weft(tool, "export", MODEL, "--board", "zcu104", "--configuration", folder / "unpacked.json", *options, "-o",
         folder / "unpacked")
    failures += control(
        "products that are not packed", folder / "unpacked/rtl", family, model, lambda sound: True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
