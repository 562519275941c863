"""Writes a model package in the layout that Hugging Face exporters use."""
import copy
import json
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper


def export(model, inputs, output, axes, path):
    """Weights are stored as float16 and cast where they are used: half the size, computed in float32 as before."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    model.eval()
    torch.onnx.export(model, tuple(inputs.values()), path, input_names=list(inputs), output_names=[output], dynamic_axes=axes, opset_version=14, do_constant_folding=True)
    graph = onnx.load(path)
    halve(graph.graph)
    graph.producer_name, graph.producer_version, graph.doc_string = "samples/scripts", "", ""
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, path)


def as_stored(model):
    """A copy whose weights are rounded as the package's are, so that what is measured is what is shipped."""
    return copy.deepcopy(model).half().float()


def halve(graph):
    casts = []
    for index, tensor in enumerate(graph.initializer):
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < 512:
            continue
        values, name = numpy_helper.to_array(tensor).astype(np.float16), tensor.name
        graph.initializer[index].CopyFrom(numpy_helper.from_array(values, name + ".f16"))
        casts.append(helper.make_node("Cast", [name + ".f16"], [name], name=name + ".cast", to=TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)
    for node in graph.node:
        node.doc_string = ""


def write(folder, files):
    """Text as it is, everything else as JSON."""
    for name, content in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def megabytes(folder):
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names) / 1e6
