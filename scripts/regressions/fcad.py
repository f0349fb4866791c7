#!/usr/bin/env python3
"""The cases of `scripts/reproduce-fcad`, and the page docs/fcad.md that they give."""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEFT = ROOT / ".build/release/weft"
KEPT = ROOT / "build/fcad"
PAGE = ROOT / "docs/fcad.md"
MODEL = KEPT / "avatar.onnx"
CLOCK = 200e6
FRAMES = 3


class Case:
    """A device, how the network is quantised, and what the published accelerator and the goals are."""

    def __init__(self, name, device, bits=8, fps=None, phases=True, weights=None, goal=0, efficiency=0.95, paper=None,
                 family="xcup"):
        self.name, self.device, self.bits, self.fps, self.phases = name, device, bits, fps, phases
        self.weights = weights
        self.goal, self.efficiency, self.paper, self.family = goal, efficiency, paper or {}, family

    @property
    def title(self):
        return f"{self.device}, {self.bits} bit" + ("" if self.phases else ", without phases")

    @property
    def model_options(self):
        return [] if self.bits == 8 else ["--bits", str(self.bits)]

    @property
    def explore_options(self):
        options = ["--device", self.device] + self.model_options
        if self.weights:
            options += ["--weights", self.weights]
        return options + ([] if self.phases else ["--no-decompose"])


# Where a target is given it is a little below the fastest plan, whose last frames cost many lanes that are idle. Weights
# of 16 bits fill more than half of the ZU17EG's block RAM; streamed they would need all that the memory port gives, and
# the first frames would be slower than the steady state.
CASES = [
    Case("zu9eg-8", "ZU9EG", fps=380, goal=360, efficiency=0.98,
         paper={"fps": 122.1, "dsp": 2229, "ramb18": 1168}),
    Case("zu9eg-8-plain", "ZU9EG", phases=False, goal=134, paper={"fps": 122.1, "dsp": 2229, "ramb18": 1168}),
    Case("zu17eg-8", "ZU17EG", fps=232, goal=225, paper={"fps": 61.0, "dsp": 1357}),
    Case("z7045-8", "Z7045", goal=126, paper={"fps": 30.5, "dsp": 737}, family="xc7"),
    Case("zu17eg-16", "ZU17EG", bits=16, weights="chip", goal=113),
    Case("zu9eg-16", "ZU9EG", bits=16, goal=180),
]


def weft(*arguments):
    """What the tool prints; its progress goes to the terminal."""
    run = subprocess.run([WEFT, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    if run.returncode not in (0, 1) or not run.stdout:
        sys.exit(f"weft {' '.join(map(str, arguments))} ended with {run.returncode}")
    return run.stdout


def timed(action):
    start = time.monotonic()
    result = action()
    return result, time.monotonic() - start


def run(case):
    """Everything that is measured of a case."""
    plan, folder = KEPT / f"{case.name}.plan.json", KEPT / case.name
    fastest = json.loads(weft("explore", MODEL, *case.explore_options, "--plan-out", plan, "--json"))
    chosen = fastest
    if case.fps:
        chosen = json.loads(
            weft("explore", MODEL, *case.explore_options, "--fps", case.fps, "--plan-out", plan, "--json"))
    _, generating = timed(
        lambda: weft("generate", MODEL, *case.model_options, "--configuration", plan, "-o", folder))
    report, verifying = timed(lambda: json.loads(
        weft("verify", MODEL, *case.model_options, "--configuration", plan, "--frames", FRAMES, "--json")))
    figures = ("fps", "bound", "cyclesPerFrame", "dsp", "ramb18", "lut", "bandwidth", "multipliers", "seconds")
    return {
        "fastest": {key: fastest[key] for key in figures},
        "chosen": {key: chosen[key] for key in figures},
        "report": report, "generating": generating, "verifying": verifying,
    }


def synthesis(case):
    """DSPs and block RAMs of 18 Kib that Yosys infers for all modules, each as often as it occurs."""
    folder = KEPT / case.name
    files = " ".join(sorted(path.name for path in folder.glob("*.v")))
    script = (f"read_verilog {files}; synth_xilinx -family {case.family} -top avatar_decoder -run begin:map_cells; "
              "tee -o statistics.txt stat")
    subprocess.run(
        [sys.executable, ROOT / "scripts/regressions/yosys.py", "-q", "-p", script], cwd=folder, check=True,
        stdout=subprocess.DEVNULL)
    total = (folder / "statistics.txt").read_text().rsplit("=== design hierarchy ===", 1)[1]
    cells = {cell: int(count) for count, cell in re.findall(r"^\s+(\d+)\s+(DSP48E\d|RAMB\d+E\d)\s*$", total, re.M)}
    blocks = sum(count * (2 if cell.startswith("RAMB36") else 1) for cell, count in cells.items()
                 if cell.startswith("RAMB"))
    return {"dsp": sum(count for cell, count in cells.items() if cell.startswith("DSP")), "ramb18": blocks}


def keep(result, place):
    """Writes the figures of a case, all of them or none."""
    beside = place.with_suffix(".new")
    beside.write_text(json.dumps(result, indent=2))
    beside.rename(place)


def verdict(case, result):
    """What of the goals is not reached."""
    report = result["report"]
    fps = CLOCK / report["cyclesPerFrame"]
    faults = []
    if not report["bitExact"]:
        faults.append(f"{report['mismatches']} values differ")
    if fps < case.goal:
        faults.append(f"{fps:.1f} frames a second, the goal is {case.goal}")
    if report["efficiency"] < case.efficiency:
        faults.append(f"an efficiency of {report['efficiency']:.3f}, the goal is {case.efficiency}")
    error = abs(report["predictedCyclesPerFrame"] / report["cyclesPerFrame"] - 1)
    if error > 0.005:
        faults.append(f"a prediction that is {100 * error:.2f} % off")
    counted = result.get("synthesis")
    if counted and counted["dsp"] != result["chosen"]["dsp"]:
        faults.append(f"{counted['dsp']} DSPs by Yosys, {result['chosen']['dsp']} by the model")
    if counted and abs(counted["ramb18"] / result["chosen"]["ramb18"] - 1) > 0.05:
        faults.append(f"{counted['ramb18']} RAMB18 by Yosys, {result['chosen']['ramb18']} by the model")
    return faults


def table(titles, rows):
    lines = [titles, ["---"] * len(titles)] + rows
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


# The best accelerator of F-CAD: frames a second and the efficiency of all branches. Of the others the paper's abstract
# says how many times fewer frames, and how many points less of efficiency, they reach.
PUBLISHED = {"fps": 122.1, "efficiency": 0.943}
OTHERS = [("DNNBuilder", 4.0, 0.625), ("HybridDNN", 2.8, 0.212)]


def comparison(result):
    """Rows for the published accelerators and for ours, on the ZU9EG with 8 bits."""
    fps, efficiency = CLOCK / result["report"]["cyclesPerFrame"], result["report"]["efficiency"]
    rows = [(name, PUBLISHED["fps"] / times, PUBLISHED["efficiency"] - points) for name, times, points in OTHERS]
    rows += [("F-CAD", PUBLISHED["fps"], PUBLISHED["efficiency"]), ("**Weft**, measured", fps, efficiency)]
    return [[name, f"{rate:.1f}", f"{fps / rate:.2f}", f"{part:.3f}"] for name, rate, part in rows]


def page(results):
    """The text of docs/fcad.md."""
    frames, costs, commands = [], [], []
    for case in CASES:
        result = results[case.name]
        report, chosen = result["report"], result["chosen"]
        fps = CLOCK / report["cyclesPerFrame"]
        paper, counted = case.paper, result.get("synthesis")
        frames.append([
            case.title, f"{paper['fps']}" if paper else "\u2013", f"**{fps:.1f}**",
            f"{fps / paper['fps']:.2f}" if paper else "\u2013", f"{case.goal}", f"{result['fastest']['fps']:.1f}",
            f"{report['cyclesPerFrame']:,}", f"{report['predictedCyclesPerFrame']:,}", f"{report['efficiency']:.4f}",
            f"{report['mismatches']} of {report['comparedValues']:,}",
        ])
        costs.append([
            case.title, f"{paper['dsp']}" if paper else "\u2013", f"{chosen['dsp']}",
            f"{counted['dsp']}" if counted else "\u2013", f"{paper['ramb18']}" if "ramb18" in paper else "\u2013",
            f"{chosen['ramb18']}", f"{counted['ramb18']}" if counted else "\u2013", f"{chosen['lut']:,}",
            f"{chosen['bandwidth']:.2f}", f"{report['multipliers']}",
        ])
        target = f" --fps {case.fps}" if case.fps else ""
        commands += [
            f"# {case.title}",
            f"weft explore avatar.onnx {' '.join(case.explore_options)}{target} --plan-out {case.name}.json",
            f"weft verify avatar.onnx {' '.join(case.model_options + ['--configuration', case.name + '.json'])} "
            f"--frames {FRAMES}",
        ]
    seconds = max(results[case.name][kind]["seconds"] for case in CASES for kind in ("fastest", "chosen"))
    return f"""# The codec avatar decoder beside F-CAD

F-CAD (Zhang, Wang, Chuang, Ma, Chen, Li: *F-CAD: A Framework to Explore Hardware Accelerators for Codec Avatar
Decoding*, DAC 2021) is the published accelerator for this decoder. Its figures are those of the paper's Table IV.

Ours are measured: the Verilog of the full-size decoder is simulated for {FRAMES} different whole frames, each value of
each output is compared with the integer reference, and frames a second are 200 MHz by the cycles between the last two
frames. All untied biases come through one memory port of 512 bits, a word a cycle after 100 cycles.
`scripts/reproduce-fcad` does all that and writes this page.

## Frames a second

{table(["case", "F-CAD", "measured", "times", "goal", "fastest plan", "cycles a frame", "predicted", "efficiency",
        "values that differ"], frames)}

F-CAD's figures for the ZU17EG and the Z7045 are those of its branch 2, the slowest. The efficiency is the part of all
product lanes' cycles that multiplications for real outputs take. *Fastest plan* is the most that the exact search proves
possible on the device; where another plan is measured, it is the one with the fewest DSPs for a little less.

With phases, upsampling and the convolution after it are one smaller convolution for each phase: 2.45 instead of 6.82
billion multiplications a frame. Without phases the comparison with F-CAD is one of the same arithmetic.

## Beside other accelerators

{table(["accelerator", "frames a second", "ours, times", "efficiency"], comparison(results["zu9eg-8"]))}

The rows of DNNBuilder and HybridDNN follow from what F-CAD's abstract says: 4.0 and 2.8 times their frames a second, 62.5
and 21.2 points more of efficiency, on the same device. F-CAD's efficiency is its best of all branches together.

## What it takes

{table(["case", "F-CAD: DSPs", "DSPs", "by Yosys", "F-CAD: RAMB18", "RAMB18", "by Yosys", "LUTs", "GB/s",
        "products a cycle"], costs)}

DSPs, block RAMs and look-up tables are the model's, which never sees the Verilog; `--synthesis` has Yosys count them in it.
The DSPs of requantisation are among them. The longest search, design space included, took {seconds:.2f} s; F-CAD's take 57
to 102 s.

## Commands

```sh
weft model avatar-decoder -o avatar.onnx
{chr(10).join(commands)}
```
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="run every case anew")
    parser.add_argument("--synthesis", action="store_true", help="count DSPs and block RAMs with Yosys")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(case.name for case in CASES))
    arguments = parser.parse_args()
    unknown = set(arguments.cases) - {case.name for case in CASES}
    if unknown:
        parser.error(f"there is no case {', '.join(sorted(unknown))}; the cases are "
                     + ", ".join(case.name for case in CASES))
    if arguments.fresh:
        shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    weft("model", "avatar-decoder", "-o", MODEL)
    results, failures = {}, 0
    for case in CASES:
        kept = KEPT / f"{case.name}.json"
        result = json.loads(kept.read_text()) if kept.exists() else None
        if not arguments.cases or case.name in arguments.cases:
            if result is None:
                print(f"== {case.title}", flush=True)
                result = run(case)
                keep(result, kept)
            if arguments.synthesis and "synthesis" not in result:
                print(f"== {case.title}: synthesis", flush=True)
                result["synthesis"] = synthesis(case)
                keep(result, kept)
            faults = verdict(case, result)
            failures += bool(faults)
            cycles = result["report"]["cyclesPerFrame"]
            print(f"{'FAIL' if faults else 'pass'}  {case.title}: {CLOCK / cycles:.2f} frames a second"
                  + "".join(f"; {fault}" for fault in faults), flush=True)
        if result:
            results[case.name] = result
    if len(results) == len(CASES):
        beside = PAGE.with_suffix(".new")
        beside.write_text(page(results))
        beside.rename(PAGE)
        print(f"{PAGE.relative_to(ROOT)} is written")
    sys.exit(1 if failures else 0)


main()
