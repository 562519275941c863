"""Trains topics, a text classifier, and writes its package. Usage: train_topics.py [steps]

It is distilled from all-MiniLM-L6-v2 (make models): each known word begins with what that model makes of it alone (Model2Vec's idea, Minish Lab
2024), and the whole learns what a linear head over that model says of WordNet's definitions and examples, beside sentences with their topics.
"""
import collections
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression

import package
import text_cards
from minilm import MiniLM
from text_net import pad
from texts import news
from texts.lexicon import BY_TOPIC, CONCEPTS, LANGUAGES, TOPICS
from texts.pairs import Pairs
from texts.prose import definitions
from train_reranker import tokenizer
from wordpiece import Tokenizer, words

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
LIMIT, WIDTH, HIDDEN = 128, 32, 64
DEFINITIONS, SEEN = 60_000, 3  # a word is taken up that definitions hold so often
BATCH = {"definitions": 64, "news": 32, "made": 32}
DROPPED = 0.15  # of a text's pieces, so that no single one decides


class Topics(nn.Module):
    """The mean of the pieces' vectors, each by its own weight, and one hidden layer: fastText's idea (Joulin et al. 2016)."""

    def __init__(self, vectors):
        super().__init__()
        self.words, self.weight = nn.Embedding.from_pretrained(vectors, freeze=False), nn.Embedding(len(vectors), 1)
        nn.init.zeros_(self.weight.weight)
        self.hidden, self.head = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, len(TOPICS))

    def forward(self, input_ids, attention_mask):
        mask = (attention_mask * (input_ids > 4)).to(self.words.weight.dtype)[..., None]  # special tokens say nothing
        weight = self.weight(input_ids).sigmoid() * mask
        return self.head(F.relu(self.hidden((self.words(input_ids) * weight).sum(1) / (weight.sum(1) + 1e-3))))


def draw(pairs):
    """A made passage, and the topic of what it tells of."""
    fact = pairs.fact()
    topic = fact["a"].topic
    fact["b"] = pairs.pick(BY_TOPIC[topic]["thing"])
    return pairs.passage(fact), TOPICS.index(topic)


def made(tokens, pairs, count):
    texts, topics = zip(*(draw(pairs) for _ in range(count)))
    return [tokens.encode(text, LIMIT) for text in texts], F.one_hot(torch.tensor(topics), len(TOPICS)).float()


def read(file):
    texts, topics = zip(*news.by_topic(file))
    return list(texts), torch.tensor([TOPICS.index(topic) for topic in topics])


def start(vocabulary, known):
    """A vector for each piece: a known word's own, a foreign word's that of its English meaning, small noise for the others."""
    vectors = torch.randn(len(vocabulary), WIDTH) * 0.1
    for piece in vocabulary.keys() & known.keys():
        vectors[vocabulary[piece]] = known[piece]
    for concept in CONCEPTS:
        english = [known[part] for word in concept.words["en"] for part in word.split() if part in known]
        for word in (word for language in LANGUAGES[1:] for word in concept.words[language]):
            if word in vocabulary and word not in known and english:
                vectors[vocabulary[word]] = torch.stack(english).mean(0)
    return vectors


def squeeze(vectors):
    """To the directions in which words differ most, at a scale of one."""
    centred = vectors - vectors.mean(0)
    small = centred @ torch.pca_lowrank(centred, WIDTH, center=False, niter=4)[2]
    return small / small.std()


class Lessons:
    """Batches of pieces and what is to be said of them: of definitions as the teacher says, of sentences and made passages as is known."""

    def __init__(self, tokens, teacher, texts):
        self.tokens, self.rng, self.pairs = tokens, np.random.default_rng(1), Pairs(np.random.default_rng(31))
        sentences, topics = read("news.txt")
        vectors = teacher.embed(sentences)
        head = LogisticRegression(C=10, max_iter=500).fit(vectors.numpy(), topics.numpy())

        def said(v):
            return torch.tensor(head.predict_proba(v.numpy()), dtype=torch.float32)

        self.kinds = {
            "definitions": ([tokens.encode(text, LIMIT) for text in texts], said(teacher.embed_once("definitions", texts))),
            "news": ([tokens.encode(text, LIMIT) for text in sentences], 0.9 * F.one_hot(topics, len(TOPICS)).float() + 0.1 * said(vectors)),
        }
        held, truth = read("news_held.txt")
        self.teacher_accuracy = head.score(teacher.embed(held).numpy(), truth.numpy())

    def draw(self):
        rows, targets = made(self.tokens, self.pairs, BATCH["made"])
        for kind, (texts, said) in self.kinds.items():
            chosen = self.rng.integers(0, len(texts), BATCH[kind])
            rows += [self.drop(texts[i]) for i in chosen]
            targets = torch.cat([targets, said[chosen]])
        return *pad(rows), targets

    def drop(self, row):
        return [piece for piece in row if self.rng.random() > DROPPED] or row


def train(model, lessons):
    optimiser = torch.optim.AdamW([{"params": [p], "lr": 3e-3 if p is model.words.weight else 5e-3} for p in model.parameters()], weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [group["lr"] for group in optimiser.param_groups], total_steps=STEPS)
    begun = time.time()
    for step in range(1, STEPS + 1):
        ids, mask, targets = lessons.draw()
        loss = -(targets * model(ids, mask).log_softmax(1)).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 250 == 0:
            print(f"step {step}/{STEPS} loss {loss.item():.3f}, {time.time() - begun:.0f} s", flush=True)


@torch.no_grad()
def measure(model, tokens, lessons):
    held, truth = read("news_held.txt")
    found = model(*pad([tokens.encode(text, LIMIT) for text in held])).argmax(1)
    rows, targets = made(tokens, Pairs(np.random.default_rng(32), held_out=True), 2000)
    recall = {topic: (found[truth == i] == i).float().mean().item() for i, topic in enumerate(TOPICS)}
    return {"news": (found == truth).float().mean().item(), "recall": recall, "count": len(held), "teacher": lessons.teacher_accuracy,
            "made": (model(*pad(rows)).argmax(1) == targets.argmax(1)).float().mean().item(), "vocabulary": len(tokens.vocabulary)}


def main():
    torch.manual_seed(17)
    torch.set_num_threads(1)
    teacher, texts = MiniLM(), definitions()[:DEFINITIONS]
    counts = collections.Counter(word for text in texts for word, _ in words(text, True))
    single = [word for word in teacher.vocabulary if word.isascii() and word.isalpha() and len(word) > 1]
    known = dict(zip(single, squeeze(teacher.embed_once("words", single))))
    pieces = tokenizer().vocabulary
    tokens = Tokenizer({piece: at for at, piece in enumerate([*pieces, *(w for w in single if w not in pieces and counts[w] >= SEEN)])}, lowercase=True)
    lessons = Lessons(tokens, teacher, texts)
    model = Topics(start(tokens.vocabulary, known))
    train(model, lessons)
    model = package.as_stored(model).eval()
    measured = measure(model, tokens, lessons)
    folder, files = "samples/models/topics/1", tokens.files(LIMIT)
    del files["vocab.txt"]
    ids, mask = pad([[2, 7, 8, 9, 3], [2, 7, 3]])
    both = {0: "batch_size", 1: "sequence_length"}
    package.export(model, {"input_ids": ids, "attention_mask": mask}, "logits", {"input_ids": both, "attention_mask": both, "logits": {0: "batch_size"}}, f"{folder}/onnx/model.onnx")
    config = {"architectures": ["TopicsForSequenceClassification"], "model_type": "topics", "vocab_size": len(tokens.vocabulary), "hidden_size": WIDTH, "max_position_embeddings": LIMIT,
              "pad_token_id": 0, "problem_type": "single_label_classification", "id2label": {str(i): t for i, t in enumerate(TOPICS)}, "label2id": {t: i for i, t in enumerate(TOPICS)}}
    package.write(folder, {"config.json": config, **files, "README.md": text_cards.topics(measured, LIMIT)})
    print(measured, f"{package.megabytes(folder):.2f} MB", flush=True)


if __name__ == "__main__":
    main()
