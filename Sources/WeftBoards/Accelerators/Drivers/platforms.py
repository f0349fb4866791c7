"""What an accelerator's driver stands on: a board under PYNQ, one behind PCI Express, or a simulation."""
import asyncio
import mmap
import os
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


class XdmaPlatform:
    """A board behind PCI Express, with the bitstream loaded, under the host's driver of the XDMA: registers are the
    file `DEVICE_user`, memory is written to `DEVICE_h2c_0` and read from `DEVICE_c2h_0`, and `DEVICE_events_0` gives a
    word for each interrupt. `memory` is how many bytes of the board's memory may be taken, from `first` on."""

    def __init__(self, device="/dev/xdma0", memory=4 << 30, first=0):
        self._files = []
        try:
            user = self._open(f"{device}_user", os.O_RDWR | os.O_SYNC)
            self._to_board = self._open(f"{device}_h2c_0", os.O_WRONLY)
            self._from_board = self._open(f"{device}_c2h_0", os.O_RDONLY)
            self._events = self._open(f"{device}_events_0", os.O_RDONLY | os.O_NONBLOCK)
            self._map = mmap.mmap(user, 65536)
        except OSError as error:
            self._close_files()
            raise RuntimeError(f"{error}; is the bitstream loaded, and the driver of the XDMA?") from error
        # Registers are read and written as whole words.
        self._registers = memoryview(self._map).cast("I")
        self._next, self._end = first, first + memory

    def _open(self, path, flags):
        self._files.append(os.open(path, flags))
        return self._files[-1]

    def _close_files(self):
        while self._files:
            os.close(self._files.pop())

    def read(self, offset):
        return self._registers[offset // 4]

    def write(self, offset, word):
        self._registers[offset // 4] = word

    def allocate(self, count):
        address = -(-self._next // 4096) * 4096
        if address + count > self._end:
            raise MemoryError(f"the board's memory has no {count} bytes left")
        self._next = address + count
        return _XdmaBuffer(self._to_board, self._from_board, address)

    async def interrupt(self):
        came = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._events, came.set)
        try:
            while True:
                await came.wait()
                came.clear()
                try:
                    if os.read(self._events, 4):
                        return
                except BlockingIOError:
                    pass
        finally:
            loop.remove_reader(self._events)

    def pause(self):
        pass

    def now(self):
        return time.monotonic()

    def close(self):
        self._registers.release()
        self._map.close()
        self._close_files()


class _XdmaBuffer:
    # The most bytes that are moved at once.
    PART = 1 << 22

    def __init__(self, to_board, from_board, address):
        self._to_board, self._from_board = to_board, from_board
        self.address = address

    def write(self, values, first=0):
        data = memoryview(numpy.ascontiguousarray(values, numpy.uint8))
        done = 0
        while done < len(data):
            done += self._moved(os.pwrite(self._to_board, data[done:done + self.PART], self.address + first + done))

    def read(self, count):
        data = bytearray()
        while len(data) < count:
            part = os.pread(self._from_board, min(self.PART, count - len(data)), self.address + len(data))
            self._moved(len(part))
            data += part
        return numpy.frombuffer(data, numpy.uint8)

    def _moved(self, count):
        if count == 0:
            raise RuntimeError(f"the DMA moves nothing at 0x{self.address:x}")
        return count


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
