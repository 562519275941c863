#!/usr/bin/python3
"""Writes classifier.onnx and vision.onnx beside it: image models of real ones' size and work, in files of a few kilobytes.

The classifier has the layers of ResNet-50 with its normalisations folded in, as exporters write it (He et al. 2016, table 1; a stride is
taken by the 3×3 convolution); the other those of ViT-S/16 (Dosovitskiy et al. 2021, in the size of Touvron et al. 2021, table 1). Their
weights are sines that the graph makes when it is opened: nobody trained them, and the time a run takes does not depend on them. Needs
Debian's python3-onnx.
"""
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 224
nodes, constants, shared = [], [], {}


def constant(value, dtype=np.float32):
    array = np.array(value, dtype)
    key = (array.tobytes(), array.shape, array.dtype)
    if key not in shared:
        constants.append(numpy_helper.from_array(array, f"constant{len(constants)}"))
        shared[key] = constants[-1].name
    return shared[key]


def node(operator, *inputs, **attributes):
    nodes.append(helper.make_node(operator, list(inputs), [f"{operator}{len(nodes)}"], **attributes))
    return nodes[-1].output[0]


def weights(*shape, scale):
    """Without constants of their size in the file: folded when the model is opened."""
    step = 1 + 0.618 * (len(nodes) + 1)  # other for each
    numbers = node("Range", constant(0.0), constant(float(np.prod(shape))), constant(1.0))
    waves = node("Sin", node("Mul", numbers, constant(step)))
    return node("Reshape", node("Mul", waves, constant(scale)), constant(shape, np.int64))


def convolution(x, inputs, outputs, kernel, stride=1, gain=2.0):
    scale = gain * (inputs * kernel * kernel) ** -0.5  # keeps the values' spread through a ReLU
    return node("Conv", x, weights(outputs, inputs, kernel, kernel, scale=scale), weights(outputs, scale=0.01),
                kernel_shape=[kernel, kernel], strides=[stride, stride], pads=[kernel // 2] * 4)


def bottleneck(x, inputs, width, stride):
    y = node("Relu", convolution(x, inputs, width, 1))
    y = node("Relu", convolution(y, width, width, 3, stride))
    y = convolution(y, width, 4 * width, 1, gain=0.5)
    if stride > 1 or inputs != 4 * width:
        x = convolution(x, inputs, 4 * width, 1, stride, gain=1.4)
    return node("Relu", node("Add", x, y))


def classifier():
    x = node("Relu", convolution("pixel_values", 3, 64, 7, stride=2))
    x = node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    inputs = 64
    for width, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for block in range(blocks):
            x = bottleneck(x, inputs, width, stride if block == 0 else 1)
            inputs = 4 * width
    x = node("Flatten", node("GlobalAveragePool", x))
    return node("Gemm", x, weights(inputs, 1000, scale=0.03), weights(1000, scale=0.03))


WIDTH, INNER, HEADS, LAYERS, PATCH = 384, 1536, 6, 12, 16
TOKENS = (SIDE // PATCH) ** 2 + 1


def dense(x, inputs, outputs):
    return node("Add", node("MatMul", x, weights(inputs, outputs, scale=0.05)), weights(outputs, scale=0.05))


def heads(x):
    return node("Transpose", node("Reshape", x, constant([0, TOKENS, HEADS, WIDTH // HEADS], np.int64)), perm=[0, 2, 1, 3])


def normal(x):
    return node("LayerNormalization", x, constant(np.ones(WIDTH)), constant(np.zeros(WIDTH)), axis=-1)


def layer(x):
    seen = normal(x)
    q, k, v = (heads(dense(seen, WIDTH, WIDTH)) for _ in range(3))
    scores = node("Mul", node("MatMul", q, node("Transpose", k, perm=[0, 1, 3, 2])), constant((WIDTH // HEADS) ** -0.5))
    seen = node("Transpose", node("MatMul", node("Softmax", scores, axis=-1), v), perm=[0, 2, 1, 3])
    x = node("Add", x, dense(node("Reshape", seen, constant([0, TOKENS, WIDTH], np.int64)), WIDTH, WIDTH))
    inner = dense(normal(x), WIDTH, INNER)
    gelu = node("Mul", node("Mul", inner, constant(0.5)), node("Add", node("Erf", node("Mul", inner, constant(2 ** -0.5))), constant(1.0)))
    return node("Add", x, dense(gelu, INNER, WIDTH))


def vision():
    patches = node("Conv", "pixel_values", weights(WIDTH, 3, PATCH, PATCH, scale=0.05), kernel_shape=[PATCH, PATCH], strides=[PATCH, PATCH])
    patches = node("Transpose", node("Reshape", patches, constant([0, WIDTH, TOKENS - 1], np.int64)), perm=[0, 2, 1])
    batch = node("Slice", node("Shape", patches), constant([0], np.int64), constant([1], np.int64))
    first = node("Expand", weights(1, 1, WIDTH, scale=0.05), node("Concat", batch, constant([1, WIDTH], np.int64), axis=0))
    x = node("Add", node("Concat", first, patches, axis=1), weights(1, TOKENS, WIDTH, scale=0.05))
    for _ in range(LAYERS):
        x = layer(x)
    return node("Squeeze", node("Slice", normal(x), constant([0], np.int64), constant([1], np.int64), constant([1], np.int64)), constant([1], np.int64))


def save(file, make, output, size):
    for kept in (nodes, constants, shared):
        kept.clear()
    answer = make()
    nodes.append(helper.make_node("Identity", [answer], [output]))
    pixels = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, SIDE, SIDE])
    shown = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", size])
    graph = helper.make_graph(nodes, file, [pixels], [shown], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{file}.onnx"))


if __name__ == "__main__":
    save("classifier", classifier, "logits", 1000)
    save("vision", vision, "image_embeds", WIDTH)
