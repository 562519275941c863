"""all-MiniLM-L6-v2 as a teacher: the package that set-up fetched, computed in torch from the weights of its ONNX file."""
import math
import os

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

from wordpiece import words

CACHE = os.environ.get("SERVERLESS_MODEL_CACHE") or os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "serverless-media", "models")
FOLDER = os.path.join(CACHE, "all-minilm-l6-v2", "1")
LAYERS, HEADS, HIDDEN, CLS, SEP, UNKNOWN = 6, 12, 384, 101, 102, 100


class MiniLM:
    def __init__(self, folder=FOLDER):
        graph = onnx.load(f"{folder}/onnx/model.onnx").graph
        self.weights = {i.name: torch.tensor(numpy_helper.to_array(i).copy()) for i in graph.initializer}
        # The exporter gave the matrices numbers for names; each layer multiplies by query, key, value, output, up and down in this order.
        matrices = [self.weights[n.input[1]] for n in graph.node if n.op_type == "MatMul" and n.input[1] in self.weights]
        self.layers = [matrices[at:at + 6] for at in range(0, 6 * LAYERS, 6)]
        with open(f"{folder}/vocab.txt", encoding="utf-8") as file:
            self.vocabulary = {piece.rstrip("\n"): number for number, piece in enumerate(file)}

    def pieces(self, word):
        found, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = ("##" if start else "") + word[start:end]
                if piece in self.vocabulary:
                    found.append(self.vocabulary[piece])
                    start = end
                    break
            else:
                return [UNKNOWN]
        return found

    def ids(self, text, limit):
        return [CLS, *[piece for word, _ in words(text, True) for piece in self.pieces(word)][:limit - 2], SEP]

    def embed(self, texts, limit=64, batch=64):
        """Texts of like length run together; unit vectors in the order of the texts."""
        rows = [self.ids(text, limit) for text in texts]
        order, vectors = sorted(range(len(rows)), key=lambda i: len(rows[i])), torch.zeros(len(rows), HIDDEN)
        for at in range(0, len(order), batch):
            some = order[at:at + batch]
            longest = max(len(rows[i]) for i in some)
            vectors[some] = self.run(torch.tensor([rows[i] + [0] * (longest - len(rows[i])) for i in some]))
        return vectors

    def embed_once(self, name, texts, folder="artifacts/samples"):
        """The same, kept for the next training that asks for as many of this name."""
        path = f"{folder}/minilm-{name}-{len(texts)}.npy"
        if not os.path.exists(path):
            os.makedirs(folder, exist_ok=True)
            np.save(path, self.embed(texts, limit=48).numpy())
        return torch.from_numpy(np.load(path))

    @torch.no_grad()
    def run(self, ids):
        mask = (ids > 0).float()
        count, length = ids.shape
        x = self.table("word")[ids] + self.table("position")[:length] + self.table("token_type")[0]
        x = self.norm(x, "embeddings.LayerNorm")
        bias = (1 - mask[:, None, None]) * -1e4
        for number, (query, key, value, out, up, down) in enumerate(self.layers):
            at = f"encoder.layer.{number}"
            q, k, v = (
                (x @ matrix + self.weights[f"{at}.attention.self.{name}.bias"]).view(count, length, HEADS, HIDDEN // HEADS).transpose(1, 2)
                for matrix, name in ((query, "query"), (key, "key"), (value, "value"))
            )
            seen = (q @ k.transpose(-1, -2) / math.sqrt(HIDDEN // HEADS) + bias).softmax(-1) @ v
            seen = seen.transpose(1, 2).reshape(count, length, HIDDEN) @ out + self.weights[f"{at}.attention.output.dense.bias"]
            x = self.norm(x + seen, f"{at}.attention.output.LayerNorm")
            inner = F.gelu(x @ up + self.weights[f"{at}.intermediate.dense.bias"]) @ down + self.weights[f"{at}.output.dense.bias"]
            x = self.norm(x + inner, f"{at}.output.LayerNorm")
        return F.normalize((x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), dim=-1)

    def table(self, name):
        return self.weights[f"embeddings.{name}_embeddings.weight"]

    def norm(self, x, name):
        return F.layer_norm(x, (HIDDEN,), self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], 1e-12)
