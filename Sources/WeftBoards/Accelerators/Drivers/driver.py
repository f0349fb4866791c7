"""Runs an accelerator: numpy arrays in, numpy arrays out."""
import collections
import json
import pathlib

import numpy

from .accelerator_registers import Accelerator as Registers, ErrorOutcome
from .tensor import Tensor

_FOLDER = pathlib.Path(__file__).parent
_MAGIC, _REVISION = 0x57656674, 1


class AcceleratorError(RuntimeError):
    """The accelerator is not the one that this driver is for, or has stopped with an error."""


class Frame:
    """A frame that was started."""

    def __init__(self, number, slot):
        self.number = number
        self.slot = slot


class Accelerator:
    """An accelerator on a board.

    >>> accelerator = Accelerator()
    >>> outputs = accelerator.run(latent=numpy.load("latent.npy"))
    """

    def __init__(self, platform=None):
        self.description = json.loads((_FOLDER / "description.json").read_text())
        self.inputs = [Tensor(tensor) for tensor in self.description["inputs"]]
        self.outputs = [Tensor(tensor) for tensor in self.description["outputs"]]
        if platform is None:
            from .platforms import PynqPlatform, XdmaPlatform
            is_pynq = self.description["platform"] == "pynq"
            platform = PynqPlatform(_FOLDER / self.description["bitstream"]) if is_pynq else XdmaPlatform()
        self._platform = platform
        self.registers = Registers(platform)
        self._check()
        self._parameters = self._load_parameters()
        self._slots = [
            ([platform.allocate(tensor.bytes) for tensor in self.inputs],
             [platform.allocate(tensor.bytes) for tensor in self.outputs])
            for _ in range(self.description["framesInFlight"])
        ]
        self._waiting = collections.deque()
        self._started = 0
        self.restart()

    def _check(self):
        registers = self.registers
        if registers.identity.magic != _MAGIC or registers.version.revision != _REVISION:
            raise AcceleratorError("there is no accelerator of this kind; is its bitstream loaded?")
        found, expected = registers.configuration.hash, self.description["hash"]
        if found != expected:
            raise AcceleratorError(f"the accelerator is 0x{found:08x}; this driver is for 0x{expected:08x}")

    def _load_parameters(self):
        path = _FOLDER / "parameters.bin"
        if not path.exists():
            return None
        image = numpy.fromfile(path, numpy.uint8)
        # The image begins at a multiple of 4,096 bytes.
        buffer = self._platform.allocate(len(image) + 4096)
        first = -buffer.address % 4096
        buffer.write(image, first)
        return buffer, buffer.address + first

    def _set_address(self, name, address, index=None):
        for part, word in ((name, address & 0xFFFFFFFF), (f"{name}_high", address >> 32)):
            register = getattr(self.registers, part, None)
            if register is None:
                if word:
                    raise AcceleratorError(f"memory at 0x{address:x} is out of the accelerator's reach")
                continue
            (register if index is None else register[index]).write_word(word)

    def restart(self):
        """Begins anew: frames that were started are forgotten, and so is an error."""
        registers = self.registers
        registers.control.write_word(0)
        self._until(lambda: registers.status.idle and not registers.status.running)
        if self._parameters:
            self._set_address("parameters_address", self._parameters[1])
        registers.interrupt_pending.write_word(0xFFFFFFFF)
        enable = registers.interrupt_enable
        enable.frame_done, enable.failure = 1, 1
        registers.control.enable = 1
        self._until(lambda: registers.status.running)
        self._waiting.clear()
        self._started = 0

    def _until(self, condition, seconds=10.0):
        end = self._platform.now() + seconds
        while not condition():
            if self._platform.now() > end:
                raise AcceleratorError("the accelerator does not answer")
            self._platform.pause()

    # Frames

    @property
    def room(self):
        """The frames that can be started before one is waited for."""
        return len(self._slots) - len(self._waiting)

    def start(self, **inputs):
        """Starts a frame. Inputs are real numbers, or the integers that stand for them."""
        if set(inputs) != {tensor.name for tensor in self.inputs}:
            raise ValueError("the inputs are " + ", ".join(tensor.name for tensor in self.inputs))
        if not self.room:
            raise AcceleratorError(f"{len(self._slots)} frames are under way; wait for one of them")
        frame = Frame(self._started, self._started % len(self._slots))
        sources, targets = self._slots[frame.slot]
        for index, (tensor, buffer) in enumerate(zip(self.inputs, sources)):
            buffer.write(tensor.codes(inputs[tensor.name]).view(numpy.uint8).reshape(-1))
            self._set_address("input_address", buffer.address, index)
        for index, buffer in enumerate(targets):
            self._set_address("output_address", buffer.address, index)
        self._fail_if_stopped()
        self.registers.control.start = 1
        self._started += 1
        self._waiting.append(frame)
        return frame

    def _fail_if_stopped(self):
        if self.registers.status.failed:
            outcome, source = self.registers.error.outcome, self.registers.error.source
            names = [tensor.name for tensor in self.inputs + self.outputs] + ["parameters"]
            kind = ErrorOutcome(outcome).name.lower().replace("_", " ")
            raise AcceleratorError(f"the accelerator stopped: {kind} at '{names[source]}'; restart() begins anew")

    def _is_done(self, frame):
        # The counter has 32 bits.
        if (self.registers.frame_count.frames - frame.number - 1) & 0x80000000 == 0:
            return True
        self._fail_if_stopped()
        return False

    def _collect(self, frame, as_reals):
        if frame not in self._waiting:
            raise ValueError("the frame was waited for already, or forgotten by restart()")
        self._waiting.remove(frame)
        outputs = {}
        for tensor, buffer in zip(self.outputs, self._slots[frame.slot][1]):
            codes = buffer.read(tensor.bytes).view(tensor.dtype).reshape(tensor.shape)
            outputs[tensor.name] = tensor.dequantize(codes) if as_reals else codes
        return outputs

    def wait(self, frame, seconds=10.0, as_reals=False):
        """The outputs of a frame, once it is done: integers, or the real numbers for which they stand."""
        self._until(lambda: self._is_done(frame), seconds)
        return self._collect(frame, as_reals)

    async def finish(self, frame, as_reals=False):
        """As wait(), but sleeps until the accelerator interrupts."""
        while not self._is_done(frame):
            self.registers.interrupt_pending.write_word(0xFFFFFFFF)
            if self._is_done(frame):
                break
            await self._platform.interrupt()
        return self._collect(frame, as_reals)

    def run(self, as_reals=False, **inputs):
        """The outputs for the inputs of a frame."""
        return self.wait(self.start(**inputs), as_reals=as_reals)

    def measure(self, frames=32, **inputs):
        """Frames a second, with as many under way as there may be; of zeros unless inputs are given."""
        inputs = inputs or {tensor.name: numpy.full(tensor.shape, tensor.zero_point) for tensor in self.inputs}
        begin = self._platform.now()
        under_way = collections.deque()
        for _ in range(frames):
            if not self.room:
                self.wait(under_way.popleft())
            under_way.append(self.start(**inputs))
        for frame in under_way:
            self.wait(frame)
        return frames / (self._platform.now() - begin)

    @property
    def cycles_per_frame(self):
        """The cycles from the end of the frame before the last to that of the last."""
        return self.registers.frame_time.frame_cycles

    def close(self):
        """Stops the accelerator and gives its memory back."""
        self.registers.control.write_word(0)
        self._until(lambda: self.registers.status.idle and not self.registers.status.running)
        self._platform.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
