#!/usr/bin/python3
"""Makes the packages beside it: one sound text classifier, and the same with a fault that validation must find.

Needs Debian's python3-onnx. Output is the same at every run.
"""
import json, os, shutil
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
FLOAT, INT64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
LABELS = ["sport", "politics"]
SPORT, POLITICS = "goal match team tor spiel".split(), "vote law senate gesetz wahl".split()
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + SPORT + POLITICS + "the a der die in on und and today heute".split()
make, constant = helper.make_node, numpy_helper.from_array


def table(wrong=(), scale=3.0):
    """Each word's vector says its label; words that say nothing say both."""
    rows = np.zeros((len(VOCABULARY), len(LABELS)), np.float32)
    for at, word in enumerate(VOCABULARY):
        label = (0 if word in SPORT else 1 if word in POLITICS else None)
        if label is not None:
            rows[at, 1 - label if word in wrong else label] = scale
    return rows


def ints(name, *values):
    return constant(np.array(values, np.int64), name)


def write(name, rows, extra=lambda: ([], [], "logits0")):
    """The mean of the words' vectors; extra gives more nodes and constants, and the name of the scores after them."""
    nodes = [
        make("Gather", ["table", "input_ids"], ["words"]),
        make("Cast", ["attention_mask"], ["flat"], to=FLOAT),
        make("Unsqueeze", ["flat", "two"], ["mask3"]),
        make("Mul", ["words", "mask3"], ["masked"]),
        make("ReduceSum", ["masked", "one"], ["sums"], keepdims=0),
        make("ReduceSum", ["flat", "one"], ["counts"], keepdims=1),
        make("Div", ["sums", "counts"], ["logits0"]),
    ]
    more, constants, last = extra()
    nodes += [*more, make("Identity", [last], ["logits"])]
    inputs = [helper.make_tensor_value_info(n, INT64, ["batch", "length"]) for n in ("input_ids", "attention_mask")]
    graph = helper.make_graph(nodes, "classifier", inputs, [helper.make_tensor_value_info("logits", FLOAT, ["batch", len(LABELS)])],
                              [constant(rows, "table"), ints("two", 2), ints("one", 1), *constants])
    folder = os.path.join(HERE, name, "1")
    shutil.rmtree(os.path.join(HERE, name), ignore_errors=True)
    os.makedirs(folder)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), os.path.join(folder, "model.onnx"))
    files = {
        "config.json": {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "max_position_embeddings": 64, "pad_token_id": 0,
                        "id2label": {str(i): label for i, label in enumerate(LABELS)}},
        "tokenizer_config.json": {"do_lower_case": True, "tokenizer_class": "BertTokenizer"},
    }
    for file, content in files.items():
        with open(os.path.join(folder, file), "w", newline="\n") as f:
            f.write(json.dumps(content, indent=1) + "\n")
    with open(os.path.join(folder, "vocab.txt"), "w", newline="\n") as f:
        f.write("\n".join(VOCABULARY) + "\n")


def not_a_number():
    """The root of -1 wherever the word "senate" stands."""
    signs = np.ones((len(VOCABULARY), 1), np.float32)
    signs[VOCABULARY.index("senate")] = -1
    return [make("Gather", ["signs", "input_ids"], ["sign"]), make("ReduceMin", ["sign"], ["least"], axes=[1], keepdims=0),
            make("Sqrt", ["least"], ["root"]), make("Add", ["logits0", "root"], ["logits1"])], [constant(signs, "signs")], "logits1"


def batch_dependent():
    """Half of the batch's mean is taken from each row."""
    return [make("ReduceMean", ["logits0"], ["mean"], axes=[0], keepdims=1), make("Mul", ["mean", "half"], ["part"]),
            make("Sub", ["logits0", "part"], ["logits1"])], [constant(np.array(0.5, np.float32), "half")], "logits1"


def loop(times):
    """So many rounds over 1,000 numbers, too few to be shared among threads, whose sum of nothing is added; times names how they are counted."""
    body = helper.make_graph(
        [make("Sin", ["x"], ["sine"]), make("Cos", ["sine"], ["y"]), make("Identity", ["go"], ["on"])], "body",
        [helper.make_tensor_value_info("i", INT64, []), helper.make_tensor_value_info("go", BOOL, []), helper.make_tensor_value_info("x", FLOAT, ["n"])],
        [helper.make_tensor_value_info("on", BOOL, []), helper.make_tensor_value_info("y", FLOAT, ["n"])])
    nodes, constants = times
    return [*nodes, make("ReduceSum", ["sums"], ["any"], keepdims=0), make("Expand", ["any", "wide"], ["start"]),
            make("Loop", ["rounds", "yes", "start"], ["after"], body=body), make("ReduceSum", ["after"], ["all"], keepdims=0), make("Mul", ["all", "nothing"], ["zero"]),
            make("Add", ["logits0", "zero"], ["logits1"])], [ints("wide", 1_000), constant(np.array(True), "yes"), constant(np.array(0, np.float32), "nothing"), *constants], "logits1"


def always(rounds):
    return [], [constant(np.array(rounds, np.int64), "rounds")]


def with_word(word, rounds):
    """Only where the word stands in the batch."""
    return [make("Equal", ["input_ids", "word"], ["hits"]), make("Cast", ["hits"], ["hit"], to=INT64), make("ReduceMax", ["hit"], ["some"], keepdims=0),
            make("Mul", ["some", "most"], ["rounds"])], [ints("word", VOCABULARY.index(word)), constant(np.array(rounds, np.int64), "most")]


def hungry():
    """15 million numbers for each token, 60 MB, written twice over: a text of ten tokens takes more than a gigabyte."""
    return [make("Shape", ["input_ids"], ["shape"]), make("Gather", ["shape", "second"], ["length"]), make("Mul", ["length", "many"], ["size"]),
            make("ReduceSum", ["sums"], ["any"], keepdims=0), make("Expand", ["any", "size"], ["heap"]), make("Sin", ["heap"], ["sines"]), make("ReduceSum", ["sines"], ["all"], keepdims=0),
            make("Mul", ["all", "nothing"], ["zero"]), make("Add", ["logits0", "zero"], ["logits1"])], [ints("second", 1), ints("many", 15_000_000), constant(np.array(0, np.float32), "nothing")], "logits1"


write("sound", table())
write("sound-again", table(scale=3.5))
write("wrong-word", table(wrong=["wahl"]))
write("not-a-number", table(), not_a_number)
write("batch-dependent", table(), batch_dependent)
write("slow", table(), lambda: loop(with_word("the", 12_000)))
write("endless", table(), lambda: loop(always(2 ** 62)))
write("hungry", table(), hungry)
write("unopenable", table(), lambda: ([make("MatMul", ["logits0", "odd"], ["logits1"])], [constant(np.ones((5, 2), np.float32), "odd")], "logits1"))
