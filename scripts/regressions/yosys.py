#!/usr/bin/env python3
"""Runs the Yosys of PyPI's pyosys as its own program would: Debian's is older and makes some wrong netlists.

usage: yosys.py [-q] -p SCRIPT    SCRIPT holds commands, separated by semicolons
"""
import argparse
import os
import sys
import tempfile

from pyosys import libyosys


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-q", action="store_true", help="print warnings and errors only")
    parser.add_argument("-p", required=True, metavar="SCRIPT", help="the commands")
    arguments = parser.parse_args()
    commands = list(filter(None, map(str.strip, arguments.p.split(";"))))
    if not arguments.q:
        run(commands)
        return
    # An error ends the process, with its message where the rest of the log is: what is kept tells why.
    with tempfile.NamedTemporaryFile("r", suffix=".log") as log:
        child = os.fork()
        if child == 0:
            run([f"tee -q -a {log.name} {command}" for command in commands])
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status != 0:
            errors = [line for line in log if "ERROR" in line]
            sys.exit("".join(errors) or f"Yosys ended with {status}")


def run(commands):
    design = libyosys.Design()
    for command in commands:
        libyosys.run_pass(command, design)


main()
