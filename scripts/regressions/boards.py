#!/usr/bin/env python3
"""Has tools read the projects that the tests keep, and accelerators that are exported beside them: IP-XACT descriptions
against the rules of their standard and against the Verilog, Vivado's scripts against a stand-in of its commands, and the
open flow from make to a bitstream. Each check first has to find the defects that are put into sound projects.

usage: boards.py FOLDER WEFT
"""
import pathlib
import re
import subprocess
import sys

import ipxact

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAND_IN = ROOT / "scripts/regressions/vivado.tcl"

MODEL = ROOT / "Models/photo-decoder/decoder_256_u8.onnx"
# Accelerators that are exported beside the projects of the tests: the folder, the board, the model and options.
ACCELERATORS = [
    ("decoder-pynq-z1", "pynq-z1", MODEL, ["--multipliers", "96"]),
    ("decoder-pynq-z1-nhwc", "pynq-z1", MODEL, ["--multipliers", "96", "--layout", "nhwc"]),
    ("decoder-zc706", "zc706", MODEL, []),
    ("decoder-zcu102", "zcu102", MODEL, []),
    ("decoder-zcu104", "zcu104", MODEL, []),
    ("decoder-ultra96", "ultra96", MODEL, []),
    ("decoder-kcu1500", "kcu1500", MODEL, []),
    # Weights and biases in external memory, through a bus of their own.
    ("avatar-zcu104", "zcu104", "avatar", ["--multipliers", "48", "--weights", "loaded"]),
    ("avatar-kcu1500", "kcu1500", "avatar", ["--multipliers", "48", "--weights", "loaded"]),
]


def moved(by):
    """The registers at another address."""
    return lambda match: f"-offset 0x{int(match[1], 16) ^ by:X} -range 64K"


REGISTERS = r"-offset 0x(\w+) -range 64K"
# Changes to a sound script of Vivado, each of which has to be found: an expression, and what stands for its first match.
COMMON_DEFECTS = [
    ("a pin that is not there", r"block/(aclk|clock)\]", "block/clk]"),
    ("a cell that is not there", r"\[get_bd_pins reset/", "[get_bd_pins resets/"),
    ("a block that is not in the catalogue", r"weft\.local:user:\w+:", "weft.local:user:Missing:"),
    ("a catalogue that is not read", r"update_ip_catalog\n", "\n"),
    ("addresses that are not aligned", REGISTERS, moved(0x100)),
    ("addresses that are out of reach", REGISTERS, moved(0x50000000)),
    ("addresses of nothing", r"s_axi/registers", "s_axi/memory"),
    ("a file that is not there", r"constraints\.xdc", "constraint.xdc"),
    ("a clock that is left open", r"connect_bd_net \[get_bd_pins \S+\] \[get_bd_pins control/aclk\]\n", ""),
    ("a bus that is left open", r"connect_bd_intf_net \[get_bd_intf_pins block/m_axi\] .*\n", ""),
    ("a pin that is driven twice", r"(connect_bd_net \[get_bd_pins \S+\] \[get_bd_pins block/(?:aclk|clock)\]\n)", r"\1\1"),
    ("a bus whose clock is another", r"\[get_bd_pins \S+\] (\[get_bd_pins control/aclk\])",
     r"[get_bd_pins reset/peripheral_reset] \1"),
    ("another part", r"-part \S+", "-part xc7z020"),
    ("a command that is none", r"save_bd_design", "save_bd_designs"),
    ("no validation", r"validate_bd_design\n", ""),
]
ZYNQ_DEFECTS = [
    ("an interface that is not there", r"ps/S_AXI_HP0", "ps/S_AXI_HP9"),
    ("a port that is not turned on", r"(CONFIG\.\w+S_AXI_(?:HP0|GP2)) \{1\}", r"\1 {0}"),
]
EDGE_DEFECTS = [
    ("lanes that the board has not", r"BOARD_INTERFACE \{pci_express_x8\}", "BOARD_INTERFACE {pci_express_x16}"),
    ("a memory with a bus more", r"ddr4_sdram_c1", "ddr4_sdram_c0", 0),
    ("another clock of the memory", r"C0_CLOCK_BOARD_INTERFACE \{\w+\}", "C0_CLOCK_BOARD_INTERFACE {default_300mhz_clk0}"),
    ("registers that are not turned on", r"axilite_master_en \{true\}", "axilite_master_en {false}"),
    ("a clock that a bus lacks", r"ddr4/c0_ddr4_ui_clk\] \[get_bd_pins memory/", "clock/clk_out1] [get_bd_pins memory/"),
    ("two kinds of interface", r"ddr4/C0_DDR4\]", "xdma/M_AXI]"),
    ("a side that is the other one", r"-mode Master", "-mode Slave"),
    ("memory without addresses", r"assign_bd_address .*ADDRESS_BLOCK\]\n", ""),
    ("memory beyond its end", r"-range 4096M", "-range 8192M"),
    ("a module that no file has", r"add_files -norecurse \[file join \$root .*\n", ""),
    ("an interrupt that is left open", r"connect_bd_net .*usr_irq_req\]\n", ""),
    ("a host that is not reset", r"connect_bd_net \[get_bd_ports pcie_perstn\] .*\n", ""),
]


def export(weft, folder):
    """Exports the accelerators."""
    avatar = folder / "avatar.onnx"
    subprocess.run([weft, "model", "avatar-decoder", "--scale", "8", "-o", str(avatar)], check=True, capture_output=True)
    for name, board, model, options in ACCELERATORS:
        model = avatar if model == "avatar" else model
        run = subprocess.run(
            [weft, "export", str(model), "--board", board, *options, "-o", str(folder / name)], capture_output=True,
            text=True)
        if run.returncode:
            sys.exit(f"weft export for {name} ended with {run.returncode}: {run.stderr}")


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
    clocks = [checker.text(entry, "physicalPort/name")
              for element in checker.all(root, "busInterfaces/busInterface")
              if checker.attribute_of(checker.all(element, "busType")[0]) == "clock"
              for entry in checker.all(element, "portMaps/portMap")]
    lines = [f"set vlnv {{{identity}}}", f"set clock {{{clocks[0]}}}"]
    lines += [f"set {key} {{{' '.join(names)}}}" for key, names in lists.items()]
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


def is_edge(folder):
    """Whether a project is for a board behind PCI Express, which needs the tools' description of it."""
    return "xilinx.com:ip:xdma " in (folder / "vivado/create_project.tcl").read_text()


def vivado(folder):
    """What is wrong with a project's scripts, with the board's description at hand and without."""
    creation, faults = folder / "vivado/create_project.tcl", []
    for known in (0, 1):
        fault, figures = stand_in(folder, creation, known)
        if not known and is_edge(folder):
            if fault is None or "is not installed" not in fault:
                faults.append(f"{folder.name}: a description of the board that is missing is not told")
        elif fault:
            faults.append(f"{folder.name}: {fault.strip()}")
    fault, _ = stand_in(folder, creation, slack=-0.5)
    if fault is None or "missed by 0.5 ns" not in fault:
        faults.append(f"{folder.name}: a clock that is missed does not end the build")
    return faults, figures


def missed_script_defects(folder):
    """The defects that are put into the sound scripts of a project, and those that are not found."""
    sound, missed = (folder / "vivado/create_project.tcl").read_text(), []
    broken = folder / "vivado/broken.tcl"
    defects = COMMON_DEFECTS + (EDGE_DEFECTS if is_edge(folder) else ZYNQ_DEFECTS)
    for title, old, new, *count in defects:
        text = re.sub(old, new, sound, count=count[0] if count else 1)
        if text == sound:
            missed.append(f"{title}: '{old}' is not in the script")
            continue
        broken.write_text(text)
        if stand_in(folder, broken)[0] is None:
            missed.append(title)
    broken.unlink()
    return defects, missed


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
    export(sys.argv[2], folder)
    projects = sorted(path for path in folder.iterdir() if path.is_dir())
    for project in projects:
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
    # Defects are put into a small project, and into accelerators.
    for project in projects:
        if project.name != "pynq-z1" and not project.name.startswith(("decoder-", "avatar-")):
            continue
        missed = [fault for path in sorted(project.glob("*.xml")) for fault in ipxact.missed_defects(path)]
        defects, unfound = missed_script_defects(project)
        missed += unfound
        failures += missed
        print(f"{'FAIL' if missed else 'pass'}  defects of {project.name}: {len(ipxact.DEFECTS) - 1} of each description, "
              f"{len(defects)} of the block design" + "".join(f"; not found: {m}" for m in missed), flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
