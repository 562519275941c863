"""Trains text-embedding on made pairs of queries and passages and writes its package, anew every few hundred steps. Usage: train_embedding.py [steps]"""
import collections
import sys

import numpy as np
import torch
import torch.nn.functional as F

import package
import text_cards
from text_net import Encoder, axes, bert_config, example, mean, pad
from texts.lexicon import CONCEPTS
from texts.pairs import Pairs
from texts.phrases import COMMON
from training import descend
from wordpiece import Tokenizer, learn, words

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 1600
WRITTEN_EVERY = 400
BATCH, LIMIT, SIZE = 128, 128, 7000


def vocabulary(pairs):
    counts = collections.Counter()
    for _ in range(12000):
        for text in pairs.draw():
            counts.update(word for word, _ in words(text, True))
    known = [w for concept in CONCEPTS for terms in concept.words.values() for term in terms for w, _ in words(term, True)] + [w for terms in COMMON.values() for t in terms for w, _ in words(t, True)]
    for word in known:
        counts[word] = max(counts[word], 400)  # every word of the lexicon becomes one piece
    counts = collections.Counter({word: n for word, n in counts.items() if word.isascii() or n > 3})
    return Tokenizer(learn(counts, SIZE, {c for word in counts for c in word} | set("abcdefghijklmnopqrstuvwxyz0123456789")), lowercase=True)


def embed(encoder, tokenizer, texts):
    ids, mask = pad([tokenizer.encode(text, LIMIT) for text in texts])
    return mean(encoder(ids, mask, torch.zeros_like(ids)), mask)


def contrast(encoder, tokenizer, pairs):
    """Of a batch in which each query's own passage is right and those of others are wrong."""
    queries, passages = zip(*(pairs.draw() for _ in range(BATCH)))
    q, p = embed(encoder, tokenizer, queries), embed(encoder, tokenizer, passages)
    scores = q @ p.T * 20
    same = torch.tensor([[a == b for b in passages] for a in passages])
    scores = scores.masked_fill(same & ~torch.eye(BATCH, dtype=torch.bool), -1e4)  # captions repeat
    target = torch.arange(BATCH)
    return F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)


@torch.no_grad()
def measure(encoder, tokenizer, pairs, count=1000):
    """Each query against all passages of the held-out set; names and sentences unseen, words of the lexicon seen."""
    encoder.eval()
    queries, passages = zip(*(pairs.draw() for _ in range(count)))

    def all_of(texts):
        return torch.cat([embed(encoder, tokenizer, texts[at:at + 100]) for at in range(0, count, 100)])

    scores = all_of(queries) @ all_of(passages).T
    ranks = torch.tensor([sum(scores[i] > scores[i, [j for j in range(count) if passages[j] == passages[i]]].max()).item() for i in range(count)])
    return {"count": count, "recall1": (ranks < 1).float().mean().item(), "recall5": (ranks < 5).float().mean().item(), "mrr": (1 / (ranks + 1.0)).mean().item(), "vocabulary": len(tokenizer.vocabulary)}


def write(encoder, tokenizer):
    encoder = package.as_stored(encoder)
    measured = measure(encoder, tokenizer, Pairs(np.random.default_rng(9), held_out=True))
    folder = "samples/models/text-embedding/1"
    package.export(encoder, example(), "last_hidden_state", axes("last_hidden_state"), f"{folder}/onnx/model.onnx")
    package.write(folder, {"config.json": bert_config(encoder, tokenizer.vocabulary, "BertModel"), **tokenizer.files(LIMIT), **text_cards.embedding(measured, LIMIT)})
    print(measured, f"{package.megabytes(folder):.2f} MB", flush=True)


def main():
    torch.manual_seed(3)
    torch.set_num_threads(1)
    tokenizer = vocabulary(Pairs(np.random.default_rng(1)))
    encoder = Encoder(len(tokenizer.vocabulary), positions=LIMIT)
    pairs = Pairs(np.random.default_rng(2))
    for _ in descend(encoder, lambda: contrast(encoder, tokenizer, pairs), STEPS, 2e-3, WRITTEN_EVERY):
        write(encoder, tokenizer)


if __name__ == "__main__":
    main()
