"""lexicon.txt: what means the same, in four languages."""
import os
from collections import namedtuple

LANGUAGES = ("en", "de", "fr", "es")
Concept = namedtuple("Concept", "number topic role words")  # role: thing, action, place; words: language → list


def load():
    concepts, topic = [], None
    with open(os.path.join(os.path.dirname(__file__), "lexicon.txt"), encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("["):
                topic = line.strip("[]")
                continue
            role = {">": "action", "@": "place"}.get(line[0], "thing")
            columns = [[word.strip() for word in column.split(",")] for column in line.lstrip(">@").split(";")]
            concepts.append(Concept(len(concepts), topic, role, dict(zip(LANGUAGES, columns))))
    return concepts


CONCEPTS = load()
TOPICS = sorted({concept.topic for concept in CONCEPTS})
BY_TOPIC = {topic: {role: [c for c in CONCEPTS if c.topic == topic and c.role == role] for role in ("thing", "action", "place")} for topic in TOPICS}
