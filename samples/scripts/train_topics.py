"""Trains topics, a text classifier, on made passages and writes its package. Usage: train_topics.py [steps]"""
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import package
import text_cards
from text_net import pad
from texts.lexicon import BY_TOPIC, TOPICS
from texts.pairs import Pairs
from train_reranker import tokenizer

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 2500
BATCH, LIMIT, HIDDEN = 64, 128, 16


class Topics(nn.Module):
    """The mean of the pieces' vectors, and one hidden layer: fastText's idea (Joulin et al. 2016)."""

    def __init__(self, vocabulary):
        super().__init__()
        self.words, self.hidden, self.head = nn.Embedding(vocabulary, HIDDEN), nn.Linear(HIDDEN, 2 * HIDDEN), nn.Linear(2 * HIDDEN, len(TOPICS))
        nn.init.normal_(self.words.weight, std=0.1)

    def forward(self, input_ids, attention_mask):
        mask = attention_mask[..., None].to(self.words.weight.dtype)
        return self.head(F.relu(self.hidden((self.words(input_ids) * mask).sum(1) / mask.sum(1))))


def draw(pairs):
    """A passage, and the topic of what it tells of."""
    fact = pairs.fact()
    topic = fact["a"].topic
    fact["b"] = pairs.pick(BY_TOPIC[topic]["thing"])
    return pairs.passage(fact), TOPICS.index(topic)


def batch(tokenizer, pairs, count):
    texts, topics = zip(*(draw(pairs) for _ in range(count)))
    return pad([tokenizer.encode(text, LIMIT) for text in texts]), torch.tensor(topics)


def main():
    torch.manual_seed(17)
    torch.set_num_threads(1)
    words, pairs = tokenizer(), Pairs(np.random.default_rng(31))
    model = Topics(len(words.vocabulary))
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-2, total_steps=STEPS)
    for step in range(1, STEPS + 1):
        (ids, mask), y = batch(words, pairs, BATCH)
        loss = F.cross_entropy(model(ids, mask), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 250 == 0:
            print(f"step {step}/{STEPS} loss {loss.item():.3f}", flush=True)
    model = package.as_stored(model)
    with torch.no_grad():
        (ids, mask), y = batch(words, Pairs(np.random.default_rng(32), held_out=True), 3000)
        found = model(ids, mask).argmax(1)
    recall = {topic: (found[y == i] == i).float().mean().item() for i, topic in enumerate(TOPICS)}
    measured = {"count": len(y), "accuracy": (found == y).float().mean().item(), "recall": recall, "vocabulary": len(words.vocabulary)}
    folder, files = "samples/models/topics/1", words.files(LIMIT)
    del files["vocab.txt"]
    ids, mask = pad([[2, 7, 8, 9, 3], [2, 7, 3]])
    both = {0: "batch_size", 1: "sequence_length"}
    package.export(model, {"input_ids": ids, "attention_mask": mask}, "logits", {"input_ids": both, "attention_mask": both, "logits": {0: "batch_size"}}, f"{folder}/onnx/model.onnx")
    config = {"architectures": ["TopicsForSequenceClassification"], "model_type": "topics", "vocab_size": len(words.vocabulary), "hidden_size": HIDDEN, "max_position_embeddings": LIMIT,
              "pad_token_id": 0, "problem_type": "single_label_classification", "id2label": {str(i): t for i, t in enumerate(TOPICS)}, "label2id": {t: i for i, t in enumerate(TOPICS)}}
    package.write(folder, {"config.json": config, **files, "README.md": text_cards.topics(measured, LIMIT)})
    print(measured, f"{package.megabytes(folder):.2f} MB", flush=True)


if __name__ == "__main__":
    main()
