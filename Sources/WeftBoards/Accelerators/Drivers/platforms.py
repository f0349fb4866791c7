"""What an accelerator's driver stands on: a board under PYNQ, or a simulation."""
import subprocess
import time

import numpy


class PynqPlatform:
    """A board under PYNQ, with the bitstream loaded."""

    def __init__(self, bitstream, block="block"):
        import pynq
        self._pynq = pynq
        self._overlay = pynq.Overlay(str(bitstream))
        description = self._overlay.ip_dict[block]
        self._registers = pynq.MMIO(description["phys_addr"], description["addr_range"])
        self._interrupt = pynq.Interrupt(f"{block}/irq")

    def read(self, offset):
        return self._registers.read(offset)

    def write(self, offset, word):
        self._registers.write(offset, word)

    def allocate(self, count):
        return _PynqBuffer(self._pynq.allocate((count,), dtype="u1"))

    async def interrupt(self):
        await self._interrupt.wait()

    def pause(self):
        pass

    def now(self):
        return time.monotonic()

    def close(self):
        self._overlay.free()


class _PynqBuffer:
    def __init__(self, array):
        self._array = array
        self.address = array.device_address

    def write(self, values, first=0):
        self._array[first:first + len(values)] = values
        self._array.flush()

    def read(self, count):
        self._array.invalidate()
        return numpy.array(self._array[:count])


class EmulatedPlatform:
    """A simulation, whose time passes at the board's clock: `command` is `weft emulate` with the arguments that
    `weft export` had."""

    def __init__(self, command):
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._next = int(self._ask("memory").split()[0], 16)

    def _ask(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        if not answer.startswith("ok"):
            raise RuntimeError(answer or "the emulation has ended")
        return answer[2:].strip()

    def read(self, offset):
        return int(self._ask(f"read {offset:x}"), 16)

    def write(self, offset, word):
        self._ask(f"write {offset:x} {word:x}")

    def allocate(self, count):
        address = self._next
        self._next += (count + 8191) & ~4095
        return _EmulatedBuffer(self._ask, address)

    async def interrupt(self):
        while self._ask("run 10000") == "0":
            pass

    def pause(self):
        self._ask("run 1000")

    def now(self):
        return int(self._ask("time")) / 1e9

    def close(self):
        self._process.stdin.close()
        self._process.wait()


class _EmulatedBuffer:
    def __init__(self, ask, address):
        self._ask = ask
        self.address = address

    def write(self, values, first=0):
        self._ask(f"store {self.address + first:x} {bytes(values).hex()}")

    def read(self, count):
        return numpy.frombuffer(bytes.fromhex(self._ask(f"load {self.address:x} {count:x}")), numpy.uint8).copy()
