#!/usr/bin/env python3
"""Runs the Yosys of PyPI's pyosys as its own program would: Debian's is older and makes some wrong netlists.

usage: yosys.py [-q] -p SCRIPT    SCRIPT holds commands, separated by semicolons
"""
import argparse

from pyosys import libyosys


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-q", action="store_true", help="print warnings and errors only")
    parser.add_argument("-p", required=True, metavar="SCRIPT", help="the commands")
    arguments = parser.parse_args()
    design = libyosys.Design()
    for command in filter(None, map(str.strip, arguments.p.split(";"))):
        libyosys.run_pass(f"tee -q {command}" if arguments.q else command, design)


main()
