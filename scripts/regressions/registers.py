#!/usr/bin/env python3
"""Reads what Weft writes from register maps, each file with the tool that it is for.

SystemRDL is compiled by systemrdl-compiler; the header is compiled as C99 and as C++ without a warning, its constants
are printed and its functions run under the sanitiser of undefined behaviour; the Python map is imported and drives a
bus; the page is parsed. Each has to agree with `map.json`. First, files with one mistake each are read: every one has
to be found.

usage: registers.py FOLDER    every folder below holds the files of one map
"""
import contextlib
import html.parser
import importlib.util
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from systemrdl import RDLCompiler, RDLCompileError
from systemrdl.messages import MessagePrinter

COMPILERS = {
    "C": ["cc", "-std=c99"],
    "C++": ["c++", "-x", "c++", "-std=c++11"],
}
OPTIONS = ["-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror", "-fsanitize=undefined",
           "-fno-sanitize-recover=all"]

# What SystemRDL says of an access: sw, hw, onwrite, onread.
ACCESSES = {
    "readWrite": ("rw", "r", None, None),
    "readOnly": ("r", "w", None, None),
    "writeOnly": ("w", "r", None, None),
    "writeOneToClear": ("rw", "r", "woclr", None),
    "writeOneToSet": ("rw", "r", "woset", None),
    "readToClear": ("r", "r", None, "rclr"),
    "writePulse": ("w", "r", None, None),
}
READABLE = {"readWrite", "readOnly", "writeOneToClear", "writeOneToSet", "readToClear"}
WRITABLE = {"readWrite", "writeOnly", "writeOneToClear", "writeOneToSet", "writePulse"}


class Mismatch(Exception):
    """A file says something else than the map."""


def expect(what, found, expected):
    if found != expected:
        raise Mismatch(f"{what} is {found!r} instead of {expected!r}")


def visible(text):
    """A description without the characters that nobody sees."""
    text = text.replace("\r", "").replace("\t", " ")
    return re.sub("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]", "\ufffd", text)


def words(name):
    """The name as the constant that it is in C: `frameCount` is `FRAME_COUNT`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def extremes(field):
    """The least and the greatest value, and their bits."""
    width = field["width"]
    if field["isSigned"]:
        return [(-(1 << width - 1), 1 << width - 1), ((1 << width - 1) - 1, (1 << width - 1) - 1)]
    return [(0, 0), ((1 << width) - 1, (1 << width) - 1)]


def pattern(number, field):
    return number & (1 << field["width"]) - 1


# SystemRDL


class Quiet(MessagePrinter):
    def emit_message(self, lines):
        pass


def check_systemrdl(folder, spec):
    compiler = RDLCompiler(message_printer=Quiet())
    try:
        compiler.compile_file(str(folder / f"{spec['name']}.rdl"))
        top = compiler.elaborate().top
    except RDLCompileError as error:
        raise Mismatch(f"systemrdl-compiler refuses the map: {error}") from error
    broken = visible(spec["description"]).replace("<%", "< %").replace("`include", "` include")
    expect("the description", (top.get_property("desc") or "").split(), broken.split())  # without indentation
    expect("the size", top.size, spec["size"])
    found = {register.get_path_segment(): register for register in top.registers(unroll=True)}
    expected = {}
    for register in spec["registers"]:
        for index in range(register.get("count") or 1):
            name = f"{register['name']}[{index}]" if "count" in register else register["name"]
            expected[name] = (register["offset"] + index * register["stride"], register)
    expect("the registers", sorted(found), sorted(expected))
    for name, (offset, register) in expected.items():
        node = found[name]
        expect(f"the offset of {name}", node.absolute_address, offset)
        expect(f"the size of {name}", node.size * 8, spec["wordWidth"])
        fields = {field.inst_name: field for field in node.fields()}
        expect(f"the fields of {name}", sorted(fields), sorted(field["name"] for field in register["fields"]))
        for field in register["fields"]:
            check_systemrdl_field(f"{name}.{field['name']}", fields[field["name"]], field, register)


def check_systemrdl_field(name, node, field, register):
    expect(f"the bits of {name}", (node.low, node.width), (field["low"], field["width"]))
    modes = [node.get_property(key) for key in ("sw", "hw", "onwrite", "onread")]
    expect(f"the access of {name}", tuple(mode and mode.name for mode in modes), ACCESSES[field["access"]])
    reset = None if field["access"] == "readOnly" else field["reset"]
    expect(f"the reset value of {name}", node.get_property("reset"), reset)
    is_pulse = field["access"] == "writePulse"
    expect(f"whether {name} is a pulse", node.get_property("singlepulse") or node.get_property("swmod"), is_pulse)
    encoding = node.get_property("encode")
    values = {value.name: value.value for value in encoding} if encoding else {}
    expect(f"the values of {name}", values,
           {value["name"]: pattern(value["number"], field) for value in field["values"]})
    enable = node.get_property("enable")
    expect(f"what enables {name}", enable and enable.parent.inst_name, register.get("interruptEnable"))


# C and C++


def check_header(folder, spec):
    names, checks = [], []
    bits = spec["wordWidth"]
    top = words(spec["name"])
    names.append((f"{top}_SIZE", spec["size"]))
    for register in spec["registers"]:
        prefix = f"{top}_{words(register['name'])}"
        reset = sum(field["reset"] << field["low"] for field in register["fields"])
        names += [(f"{prefix}_OFFSET", register["offset"]), (f"{prefix}_RESET", reset)]
        if "count" in register:
            names += [(f"{prefix}_COUNT", register["count"]), (f"{prefix}_STRIDE", register["stride"])]
        checks += header_words(prefix.lower(), register, bits)
        for field in register["fields"]:
            name = f"{prefix}_{words(field['name'])}"
            mask = (1 << field["width"]) - 1 << field["low"]
            names += [(f"{name}_SHIFT", field["low"]), (f"{name}_MASK", mask)]
            if field["access"] not in ("readOnly", "writePulse"):
                names.append((f"{name}_RESET", field["reset"]))
            for value in field["values"]:
                names.append((f"{name}_{words(value['name'])}", pattern(value["number"], field)))
            checks += header_fields(name.lower(), field, mask, bits)
    program = f'#include "{top.lower()}_registers.h"\n#include <stdio.h>\n\nint main(void)\n{{\n'
    program += f"  static uint{bits}_t block[4096];\n  (void)block;\n"
    program += "".join(f"  if (!({check})) {{ puts(\"{index}\"); return 1; }}\n" for index, check in enumerate(checks))
    program += "".join(f'  printf("%llx\\n", (unsigned long long)({name}));\n' for name, _ in names)
    program += "  return 0;\n}\n"
    (folder / "main.c").write_text(program)
    for language, compiler in COMPILERS.items():
        run = subprocess.run([*compiler, *OPTIONS, "main.c", "-o", "main"], cwd=folder, capture_output=True, text=True)
        if run.returncode != 0:
            raise Mismatch(f"the header is no {language}: {run.stderr[:400]}")
        run = subprocess.run(["./main"], cwd=folder, capture_output=True, text=True)
        if run.returncode != 0:
            index = run.stdout.strip()
            raise Mismatch(f"in {language}: {checks[int(index)] if index.isdigit() else run.stderr}")
        for (name, value), line in zip(names, run.stdout.split(), strict=True):
            expect(name, int(line, 16), value)


def header_words(name, register, bits):
    """That the functions reach the word at its offset."""
    last = (register.get("count") or 1) - 1
    index = f", {last}" if "count" in register else ""
    place = f"block[{(register['offset'] + last * register['stride']) // (bits // 8)}]"
    accesses = {field["access"] for field in register["fields"]}
    checks = []
    if accesses & WRITABLE:
        checks.append(f"{name}_write(block{index}, 0x5a), {place} == 0x5a")
    if accesses & READABLE:
        checks.append(f"{place} = 0xa5, {name}_read(block{index}) == 0xa5")
    return checks


def header_fields(name, field, mask, bits):
    """That the least and the greatest value go in and out, and that all other bits stay."""
    checks = []
    every = (1 << bits) - 1
    for number, value in extremes(field):
        literal = f"(-{-number - 1}LL - 1)" if number < 0 else f"{number}{'LL' if field['isSigned'] else 'ULL'}"
        literal = f"({'int' if field['isSigned'] else 'uint'}{bits}_t){literal}"
        inside = f"0x{value << field['low']:x}ULL"
        if field["access"] in WRITABLE:
            checks.append(f"{name}_set(0, {literal}) == {inside}")
            checks.append(f"{name}_set((uint{bits}_t)0x{every:x}ULL, {literal}) == (0x{every ^ mask:x}ULL | {inside})")
        if field["access"] in READABLE:
            checks.append(f"{name}_get((uint{bits}_t)(0x{every ^ mask:x}ULL | {inside})) == {literal}")
    return checks


# Python


class Bus:
    """A memory of words."""

    def __init__(self):
        self.words = {}

    def read(self, offset):
        return self.words.get(offset, 0)

    def write(self, offset, word):
        self.words[offset] = word


def check_python(folder, spec):
    path = folder / f"{words(spec['name']).lower()}_registers.py"
    module_spec = importlib.util.spec_from_file_location("registers_under_check", path)
    module = importlib.util.module_from_spec(module_spec)
    try:
        module_spec.loader.exec_module(module)
    except Exception as error:  # whatever is wrong with the file
        raise Mismatch(f"the Python map cannot be imported: {error!r}") from error
    text = f"The registers of {spec['name']}." + (f" {visible(spec['description'])}" if spec["description"] else "")
    expect("the documentation", module.__doc__, text)
    types = [value for value in vars(module).values() if isinstance(value, type) and hasattr(value, "SIZE")]
    expect("the classes of maps", len(types), 1)
    expect("the size", types[0].SIZE, spec["size"])
    bus = Bus()
    registers = types[0](bus)
    for register in spec["registers"]:
        found = getattr(registers, register["name"])
        elements = found if "count" in register else [found]
        expect(f"the elements of {register['name']}", len(elements), register.get("count") or 1)
        for index, element in enumerate(elements):
            offset = register["offset"] + index * register["stride"]
            bus.words[offset] = 0x5A
            expect(f"the word of {register['name']}", element.read_word(), 0x5A)
            for field in register["fields"]:
                check_python_field(f"{register['name']}.{field['name']}", element, register, field, bus, offset)


def check_python_field(name, element, register, field, bus, offset):
    data = element.FIELDS[field["name"]]
    expect(f"the place of {name}", (data.shift, data.width, data.access, data.signed),
           (field["low"], field["width"], field["access"], field["isSigned"]))
    expect(f"the reset value of {name}", pattern(data.reset, field), field["reset"])
    mask = (1 << field["width"]) - 1 << field["low"]
    kept = sum((1 << other["width"]) - 1 << other["low"] for other in register["fields"]
               if other["access"] == "readWrite" and other is not field)
    hidden = sum(other["reset"] << other["low"] for other in register["fields"] if other["access"] == "writeOnly")
    for number, value in extremes(field):
        if field["values"]:
            number, value = field["values"][-1]["number"], pattern(field["values"][-1]["number"], field)
        if field["access"] in READABLE:
            bus.words[offset] = value << field["low"]
            expect(f"what is read of {name}", int(getattr(element, field["name"])), number)
        if field["access"] in WRITABLE:
            bus.words[offset] = (1 << 64) - 1
            element._hidden = hidden
            setattr(element, field["name"], number)
            expect(f"the word with {name}", bus.words[offset], (hidden | kept) & ~mask | value << field["low"])
    for number in (extremes(field)[0][0] - 1, extremes(field)[1][0] + 1):
        with contextlib.suppress(ValueError):
            data.put(number)
            raise Mismatch(f"{name} takes {number}")


# The page


class Page(html.parser.HTMLParser):
    """The text of a page, its elements' names and what is not closed."""

    def __init__(self):
        super().__init__()
        self.open, self.names, self.links, self.texts = [], set(), set(), [""]

    def handle_starttag(self, tag, attributes):
        self.names.add(tag)
        self.links |= {value for key, value in attributes if key == "id"}
        if tag != "meta":
            self.open.append(tag)
        self.texts.append("")

    def handle_endtag(self, tag):
        expect("the element that ends", tag, self.open.pop() if self.open else None)
        self.texts.append("")

    def handle_data(self, data):
        self.texts[-1] += data


ELEMENTS = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "span", "p", "table", "tr", "th",
            "td", "a", "section", "div", "i", "code", "ul", "li"}


def check_page(folder, spec):
    page = Page()
    page.feed((folder / f"{words(spec['name']).lower()}_registers.html").read_text())
    page.close()
    expect("what is left open", page.open, [])
    expect("elements that no page has", page.names - ELEMENTS, set())
    expect("the sections", page.links, {register["name"] for register in spec["registers"]})
    for item in [spec, *spec["registers"], *(field for register in spec["registers"] for field in register["fields"])]:
        if item["description"] and visible(item["description"]) not in page.texts:
            raise Mismatch(f"the description of {item['name']} is not on the page")


# All of them

CHECKS = {"SystemRDL": check_systemrdl, "header": check_header, "Python map": check_python, "page": check_page}


def mistakes(folder, spec):
    """Files with one mistake each: the check that has to find it, the file, and its text."""
    name = words(spec["name"]).lower()
    files = {"SystemRDL": f"{spec['name']}.rdl", "header": f"{name}_registers.h", "Python map": f"{name}_registers.py",
             "page": f"{name}_registers.html"}
    edits = [
        ("SystemRDL", r"@ 0x0000", "@ 0x0100"), ("SystemRDL", r"sw = rw;", "sw = r;"),
        ("SystemRDL", r"= (\d+)'d\d+;\n  }", r"= \1'd0;\n  } /* "),
        ("SystemRDL", r"onwrite = woclr", "onwrite = woset"),
        ("SystemRDL", r"\[(\d+):0\] = ", r"[\1:\1] = "), ("SystemRDL", r"->enable = \S+;", "->enable = 0;"),
        ("header", r"_OFFSET 0x0u", "_OFFSET 0x40u"), ("header", r"_MASK 0x.", "_MASK 0xf"),
        ("header", r"_SHIFT (\d+)u", "_SHIFT 30u"), ("header", r"\*/", "*/ */"), ("header", r"/ 4u\]", "/ 2u]"),
        ("header", r"<<", ">>"), ("header", r" - 1 :", " :"),
        ("Python map", r"OFFSET = 0x0\n", "OFFSET = 0x8\n"), ("Python map", r"Field\(\d+, (\d+)", r"Field(1, \1"),
        ("Python map", r", signed=True", ""), ("Python map", r"word & ~field.mask", "word"),
        ("Python map", r"\A\"", "\"\"\""),
        ("Python map", r"COUNT = \d+", "COUNT = 7"),
        ("page", r"</td>", ""), ("page", r"&lt;", "<"), ("page", r"id=\"", "id=\"x"), ("page", r"<p>", "<p>x"),
    ]
    for check, before, after in edits:
        text = (folder / files[check]).read_text()
        changed = re.sub(before, after, text, count=1)
        if changed != text:
            yield check, files[check], changed, f"{check}: {before!r} becomes {after!r}"


def main():
    folders = sorted((path.parent for path in Path(sys.argv[1]).glob("*/map.json")), key=lambda path: int(path.name))
    specs = {folder: json.loads((folder / "map.json").read_text()) for folder in folders}
    found, edits, failures = set(), set(), []
    for folder in folders[:20]:
        for check, name, text, edit in mistakes(folder, specs[folder]):
            edits.add(edit)
            if edit in found:
                continue
            with tempfile.TemporaryDirectory() as copy:
                shutil.copytree(folder, copy, dirs_exist_ok=True)
                (Path(copy) / name).write_text(text)
                try:
                    CHECKS[check](Path(copy), specs[folder])
                except Mismatch:
                    found.add(edit)
    for edit in sorted(edits - found):
        failures.append(f"a mistake went unnoticed: {edit}")
    for folder in folders:
        for check in CHECKS.values():
            try:
                check(folder, specs[folder])
            except Mismatch as error:
                failures.append(f"map {folder.name}: {error}")
    registers = sum(len(spec["registers"]) for spec in specs.values())
    fields = sum(len(register["fields"]) for spec in specs.values() for register in spec["registers"])
    print("\n".join(failures[:20]))
    print(f"{len(folders)} maps with {registers} registers and {fields} fields in SystemRDL, C, C++, Python and HTML: "
          f"{len(failures)} failures; {len(found)} of {len(edits)} seeded mistakes found")
    sys.exit(1 if failures or not folders else 0)


if __name__ == "__main__":
    main()
