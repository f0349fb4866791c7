"""Checks a component's IP-XACT description against the rules of IEEE 1685 that tools depend on, in both of its editions,
and against the Verilog that it describes."""
import pathlib
import re
import xml.etree.ElementTree as ElementTree

NAMESPACES = {
    "http://www.spiritconsortium.org/XMLSchema/SPIRIT/1685-2009": "2009",
    "http://www.accellera.org/XMLSchema/IPXACT/1685-2014": "2014",
}
ORDER = {
    "component": ["vendor", "library", "name", "version", "busInterfaces", "addressSpaces", "memoryMaps", "model",
                  "fileSets", "description", "parameters", "vendorExtensions"],
    "addressSpace": ["name", "range", "width"],
    "memoryMap": ["name", "addressBlock"],
    "addressBlock": ["name", "baseAddress", "range", "width", "usage", "register"],
    "register": ["name", "description", "addressOffset", "size", "field"],
    "field": ["name", "description", "bitOffset", "resets", "bitWidth", "volatile", "access", "modifiedWriteValue",
              "readAction"],
    "port": ["name", "wire"],
    "file": ["name", "fileType", "userFileType"],
}
ORDER_2009 = {
    "busInterface": ["name", "busType", "abstractionType", "master", "slave", "portMaps", "parameters"],
    "model": ["views", "ports"],
    "view": ["name", "displayName", "envIdentifier", "language", "modelName", "fileSetRef"],
    "wire": ["direction", "vector"],
    "parameter": ["name", "value"],
}
ORDER_2014 = {
    "busInterface": ["name", "busType", "abstractionTypes", "master", "slave", "parameters"],
    "abstractionType": ["abstractionRef", "portMaps"],
    "model": ["views", "instantiations", "ports"],
    "view": ["name", "displayName", "envIdentifier", "componentInstantiationRef"],
    "componentInstantiation": ["name", "language", "moduleName", "fileSetRef"],
    "wire": ["direction", "vectors"],
    "parameter": ["name", "value"],
}
VLNV = re.compile(r"[A-Za-z0-9_.\-]+")
NAME = re.compile(r"[A-Za-z_][\w.\-:]*")

# The signals of an AXI bus that run from the subordinate to the manager, and those without which it is none.
RETURNING = {"AWREADY", "WREADY", "ARREADY", "BID", "BRESP", "BVALID", "BUSER", "RID", "RDATA", "RRESP", "RLAST",
             "RVALID", "RUSER", "TREADY"}
NEEDED = {
    "AXI4": {"AWADDR", "AWLEN", "AWSIZE", "AWBURST", "AWVALID", "AWREADY", "WDATA", "WSTRB", "WLAST", "WVALID",
             "WREADY", "BRESP", "BVALID", "BREADY", "ARADDR", "ARLEN", "ARSIZE", "ARBURST", "ARVALID", "ARREADY",
             "RDATA", "RRESP", "RLAST", "RVALID", "RREADY"},
    "AXI4LITE": {"AWADDR", "AWVALID", "AWREADY", "WDATA", "WSTRB", "WVALID", "WREADY", "BRESP", "BVALID", "BREADY",
                 "ARADDR", "ARVALID", "ARREADY", "RDATA", "RRESP", "RVALID", "RREADY"},
    "axis": {"TDATA", "TVALID", "TREADY"},
}
WIDTHS = {"LEN": 8, "SIZE": 3, "BURST": 2, "LOCK": 1, "CACHE": 4, "PROT": 3, "QOS": 4, "REGION": 4, "RESP": 2,
          "VALID": 1, "READY": 1, "LAST": 1}


def verilog_ports(text, module):
    """The ports of a module: name to direction and width."""
    head = re.search(rf"^module {re.escape(module)}\b.*?\((.*?)\);", text, re.S | re.M)
    if head is None:
        return None
    ports = {}
    for line in head.group(1).split(",\n"):
        match = re.fullmatch(r"\s*(input|output)\s+(?:\[(\d+):0\]\s+)?(\w+)\s*", line)
        if match:
            ports[match.group(3)] = (match.group(1)[:-3], int(match.group(2) or 0) + 1)
    return ports


class Checker:
    """The faults of one description."""

    def __init__(self, path):
        self.path, self.faults = pathlib.Path(path), []
        try:
            self.root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError as error:
            self.fault(f"is no XML: {error}")
            return
        namespace = self.root.tag[1:].split("}")[0] if self.root.tag.startswith("{") else ""
        self.edition = NAMESPACES.get(namespace)
        if self.edition is None:
            self.fault(f"has the namespace '{namespace}', which is none of IP-XACT's")
            return
        self.prefix = "{" + namespace + "}"
        if self.root.tag != self.prefix + "component":
            self.fault("describes no component")
            return
        self.order()
        self.identity()
        self.ports()
        self.interfaces()
        self.addresses()
        self.views()

    def fault(self, text):
        self.faults.append(f"{self.path.name}: {text}")

    def all(self, element, path):
        return element.findall("/".join(self.prefix + part for part in path.split("/")))

    def text(self, element, path):
        found = self.all(element, path)
        return (found[0].text or "").strip() if found else None

    def attribute(self, element, name):
        return element.get(self.prefix + name if self.edition == "2009" else self.prefix + name)

    def order(self):
        rules = {**ORDER, **(ORDER_2009 if self.edition == "2009" else ORDER_2014)}
        for element in self.root.iter():
            if not isinstance(element.tag, str) or not element.tag.startswith(self.prefix):
                continue
            rule = rules.get(element.tag.removeprefix(self.prefix))
            if rule is None:
                continue
            names = [child.tag.removeprefix(self.prefix) for child in element]
            for name in set(names) - set(rule):
                self.fault(f"has <{name}> in <{element.tag.removeprefix(self.prefix)}>, where it does not belong")
            places = [rule.index(name) for name in names if name in rule]
            if places != sorted(places):
                self.fault(f"has the elements of <{element.tag.removeprefix(self.prefix)}> out of order: {names}")
        seen = set()
        for element in self.root.iter():
            for key in ("id", "parameterId"):
                value = element.get(self.prefix + key) or element.get(key)
                if value is not None and value in seen:
                    self.fault(f"has the identifier '{value}' twice")
                seen.add(value)

    def identity(self):
        for part in ("vendor", "library", "name", "version"):
            text = self.text(self.root, part)
            if not text or not VLNV.fullmatch(text):
                self.fault(f"has '{text}' for its {part}")

    def unique(self, elements, kind):
        names = [self.text(element, "name") for element in elements]
        for name in names:
            if not name or not NAME.fullmatch(name):
                self.fault(f"has a {kind} called '{name}'")
            if names.count(name) > 1:
                self.fault(f"has the {kind} '{name}' twice")
        return names

    def ports(self):
        self.known = {}
        ports = self.all(self.root, "model/ports/port")
        self.unique(ports, "port")
        vector = "wire/vector" if self.edition == "2009" else "wire/vectors/vector"
        for port in ports:
            direction = self.text(port, "wire/direction")
            if direction not in ("in", "out", "inout"):
                self.fault(f"has a port '{self.text(port, 'name')}' that runs '{direction}'")
            left, right = self.text(port, vector + "/left"), self.text(port, vector + "/right")
            width = 1 if left is None else int(left) - int(right or 0) + 1
            self.known[self.text(port, "name")] = (direction, width)

    def interfaces(self):
        elements = self.all(self.root, "busInterfaces/busInterface")
        names = self.unique(elements, "bus interface")
        spaces = self.unique(self.all(self.root, "addressSpaces/addressSpace"), "address space")
        maps = self.unique(self.all(self.root, "memoryMaps/memoryMap"), "memory map")
        mapped, resets, wanted = {}, set(), set()
        for element, name in zip(elements, names):
            types = self.all(element, "busType")
            kind = self.attribute_of(types[0]) if types else None
            where = "portMaps/portMap" if self.edition == "2009" else "abstractionTypes/abstractionType/portMaps/portMap"
            signals = {}
            for entry in self.all(element, where):
                signal, port = self.text(entry, "logicalPort/name"), self.text(entry, "physicalPort/name")
                if port not in self.known:
                    self.fault(f"maps {signal} of '{name}' to '{port}', which is no port")
                    continue
                if signal in signals:
                    self.fault(f"maps {signal} of '{name}' twice")
                if port in mapped:
                    self.fault(f"maps the port '{port}' in '{mapped[port]}' and in '{name}'")
                mapped[port], signals[signal] = name, port
            managers, subordinates = self.all(element, "master"), self.all(element, "slave")
            if len(managers) + len(subordinates) != 1:
                self.fault(f"does not say on which side of '{name}' the component is")
            isManager = bool(managers)
            parameters = {self.text(p, "name"): self.text(p, "value") for p in self.all(element, "parameters/parameter")}
            if kind in ("aximm", "axis"):
                self.bus(name, kind, isManager, signals, parameters)
            if kind == "aximm":
                tag, known = ("master/addressSpaceRef", spaces) if isManager else ("slave/memoryMapRef", maps)
                references = self.all(element, tag)
                target = references[0].get(self.prefix + tag.split("/")[1]) if references else None
                if target not in known:
                    self.fault(f"has '{name}' refer to the addresses '{target}', which are none")
            if kind == "reset":
                resets.add(signals.get("RST"))
                if parameters.get("POLARITY") not in ("ACTIVE_LOW", "ACTIVE_HIGH"):
                    self.fault(f"does not say when the reset '{name}' is active")
            if kind == "clock":
                for bus in filter(None, (parameters.get("ASSOCIATED_BUSIF") or "").split(":")):
                    if bus not in names:
                        self.fault(f"has the clock '{name}' drive '{bus}', which is no bus interface")
                if not (parameters.get("FREQ_HZ") or "").isdigit():
                    self.fault(f"does not say how fast the clock '{name}' is")
                wanted.add(parameters.get("ASSOCIATED_RESET"))
                self.clocked = set((parameters.get("ASSOCIATED_BUSIF") or "").split(":"))
        for reset in wanted - {None} - resets:
            self.fault(f"has a clock whose reset is '{reset}', which is none")
        for element, name in zip(elements, names):
            kind = self.attribute_of(self.all(element, "busType")[0])
            if kind in ("aximm", "axis") and name not in getattr(self, "clocked", set()):
                self.fault(f"has no clock for the bus '{name}'")

    def attribute_of(self, reference):
        """The name in a reference to a library's type, all of whose parts are there."""
        values = [reference.get(self.prefix + part) for part in ("vendor", "library", "name", "version")]
        if None in values:
            self.fault(f"refers to a type by {values}")
        return values[2]

    def bus(self, name, kind, isManager, signals, parameters):
        protocol = parameters.get("PROTOCOL") if kind == "aximm" else "axis"
        if protocol not in NEEDED:
            self.fault(f"has '{name}' follow '{protocol}', which is no protocol")
            return
        for signal in sorted(NEEDED[protocol] - set(signals)):
            self.fault(f"has no {signal} in '{name}'")
        for signal, port in signals.items():
            direction, width = self.known[port]
            isInput = (signal in RETURNING) == isManager
            if direction != ("in" if isInput else "out"):
                self.fault(f"has {signal} of '{name}' run {direction}")
            base = re.sub(r"^(AW|AR|W|B|R|T)", "", signal)
            if base in WIDTHS and width != WIDTHS[base]:
                self.fault(f"has {width} bits for {signal} of '{name}', which has {WIDTHS[base]}")
        for data, strobe in (("WDATA", "WSTRB"), ("TDATA", "TKEEP")):
            if data in signals and strobe in signals:
                bits, bytes_ = self.known[signals[data]][1], self.known[signals[strobe]][1]
                if bits != 8 * bytes_:
                    self.fault(f"has {bytes_} bits for {strobe} of '{name}', whose {data} has {bits}")
        if kind == "aximm" and "WDATA" in signals and "RDATA" in signals:
            if self.known[signals["WDATA"]][1] != self.known[signals["RDATA"]][1]:
                self.fault(f"has words of two widths in '{name}'")

    def addresses(self):
        blocks = self.all(self.root, "memoryMaps/memoryMap/addressBlock") + self.all(
            self.root, "addressSpaces/addressSpace")
        for block in blocks:
            for part in ("range", "width"):
                text = self.text(block, part)
                if not text or not text.isdigit() or int(text) == 0 or int(text) & (int(text) - 1):
                    self.fault(f"has '{text}' for the {part} of '{self.text(block, 'name')}'")
            self.registers(block)

    def registers(self, block):
        registers = self.all(block, "register")
        self.unique(registers, "register")
        taken = {}
        for register in registers:
            name, offset = self.text(register, "name"), int(self.text(register, "addressOffset") or "0", 0)
            size = int(self.text(register, "size") or 0)
            if offset % (size // 8 or 1) or offset + size // 8 > int(self.text(block, "range")):
                self.fault(f"has the register '{name}' at {offset}, where it does not fit")
            if offset in taken:
                self.fault(f"has the registers '{name}' and '{taken[offset]}' at {offset}")
            taken[offset], bits = name, 0
            for field in self.all(register, "field"):
                mask = ((1 << int(self.text(field, "bitWidth"))) - 1) << int(self.text(field, "bitOffset"))
                if mask & bits or mask >> size:
                    self.fault(f"has the field '{self.text(field, 'name')}' of '{name}' where it does not fit")
                bits |= mask

    def views(self):
        sets = {self.text(s, "name"): s for s in self.all(self.root, "fileSets/fileSet")}
        views = self.all(self.root, "model/views/view")
        self.unique(views, "view")
        if not any("synthesis" in (self.text(view, "envIdentifier") or "") for view in views):
            self.fault("has no view for synthesis")
        instantiations = {self.text(i, "name"): i for i in self.all(self.root, "model/instantiations/componentInstantiation")}
        for view in views:
            holder, tag = view, "modelName"
            if self.edition == "2014":
                holder, tag = instantiations.get(self.text(view, "componentInstantiationRef")), "moduleName"
                if holder is None:
                    self.fault(f"has no instantiation for the view '{self.text(view, 'name')}'")
                    continue
            files = sets.get(self.text(holder, "fileSetRef/localName"))
            if files is None:
                self.fault(f"has no files for the view '{self.text(view, 'name')}'")
                continue
            self.module(self.text(holder, tag), files)

    def module(self, name, files):
        sources, seen = "", set()
        for file in self.all(files, "file"):
            path = self.text(file, "name")
            if path in seen:
                self.fault(f"lists the file '{path}' twice")
            seen.add(path)
            place = self.path.parent / path
            if path.startswith("/") or ".." in path.split("/") or not place.is_file():
                self.fault(f"lists the file '{path}', which is not there")
            elif self.text(file, "fileType") == "verilogSource":
                sources += place.read_text()
        for image in re.findall(r'\$readmemh\("([^"]+)"', sources):
            if not any(path.split("/")[-1] == image for path in seen):
                self.fault(f"leaves out the image '{image}' that the Verilog reads")
        ports = verilog_ports(sources, name)
        if ports is None:
            self.fault(f"has no module '{name}' in its files")
        elif ports != self.known:
            odd = sorted(key for key in ports.keys() | self.known.keys() if ports.get(key) != self.known.get(key))
            self.fault(f"has ports that are not those of '{name}': {', '.join(odd)}")


def faults(path):
    """What is wrong with the description at a path."""
    return Checker(path).faults


# Changes to a sound description, each of which has to be found: what is replaced, in which edition, by what. `facts` says
# what stands in braces.
DEFECTS = [
    ("no end", None, "</{p}:component>", ""),
    ("another namespace", None, "1685-20", "1685-19"),
    ("no vendor", None, "<{p}:vendor>weft.local</{p}:vendor>", ""),
    ("a name with a space", None, "<{p}:name>{name}</{p}:name>", "<{p}:name>A block</{p}:name>"),
    ("a port that is not there", None, "<{p}:name>s_axi_awaddr</{p}:name>\n          </{p}:physicalPort>",
     "<{p}:name>s_axi_awadr</{p}:name>\n          </{p}:physicalPort>"),
    ("a signal under another name", None, "<{p}:name>AWADDR</{p}:name>", "<{p}:name>AWADR</{p}:name>"),
    ("a port that runs the other way", None, "<{p}:name>s_axi_awready</{p}:name>\n        <{p}:wire>\n"
     "          <{p}:direction>out", "<{p}:name>s_axi_awready</{p}:name>\n        <{p}:wire>\n          <{p}:direction>in"),
    ("a port of another width", None, "<{p}:left>31</{p}:left>", "<{p}:left>30</{p}:left>"),
    ("addresses that are none", None, '{p}:memoryMapRef="s_axi"', '{p}:memoryMapRef="registers"'),
    ("an address space that is none", None, '{p}:addressSpaceRef="m_axi"', '{p}:addressSpaceRef="memory"'),
    ("a range of zero", None, "<{p}:range>{range}</{p}:range>", "<{p}:range>0</{p}:range>"),
    ("a clock of a bus that is none", None, "{buses}", "{buses}s"),
    ("a reset that is none", None, ">{reset}</{p}:value>", ">{reset}s</{p}:value>"),
    ("no polarity", None, "{polarity}", "LOW"),
    ("a file that is not there", None, "{source}", "rtl/missing.v"),
    ("a file outside", None, "{source}", "../{folder}/{source}"),
    ("another module", "2009", "<{p}:modelName>{module}", "<{p}:modelName>Missing"),
    ("another module", "2014", "<{p}:moduleName>{module}", "<{p}:moduleName>Missing"),
    ("elements out of order", None, "<{p}:library>user</{p}:library>\n  <{p}:name>{name}</{p}:name>",
     "<{p}:name>{name}</{p}:name>\n  <{p}:library>user</{p}:library>"),
    ("another protocol", None, "AXI4LITE", "AXI3"),
    ("no view for synthesis", None, ":vivado.xilinx.com:synthesis", ":vivado.xilinx.com:other"),
]


def facts(path, text):
    """What defects are put into: names and numbers of the sound description at a path."""
    def first(pattern):
        found = re.search(pattern, text, re.S)
        return found.group(1) if found else "?"

    prefix = "spirit" if "spirit:component" in text else "ipxact"
    value = rf"</{prefix}:name>\s*<{prefix}:value[^>]*>([^<]+)<"
    return {
        "p": prefix, "folder": path.resolve().parent.name, "name": first(rf"<{prefix}:name>([^<]+)<"),
        "range": first(rf"<{prefix}:range>([^<]+)<"), "buses": first("ASSOCIATED_BUSIF" + value),
        "reset": first("ASSOCIATED_RESET" + value), "polarity": first("POLARITY" + value),
        # The top module is the last that is listed.
        "source": re.findall(rf"<{prefix}:name>(rtl/[^<]+\.v)<", text)[-1],
        "module": first(rf"<{prefix}:mod(?:el|ule)Name>([^<]+)<"),
    }


def missed_defects(path):
    """The defects that are not found once they are put into the sound description at a path."""
    path = pathlib.Path(path)
    sound, missed = path.read_text(), []
    known = facts(path, sound)
    edition = "2009" if known["p"] == "spirit" else "2014"
    broken = path.with_name("broken.xml")
    for title, only, old, new in DEFECTS:
        if only not in (None, edition):
            continue
        old, new = old.format(**known), new.format(**known)
        # However the lines are indented.
        pattern = r"\s*".join(re.escape(line.strip()) for line in old.split("\n"))
        text = re.sub(pattern, lambda _: new, sound, count=title != "another module")
        if text == sound:
            missed.append(f"{title}: '{old}' is not in {path.name}")
            continue
        broken.write_text(text)
        if not faults(broken):
            missed.append(title)
    broken.unlink()
    return missed
