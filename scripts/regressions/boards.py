#!/usr/bin/env python3
"""Has tools read the projects that the tests keep: IP-XACT descriptions against the rules of their standard and against
the Verilog, Vivado's scripts against a stand-in of its commands, and the open flow from make to a bitstream. Each check
first has to find the defects that are put into sound projects.

usage: boards.py FOLDER
"""
import pathlib
import re
import subprocess
import sys

import ipxact

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAND_IN = ROOT / "scripts/regressions/vivado.tcl"

# Changes to a sound script of Vivado, each of which has to be found.
SCRIPT_DEFECTS = [
    ("a pin that is not there", "block/aclk", "block/clk"),
    ("a cell that is not there", "[get_bd_pins reset/peripheral_aresetn]", "[get_bd_pins resets/peripheral_aresetn]"),
    ("an interface that is not there", "ps/S_AXI_HP0]", "ps/S_AXI_HP1]"),
    ("a block that is not in the catalogue", "weft.local:user:SampleBlock:1.0", "weft.local:user:Sample:1.0"),
    ("a catalogue that is not read", "update_ip_catalog\n", "\n"),
    ("addresses that are not aligned", "0x43C00000", "0x43C00100"),
    ("addresses that are out of reach", "0x43C00000", "0x13C00000"),
    ("addresses of nothing", "s_axi/registers", "s_axi/memory"),
    ("a file that is not there", "constraints.xdc", "constraint.xdc"),
    ("a clock that is left open", "connect_bd_net [get_bd_pins ps/FCLK_CLK0] [get_bd_pins memory0/aclk]\n", ""),
    ("a bus that is left open",
     "connect_bd_intf_net [get_bd_intf_pins block/m_axi] [get_bd_intf_pins memory0/S00_AXI]\n", ""),
    ("a pin that is driven twice", "validate_bd_design",
     "connect_bd_net [get_bd_pins ps/FCLK_CLK0] [get_bd_pins block/aclk]\nvalidate_bd_design"),
    ("a port that is not turned on", "CONFIG.PCW_USE_S_AXI_HP0 {1}", "CONFIG.PCW_USE_S_AXI_HP0 {0}"),
    ("another part", "xc7z020clg400-1", "xc7z020"),
    ("a command that is none", "save_bd_design", "save_bd_designs"),
    ("no validation", "validate_bd_design\n", ""),
]


def block(folder):
    """What the stand-in is told of the block in a project, read from its description."""
    checker = ipxact.Checker(folder / "component.xml")
    root, lists = checker.root, {"inputs": [], "outputs": [], "managers": [], "subordinates": [], "segments": []}
    inBuses = set()
    streams = []
    for element in checker.all(root, "busInterfaces/busInterface"):
        name = checker.text(element, "name")
        kind = checker.attribute_of(checker.all(element, "busType")[0])
        if kind not in ("aximm", "axis"):
            continue
        isManager = bool(checker.all(element, "master"))
        lists["managers" if isManager else "subordinates"].append(name)
        inBuses |= {checker.text(entry, "physicalPort/name") for entry in checker.all(element, "portMaps/portMap")}
        if kind == "axis":
            streams.append(name)
        elif not isManager:
            lists["segments"].append(f"{name}/registers")
    for name, (direction, _) in checker.known.items():
        if name not in inBuses:
            lists["inputs" if direction == "in" else "outputs"].append(name)
    identity = ":".join(checker.text(root, part) for part in ("vendor", "library", "name", "version"))
    lines = [f"set vlnv {{{identity}}}"] + [f"set {key} {{{' '.join(names)}}}" for key, names in lists.items()]
    return lines + [f"set open {{{' '.join('block/' + name for name in streams)}}}"]


def stand_in(folder, creation, known=1, slack=0.1):
    """Runs a project's scripts; the text of what went wrong, or none."""
    description = folder / "block.tcl"
    description.write_text("\n".join(block(folder) + [f"set boardIsKnown {known}", f"set slack {slack}"]) + "\n")
    run = subprocess.run(
        ["tclsh", str(STAND_IN), str(description), str(creation), str(folder / "vivado/build.tcl")],
        capture_output=True, text=True)
    description.unlink()
    return None if run.returncode == 0 else run.stdout + run.stderr, run.stdout.strip()


def vivado(folder):
    """What is wrong with a project's scripts, with the board's description at hand and without."""
    creation, faults = folder / "vivado/create_project.tcl", []
    for known in (1, 0):
        fault, figures = stand_in(folder, creation, known)
        if fault:
            faults.append(f"{folder.name}: {fault.strip()}")
    fault, _ = stand_in(folder, creation, slack=-0.5)
    if fault is None or "missed by 0.5 ns" not in fault:
        faults.append(f"{folder.name}: a clock that is missed does not end the build")
    return faults, figures


def missed_script_defects(folder):
    """The defects that are not found once they are put into the sound scripts of a project."""
    sound, missed = (folder / "vivado/create_project.tcl").read_text(), []
    broken = folder / "vivado/broken.tcl"
    for title, old, new in SCRIPT_DEFECTS:
        if old not in sound:
            missed.append(f"{title}: '{old}' is not in the script")
            continue
        broken.write_text(sound.replace(old, new))
        if stand_in(folder, broken)[0] is None:
            missed.append(title)
    broken.unlink()
    return missed


def open_flow(folder):
    """Builds a project's bitstream; what went wrong, and the clock that was reached."""
    python = f"{ROOT}/.venv/bin/python"
    isECP5 = bool(list(folder.glob("*.lpf")))
    family, packer = ("ecp5", "ecppack") if isECP5 else ("ice40", "icepack")
    tools = [f"YOSYS={python} {ROOT}/scripts/regressions/yosys.py",
             f"NEXTPNR={ROOT}/.venv/bin/yowasp-nextpnr-{family}", f"PACK={ROOT}/.venv/bin/yowasp-{packer}"]
    run = subprocess.run(["make", "-C", str(folder)] + tools, capture_output=True, text=True)
    bitstreams = [path for path in folder.glob("*.bit") if path.stat().st_size > 10_000]
    clocks = re.findall(r"Max frequency for clock.*?: ([\d.]+) MHz", run.stdout + run.stderr)
    if run.returncode or not bitstreams:
        return f"{folder.name}: make ended with {run.returncode}: {run.stderr[-1000:]}", None
    return None, f"a bitstream of {bitstreams[0].stat().st_size} bytes, {clocks[-1] if clocks else '?'} MHz"


def main():
    folder, failures = pathlib.Path(sys.argv[1]), []
    for project in sorted(path for path in folder.iterdir() if path.is_dir()):
        descriptions = sorted(project.glob("*.xml"))
        faults = [fault for path in descriptions for fault in ipxact.faults(path)]
        if (project / "vivado").is_dir():
            found, figures = vivado(project)
            faults += found
        else:
            fault, figures = open_flow(project)
            faults += [fault] if fault else []
        print(f"{'FAIL' if faults else 'pass'}  {project.name}: {len(descriptions)} descriptions, {figures}", flush=True)
        for fault in faults:
            print(f"      {fault}", flush=True)
        failures += faults
    sample = folder / "pynq-z1"
    for path in sorted(sample.glob("*.xml")):
        missed = ipxact.missed_defects(path)
        failures += missed
        print(f"{'FAIL' if missed else 'pass'}  defects of {path.name}" + "".join(f"; not found: {m}" for m in missed))
    missed = missed_script_defects(sample)
    failures += missed
    print(f"{'FAIL' if missed else 'pass'}  {len(SCRIPT_DEFECTS)} defects of the block design"
          + "".join(f"; not found: {m}" for m in missed))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
