#!/usr/bin/env python3
"""Has five tools read emitted Verilog; none may find fault with any of it.

The tools are Verilator (-Wall), Icarus Verilog (-g2005 -Wall), Yosys (check -assert), slang and Verible's parser. First
they are given a module into which eleven kinds of defect are put, one after the other: each kind has to be caught by one
of them, and the module without a defect by none.

usage: lint.py FOLDER...    every folder below that has a file list `files.f` is a design, the last file its top module
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pyslang

VERIBLE = Path(sys.executable).with_name("verible-verilog-syntax")

CLEAN = """\
module Adder (
  input clock,
  input [7:0] left,
  input [7:0] right,
  output [8:0] sum
);
  reg [8:0] total = 9'd0;
  always @(posedge clock) begin
    total <= {1'b0, left} + {1'b0, right};
  end
  assign sum = total;
endmodule
module Top (
  input clock,
  input enable,
  input [3:0] address,
  input [7:0] value,
  output [8:0] doubled,
  output [7:0] word,
  output isLess
);
  reg [7:0] table_0 [0:15];
  reg [7:0] chosen;
  wire [7:0] copy;
  always @(posedge clock) begin
    table_0[address] <= value;
  end
  assign word = table_0[address];
  assign copy = value;
  always @* begin
    chosen = 8'd0;
    if (enable) begin
      chosen = copy;
    end
  end
  assign isLess = $signed(value) < 8'sd3;
  Adder adder (
    .clock(clock),
    .left(chosen),
    .right(chosen),
    .sum(doubled)
  );
endmodule
"""

# What is wrong, and how the clean text becomes so.
DEFECTS = [
    ("a signal that nothing drives", "  assign copy = value;\n", ""),
    ("a signal with two drivers", "  assign copy = value;\n", "  assign copy = value;\n  assign copy = ~value;\n"),
    ("a register of two blocks", "  assign word =",
     "  always @(posedge clock) begin\n    chosen <= value;\n  end\n  assign word ="),
    ("a latch", "    chosen = 8'd0;\n", ""),
    ("a combinational loop", "assign copy = value;", "assign copy = value ^ chosen;"),
    ("widths that differ", "{1'b0, left} + {1'b0, right}", "left[6:0] + {1'b0, right}"),
    ("a reserved name", "copy", "buf"),
    ("a name that nothing declares", "assign copy = value;", "assign copy = vale;"),
    ("an unsigned number below zero", "$signed(value) < 8'sd3", "value < 8'd0"),
    ("an instance without one of its inputs", "    .right(chosen),\n", ""),
    ("a memory word beyond the last", "assign word = table_0[address];", "assign word = table_0[20];"),
]


def run(command, folder):
    """What a tool says; empty if it is content."""
    process = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    text = process.stdout.strip()
    return text or ("" if process.returncode == 0 else f"exit code {process.returncode}")


def slang(files, top, folder):
    driver = pyslang.driver.Driver()
    driver.addStandardArgs()
    paths = " ".join(f'"{folder / name}"' for name in files)
    # A signed product keeps its bits when an unsigned vector takes it, its factors have widths of their own, and `unused`
    # is there to be set and not read.
    warnings = "-Weverything -Wno-sign-conversion -Wno-arith-op-mismatch -Wno-unused-but-set-net"
    arguments = f"slang --std 1364-2005 {warnings} --top {top} {paths}"
    if not (driver.parseCommandLine(arguments) and driver.processOptions() and driver.parseAllSources()):
        return "slang cannot read it"
    ignored = pyslang.DiagnosticSeverity.Ignored
    problems = [
        problem for problem in driver.createCompilation().getAllDiagnostics()
        if driver.diagEngine.getSeverity(problem.code, problem.location) != ignored]
    sources = driver.sourceManager
    return "\n".join(
        f"{sources.getFileName(problem.location)}:{sources.getLineNumber(problem.location)}: {problem.code} {problem.args}"
        for problem in problems)


def complaints(folder):
    """What each tool finds in the design of a folder, by the tool's name."""
    files = (folder / "files.f").read_text().split()
    top = re.findall(r"^module (\w+)", (folder / files[-1]).read_text(), re.MULTILINE)[-1]
    reading = f"read_verilog {' '.join(files)}; hierarchy -check -top {top}; proc; check -assert"
    found = {
        "verilator": run(["verilator", "--lint-only", "-Wall", "--top-module", top, *files], folder),
        "iverilog": run(["iverilog", "-g2005", "-Wall", "-s", top, "-o", "/dev/null", *files], folder),
        "yosys": run(["yosys", "-q", "-p", reading], folder),
        "slang": slang(files, top, folder),
        "verible": run([str(VERIBLE), *files], folder),
    }
    return {tool: text for tool, text in found.items() if text}


def check_defects():
    """Whether each defect is caught, and the clean module is not."""
    passes = True
    for name, old, new in [("no defect", "", "")] + DEFECTS:
        with tempfile.TemporaryDirectory() as directory:
            folder = Path(directory)
            text = CLEAN.replace(old, new) if old else CLEAN
            adder, top = text.split("module Top", 1)
            (folder / "Adder.v").write_text(adder)
            (folder / "Top.v").write_text("module Top" + top)
            (folder / "files.f").write_text("Adder.v\nTop.v\n")
            found = complaints(folder)
        if old and text == CLEAN or bool(found) != bool(old):
            passes = False
            print(f"FAIL  {name}: {found or 'no tool finds it'}")
        else:
            print(f"pass  {name}: {', '.join(found) if found else 'no tool complains'}")
    return passes


def main():
    passes = check_defects()
    lists = sorted({path for argument in sys.argv[1:] for path in Path(argument).resolve().rglob("files.f")})
    faulty = 0
    for path in lists:
        found = complaints(path.parent)
        if found:
            faulty += 1
            for tool, text in found.items():
                print(f"FAIL  {path.parent.name}, {tool}:\n{text[:2000]}")
    print(f"{len(lists)} designs, 5 tools: {faulty} with a complaint")
    sys.exit(0 if passes and lists and faulty == 0 else 1)


main()
