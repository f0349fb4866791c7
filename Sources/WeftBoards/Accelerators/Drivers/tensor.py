"""What goes into an accelerator and what comes out of it, as numpy arrays."""
import numpy


class Tensor:
    """An input or an output: its name, and how its elements lie in memory."""

    def __init__(self, description):
        self.name = description["name"]
        self.shape = tuple(description["shape"])
        self.dtype = numpy.dtype(description["type"]).newbyteorder("<")
        self.scale = description["scale"]
        self.zero_point = description["zeroPoint"]
        self.range = tuple(description["range"])
        self.bytes = description["bytes"]

    def quantize(self, reals):
        """The integers that stand for real numbers."""
        codes = numpy.rint(numpy.asarray(reals, numpy.float32) / numpy.float32(self.scale)) + self.zero_point
        return numpy.clip(codes, *self.range).astype(self.dtype)

    def dequantize(self, codes):
        """The real numbers for which integers stand."""
        return (codes.astype(numpy.int32) - self.zero_point).astype(numpy.float32) * numpy.float32(self.scale)

    def codes(self, values):
        """The integers of an array of either kind, in the shape that this tensor has in memory."""
        values = numpy.asarray(values)
        if values.size != numpy.prod(self.shape):
            raise ValueError(f"'{self.name}' has the shape {self.shape}; an array of {values.shape} was given")
        if numpy.issubdtype(values.dtype, numpy.floating):
            values = self.quantize(values)
        elif values.size and not (self.range[0] <= values.min() and values.max() <= self.range[1]):
            raise ValueError(f"'{self.name}' has integers from {self.range[0]} to {self.range[1]}")
        return numpy.ascontiguousarray(values.reshape(self.shape), self.dtype)
