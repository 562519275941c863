#!/usr/bin/python3
"""Makes the small model packages beside it, and expected.json: what PyTorch and Pillow say they answer.

Needs Debian's python3-onnx, python3-torch and python3-pil. Output is the same at every run.
"""
import json, os, shutil
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
FLOAT, HALF, INT32, INT64 = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.INT32, TensorProto.INT64
WIDTH, LABELS = 8, ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
VOCABULARY = ("[PAD] [UNK] [CLS] [SEP] [MASK] ada lovelace met charles babbage in london and paris the engine ##s ##ing "
              "new york is large . , - o ' brien wrote to her").split()
TEXTS = ["Ada Lovelace met Charles Babbage in London .", "The engines", "", "new york is large , and paris is large , the engine wrote to her in london ."]
random = np.random.RandomState(7)
expected = {}


def weights(*shape):
    return random.uniform(-1, 1, shape).astype(np.float32)


def write(name, files, graph=None, external=None, cut=None, path="model.onnx", domain=False):
    folder = os.path.join(HERE, name, "1")
    shutil.rmtree(os.path.join(HERE, name), ignore_errors=True)
    os.makedirs(os.path.join(folder, os.path.dirname(path)))
    for file, content in files.items():
        os.makedirs(os.path.dirname(os.path.join(folder, file)), exist_ok=True)
        with open(os.path.join(folder, file), "w", newline="\n") as f:
            f.write(content if isinstance(content, str) else json.dumps(content, indent=1) + "\n")
    if graph is None:
        return
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.example", 1)][: 1 + domain], ir_version=8)
    if external:
        onnx.external_data_helper.convert_model_to_external_data(model, location="weights.bin", size_threshold=100)
    onnx.save(model, os.path.join(folder, path))
    if external and external != "weights.bin":
        model = onnx.load(os.path.join(folder, path), load_external_data=False)
        for tensor in (t for t in model.graph.initializer if t.external_data):
            tensor.external_data[0].value = external
        open(os.path.join(folder, path), "wb").write(model.SerializeToString())
    if cut:
        data = open(os.path.join(folder, path), "rb").read()
        open(os.path.join(folder, path), "wb").write(data[: int(len(data) * cut)])


def untold(graph):
    """Without the shape of its output, which a graph need not declare."""
    graph.output[0].type.tensor_type.ClearField("shape")
    return graph


# ---- text -----------------------------------------------------------------------------------------------------------

def token_ids(text, limit=512):
    """WordPiece, as far as these texts need it."""
    ids = []
    for word in text.lower().split():
        start = 0
        while start < len(word):
            end = len(word)
            while end > start and ("##" if start else "") + word[start:end] not in VOCABULARY:
                end -= 1
            ids.append(VOCABULARY.index(("##" if start else "") + word[start:end]) if end > start else 1)
            start = end if end > start else len(word)
    return [2] + ids[: limit - 2] + [3]


def text_graph(integer=INT64, mask=True, types=True, batch="batch", length="length", output=FLOAT, head=None, pooled=False, embeddings=None, operator="Tanh", domain=""):
    """Token vectors: tanh((embedding + type + mean of the text's embeddings) W); the mean makes a wrong mask visible."""
    table, kinds, mix = embeddings
    nodes, inputs = [], [helper.make_tensor_value_info("input_ids", integer, [batch, length])]
    initializers = [numpy_helper.from_array(a, n) for n, a in (("table", table), ("kinds", kinds), ("mix", mix))]
    nodes.append(helper.make_node("Gather", ["table", "input_ids"], ["words"]))
    last = "words"
    if mask:
        inputs.append(helper.make_tensor_value_info("attention_mask", integer, [batch, length]))
        initializers.append(numpy_helper.from_array(np.array([2], np.int64), "two"))
        initializers.append(numpy_helper.from_array(np.array([1], np.int64), "one"))
        nodes += [
            helper.make_node("Cast", ["attention_mask"], ["flat"], to=FLOAT),
            helper.make_node("Unsqueeze", ["flat", "two"], ["mask3"]),
            helper.make_node("Mul", ["words", "mask3"], ["masked"]),
            helper.make_node("ReduceSum", ["masked", "one"], ["sums"], keepdims=1),
            helper.make_node("ReduceSum", ["mask3", "one"], ["counts"], keepdims=1),
            helper.make_node("Div", ["sums", "counts"], ["means"]),
            helper.make_node("Add", ["words", "means"], ["context"]),
        ]
        last = "context"
    if types:
        inputs.append(helper.make_tensor_value_info("token_type_ids", integer, [batch, length]))
        nodes += [helper.make_node("Gather", ["kinds", "token_type_ids"], ["kind"]), helper.make_node("Add", [last, "kind"], ["typed"])]
        last = "typed"
    nodes += [helper.make_node("MatMul", [last, "mix"], ["mixed"]), helper.make_node(operator, ["mixed"], ["hidden"], domain=domain)]
    name, last, shape = "last_hidden_state", "hidden", [batch, length, WIDTH]
    if head is not None:
        initializers.append(numpy_helper.from_array(head, "head"))
        nodes.append(helper.make_node("MatMul", ["hidden", "head"], ["scores"]))
        name, last, shape = "logits", "scores", [batch, length, head.shape[1]]
    if pooled:
        nodes.append(helper.make_node("ReduceMax", ["hidden"], ["most"], axes=[1], keepdims=0))
        name, last, shape = "sentence_embedding", "most", [batch, WIDTH]
    nodes.append(helper.make_node("Cast", [last], [name], to=output))
    return helper.make_graph(nodes, "text", inputs, [helper.make_tensor_value_info(name, output, shape)], initializers)


def text_reference(text, embeddings, mask=True, types=True, head=None, limit=512):
    table, kinds, mix = map(torch.from_numpy, embeddings)
    words = table[torch.tensor(token_ids(text, limit))]
    context = words + words.mean(0, keepdim=True) if mask else words
    hidden = torch.tanh((context + kinds[0] if types else context) @ mix)
    return hidden if head is None else hidden @ torch.from_numpy(head)


def text_files(architecture="BertModel", pooling=None, normalise=True, positions=64, **config):
    files = {"config.json": {"architectures": [architecture], "model_type": "bert", "hidden_size": WIDTH, "max_position_embeddings": positions, "pad_token_id": 0, **config},
             "vocab.txt": "\n".join(VOCABULARY) + "\n", "tokenizer_config.json": {"do_lower_case": True, "tokenizer_class": "BertTokenizer"}}
    if pooling:
        modules = [("Transformer", ""), ("Pooling", "1_Pooling")] + ([("Normalize", "2_Normalize")] if normalise else [])
        files["modules.json"] = [{"idx": i, "name": str(i), "path": p, "type": "sentence_transformers.models." + t} for i, (t, p) in enumerate(modules)]
        files["1_Pooling/config.json"] = {"word_embedding_dimension": WIDTH, **{f"pooling_mode_{m}": m == pooling for m in ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens")}}
    return files


def unit(vector):
    return torch.nn.functional.normalize(vector, dim=-1)


def rounded(tensor):
    return [float(f"{v:.7g}") for v in tensor.flatten().tolist()]


def make_text():
    e = (weights(len(VOCABULARY), WIDTH), weights(2, WIDTH), weights(WIDTH, WIDTH))
    small = dict(embeddings=e)
    write("text-mean", text_files(pooling="mean_tokens"), text_graph(**small))
    write("text-cls-int32", text_files(pooling="cls_token", normalise=False), text_graph(integer=INT32, types=False, **small), path="onnx/model.onnx")
    write("text-fixed", text_files(pooling="max_tokens"), text_graph(batch=2, length=16, **small))
    write("text-half", text_files(pooling="mean_tokens"), text_graph(output=HALF, **small))
    write("text-pooled", text_files(pooling="mean_tokens"), text_graph(mask=False, types=False, pooled=True, **small))
    write("text-unconfigured", text_files(), text_graph(**small))
    write("text-external", text_files(pooling="mean_tokens"), text_graph(**small), external="weights.bin")
    write("text-external-outside", text_files(pooling="mean_tokens"), text_graph(**small), external="../../text-external/1/weights.bin")
    write("text-unknown-operator", text_files(pooling="mean_tokens"), text_graph(operator="Frobnicate", **small))
    write("text-unknown-domain", text_files(pooling="mean_tokens"), text_graph(domain="com.example", **small), domain=True)
    write("text-truncated", text_files(pooling="mean_tokens"), text_graph(**small), cut=0.6)
    write("text-not-finite", text_files(pooling="mean_tokens"), text_graph(operator="Log", **small))
    write("text-wrong-width", text_files(pooling="mean_tokens", hidden_size=WIDTH + 1), text_graph(**small))
    write("text-untold-width", text_files(pooling="mean_tokens", hidden_size=WIDTH + 1), untold(text_graph(**small)))
    full = [text_reference(t, e) for t in TEXTS]
    expected["text-mean"] = [rounded(unit(h.mean(0))) for h in full]
    expected["text-cls-int32"] = [rounded(text_reference(t, e, types=False)[0]) for t in TEXTS]
    expected["text-fixed"] = [rounded(unit(text_reference(t, e, limit=16).max(0).values)) for t in TEXTS]
    expected["text-half"] = [rounded(unit(h.half().float().mean(0))) for h in full]
    expected["text-pooled"] = [rounded(unit(text_reference(t, e, mask=False, types=False).max(0).values)) for t in TEXTS]

    # Each word's vector points to its label: the head reads it back through tanh.
    labels = {"ada": 1, "lovelace": 2, "charles": 1, "babbage": 2, "london": 3, "paris": 3, "new": 3, "york": 4, "o": 1, "'": 2, "brien": 2, "-": 2}
    table = np.zeros((len(VOCABULARY), WIDTH), np.float32)
    for i, word in enumerate(VOCABULARY):
        table[i, labels.get(word, 0)] = 2
    plain = (table, np.zeros((2, WIDTH), np.float32), np.eye(WIDTH, dtype=np.float32))
    head = np.eye(WIDTH, len(LABELS), dtype=np.float32) * 5
    names = {"id2label": {str(i): l for i, l in enumerate(LABELS)}, "architectures": ["BertForTokenClassification"]}
    write("entities", text_files(positions=24, **names), text_graph(types=False, head=head, embeddings=plain))
    write("entities-wrong-width", text_files(**names), text_graph(types=False, head=head[:, :4].copy(), embeddings=plain))
    write("entities-untold-width", text_files(**names), untold(text_graph(types=False, head=head[:, :4].copy(), embeddings=plain)))
    expected["entities"] = [rounded(text_reference(t, plain, types=False, head=head).softmax(-1).max(-1).values) for t in TEXTS[:2]]


def make_unspaced():
    """A tokenizer that divides at spaces only, as XLM-RoBERTa's does, with pieces of sentences that have none."""
    labels = {"▁田中": 1, "さん": 0, "は": 0, "東京": 3, "に": 0, "住んでいる": 0, "。": 0, "▁Ada": 1, "▁Love": 2, "lace": 0, "▁wrote": 0, "▁from": 0, "▁London": 3, ".": 0}
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    mark = {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True}
    tokenizer = {
        "version": "1.0",
        "added_tokens": [{"id": i, "content": t, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} for i, t in enumerate(special)],
        "normalizer": {"type": "NFKC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, mark]},
        "post_processor": {"type": "TemplateProcessing",
                           "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                           "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                           "special_tokens": {t: {"id": t, "ids": [special.index(t)], "tokens": [t]} for t in ("<s>", "</s>")}},
        "decoder": mark,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [[t, 0.0] for t in special] + [[t, -2.0] for t in labels]},
    }
    config = {"architectures": ["XLMRobertaForTokenClassification"], "model_type": "xlm-roberta", "max_position_embeddings": 64, "pad_token_id": 1,
              "id2label": {str(i): l for i, l in enumerate(LABELS)}}
    scores = np.eye(len(LABELS), dtype=np.float32)[[0] * len(special) + list(labels.values())] * 5
    ids = [helper.make_tensor_value_info(n, INT64, ["batch", "length"]) for n in ("input_ids", "attention_mask")]
    logits = helper.make_tensor_value_info("logits", FLOAT, ["batch", "length", len(LABELS)])
    graph = helper.make_graph([helper.make_node("Gather", ["scores", "input_ids"], ["logits"])], "unspaced", ids, [logits], [numpy_helper.from_array(scores, "scores")])
    write("entities-unspaced", {"config.json": config, "tokenizer.json": tokenizer, "tokenizer_config.json": {"tokenizer_class": "XLMRobertaTokenizer"}}, graph)


# ---- images ---------------------------------------------------------------------------------------------------------

SIDE = 12
SIZES = [(40, 30), (30, 47), (12, 12), (9, 20)]
BIRDS = ["crow", "duck", "gull", "swan", "wren"]


def picture(width, height):
    """A smooth gradient with some texture; the tests draw it by the same formula."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((x * 5 + y * 3 + c * 60 + (x * y) // 7) % 256).astype(np.uint8)


def preprocess(pixels, config):
    height, width = pixels.shape[:2]
    size = config["size"]
    if "shortest_edge" in size:
        small, large = sorted((width, height))
        new_small, new_large = size["shortest_edge"], int(size["shortest_edge"] * large / small)
        width, height = (new_small, new_large) if width <= height else (new_large, new_small)
    else:
        width, height = size["width"], size["height"]
    pixels = np.asarray(Image.fromarray(pixels).resize((width, height), config["resample"]))
    if config.get("do_center_crop"):
        crop = config["crop_size"]["height"]
        top, left = (height - crop) // 2, (width - crop) // 2
        pixels = pixels[top:top + crop, left:left + crop]
    values = pixels.astype(np.float64)
    if config.get("do_rescale", True):
        values = values * config.get("rescale_factor", 1 / 255)
    if config.get("do_normalize"):
        values = (values - np.array(config["image_mean"])) / np.array(config["image_std"])
    if config.get("do_flip_channel_order"):
        values = values[..., ::-1]
    return torch.from_numpy(values.copy()).float()  # height, width, channels


SQUARE = {"image_processor_type": "ViTImageProcessor", "do_resize": True, "size": {"height": SIDE, "width": SIDE}, "resample": 2, "do_rescale": True,
          "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": [0.48, 0.45, 0.4], "image_std": [0.22, 0.23, 0.25]}
CROPPED = {"image_processor_type": "CLIPImageProcessor", "do_resize": True, "size": {"shortest_edge": SIDE + 2}, "resample": 3, "do_center_crop": True,
           "crop_size": {"height": SIDE, "width": SIDE}, "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
RAW_BGR = {"do_resize": True, "size": {"height": SIDE, "width": SIDE}, "resample": 1, "do_rescale": False, "do_normalize": False, "do_flip_channel_order": True}


def image_graph(layout="NCHW", element=FLOAT, batch="batch", side=SIDE, kernel=None, head=None, output="logits", shape=None, scale=1.0):
    """4 × 4 patches through a convolution and ReLU; then as they are, averaged, or averaged and through a head."""
    h = numpy_helper.from_array
    dims = [batch, 3, side, side] if layout == "NCHW" else [batch, side, side, 3]
    nodes, initializers, last = [], [h(kernel * scale, "kernel")], "pixel_values"
    if element == HALF:
        nodes.append(helper.make_node("Cast", [last], ["wide"], to=FLOAT))
        last = "wide"
    if layout == "NHWC":
        nodes.append(helper.make_node("Transpose", [last], ["planar"], perm=[0, 3, 1, 2]))
        last = "planar"
    nodes += [helper.make_node("Conv", [last, "kernel"], ["patches"], strides=[4, 4]), helper.make_node("Relu", ["patches"], ["maps"])]
    last, result = "maps", [batch, WIDTH, "rows", "columns"]
    if shape == "tokens":
        initializers.append(h(np.array([0, WIDTH, -1], np.int64), "flat"))
        nodes += [helper.make_node("Reshape", ["maps", "flat"], ["sequence"]), helper.make_node("Transpose", ["sequence"], ["tokens"], perm=[0, 2, 1])]
        last, result = "tokens", [batch, "tokens", WIDTH]
    elif shape != "maps":
        nodes.append(helper.make_node("ReduceMean", ["maps"], ["vector"], axes=[2, 3], keepdims=0))
        last, result = "vector", [batch, WIDTH]
    if head is not None:
        initializers.append(h(head, "head"))
        nodes.append(helper.make_node("MatMul", [last, "head"], ["scores"]))
        last, result = "scores", [batch, head.shape[1]]
    nodes.append(helper.make_node("Cast", [last], [output], to=element))
    return helper.make_graph(nodes, "image", [helper.make_tensor_value_info("pixel_values", element, dims)], [helper.make_tensor_value_info(output, element, result)], initializers)


def image_reference(pixels, config, kernel, half=False):
    values = preprocess(pixels, config)
    values = (values.half().float() if half else values).permute(2, 0, 1)[None]
    return torch.nn.functional.conv2d(values, torch.from_numpy(kernel), stride=4).relu()[0]  # width, rows, columns


def make_images():
    kernel, head = weights(WIDTH, 3, 4, 4) / 4, weights(WIDTH, len(BIRDS)) * 2
    pictures = [picture(*s) for s in SIZES]

    def files(preprocessor, architecture, **config):
        return {"config.json": {"architectures": [architecture], "model_type": "vit", "hidden_size": WIDTH, **config}, "preprocessor_config.json": preprocessor}

    birds = {"id2label": {str(i): b for i, b in enumerate(BIRDS)}}
    classifier = "ViTForImageClassification"
    write("labels", files(SQUARE, classifier, **birds), image_graph(kernel=kernel, head=head))
    write("labels-nhwc-sigmoid", files(CROPPED, classifier, problem_type="multi_label_classification", **birds), image_graph("NHWC", batch=3, kernel=kernel, head=head))
    write("labels-bgr", files(RAW_BGR, classifier, **birds), image_graph(kernel=kernel, head=head, scale=1 / 255))
    write("labels-wrong-width", files(SQUARE, classifier, **birds), image_graph(kernel=kernel, head=head[:, :3].copy()))
    write("labels-untold-width", files(SQUARE, classifier, **birds), untold(image_graph(kernel=kernel, head=head[:, :3].copy())))
    write("labels-wrong-size", files({**SQUARE, "size": {"height": SIDE, "width": SIDE + 4}}, classifier, **birds), image_graph(kernel=kernel, head=head))
    write("image-half", files(SQUARE, "ViTModel"), image_graph(element=HALF, kernel=kernel, output="pooler_output"))
    write("image-patches", files(CROPPED, "ViTModel"), image_graph(kernel=kernel, output="last_hidden_state", shape="tokens"))
    write("image-maps", files({**CROPPED, "do_center_crop": False}, "ResNetModel"), image_graph(kernel=kernel, side="side", output="last_hidden_state", shape="maps"))

    def scores(config, function, half=False, divide=1):
        return [rounded(function(image_reference(p, config, kernel / divide).mean((1, 2)) @ torch.from_numpy(head))) for p in pictures]

    expected["labels"] = scores(SQUARE, lambda v: v.softmax(-1))
    expected["labels-nhwc-sigmoid"] = scores(CROPPED, torch.sigmoid)
    expected["labels-bgr"] = scores(RAW_BGR, lambda v: v.softmax(-1), divide=255)
    expected["image-half"] = [rounded(unit(image_reference(p, SQUARE, kernel, half=True).mean((1, 2)))) for p in pictures]
    expected["image-patches"] = [rounded(unit(image_reference(p, CROPPED, kernel)[:, 0, 0])) for p in pictures]
    expected["image-maps"] = [rounded(unit(image_reference(p, {**CROPPED, "do_center_crop": False}, kernel).mean((1, 2)))) for p in pictures]


# ---- pairs, labels of texts -------------------------------------------------------------------------------------------

def make_sequences():
    e = (weights(len(VOCABULARY), WIDTH), weights(2, WIDTH), weights(WIDTH, WIDTH))
    for name, width, labels in (("rerank", 1, {"0": "LABEL_0"}), ("topics", 3, {"0": "people", "1": "places", "2": "machines"})):
        head = weights(WIDTH, width)
        graph = text_graph(head=head, embeddings=e)
        graph.node[-1].input[0] = "first"  # the scores of [CLS]
        graph.initializer.append(numpy_helper.from_array(np.array(0, np.int64), "zero"))
        graph.node.insert(len(graph.node) - 1, helper.make_node("Gather", ["scores", "zero"], ["first"], axis=1))
        graph.output[0].CopyFrom(helper.make_tensor_value_info("logits", FLOAT, ["batch", width]))
        write(name, text_files("BertForSequenceClassification", positions=20, id2label=labels), graph)
        table, kinds, mix = map(torch.from_numpy, e)

        def scores(ids, types):
            words = table[torch.tensor(ids)]
            return (torch.tanh((words + words.mean(0, keepdim=True) + kinds[torch.tensor(types)]) @ mix) @ torch.from_numpy(head))[0]

        if name == "topics":
            expected[name] = [rounded(scores(token_ids(t, 20), [0] * len(token_ids(t, 20))).softmax(-1)) for t in TEXTS]
            continue
        first, rows = token_ids("charles babbage")[1:-1], []
        for text in TEXTS:
            second = token_ids(text)[1:-1][: 20 - 3 - len(first)]  # the longer gives way
            rows.append(torch.sigmoid(scores([2, *first, 3, *second, 3], [0] * (len(first) + 2) + [1] * (len(second) + 1))))
        expected[name] = [rounded(torch.cat(rows))]


# ---- boxes ------------------------------------------------------------------------------------------------------------

STRIDES, THINGS = (4, 6), ["ball", "box"]


def letterbox(pixels, side):
    height, width = pixels.shape[:2]
    ratio = min(side / height, side / width)
    size = (int(width * ratio), int(height * ratio))
    canvas = np.full((side, side, 3), 114, np.uint8)
    canvas[: size[1], : size[0]] = np.asarray(Image.fromarray(pixels).resize(size, Image.BILINEAR))
    return canvas, size


def overlap(a, b):
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def boxes_reference(pixels, kernels, least, most):
    """What YOLOX's demo_postprocess and multiclass_nms do (yolox/utils/demo_utils.py), one number at a time."""
    canvas, size = letterbox(pixels, SIDE)
    values = torch.from_numpy(canvas[..., ::-1].copy()).float().permute(2, 0, 1)[None]
    found = []
    for stride, kernel in zip(STRIDES, kernels):
        rows = torch.nn.functional.conv2d(values, torch.from_numpy(kernel), stride=stride)[0]
        for y in range(SIDE // stride):
            for x in range(SIDE // stride):
                row = rows[:, y, x]
                cx, cy, w, h = (row[0] + x) * stride, (row[1] + y) * stride, row[2].exp() * stride, row[3].exp() * stride
                for label in range(len(THINGS)):
                    score = row[4].sigmoid() * row[5 + label].sigmoid()
                    if score >= least:
                        found.append((score.item(), label, [(cx - w / 2).item(), (cy - h / 2).item(), (cx + w / 2).item(), (cy + h / 2).item()]))
    kept = []
    for score, label, box in sorted(found, key=lambda f: -f[0]):
        if all(other != label or overlap(box, o) <= most for _, other, o in kept):
            kept.append((score, label, box))
    across, down = pixels.shape[1] / size[0], pixels.shape[0] / size[1]
    rows = []
    for score, label, (x0, y0, x1, y1) in kept:
        x0, x1, y0, y1 = np.clip(x0 * across, 0, pixels.shape[1]), np.clip(x1 * across, 0, pixels.shape[1]), np.clip(y0 * down, 0, pixels.shape[0]), np.clip(y1 * down, 0, pixels.shape[0])
        rows += [label, score, x0, y0, x1 - x0, y1 - y0]
    return [float(f"{v:.7g}") for v in rows]


def make_boxes():
    kernels = [weights(5 + len(THINGS), 3, s, s) / (s * s * 60) for s in STRIDES]
    h = numpy_helper.from_array
    nodes, initializers = [], [h(np.array([0, 0, -1], np.int64), "flat"), h(np.array([0], np.int64), "0"), h(np.array([4], np.int64), "4"), h(np.array([99], np.int64), "99"), h(np.array([2], np.int64), "axis")]
    for i, kernel in enumerate(kernels):
        initializers.append(h(kernel, f"kernel{i}"))
        nodes += [helper.make_node("Conv", ["images", f"kernel{i}"], [f"grid{i}"], strides=[STRIDES[i]] * 2), helper.make_node("Reshape", [f"grid{i}", "flat"], [f"cells{i}"])]
    nodes += [helper.make_node("Concat", ["cells0", "cells1"], ["columns"], axis=2), helper.make_node("Transpose", ["columns"], ["rows"], perm=[0, 2, 1]),
              helper.make_node("Slice", ["rows", "0", "4", "axis"], ["place"]), helper.make_node("Slice", ["rows", "4", "99", "axis"], ["marks"]),
              helper.make_node("Sigmoid", ["marks"], ["scores"]), helper.make_node("Concat", ["place", "scores"], ["output"], axis=2)]
    graph = helper.make_graph(nodes, "boxes", [helper.make_tensor_value_info("images", FLOAT, ["batch", 3, SIDE, SIDE])],
                              [helper.make_tensor_value_info("output", FLOAT, ["batch", "cells", 5 + len(THINGS)])], initializers)
    config = {"architectures": ["YoloxForObjectDetection"], "model_type": "yolox", "strides": list(STRIDES), "score_threshold": 0.2, "nms_threshold": 0.3, "id2label": dict(enumerate(THINGS))}
    processor = {"do_letterbox": True, "do_resize": True, "size": {"height": SIDE, "width": SIDE}, "resample": 2, "do_rescale": False, "do_normalize": False, "do_flip_channel_order": True}
    write("boxes", {"config.json": config, "preprocessor_config.json": processor}, graph)
    expected["boxes"] = [boxes_reference(picture(*s), kernels, 0.2, 0.3) for s in SIZES]


# ---- tensors ----------------------------------------------------------------------------------------------------------

def make_tensors():
    types = {"BOOL": TensorProto.BOOL, "UINT8": TensorProto.UINT8, "UINT16": TensorProto.UINT16, "UINT32": TensorProto.UINT32, "UINT64": TensorProto.UINT64, "INT8": TensorProto.INT8,
             "INT16": TensorProto.INT16, "INT32": INT32, "INT64": INT64, "FP16": HALF, "FP32": FLOAT, "FP64": TensorProto.DOUBLE, "BYTES": TensorProto.STRING}
    info = helper.make_tensor_value_info
    write("tensors-all", {}, helper.make_graph([helper.make_node("Identity", [f"in_{n}"], [f"out_{n}"]) for n in types], "all",
          [info(f"in_{n}", t, ["batch", "width"]) for n, t in types.items()], [info(f"out_{n}", t, ["batch", "width"]) for n, t in types.items()]))
    h = numpy_helper.from_array
    nodes = [helper.make_node("Mul", ["x", "two"], ["twice"]), helper.make_node("Gather", ["table", "row"], ["looked_up"])]
    write("tensors-rows", {}, helper.make_graph(nodes, "rows", [info("x", FLOAT, ["batch", "width"]), info("row", INT64, ["batch"])],
          [info("twice", FLOAT, ["batch", "width"]), info("looked_up", FLOAT, ["batch", 2])], [h(np.array(2, np.float32), "two"), h(np.arange(8, dtype=np.float32).reshape(4, 2), "table")]))
    write("tensors-time", {}, helper.make_graph([helper.make_node("CumSum", ["samples", "zero"], ["sums"])], "time",
          [info("samples", FLOAT, ["time"])], [info("sums", FLOAT, ["time"])], [h(np.array(0, np.int64), "zero")]))


make_text()
make_unspaced()
make_images()
make_sequences()
make_boxes()
make_tensors()
with open(os.path.join(HERE, "expected.json"), "w", newline="\n") as f:
    f.write("{\n" + ",\n".join(f' "{k}": {json.dumps(v)}' for k, v in expected.items()) + "\n}\n")
