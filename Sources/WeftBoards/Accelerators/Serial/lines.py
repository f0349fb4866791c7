"""The serial lines that an accelerator's driver stands on: a port of this machine, or a simulation."""
import subprocess
import time


class PortLine:
    """A serial port, such as /dev/ttyUSB0."""

    def __init__(self, port, baud):
        import serial
        self._port = serial.Serial(port, baud, timeout=0.1)

    def write(self, data):
        self._port.write(data)

    def read(self):
        """What has come; nothing where nothing comes for a while."""
        return self._port.read(max(1, self._port.in_waiting))

    def send_break(self):
        """Breaks the line, and forgets what has come."""
        self._port.send_break(0.01)
        time.sleep(0.01)
        self._port.reset_input_buffer()

    def now(self):
        return time.monotonic()

    def close(self):
        self._port.close()


class EmulatedLine:
    """A simulation, whose line is as fast as it can be: `command` is `weft emulate` with the arguments that
    `weft export` had."""

    def __init__(self, command):
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def _ask(self, request):
        self._process.stdin.write(request + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        if not answer.startswith("ok"):
            raise RuntimeError(answer or "the emulation has ended")
        return answer[2:].strip()

    def write(self, data):
        self._ask(f"send {bytes(data).hex()}")

    def read(self):
        return bytes.fromhex(self._ask("receive 100000"))

    def send_break(self):
        self._ask("break")

    def now(self):
        return int(self._ask("time")) / 1e9

    def close(self):
        self._process.stdin.close()
        self._process.wait()
