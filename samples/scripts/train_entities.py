"""Trains entities on made sentences and writes its package, anew every few hundred steps. Usage: train_entities.py [steps]"""
import collections
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

import package
import text_cards
from text_net import Encoder, Tagger, axes, bert_config, example, pad
from texts.tagged import Tagged
from training import descend
from wordpiece import Tokenizer, learn, words

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
WRITTEN_EVERY = 500
BATCH, LIMIT, SIZE, HIDDEN, IGNORED = 32, 128, 6000, 128, -100
LABELS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"]
OUTSIDE = "../shared/data/text/emerging.dev.conll"
OUTSIDE_TYPES = {"person": "PER", "location": "LOC", "corporation": "ORG", "group": "ORG", "creative-work": "MISC", "product": "MISC"}


def vocabulary(tagged):
    counts = collections.Counter(word for _ in range(15000) for word, _ in words(tagged.draw()[0], False))
    counts = collections.Counter({word: n for word, n in counts.items() if n > 1})
    letters = {c for word in counts for c in word} | set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿœŒšŠžŽłŁśŚčČćĆąęńźżőűřěğşı")
    return Tokenizer(learn(counts, SIZE, letters), lowercase=False)


def encode(tokenizer, text, spans, rng):
    """Ids and labels; a word's label lies on its first piece, the others are not asked. Many names are split as if unknown, so that the
    model goes by what stands around a name and not only by knowing it (cf. BPE dropout, Provilkov et al. 2020)."""
    ids, labels = [tokenizer.vocabulary["[CLS]"]], [IGNORED]
    for word, start in words(text, False):
        label = 0
        for a, b, kind in spans:
            if a <= start < b:
                label = LABELS.index(("B-" if start == a else "I-") + kind)
        pieces = tokenizer.split(word, int(rng.integers(2, 5))) if rng.random() < (0.3 if label else 0.03) else tokenizer.pieces(word)
        ids += pieces
        labels += [label] + [IGNORED] * (len(pieces) - 1)
    return ids[:LIMIT - 1] + [tokenizer.vocabulary["[SEP]"]], labels[:LIMIT - 1] + [IGNORED]


def tag_loss(model, tokenizer, tagged):
    ids, labels = zip(*(encode(tokenizer, *tagged.draw(), tagged.rng) for _ in range(BATCH)))
    x, mask = pad(list(ids))
    y, _ = pad(list(labels), IGNORED)
    return F.cross_entropy(model(x, mask, torch.zeros_like(x)).flatten(0, 1), y.flatten(), ignore_index=IGNORED)


def spans_of(labels):
    """Of one label a word, as (first, past, type)."""
    found, start, kind = [], None, None
    for at, label in enumerate([*labels, "O"]):
        if start is not None and label != f"I-{kind}":
            found.append((start, at, kind))
            start = None
        if label != "O" and start is None:
            start, kind = at, label[2:]
    return set(found)


@torch.no_grad()
def tag(model, tokenizer, sentences):
    """A label for each word of sentences that are lists of words."""
    model.eval()
    result = []
    for at in range(0, len(sentences), 64):
        rows, firsts = [], []
        for sentence in sentences[at:at + 64]:
            ids, first = [tokenizer.vocabulary["[CLS]"]], []
            for word in sentence:
                first.append(len(ids))
                ids += [piece for part, _ in words(word, False) for piece in tokenizer.pieces(part)] or [tokenizer.vocabulary["[UNK]"]]
            rows.append(ids[:LIMIT - 1] + [tokenizer.vocabulary["[SEP]"]])
            firsts.append(first)
        ids, mask = pad(rows)
        best = model(ids, mask, torch.zeros_like(ids)).argmax(-1)
        result += [[LABELS[best[i, f]] if f < LIMIT - 1 else "O" for f in first] for i, first in enumerate(firsts)]
    return result


def scores(truth, found):
    """Precision, recall and F1 over exact spans, per type and of all."""
    table = {}
    for kind in ("PER", "ORG", "LOC", "MISC", None):
        pairs = [({s for s in spans_of(t) if kind in (None, s[2])}, {s for s in spans_of(f) if kind in (None, s[2])}) for t, f in zip(truth, found)]
        right, there, said = sum(len(t & f) for t, f in pairs), sum(len(t) for t, _ in pairs), sum(len(f) for _, f in pairs)
        table[kind or "all"] = (right / max(1, said), right / max(1, there), 2 * right / max(1, said + there), there)
    return table


def measure(model, tokenizer, tagged, count=2000):
    sentences, truth = [], []
    for _ in range(count):
        text, spans = tagged.draw()
        found = words(text, False)
        sentences.append([word for word, _ in found])
        truth.append(["O" if not (inside := [s for s in spans if s[0] <= start < s[1]]) else ("B-" if start == inside[0][0] else "I-") + inside[0][2] for _, start in found])
    return scores(truth, tag(model, tokenizer, sentences))


def measure_outside(model, tokenizer):
    """WNUT 2017's development set, where it is present: noisy posts with rare names, none of it trained on."""
    if not os.path.exists(OUTSIDE):
        return None
    sentences, truth, current = [], [], []
    with open(OUTSIDE, encoding="utf-8") as file:
        for line in [*file, "\n"]:
            if line.strip():
                current.append(line.rstrip("\n").split("\t")[:2])
            elif current:
                sentences.append([word for word, _ in current])
                truth.append([label if label == "O" else label[:2] + OUTSIDE_TYPES[label[2:]] for _, label in current])
                current = []
    return scores(truth, tag(model, tokenizer, sentences))


def write(model, tokenizer):
    model = package.as_stored(model)
    measured = {"held": measure(model, tokenizer, Tagged(np.random.default_rng(9), held_out=True)), "outside": measure_outside(model, tokenizer)}
    folder = "samples/models/entities/1"
    package.export(model, example(), "logits", axes("logits"), f"{folder}/onnx/model.onnx")
    config = bert_config(model.encoder, tokenizer.vocabulary, "LocalBertForTokenClassification", id2label={str(i): label for i, label in enumerate(LABELS)}, label2id={label: i for i, label in enumerate(LABELS)})
    package.write(folder, {"config.json": config, **tokenizer.files(LIMIT), **text_cards.entities(measured, len(tokenizer.vocabulary), LIMIT)})
    print(measured, f"{package.megabytes(folder):.2f} MB", flush=True)


def main():
    torch.manual_seed(3)
    torch.set_num_threads(1)
    tokenizer = vocabulary(Tagged(np.random.default_rng(1)))
    model = Tagger(Encoder(len(tokenizer.vocabulary), hidden=HIDDEN, layers=2, positions=LIMIT, reach=2), HIDDEN, len(LABELS))
    tagged = Tagged(np.random.default_rng(2))
    for _ in descend(model, lambda: tag_loss(model, tokenizer, tagged), STEPS, 2e-3, WRITTEN_EVERY):
        write(model, tokenizer)


if __name__ == "__main__":
    main()
