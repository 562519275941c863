"""Writes samples/golden: for each sample model a golden set of held-out texts or pictures, one JSON object a line."""
import hashlib
import json
import os

import numpy as np

from image_data import draw
from PIL import Image
from scenes import LABELS
from texts.pairs import Pairs
from texts.tagged import Tagged

FOLDER = "samples/golden"
LANGUAGES = {"en": 60, "de": 24, "fr": 24, "es": 24}
QUERIES, PASSAGES = 60, 10
FIRST_PICTURE, OF_EACH = 500_000, 2  # seeds that train, calibrate and measure nothing


def entities():
    tagged = Tagged(np.random.default_rng(21), held_out=True)
    for language, count in LANGUAGES.items():
        for number in range(count):
            text, spans = tagged.draw(language)
            yield {"id": f"{language}-{number}", "language": language, "text": text,
                   "entities": [{"start": utf16(text[:a]), "length": utf16(text[a:b]), "type": kind} for a, b, kind in spans]}


def utf16(text):
    return len(text.encode("utf-16-le")) // 2


def text_embedding():
    """Each query with the passage that answers it, among others that do not."""
    pairs = Pairs(np.random.default_rng(22), held_out=True)
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
        Image.fromarray(draw(FIRST_PICTURE + number)).save(path, quality=85)
        with open(path, "rb") as file:
            made.append((label, "sha256:" + hashlib.sha256(file.read()).hexdigest()))
    return made


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


def main():
    os.makedirs(f"{FOLDER}/pictures", exist_ok=True)
    made = pictures()
    for name, items in (("entities", entities()), ("text-embedding", text_embedding()), ("image-labels", image_labels(made)), ("image-embedding", image_embedding(made))):
        with open(f"{FOLDER}/{name}.jsonl", "w", encoding="utf-8", newline="\n") as file:
            file.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


if __name__ == "__main__":
    main()
