"""Trains reranker, a cross-encoder, on made pairs of queries and passages and writes its package, anew every few hundred steps. Usage: train_reranker.py [steps]

It begins with the word vectors of text-embedding, squeezed to its own width; so make that first.
"""
import sys

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import numpy_helper

import package
import text_cards
from text_net import pad
from texts.pairs import Pairs
from training import descend
from wordpiece import Tokenizer

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
WRITTEN_EVERY = 500
GROUPS, CANDIDATES, LIMIT, HIDDEN = 24, 6, 96, 48
SOURCE = "samples/models/text-embedding/1"


class Reranker(nn.Module):
    """One logit for a query and a passage, by late interaction (ColBERT, Khattab and Zaharia 2020): for each piece of the query the likest piece
    of the passage, alone and with its neighbours; what was found is weighed by how much the piece matters."""

    def __init__(self, vocabulary):
        super().__init__()
        self.words, self.near = nn.Embedding(vocabulary, HIDDEN), nn.Conv1d(HIDDEN, HIDDEN, 3, padding=1)
        self.weight, self.hidden, self.head = nn.Linear(HIDDEN, 1), nn.Linear(4, 16), nn.Linear(16, 1)
        self.scale = nn.Parameter(torch.tensor(6.0))

    def forward(self, input_ids, attention_mask, token_type_ids):
        mask = attention_mask.float() * (input_ids > 4).float()  # special tokens ask and answer nothing
        asked, given = mask * (1 - token_type_ids.float()), mask * token_type_ids.float()
        words = self.words(input_ids) * mask[..., None]
        together = words + self.near(words.transpose(1, 2)).transpose(1, 2)
        found = []
        for vectors in (words, together):
            unit = vectors / (vectors.pow(2).sum(-1, keepdim=True) + 1e-6).sqrt()
            best = (unit @ unit.transpose(1, 2) - 2 * (1 - given[:, None])).amax(2).clamp(min=-1)
            found += [best, best.pow(8)]
        importance = F.softplus(self.weight(words)[..., 0]) * asked
        importance = importance / (importance.sum(1, keepdim=True) + 1e-3)
        pieces = self.hidden(torch.stack(found, 2) * asked[..., None]).tanh() * importance[..., None]
        return self.head(pieces.sum(1)) * self.scale


def tokenizer():
    with open(f"{SOURCE}/vocab.txt", encoding="utf-8") as file:
        return Tokenizer({line.rstrip("\n"): number for number, line in enumerate(file)}, lowercase=True)


def word_vectors(size):
    """The embedding model's table, projected to its strongest directions."""
    graph = onnx.load(f"{SOURCE}/onnx/model.onnx").graph
    table = next(numpy_helper.to_array(t) for t in graph.initializer if list(t.dims)[:1] == [size] and len(t.dims) == 2).astype(np.float32)
    _, _, directions = np.linalg.svd(table - table.mean(0), full_matrices=False)
    squeezed = torch.from_numpy((table - table.mean(0)) @ directions[:HIDDEN].T)
    return squeezed / squeezed.std() * 0.3


def encode(tokenizer, query, passage):
    """Both texts with [CLS] and [SEP]; where they are too long the longer gives way."""
    a, b = tokenizer.encode(query, LIMIT)[1:-1], tokenizer.encode(passage, LIMIT)[1:-1]
    room = LIMIT - 3
    if len(a) + len(b) > room:
        half = room // 2
        a, b = (a, b[:room - len(a)]) if len(a) <= half else (a[:room - len(b)], b) if len(b) <= half else (a[:half], b[:room - half])
    cls, sep = tokenizer.vocabulary["[CLS]"], tokenizer.vocabulary["[SEP]"]
    return [cls, *a, sep, *b, sep], [0] * (len(a) + 2) + [1] * (len(b) + 1)


def score(model, tokenizer, pairs):
    rows = [encode(tokenizer, *pair) for pair in pairs]
    ids, mask = pad([ids for ids, _ in rows])
    types, _ = pad([types for _, types in rows])
    return model(ids, mask, types)[:, 0]


def candidates(drawn, at, count):
    """A query with its passage, and behind them with passages of others: half of them those that share most words with the query."""
    query, passage = drawn[at]
    asked = set(query.lower().split())
    others = sorted((other for _, other in drawn if other != passage), key=lambda text: -len(asked & set(text.lower().split())))
    half = count // 2
    return [(query, text) for text in [passage, *others[:half], *others[half:][-(count - 1 - half):]]]


def rank_loss(model, tokenizer, pairs):
    drawn = [pairs.draw() for _ in range(GROUPS)]
    groups = [candidates(drawn, at, CANDIDATES) for at in range(GROUPS)]
    scores = score(model, tokenizer, [pair for g in groups for pair in g]).view(len(groups), CANDIDATES)
    wanted = torch.zeros_like(scores)
    wanted[:, 0] = 1
    return F.cross_entropy(scores, torch.zeros(len(groups), dtype=torch.long)) + 0.3 * F.binary_cross_entropy_with_logits(scores, wanted)


@torch.no_grad()
def measure(model, tokenizer, pairs, count=400, among=20):
    """Each held-out query with its passage and those of others."""
    model.eval()
    ranks = []
    for _ in range(count // 40):
        drawn = [pairs.draw() for _ in range(40)]
        for at in range(len(drawn)):
            scores = score(model, tokenizer, candidates(drawn, at, among))
            ranks.append((scores[1:] >= scores[0]).sum().item())
    ranks = np.array(ranks)
    return {"count": count, "candidates": among, "first": float((ranks < 1).mean()), "mrr": float((1 / (ranks + 1)).mean()),
            "ndcg10": float(np.where(ranks < 10, 1 / np.log2(ranks + 2), 0).mean()), "vocabulary": len(tokenizer.vocabulary)}


def write(model, tokenizer):
    model = package.as_stored(model)
    measured = measure(model, tokenizer, Pairs(np.random.default_rng(19), held_out=True))
    folder = "samples/models/reranker/1"
    ids, mask = pad([[2, 7, 3, 8, 9, 3], [2, 7, 3, 3]])
    both, one = {0: "batch_size", 1: "sequence_length"}, {0: "batch_size"}
    example = {"input_ids": ids, "attention_mask": mask, "token_type_ids": torch.zeros_like(ids)}
    package.export(model, example, "logits", {**dict.fromkeys(example, both), "logits": one}, f"{folder}/onnx/model.onnx")
    files = tokenizer.files(LIMIT)
    del files["vocab.txt"]  # tokenizer.json says the same
    config = {"architectures": ["LateInteractionForSequenceClassification"], "model_type": "late-interaction", "vocab_size": len(tokenizer.vocabulary), "hidden_size": HIDDEN, "max_position_embeddings": LIMIT,
              "pad_token_id": 0, "id2label": {"0": "LABEL_0"}, "label2id": {"LABEL_0": 0}}
    package.write(folder, {"config.json": config, **files, "README.md": text_cards.reranker(measured, LIMIT)})
    print(measured, f"{package.megabytes(folder):.2f} MB", flush=True)


def main():
    torch.manual_seed(13)
    torch.set_num_threads(1)
    words = tokenizer()
    model = Reranker(len(words.vocabulary))
    with torch.no_grad():
        model.words.weight.copy_(word_vectors(len(words.vocabulary)))
    pairs = Pairs(np.random.default_rng(12))
    for _ in descend(model, lambda: rank_loss(model, words, pairs), STEPS, 4e-3, WRITTEN_EVERY):
        write(model, words)


if __name__ == "__main__":
    main()
