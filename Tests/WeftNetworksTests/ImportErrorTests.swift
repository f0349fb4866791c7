import Foundation
import Testing
import WeftNetworks

/// What is not supported is refused with a sentence: the node, the reason, the nearest form.
@Suite struct ImportErrorTests {
  static func weights(_ model: inout ModelBytes) {
    model.constant("w", [3, 2, 3, 3], reals: Array(repeating: 1, count: 54))
  }

  static let cases: [(sentence: String, body: @Sendable (inout ModelBytes) -> Void)] = [
    (
      "Conv 'c': group is 2; it must divide the 2 input and 3 output channels",
      { model in
        weights(&model)
        model.node("Conv", ["x", "w"], "y", name: "c", ["group": .integer(2)])
      }
    ),
    (
      "Conv 'c': dilations are [2, 2]; dilation 1 is supported: write a larger kernel with zeros",
      { model in
        weights(&model)
        model.node("Conv", ["x", "w"], "y", name: "c", ["dilations": .integers([2, 2])])
      }
    ),
    (
      "Conv 'c': its weights take 3 channels, but the map has 2",
      { model in
        model.constant("w", [1, 3, 1, 1], reals: [1, 1, 1])
        model.node("Conv", ["x", "w"], "y", name: "c")
      }
    ),
    (
      "Conv 'c': its weights have the shape [3, 2, 3];"
        + " two-dimensional convolutions are supported: weights of four dimensions",
      { model in
        model.constant("w", [3, 2, 3], reals: Array(repeating: 1, count: 18))
        model.node("Conv", ["x", "w"], "y", name: "c")
      }
    ),
    (
      "Conv 'c': a kernel of 3 x 3 does not fit the map 2x2x2 with its padding",
      { model in
        weights(&model)
        model.constant("v", [2, 2, 3, 3], reals: Array(repeating: 1, count: 36))
        model.node("Conv", ["x", "v"], "small")
        model.node("Conv", ["small", "w"], "y", name: "c")
      }
    ),
    (
      "Softmax 's': the operator 'Softmax' is not supported; supported are Add, BatchNormalization, Clip, Concat, Conv,"
        + " DequantizeLinear, Dropout, Flatten, Gemm, Identity, LeakyRelu, MatMul, MaxPool, Mul, PRelu, Pad,"
        + " QuantizeLinear, Relu, Reshape, Resize, Squeeze, Sum, Unsqueeze, Upsample",
      { model in model.node("Softmax", ["x"], "y", name: "s") }
    ),
    (
      "Mul 'm': it reads 2 feature maps, which is not supported;"
        + " Add, Sum and Concat join maps; other operators read one map and constants",
      { model in model.node("Mul", ["x", "x"], "y", name: "m") }
    ),
    (
      "Add 'a': it adds maps of the shapes 2x4x4, 2x2x2; maps that are added have one shape",
      { model in
        model.node("MaxPool", ["x"], "p", ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])])
        model.node("Add", ["x", "p"], "y", name: "a")
      }
    ),
    (
      "Concat 'j': it joins along axis 2; maps are joined along their channels, axis 1",
      { model in model.node("Concat", ["x", "x"], "y", name: "j", ["axis": .integer(2)]) }
    ),
    (
      "Concat 'j': it joins feature maps with a constant; join maps, or add a constant to one map",
      { model in
        model.constant("c", [1, 2, 4, 4], reals: Array(repeating: 1, count: 32))
        model.node("Concat", ["x", "c"], "y", name: "j", ["axis": .integer(1)])
      }
    ),
    (
      "Concat 'j': it joins vectors with maps; reshape or flatten them alike first",
      { model in
        model.node("Flatten", ["x"], "f")
        model.node("Concat", ["x", "f"], "y", name: "j", ["axis": .integer(1)])
      }
    ),
    (
      "Gemm 'g': it reads the map 2x4x4; flatten it to a vector first",
      { model in
        model.constant("w", [32, 3], reals: Array(repeating: 1, count: 96))
        model.node("Gemm", ["x", "w"], "y", name: "g")
      }
    ),
    (
      "Conv 'c': it reads a vector of 32 elements; reshape it to a map of four dimensions first",
      { model in
        model.constant("w", [3, 32, 1, 1], reals: Array(repeating: 1, count: 96))
        model.node("Flatten", ["x"], "f")
        model.node("Conv", ["f", "w"], "y", name: "c")
      }
    ),
    (
      "MaxPool 'p': a window may lie in the padding alone; the padding is smaller than the window",
      { model in
        model.node(
          "MaxPool", ["x"], "y", name: "p", ["kernel_shape": .integers([1, 2]), "pads": .integers([1, 0, 0, 0])])
      }
    ),
    (
      "Reshape 'r': it gives the shape [2, 16]; the batch stays 1, before channels, height and width, or before the"
        + " elements of a vector",
      { model in
        model.constant("s", [2], integers: [2, -1])
        model.node("Reshape", ["x", "s"], "y", name: "r")
      }
    ),
    (
      "BatchNormalization 'b': its mean does not have one value for each of 2 channels",
      { model in
        for (name, count) in [("s", 2), ("o", 2), ("m", 1), ("v", 2)] {
          model.constant(name, [count], reals: Array(repeating: 1, count: count))
        }
        model.node("BatchNormalization", ["x", "s", "o", "m", "v"], "y", name: "b")
      }
    ),
    (
      "input 'z': it has 3 dimensions; inputs have four, batch, channels, height, width, or two, batch and elements",
      { model in
        model.input("z", [1, 2, 3])
        model.node("Relu", ["z"], "y")
      }
    ),
    (
      "Add 'a': a constant of shape [3, 1, 1] does not fit the map 2x4x4;"
        + " add one value, [1, channels, 1, 1], or [1, channels, height, width]",
      { model in
        model.constant("c", [3, 1, 1], reals: [1, 1, 1])
        model.node("Add", ["x", "c"], "y", name: "a")
      }
    ),
    (
      "Resize 'r': mode is 'linear'; nearest-neighbour upsampling is supported",
      { model in
        model.constant("s", [4], reals: [1, 1, 2, 2])
        model.node("Resize", ["x", "", "s"], "y", name: "r", ["mode": .string("linear")])
      }
    ),
    (
      "Resize 'r': a scale is 1.5; scales of 1, 1 and two whole numbers are supported",
      { model in
        model.constant("s", [4], reals: [1, 1, 1.5, 2])
        model.node("Resize", ["x", "", "s"], "y", name: "r")
      }
    ),
    (
      "Resize 'r': 'half_pixel' with 'floor' does not repeat every element 2 times;"
        + " use coordinate_transformation_mode asymmetric with nearest_mode floor",
      { model in
        model.constant("s", [4], reals: [1, 1, 2, 2])
        model.node("Resize", ["x", "", "s"], "y", name: "r", ["nearest_mode": .string("floor")])
      }
    ),
    (
      "Pad 'p': mode is 'reflect'; padding with the constant 0 is supported",
      { model in model.node("Pad", ["x"], "y", name: "p", ["mode": .string("reflect")]) }
    ),
    (
      "PRelu 'p': its slopes have the shape [4];"
        + " one slope, or one for each channel, [2, 1, 1], is supported",
      { model in
        model.constant("s", [4], reals: [1, 1, 1, 1])
        model.node("PRelu", ["x", "s"], "y", name: "p")
      }
    ),
    (
      "QuantizeLinear 'q': it has no scale, or one for each channel;"
        + " activations are quantised with one scale for the whole map",
      { model in
        model.constant("s", [2], reals: [1, 1])
        model.node("QuantizeLinear", ["x", "s"], "y", name: "q")
      }
    ),
    (
      "QuantizeLinear 'q': the scale -1.0 is not a positive number of ordinary size",
      { model in
        model.constant("s", [], reals: [-1])
        model.node("QuantizeLinear", ["x", "s"], "y", name: "q")
      }
    ),
    (
      "DequantizeLinear 'd': it reads float32 numbers;"
        + " DequantizeLinear reads what a QuantizeLinear of the same type made",
      { model in
        model.constant("s", [], reals: [1])
        model.node("DequantizeLinear", ["x", "s"], "y", name: "d")
      }
    ),
    (
      "Relu 'r': it reads 'later', which nothing before it makes: the graph is cyclic or out of"
        + " order; a graph's nodes stand in the order of the data",
      { model in
        model.node("Relu", ["later"], "y", name: "r")
        model.node("Relu", ["y"], "later")
      }
    ),
    (
      "model: the name 'y' is given to two values",
      { model in
        model.node("Relu", ["x"], "y")
        model.node("Relu", ["x"], "y")
      }
    ),
    ("output 'y': nothing makes it", { _ in }),
    (
      "output 'y': it does not depend on any input",
      { model in model.node("Constant", [], "y", ["value_float": .real(1)]) }
    ),
    (
      "initialiser 'c': it holds 1 values where its shape asks for 2",
      { model in
        model.constant("c", [2], reals: [1])
        model.node("Add", ["x", "c"], "y")
      }
    ),
    (
      "initialiser 'c': its data lie in another file; save the model with all data inside it"
        + " (onnx.save with save_as_external_data off)",
      { model in
        model.initializer(ModelBytes.tensor("c", [2], reals: []) + Data([14 << 3, 1]))
        model.node("Add", ["x", "c"], "y")
      }
    ),
    (
      "input 'z': its channels, height or width are left open; export the model with a fixed size",
      { model in
        model.input("z", [1, 2, -1, -1])
        model.node("Relu", ["z"], "y")
      }
    ),
    (
      "input 'z': its batch is 2; the batch must be 1 or left open; frames are given when the"
        + " network is run",
      { model in
        model.input("z", [2, 2, 4, 4])
        model.node("Relu", ["z"], "y")
      }
    ),
    (
      "Frobnicate '?[2Jodd': operators of the domain 'my.domain' are not supported;"
        + " export with ONNX's own operators",
      { model in
        model.node("Frobnicate", ["x"], "y", name: "\u{1B}[2Jodd", domain: "my.domain")
      }
    ),
  ]

  @Test(arguments: cases.indices) func sentence(_ index: Int) {
    let (sentence, body) = Self.cases[index]
    #expect {
      try Network(onnx: ModelBytes.graph(body))
    } throws: { error in
      #expect("\(error)" == sentence)
      return "\(error)" == sentence
    }
  }

  /// A network whose values are quantised in part does not lower.
  @Test func partlyQuantizedNetworksAreRefused() throws {
    let network = try Network(
      onnx: ModelBytes.graph { model in
        Self.weights(&model)
        model.constant("s", [], reals: [1])
        model.node("QuantizeLinear", ["x", "s"], "q")
        model.node("DequantizeLinear", ["q", "s"], "d")
        model.node("Conv", ["d", "w"], "c")
        model.node("QuantizeLinear", ["c", "s"], "r")
        model.node("DequantizeLinear", ["r", "s"], "y")
      })
    #expect {
      try QuantizedNetwork(network)
    } throws: { error in
      "\(error)" == "layer 'c': its weights are not quantised, but its input is;"
        + " give them a DequantizeLinear, with scales for axis 0"
    }
  }

  @Test func float32NeedsCalibration() throws {
    let network = try Network(onnx: ModelBytes.graph { $0.node("Relu", ["x"], "y") })
    #expect {
      try QuantizedNetwork(network)
    } throws: { error in
      "\(error)" == "network 'graph': it is of float32 and there is no calibration frame;"
        + " give at least one frame of every input"
    }
    #expect {
      try QuantizedNetwork(network, calibration: [[[1, 2]]])
    } throws: { error in
      "\(error)" == "input 'x': a calibration frame has 2 values, but its shape is 2x4x4"
    }
  }
}
