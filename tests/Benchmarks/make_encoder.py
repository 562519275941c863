#!/usr/bin/python3
"""Writes encoder.onnx beside it: a text encoder of a real one's size and work, in a file of a few kilobytes.

It has the layers of a small BERT (width 384, four layers, twelve heads; the text's mean as the answer). Its weights are sines that the
graph makes when it is opened: nobody trained them, and the time a run takes does not depend on them. Needs Debian's python3-onnx.
"""
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

VOCABULARY, WIDTH, INNER, HEADS, LAYERS = 7000, 384, 1536, 12, 4
nodes, constants = [], []


def constant(value, dtype=np.float32):
    constants.append(numpy_helper.from_array(np.array(value, dtype), f"constant{len(constants)}"))
    return constants[-1].name


def node(operator, *inputs, **attributes):
    nodes.append(helper.make_node(operator, list(inputs), [f"{operator}{len(nodes)}"], **attributes))
    return nodes[-1].output[0]


def weights(*shape, scale=0.05):
    """Without constants of their size in the file: folded when the model is opened."""
    step = 1 + 0.618 * (len(nodes) + 1)  # other for each
    numbers = node("Range", constant(0.0), constant(float(np.prod(shape))), constant(1.0))
    waves = node("Sin", node("Mul", numbers, constant(step)))
    return node("Reshape", node("Mul", waves, constant(scale)), constant(shape, np.int64))


def dense(x, inputs, outputs):
    return node("Add", node("MatMul", x, weights(inputs, outputs)), weights(outputs))


def heads(x):
    return node("Transpose", node("Reshape", x, constant([0, 0, HEADS, WIDTH // HEADS], np.int64)), perm=[0, 2, 1, 3])


def normal(x):
    return node("LayerNormalization", x, constant(np.ones(WIDTH)), constant(np.zeros(WIDTH)), axis=-1)


def layer(x, hidden):
    q, k, v = (heads(dense(x, WIDTH, WIDTH)) for _ in range(3))
    scores = node("Mul", node("MatMul", q, node("Transpose", k, perm=[0, 1, 3, 2])), constant((WIDTH // HEADS) ** -0.5))
    seen = node("MatMul", node("Softmax", node("Add", scores, hidden), axis=-1), v)
    seen = node("Reshape", node("Transpose", seen, perm=[0, 2, 1, 3]), constant([0, 0, WIDTH], np.int64))
    x = normal(node("Add", x, dense(seen, WIDTH, WIDTH)))
    inner = dense(x, WIDTH, INNER)
    gelu = node("Mul", node("Mul", inner, constant(0.5)), node("Add", node("Erf", node("Mul", inner, constant(2 ** -0.5))), constant(1.0)))
    return normal(node("Add", x, dense(gelu, INNER, WIDTH)))


def main():
    mask = node("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = node("Mul", node("Unsqueeze", node("Sub", constant(1.0), mask), constant([1, 2], np.int64)), constant(-10000.0))
    x = normal(node("Gather", weights(VOCABULARY, WIDTH), "input_ids"))
    for _ in range(LAYERS):
        x = layer(x, hidden)
    shown = node("Unsqueeze", mask, constant([2], np.int64))
    total = node("ReduceSum", node("Mul", x, shown), constant([1], np.int64), keepdims=0)
    nodes.append(helper.make_node("Div", [total, node("ReduceSum", shown, constant([1], np.int64), keepdims=0)], ["sentence_embedding"]))
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"]) for name in ("input_ids", "attention_mask")]
    outputs = [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", WIDTH])]
    model = helper.make_model(helper.make_graph(nodes, "encoder", inputs, outputs, constants), opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, os.path.join(os.path.dirname(os.path.abspath(__file__)), "encoder.onnx"))


if __name__ == "__main__":
    main()
