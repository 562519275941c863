#!/usr/bin/python3
"""Makes the packages beside it that have no task: raw tensors in, raw tensors out. Needs Debian's python3-onnx."""
import os
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = {"BOOL": "BOOL", "UINT8": "UINT8", "UINT16": "UINT16", "UINT32": "UINT32", "UINT64": "UINT64", "INT8": "INT8", "INT16": "INT16",
         "INT32": "INT32", "INT64": "INT64", "FP16": "FLOAT16", "FP32": "FLOAT", "FP64": "DOUBLE", "BYTES": "STRING"}


def write(name, nodes, inputs, outputs, initializers=()):
    def values(ports):
        return [helper.make_tensor_value_info(n, getattr(TensorProto, t), s) for n, t, s in ports]

    graph = helper.make_graph(nodes, name, values(inputs), values(outputs), initializers)
    folder = os.path.join(HERE, name, "1")
    os.makedirs(folder, exist_ok=True)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), os.path.join(folder, "model.onnx"))


# Gives back what it gets, of every type.
write("tensors-echo", [helper.make_node("Identity", [f"in_{n}"], [f"out_{n}"]) for n in TYPES],
      [(f"in_{n}", t, ["batch", "width"]) for n, t in TYPES.items()], [(f"out_{n}", t, ["batch", "width"]) for n, t in TYPES.items()])

# Two numbers of two; the second package is what a next version might be.
for name, shift in (("tensors-sums", 0.0), ("tensors-sums-shifted", 1.0)):
    row = ["batch", 4]
    write(name, [helper.make_node("Add", ["a", "b"], ["plain"]), helper.make_node("Add", ["plain", "shift"], ["sum"]), helper.make_node("Sub", ["a", "b"], ["difference"])],
          [("a", "FLOAT", row), ("b", "FLOAT", row)], [("sum", "FLOAT", row), ("difference", "FLOAT", row)], [numpy_helper.from_array(np.float32(shift), "shift")])

# Takes as long as it is told to: the first number is how often it multiplies a matrix by itself, a small one, so that it takes no thread but its own.
body = helper.make_graph(
    [helper.make_node("MatMul", ["before", "before"], ["product"]), helper.make_node("Identity", ["going"], ["go_on"]), helper.make_node("Identity", ["product"], ["after"])], "turn",
    [helper.make_tensor_value_info("turn", TensorProto.INT64, []), helper.make_tensor_value_info("going", TensorProto.BOOL, []), helper.make_tensor_value_info("before", TensorProto.FLOAT, [16, 16])],
    [helper.make_tensor_value_info("go_on", TensorProto.BOOL, []), helper.make_tensor_value_info("after", TensorProto.FLOAT, [16, 16])])
write("tensors-slow", [helper.make_node("Gather", ["turns", "first"], ["trips"], axis=0), helper.make_node("ConstantOfShape", ["side"], ["matrix"]), helper.make_node("Loop", ["trips", "", "matrix"], ["last"], body=body), helper.make_node("Shape", ["last"], ["size"])],
      [("turns", "INT64", ["turns"])], [("size", "INT64", [2])],
      [numpy_helper.from_array(np.int64(0), "first"), numpy_helper.from_array(np.int64([16, 16]), "side")])
