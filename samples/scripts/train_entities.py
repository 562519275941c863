"""Trains entities on made sentences, on WordNet's and on posts, and writes its package anew every few hundred steps. Usage: train_entities.py [steps]"""
import collections
import sys

import numpy as np
import torch
import torch.nn.functional as F

import package
import text_cards
from text_net import Encoder, Tagger, axes, bert_config, example, pad
from texts import news, posts
from texts.prose import Prose, sentences
from texts.tagged import Tagged
from training import descend
from wordpiece import Tokenizer, learn, words

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
WRITTEN_EVERY = 500
BATCH, POOL, LIMIT, SIZE, HIDDEN, IGNORED = 32, 16, 128, 8000, 128, -100
SHARES = {"made": 0.3, "prose": 0.5, "posts": 0.2}
LABELS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"]


class Sources:
    """Draws (text, spans): from templates and words in no order, from WordNet's sentences, from WNUT 2017's training posts."""

    def __init__(self, rng):
        self.rng, self.tagged, self.prose, self.posts = rng, Tagged(rng), Prose(rng), posts.read("wnut17train.conll")

    def draw(self):
        kind = self.rng.choice(list(SHARES), p=list(SHARES.values()))
        if kind == "posts" and self.posts:
            return self.posts[int(self.rng.integers(len(self.posts)))]
        return (self.tagged if kind == "made" else self.prose).draw()


def vocabulary(sources):
    """The words of all sources; of WordNet's sentences each, so that common words are whole pieces."""
    counts = collections.Counter(word for _ in range(20000) for word, _ in words(sources.draw()[0], False))
    counts.update(word for text in sentences() for word, _ in words(text, False))
    counts = collections.Counter({word: n for word, n in counts.items() if n > 1})
    letters = {c for word in counts for c in word if ord(c) < 0x180} | set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿœŒšŠžŽłŁśŚčČćĆąęńźżőűřěğşı")
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


def batches(tokenizer, sources):
    """Texts of like length together, so that little of a batch is padding."""
    while True:
        drawn = sorted((encode(tokenizer, *sources.draw(), sources.rng) for _ in range(BATCH * POOL)), key=lambda row: len(row[0]))
        for number in sources.rng.permutation(POOL):
            yield drawn[number * BATCH:(number + 1) * BATCH]


def tag_loss(model, batch):
    ids, labels = zip(*batch)
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


def split(text, spans):
    """The words of a text, and a label for each."""
    found = words(text, False)
    inside = [next((span for span in spans if span[0] <= start < span[1]), None) for _, start in found]
    return [word for word, _ in found], ["O" if span is None else ("B-" if start == span[0] else "I-") + span[2] for span, (_, start) in zip(inside, found)]


def measure(model, tokenizer, texts):
    sentences, truth = zip(*(split(*text) for text in texts))
    return scores(truth, tag(model, tokenizer, sentences))


def measured(model, tokenizer):
    tagged, outside = Tagged(np.random.default_rng(9), held_out=True), posts.read("emerging.dev.conll")
    return {
        "sentences": len(news.marked("named_held.txt")),
        "made": measure(model, tokenizer, [tagged.draw() for _ in range(2000)]),
        "news": measure(model, tokenizer, news.marked("named_held.txt")),
        "outside": measure(model, tokenizer, outside) if outside else None,
    }


def write(model, tokenizer):
    model = package.as_stored(model)
    found = measured(model, tokenizer)
    folder = "samples/models/entities/1"
    package.export(model, example(), "logits", axes("logits"), f"{folder}/onnx/model.onnx")
    config = bert_config(model.encoder, tokenizer.vocabulary, "LocalBertForTokenClassification", id2label={str(i): label for i, label in enumerate(LABELS)}, label2id={label: i for i, label in enumerate(LABELS)})
    package.write(folder, {"config.json": config, **tokenizer.files(LIMIT), **text_cards.entities(found, len(tokenizer.vocabulary), LIMIT)})
    print({name: table and {kind: f"{f1:.3f}" for kind, (_, _, f1, _) in table.items()} for name, table in found.items() if name != "sentences"}, f"{package.megabytes(folder):.2f} MB", flush=True)


def main():
    torch.manual_seed(3)
    torch.set_num_threads(1)
    tokenizer = vocabulary(Sources(np.random.default_rng(1)))
    model = Tagger(Encoder(len(tokenizer.vocabulary), hidden=HIDDEN, layers=2, positions=LIMIT, reach=2), HIDDEN, len(LABELS))
    drawn = batches(tokenizer, Sources(np.random.default_rng(2)))
    for _ in descend(model, lambda: tag_loss(model, next(drawn)), STEPS, 7e-4, WRITTEN_EVERY):
        write(model, tokenizer)


if __name__ == "__main__":
    main()
