#!/usr/bin/env python3
"""The multiply-accumulate array of WeftBench in other languages, to be measured beside it.

The array is size x size processing elements; in each cycle in which it is enabled, an element adds the product of its
row's and its column's int8 operand to its 32-bit sum.

usage: peers.py elaborate LANGUAGE SIZE    prints the seconds of processor time from nothing to Verilog
       peers.py simulate LANGUAGE CYCLES   prints the cycles a second of the 8 x 8 array, one write and one read in each
"""
import sys
import time


def with_amaranth(size):
    from amaranth.hdl import Elaboratable, Module, Signal, signed

    class Element(Elaboratable):
        def __init__(self):
            self.enable = Signal()
            self.left, self.right = Signal(signed(8)), Signal(signed(8))
            self.sum = Signal(signed(32))

        def elaborate(self, platform):
            m = Module()
            with m.If(self.enable):
                m.d.sync += self.sum.eq(self.sum + self.left * self.right)
            return m

    class Array(Elaboratable):
        def __init__(self):
            self.enable = Signal()
            self.left = [Signal(signed(8), name=f"left{i}") for i in range(size)]
            self.right = [Signal(signed(8), name=f"right{i}") for i in range(size)]
            self.sums = [Signal(signed(32), name=f"sum{i}") for i in range(size * size)]

        def elaborate(self, platform):
            m = Module()
            for row in range(size):
                for column in range(size):
                    element = Element()
                    m.submodules[f"element{row}_{column}"] = element
                    m.d.comb += [
                        element.enable.eq(self.enable),
                        element.left.eq(self.left[row]),
                        element.right.eq(self.right[column]),
                        self.sums[row * size + column].eq(element.sum)]
            return m

    return Array()


def elaborate_amaranth(size):
    from amaranth.back import verilog
    top = with_amaranth(size)
    return verilog.convert(top, ports=[top.enable, *top.left, *top.right, *top.sums])


def elaborate_migen(size):
    from migen import If, Module, Signal
    from migen.fhdl import verilog

    class Element(Module):
        def __init__(self):
            self.enable = Signal()
            self.left, self.right = Signal((8, True)), Signal((8, True))
            self.sum = Signal((32, True))
            self.sync += If(self.enable, self.sum.eq(self.sum + self.left * self.right))

    class Array(Module):
        def __init__(self):
            self.enable = Signal()
            self.left = [Signal((8, True), name=f"left{i}") for i in range(size)]
            self.right = [Signal((8, True), name=f"right{i}") for i in range(size)]
            self.sums = [Signal((32, True), name=f"sum{i}") for i in range(size * size)]
            for row in range(size):
                for column in range(size):
                    element = Element()
                    self.submodules += element
                    self.comb += [
                        element.enable.eq(self.enable),
                        element.left.eq(self.left[row]),
                        element.right.eq(self.right[column]),
                        self.sums[row * size + column].eq(element.sum)]

    top = Array()
    return str(verilog.convert(top, ios={top.enable, *top.left, *top.right, *top.sums}))


def with_pyrtl(size):
    import pyrtl
    pyrtl.reset_working_block()
    enable = pyrtl.Input(1, "enable")
    left = [pyrtl.Input(8, f"left{i}") for i in range(size)]
    right = [pyrtl.Input(8, f"right{i}") for i in range(size)]
    for row in range(size):
        for column in range(size):
            total = pyrtl.Register(32, f"total{row}_{column}")
            product = pyrtl.signed_mult(left[row], right[column]).sign_extended(32)
            with pyrtl.conditional_assignment:
                with enable:
                    total.next |= (total + product).truncate(32)
            output = pyrtl.Output(32, f"sum{row * size + column}")
            output <<= total


def elaborate_pyrtl(size):
    import io
    import pyrtl
    with_pyrtl(size)
    text = io.StringIO()
    pyrtl.output_to_verilog(text)
    return text.getvalue()


def elaborate_veriloggen(size):
    import veriloggen as v
    element = v.Module("element")
    clock, enable = element.Input("clock"), element.Input("enable")
    left = element.Input("left", 8, signed=True)
    right = element.Input("right", 8, signed=True)
    total = element.OutputReg("sum", 32, signed=True)
    element.Always(v.Posedge(clock))(v.If(enable)(total(total + left * right)))
    array = v.Module("array")
    clock, enable = array.Input("clock"), array.Input("enable")
    left, right = array.Input("left", 8 * size), array.Input("right", 8 * size)
    sums = array.Output("sums", 32 * size * size)
    for row in range(size):
        for column in range(size):
            low = 32 * (row * size + column)
            array.Instance(
                element, f"element{row}_{column}",
                ports=[
                    ("clock", clock), ("enable", enable),
                    ("left", v.Slice(left, 8 * row + 7, 8 * row)), ("right", v.Slice(right, 8 * column + 7, 8 * column)),
                    ("sum", v.Slice(sums, low + 31, low))])
    return array.to_verilog()


def simulate_amaranth(cycles):
    from amaranth.sim import Simulator
    top = with_amaranth(8)
    simulator = Simulator(top)
    simulator.add_clock(1e-6)
    taken = []

    async def bench(context):
        context.set(top.enable, 1)
        context.set(top.right[1], 3)
        start = time.perf_counter()
        for cycle in range(cycles):
            context.set(top.left[0], cycle % 127)
            await context.tick()
            context.get(top.sums[1])
        taken.append(time.perf_counter() - start)

    simulator.add_testbench(bench)
    simulator.run()
    return taken[0]


def simulate_pyrtl(cycles):
    import pyrtl
    with_pyrtl(8)
    output = pyrtl.working_block().get_wirevector_by_name("sum1")
    simulation = pyrtl.CompiledSimulation(tracer=pyrtl.SimulationTrace([output]))
    values = {"enable": 1, **{f"left{i}": 0 for i in range(8)}, **{f"right{i}": 3 for i in range(8)}}
    start = time.perf_counter()
    for cycle in range(cycles):
        values["left0"] = cycle % 127
        simulation.step(values)
        simulation.inspect("sum1")
    return time.perf_counter() - start


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("elaborate", "simulate") or not sys.argv[3].isdigit():
        sys.exit(__doc__)
    action = globals().get(f"{sys.argv[1]}_{sys.argv[2]}")
    if action is None:
        sys.exit(f"peers.py: {sys.argv[2]} is not measured for `{sys.argv[1]}`")
    count = int(sys.argv[3])
    if sys.argv[1] == "simulate":
        print(count / action(count))
        return
    start = time.process_time()
    text = action(count)
    seconds = time.process_time() - start
    if len(text) < 1000:
        sys.exit(f"peers.py: {sys.argv[2]} wrote no array")
    print(seconds)


main()
