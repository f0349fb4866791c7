#!/usr/bin/env python3
"""Measures Weft beside other languages on this machine, and prints each ratio with its bound.

Each is run in turn, several times, and the fastest run counts. A language that takes too long for the array of 64 x 64
is measured with a smaller one, and its time scaled with the number of elements.

usage: compare.py WEFTBENCH FOLDER    WEFTBENCH is the built program, FOLDER takes what is made on the way
"""
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Language, size to measure, runs.
PEERS = [("veriloggen", 64, 2), ("migen", 64, 2), ("pyrtl", 64, 2), ("amaranth", 16, 2)]
SIZE = 64

failures = 0


def number(*command):
    """The number that a program prints last."""
    process = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if process.returncode != 0:
        sys.exit(f"compare.py: {command[0]} failed:\n{process.stdout}{process.stderr}")
    return float(process.stdout.split()[-1])


def megabytes(*command):
    """The most memory that a program has."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_maxrss / 1024


def show(name, value, unit, bound=None, at_least=True):
    global failures
    passes = bound is None or (value >= bound if at_least else value <= bound)
    failures += not passes
    mark = "    " if bound is None else "pass" if passes else "FAIL"
    limit = "" if bound is None else f"at {'least' if at_least else 'most'} {bound:g}"
    print(f"{mark}  {name:<62} {f'{value:.4g} {unit}':<18} {limit}", flush=True)


def elaboration(bench):
    peer = sys.executable, HERE / "peers.py", "elaborate"
    own, others = [], {}
    for name, size, runs in PEERS:
        for _ in range(runs):
            own.append(number(bench, "elaborate", SIZE))
            others.setdefault(name, []).append(number(*peer, name, size) * (SIZE / size) ** 2)
    show(f"{SIZE} x {SIZE} MAC array to Verilog, Weft", min(own), "s")
    for name, size, _ in PEERS:
        scaled = "" if size == SIZE else f", scaled from {size} x {size}"
        show(f"the same in {name}{scaled}", min(others[name]), "s")
    fastest = min(others, key=lambda name: min(others[name]))
    show(f"{fastest}, the fastest of them, to Weft", min(others[fastest]) / min(own), "x", 20)
    # Memory from size to size, without what the program takes for itself.
    idle, middle, large = (megabytes(bench, "elaborate", size) for size in (1, 128, 256))
    show("memory an element at 256 x 256 to that at 128 x 128", (large - idle) / (middle - idle) / 4, "x", 1.5, False)


def simulation(bench, folder):
    peer = sys.executable, HERE / "peers.py", "simulate"
    own, amaranth, pyrtl = [], [], []
    for _ in range(3):
        own.append(number(bench, "simulate", "interpreter", 20000))
        amaranth.append(number(*peer, "amaranth", 1000))
        pyrtl.append(number(*peer, "pyrtl", 50000))
    show("8 x 8 array, one write and one read: Weft's interpreter", max(own), "cycles/s")
    show("Weft's interpreter to Amaranth's simulator", max(own) / max(amaranth), "x", 50)
    show("Weft's interpreter to PyRTL's CompiledSimulation", max(own) / max(pyrtl), "x", 1)
    own, others = [], []
    for _ in range(3):
        own.append(number(bench, "simulate", "verilator", 1000000))
        others.append(number(sys.executable, HERE / "cocotb_loop.py", folder, 100000))
    show("8 x 8 array on Verilator from Swift, one write and one read", max(own), "cycles/s")
    show("the same to cocotb on Verilator", max(own) / max(others), "x", 100)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    bench, folder = Path(sys.argv[1]), Path(sys.argv[2])
    subprocess.run([str(bench), "emit-observed", str(folder)], check=True)
    elaboration(bench)
    simulation(bench, folder)
    sys.exit(1 if failures else 0)


main()
