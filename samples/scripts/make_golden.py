"""Writes samples/golden: for each sample model a golden set of held-out texts or pictures, one JSON object a line."""
import hashlib
import json
import os

import numpy as np

from image_data import draw
from PIL import Image
from scenes import LABELS
from texts import captions, news
from texts.lexicon import TOPICS
from texts.pairs import Pairs
from texts.tagged import Tagged
from things import THINGS, picture
from train_topics import draw as passage_and_topic

FOLDER = "samples/golden"
LANGUAGES = {"en": 60, "de": 24, "fr": 24, "es": 24}
TOPIC_TEXTS = 120
QUERIES, PASSAGES = 40, 10
FIRST_PICTURE, OF_EACH = 500_000, 2  # seeds that train, calibrate and measure nothing
FIRST_SHELF, SHELVES = 700_000, 24


def entities():
    tagged = Tagged(np.random.default_rng(21), held_out=True)
    for language, count in LANGUAGES.items():
        for number in range(count):
            text, spans = tagged.draw(language)
            yield {"id": f"{language}-{number}", "language": language, "text": text,
                   "entities": [marked(text, *span) for span in spans], "source": "made"}
    for number, (text, spans) in enumerate(news.marked("named_held.txt")):
        yield {"id": f"news-{number}", "language": "en", "text": text, "entities": [marked(text, *span) for span in spans], "source": "news"}


def marked(text, start, end, kind):
    return {"start": utf16(text[:start]), "length": utf16(text[start:end]), "type": kind}


def utf16(text):
    return len(text.encode("utf-16-le")) // 2


def topics():
    pairs = Pairs(np.random.default_rng(24), held_out=True)
    for number in range(TOPIC_TEXTS):
        text, topic = passage_and_topic(pairs)
        yield {"id": f"text-{number}", "text": text, "label": TOPICS[topic], "source": "made"}
    for number, (text, topic) in enumerate(news.by_topic("news_held.txt")):
        yield {"id": f"news-{number}", "text": text, "label": topic, "source": "news"}


def ranked(seed):
    """Each query with the passage that answers it, among others that do not."""
    pairs = Pairs(np.random.default_rng(seed), held_out=True)
    drawn = []
    while len(drawn) < QUERIES:
        query, passage = pairs.draw()
        if passage not in {p for _, p in drawn}:
            drawn.append((query, passage))
    for number, (query, passage) in enumerate(drawn):
        documents = [drawn[(number + k * 11) % QUERIES][1] for k in range(1, PASSAGES)]
        documents.insert(number % PASSAGES, passage)
        yield {"id": f"query-{number}", "text": query, "documents": documents, "relevance": [int(d == passage) for d in documents]}


def pictures():
    """(label, digest), in the order of the labels."""
    made = []
    for number in range(OF_EACH * len(LABELS)):
        label = LABELS[(FIRST_PICTURE + number) % len(LABELS)]
        path = f"{FOLDER}/pictures/{label.replace(' ', '-')}-{number // len(LABELS) + 1}.jpg"
        made.append((label, save(draw(FIRST_PICTURE + number), path)))
    return made


def save(pixels, path):
    Image.fromarray(pixels).save(path, quality=85)
    with open(path, "rb") as file:
        return "sha256:" + hashlib.sha256(file.read()).hexdigest()


def things():
    for number in range(SHELVES):
        pixels, boxes = picture(FIRST_SHELF + number)
        yield {"id": f"things-{number}", "media": save(pixels, f"{FOLDER}/pictures/things-{number}.jpg"),
               "boxes": [{"x": round(float(x0), 1), "y": round(float(y0), 1), "width": round(float(x1 - x0), 1), "height": round(float(y1 - y0), 1), "label": THINGS[int(label)]}
                         for label, x0, y0, x1, y1 in boxes]}


def image_labels(made):
    for number, (label, digest) in enumerate(made):
        yield {"id": f"{label}-{number // len(LABELS) + 1}", "media": digest, "label": label}


def image_embedding(made):
    """Each picture with the others of its subject, among those of other subjects."""
    for number, (label, digest) in enumerate(made):
        same = [d for other, d in made if other == label and d != digest]
        others = [made[(number + k * 3) % len(made)] for k in range(1, 9)]
        documents = [d for other, d in others if other != label] + same
        yield {"id": f"{label}-{number // len(LABELS) + 1}", "media": digest, "documents": documents, "relevance": [int(d in same) for d in documents]}


def text_image(made):
    """Each phrase with all pictures, of which those of its scene answer it."""
    for number, (label, text) in enumerate(captions.FREE):
        yield {"id": f"phrase-{number}", "text": text, "documents": [digest for _, digest in made], "relevance": [int(label == shown) for shown, _ in made]}


def main():
    os.makedirs(f"{FOLDER}/pictures", exist_ok=True)
    made = pictures()
    for name, items in (("entities", entities()), ("topics", topics()), ("text-embedding", ranked(22)), ("reranker", ranked(23)),
                        ("image-labels", image_labels(made)), ("image-embedding", image_embedding(made)), ("text-image", text_image(made)), ("things", things())):
        with open(f"{FOLDER}/{name}.jsonl", "w", encoding="utf-8", newline="\n") as file:
            file.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


if __name__ == "__main__":
    main()
