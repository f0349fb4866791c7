"""Runs an accelerator behind a serial line: numpy arrays in, numpy arrays out."""
import asyncio
import collections
import json
import pathlib

import numpy

from .tensor import Tensor

_FOLDER = pathlib.Path(__file__).parent
_ELEMENTS, _CREDIT, _IDENTITY, _ERROR = range(4)
_FAULTS = {1: "a packet was of no kind", 2: "an input got more elements than there is room for", 3: "a byte was garbled"}


class AcceleratorError(RuntimeError):
    """The accelerator is not the one that this driver is for, does not answer, or did not understand the host."""


class Output(Tensor):
    """An output, whose elements come in the order in which the accelerator makes them."""

    def __init__(self, description):
        super().__init__(description["tensor"])
        self.order = description["order"]
        self.frames = self.shape[0] if len(self.shape) == 4 else 1
        self._places = self._find_places()
        self.packet_bytes = self.order["elementsPerPacket"] * self.dtype.itemsize
        self.bytes = self.frames * len(self._places) * self.dtype.itemsize

    def _find_places(self):
        """For each element of a frame that comes, its place in channel, row, column order; -1 where it counts for
        nothing."""
        order, (_, height, width) = self.order, self.shape[-3:]
        lane = numpy.arange(order["rowLanes"] * order["channelLanes"])
        columns = numpy.arange(order["columns"])[:, None, None] * order["horizontalPhases"]
        places = []
        for group in range(order["rowGroups"]):
            rows = order["rowsInLastGroup"] if group == order["rowGroups"] - 1 else order["rowsPerGroup"]
            for steps in order["passes"]:
                row, phase_row, phase_column, channel = (
                    numpy.array([step[part] for step in steps if step[0] < rows], int)[None, :, None]
                    for part in range(4))
                row = row + lane // order["channelLanes"]
                channel = channel + lane % order["channelLanes"]
                map_row = (group * order["rowsPerGroup"] + row) * order["verticalPhases"] + phase_row
                place = (channel * height + map_row) * width + columns + phase_column
                places.append(numpy.where(row < rows, place, -1).reshape(-1))
        return numpy.concatenate(places)

    def arrange(self, data):
        """The tensor of the bytes that came."""
        elements = numpy.frombuffer(data, self.dtype).reshape(self.frames, -1)
        result = numpy.zeros((self.frames, int(numpy.prod(self.shape[-3:]))), self.dtype)
        counts = self._places >= 0
        result[:, self._places[counts]] = elements[:, counts]
        return result.reshape(self.shape)


class Accelerator:
    """An accelerator on a board, at a serial port.

    >>> accelerator = Accelerator("/dev/ttyUSB0")
    >>> outputs = accelerator.run(latent=numpy.load("latent.npy"))
    """

    def __init__(self, port=None, line=None):
        self.description = json.loads((_FOLDER / "description.json").read_text())
        self.inputs = [Tensor(tensor) for tensor in self.description["inputs"]]
        self.outputs = [Output(output) for output in self.description["outputs"]]
        if line is None:
            from .lines import PortLine
            line = PortLine(port or "/dev/ttyUSB0", self.description["baud"])
        self._line = line
        self.restart()

    def restart(self, seconds=10.0):
        """Begins anew: frames that were started are forgotten."""
        self._line.send_break()
        self._received = bytearray()
        self._waiting = [bytearray() for _ in self.inputs]
        self._room = [self.description["capacity"] for _ in self.inputs]
        self._results = [bytearray() for _ in self.outputs]
        self._frames = collections.deque()
        self._started = 0
        self._identity = None
        self._line.write(bytes([_IDENTITY << 6]))
        self._until(lambda: self._identity is not None, seconds)
        if self._identity != self.description["hash"]:
            raise AcceleratorError(
                f"the accelerator is 0x{self._identity:08x}; this driver is for 0x{self.description['hash']:08x}")

    # The line

    def _until(self, condition, seconds):
        end = self._line.now() + seconds
        while not condition():
            self._send()
            data = self._line.read()
            self._received += data
            while self._take_packet():
                pass
            if data:
                end = self._line.now() + seconds
            elif self._line.now() > end:
                raise AcceleratorError("the accelerator does not answer; is its bitstream loaded?")

    def _send(self):
        for index, (tensor, data) in enumerate(zip(self.inputs, self._waiting)):
            size = tensor.dtype.itemsize
            while data and self._room[index]:
                count = min(255, self._room[index], len(data) // size)
                self._line.write(bytes([_ELEMENTS << 6 | index, count]) + data[:count * size])
                del data[:count * size]
                self._room[index] -= count

    def _take_packet(self):
        """Takes one packet of what was received, where one is complete."""
        if not self._received:
            return False
        kind, index = self._received[0] >> 6, self._received[0] & 63
        if kind == _ELEMENTS and index < len(self.outputs):
            length = 1 + self.outputs[index].packet_bytes
        else:
            length = {_CREDIT: 1, _IDENTITY: 5, _ERROR: 1}.get(kind, 0)
        if len(self._received) < length:
            return False
        packet = bytes(self._received[1:length])
        del self._received[:max(1, length)]
        if kind == _ELEMENTS and length:
            self._results[index] += packet
        elif kind == _CREDIT and index < len(self.inputs):
            self._room[index] += self.description["credit"]
        elif kind == _IDENTITY:
            self._identity = int.from_bytes(packet, "little")
        else:
            raise AcceleratorError(
                f"the line is disturbed: {_FAULTS.get(index, 'a packet is of no kind')}; restart() begins anew")
        return True

    # Frames

    def start(self, **inputs):
        """Starts a frame. Inputs are real numbers, or the integers that stand for them."""
        if set(inputs) != {tensor.name for tensor in self.inputs}:
            raise ValueError("the inputs are " + ", ".join(tensor.name for tensor in self.inputs))
        codes = [tensor.codes(inputs[tensor.name]) for tensor in self.inputs]
        for data, array in zip(self._waiting, codes):
            # Elements travel by pixels, all channels of one together.
            data += numpy.moveaxis(array, -3, -1).tobytes()
        frame = self._started
        self._started += 1
        self._frames.append(frame)
        return frame

    def wait(self, frame, seconds=10.0, as_reals=False):
        """The outputs of the oldest frame, once it is done: integers, or the real numbers for which they stand."""
        if not self._frames or frame != self._frames[0]:
            raise ValueError("frames are waited for in the order in which they were started, each once")
        self._until(
            lambda: all(len(data) >= output.bytes for data, output in zip(self._results, self.outputs)), seconds)
        self._frames.popleft()
        outputs = {}
        for output, data in zip(self.outputs, self._results):
            codes = output.arrange(bytes(data[:output.bytes]))
            del data[:output.bytes]
            outputs[output.name] = output.dequantize(codes) if as_reals else codes
        return outputs

    async def finish(self, frame, as_reals=False):
        """As wait(), beside other work."""
        return await asyncio.to_thread(self.wait, frame, as_reals=as_reals)

    def run(self, as_reals=False, **inputs):
        """The outputs for the inputs of a frame."""
        return self.wait(self.start(**inputs), as_reals=as_reals)

    def measure(self, frames=8, **inputs):
        """Frames a second over the line, one behind the other; of zeros unless inputs are given."""
        inputs = inputs or {tensor.name: numpy.full(tensor.shape, tensor.zero_point) for tensor in self.inputs}
        begin = self._line.now()
        for frame in [self.start(**inputs) for _ in range(frames)]:
            self.wait(frame)
        return frames / (self._line.now() - begin)

    def close(self):
        """Gives the line back."""
        self._line.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
