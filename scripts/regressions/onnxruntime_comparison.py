#!/usr/bin/env python3
"""Compares Weft's integer reference with ONNX Runtime.

Single QLinearConv layers, ten million values: at most 20 per million may differ, each by 1, and each
at a tie within the rounding of float32. Photo decoders: the PSNR against the original photos must be
within 0.3 dB of the runtime's on the same model, and that of Weft's own quantisation within 0.3 dB of
the float32 decoder's. Built-in models: the files pass ONNX's checker, what Weft computes in float32 is what the
runtime does, and its integers come within 20 dB of that, also as the QDQ model that it writes, small, read by the
runtime. Needs the packages of requirements.txt.

usage: onnxruntime_comparison.py [--weft PATH] [--values N] [--seed N]
"""
import argparse
import math
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "Models" / "photo-decoder"


def run_weft(weft, folder, model, inputs, output, engine="reference"):
    """One output of a model as `weft run` computes it, as real numbers."""
    result = folder / "result.npy"
    command = [str(weft), "run", str(model), "--engine", engine]
    for name, values in inputs.items():
        path = folder / f"{name}.npy"
        np.save(path, values)
        command += ["--input", f"{name}={path}"]
    command += ["--output-name", output, "--output", str(result)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return np.load(result)


class Layer:
    """A random quantised convolution."""

    def __init__(self, rng):
        self.input_type = rng.choice([np.int8, np.uint8])
        self.output_type = self.input_type  # the runtime has no other
        channels, outputs = (int(rng.integers(1, 24)) for _ in range(2))
        kernel = [int(k) for k in rng.choice([1, 2, 3, 5], 2)]
        self.strides = [int(s) for s in rng.choice([1, 1, 2], 2)]
        self.pads = [int(rng.integers(0, k)) for k in kernel * 2]
        size = [int(rng.integers(60, 160)) for _ in range(2)]
        info = np.iinfo(self.input_type)
        self.x = rng.integers(info.min, info.max + 1, (1, channels, *size)).astype(self.input_type)
        # Seven bits: the runtime's kernels for processors without VNNI saturate pairs of products.
        self.w = rng.integers(-64, 65, (outputs, channels, *kernel)).astype(np.int8)
        self.bias = rng.integers(-20000, 20001, outputs).astype(np.int32)
        self.x_zero = self.input_type(rng.integers(info.min, info.max + 1))
        output_info = np.iinfo(self.output_type)
        self.y_zero = self.output_type(rng.integers(output_info.min // 2, output_info.max // 2))
        self.x_scale = np.float32(rng.uniform(0.01, 0.1))
        self.w_scale = rng.uniform(0.001, 0.01, outputs).astype(np.float32)
        spread = 74 * 37 * math.sqrt(channels * kernel[0] * kernel[1])
        self.y_scale = np.float32(self.x_scale * 0.005 * spread / 40)

    def constants(self):
        return {
            "x_scale": self.x_scale, "x_zero": self.x_zero, "w": self.w, "w_scale": self.w_scale,
            "w_zero": np.zeros(len(self.w), np.int8), "y_scale": self.y_scale,
            "y_zero": self.y_zero, "bias": self.bias, "bias_scale": self.x_scale * self.w_scale,
            "bias_zero": np.zeros(len(self.w), np.int32),
        }

    def model(self, nodes, input_type, output_type):
        used = {name for node in nodes for name in node.input}
        graph = helper.make_graph(
            nodes, "layer",
            [helper.make_tensor_value_info("x", input_type, list(self.x.shape))],
            [helper.make_tensor_value_info("y", output_type, [None] * 4)],
            [numpy_helper.from_array(np.asarray(value), name)
             for name, value in self.constants().items() if name in used])
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)

    def window(self):
        return {"strides": self.strides, "pads": self.pads}

    def integer_model(self):
        """One QLinearConv, codes in and out."""
        node = helper.make_node(
            "QLinearConv",
            ["x", "x_scale", "x_zero", "w", "w_scale", "w_zero", "y_scale", "y_zero", "bias"],
            ["y"], **self.window())
        types = {np.int8: TensorProto.INT8, np.uint8: TensorProto.UINT8}
        return self.model([node], types[self.input_type], types[self.output_type])

    def qdq_model(self):
        """The same between QuantizeLinear and DequantizeLinear."""
        make = helper.make_node
        nodes = [
            make("QuantizeLinear", ["x", "x_scale", "x_zero"], ["xq"]),
            make("DequantizeLinear", ["xq", "x_scale", "x_zero"], ["xd"]),
            make("DequantizeLinear", ["w", "w_scale", "w_zero"], ["wd"], axis=0),
            make("DequantizeLinear", ["bias", "bias_scale", "bias_zero"], ["bd"], axis=0),
            make("Conv", ["xd", "wd", "bd"], ["c"], **self.window()),
            make("QuantizeLinear", ["c", "y_scale", "y_zero"], ["yq"]),
            make("DequantizeLinear", ["yq", "y_scale", "y_zero"], ["y"]),
        ]
        return self.model(nodes, TensorProto.FLOAT, TensorProto.FLOAT)

    def is_tie(self, place):
        """Whether the exact result at a place lies at a tie within float32 rounding."""
        _, channel, row, column = place
        top, left, bottom, right = self.pads
        x = np.pad(self.x[0].astype(np.int64) - int(self.x_zero),
                   ((0, 0), (top, bottom), (left, right)))
        height, width = self.w.shape[2:]
        y0, x0 = row * self.strides[0], column * self.strides[1]
        window = x[:, y0:y0 + height, x0:x0 + width]
        total = int((window * self.w[channel].astype(np.int64)).sum()) + int(self.bias[channel])
        factor = np.float32(np.float32(self.x_scale * self.w_scale[channel]) / self.y_scale)
        real = Fraction(total) * Fraction(float(factor))
        distance = abs(real - math.floor(real) - Fraction(1, 2))
        return distance <= abs(real) * Fraction(1, 1 << 23)


def compare_layers(weft, folder, values, seed):
    rng = np.random.default_rng(seed)
    compared = differing = 0
    failures = []
    while compared < values:
        layer = Layer(rng)
        session = onnxruntime.InferenceSession(layer.integer_model().SerializeToString())
        expected = session.run(None, {"x": layer.x})[0]
        path = folder / "layer.onnx"
        onnx.save(layer.qdq_model(), path)
        reals = (layer.x.astype(np.int32) - int(layer.x_zero)).astype(np.float32) * layer.x_scale
        result = run_weft(weft, folder, path, {"x": reals}, "y")
        codes = np.rint(result / layer.y_scale).astype(np.int64) + int(layer.y_zero)
        difference = codes - expected.astype(np.int64)
        places = np.argwhere(difference)
        compared += difference.size
        differing += len(places)
        for place in places:
            if abs(difference[tuple(place)]) > 1 or not layer.is_tie(place):
                failures.append(f"layer at {compared} values, place {place.tolist()}: "
                                f"{codes[tuple(place)]} for {expected[tuple(place)]}")
    per_million = differing * 1e6 / compared
    print(f"QLinearConv: {compared} values, {differing} differ ({per_million:.2f} per million), "
          f"{len(failures)} not at a tie or by more than 1 (seed {seed})")
    for failure in failures[:10]:
        print("  " + failure)
    return per_million <= 20 and not failures


def psnr(result, original):
    return -10 * np.log10(np.mean((np.clip(result, 0, 1) - original) ** 2))


def originals(photo, size):
    """A photo, and the 2x2 means of it, as channels x height x width on a scale of 0 to 1."""
    pixels = np.asarray(Image.open(MODELS / "vectors" / f"{photo}_{size}_original.png"))
    image = pixels[..., :3].astype(np.float64).transpose(2, 0, 1) / 255
    preview = image.reshape(3, size // 2, 2, size // 2, 2).mean((2, 4))
    return {"image": image, "preview": preview}


def compare_decoders(weft, folder):
    passed = True
    for size in (128, 256):
        for photo in ("chelsea", "coffee"):
            latent = np.load(MODELS / "vectors" / f"{photo}_{size}_latent.npy")
            goals = originals(photo, size)
            latents = folder / "calibration.npy"
            np.save(latents, latent)
            own = folder / "own.onnx"
            subprocess.run(
                [str(weft), "quantize", str(MODELS / f"decoder_{size}_fp32.onnx"),
                 "--calibration", f"latent={latents}", "-o", str(own)],
                check=True, stdout=subprocess.DEVNULL)
            onnx.checker.check_model(str(own), full_check=True)
            models = {kind: MODELS / f"decoder_{size}_{kind}.onnx" for kind in ("s8", "u8")}
            # The runtime's own result is that of the model; for Weft's quantisation, of float32.
            pairs = [(kind, path, path) for kind, path in models.items()]
            pairs.append(("own", own, MODELS / f"decoder_{size}_fp32.onnx"))
            pairs.append(("own, both", own, own))
            for kind, ours, theirs in pairs:
                session = onnxruntime.InferenceSession(str(theirs))
                names = [output.name for output in session.get_outputs()]
                expected = session.run(names, {"latent": latent.astype(np.float32)})
                for name, reference in zip(names, expected):
                    result = run_weft(weft, folder, ours, {"latent": latent}, name)
                    a, b = psnr(result[0], goals[name]), psnr(reference[0], goals[name])
                    good = abs(a - b) <= 0.3
                    passed = passed and good
                    print(f"{photo} {size} {kind} {name}: {a:.2f} dB, runtime {b:.2f} dB"
                          + ("" if good else "  TOO FAR"))
    return passed


def signal_to_noise(result, reference):
    """In dB, of one output against another."""
    return 10 * np.log10(np.sum(reference ** 2) / max(np.sum((result - reference) ** 2), 1e-30))


def compare_models(weft, folder, seed):
    """Built-in models at full size; their QDQ forms at reduced sizes, as runtimes take those without fusing."""
    passed = True
    rng = np.random.default_rng(seed)
    cases = [("avatar-decoder", 1), ("alexnet", 1), ("zfnet", 1), ("vgg16", 1), ("tiny-yolo", 1),
             ("avatar-decoder", 4), ("alexnet", 16), ("zfnet", 16), ("vgg16", 16), ("tiny-yolo", 16)]
    for model, scale in cases:
        path = folder / "model.onnx"
        subprocess.run([str(weft), "model", model, "--scale", str(scale), "-o", str(path)],
                       check=True, stdout=subprocess.DEVNULL)
        onnx.checker.check_model(str(path), full_check=True)
        session = onnxruntime.InferenceSession(str(path))
        inputs = {value.name: rng.uniform(-1, 1, value.shape).astype(np.float32) for value in session.get_inputs()}
        names = [output.name for output in session.get_outputs()]
        expected = session.run(names, inputs)
        quantised = None
        if scale > 1:
            own = folder / "own.onnx"
            command = [str(weft), "quantize", str(path), "-o", str(own)]
            for name, values in inputs.items():
                np.save(folder / f"calibration_{name}.npy", values)
                command += ["--calibration", f"{name}={folder / f'calibration_{name}.npy'}"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            onnx.checker.check_model(str(own), full_check=True)
            options = onnxruntime.SessionOptions()
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
            integers = onnxruntime.InferenceSession(str(own), options)
            shapes = {value.name: value.shape for value in integers.get_inputs()}
            quantised = integers.run(names, {name: values.reshape(shapes[name]) for name, values in inputs.items()})
        for index, (name, reference) in enumerate(zip(names, expected)):
            # Full-size VGG16 takes more memory to quantise than there may be.
            engines = ["float"] + (["reference"] if (model, scale) != ("vgg16", 1) else [])
            results = {engine: run_weft(weft, folder, path, inputs, name, engine) for engine in engines}
            if quantised is not None:
                results["QDQ in the runtime"] = quantised[index]
            for engine, result in results.items():
                ratio = signal_to_noise(result.reshape(reference.shape).astype(np.float64), reference.astype(np.float64))
                good = ratio >= (90 if engine == "float" else 20)
                passed = passed and good
                print(f"{model} 1/{scale} {name} {engine}: {ratio:.1f} dB from the runtime's float32"
                      + ("" if good else "  TOO FAR"), flush=True)
    return passed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weft", type=Path, default=ROOT / ".build" / "release" / "weft")
    parser.add_argument("--values", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = [compare_layers(options.weft, folder, options.values, options.seed),
                   compare_decoders(options.weft, folder),
                   compare_models(options.weft, folder, options.seed)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
