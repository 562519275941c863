"""WNUT 2017's posts (Derczynski et al. 2017, CC-BY-4.0), where they are present: noisy, with rare names."""
import os

FOLDER = os.environ.get("WNUT_FOLDER", "../shared/data/text")
TYPES = {"person": "PER", "location": "LOC", "corporation": "ORG", "group": "ORG", "creative-work": "MISC", "product": "MISC"}


def read(file):
    """[(text, [(start, end, type)])]; corporations and groups count as ORG, works and products as MISC. Empty where the file is absent."""
    path = os.path.join(FOLDER, file)
    if not os.path.exists(path):
        return []
    found, text, spans = [], "", []
    with open(path, encoding="utf-8") as lines:
        for line in [*lines, "\n"]:
            if not line.strip():
                if text:
                    found.append((text, spans))
                text, spans = "", []
                continue
            word, label = line.rstrip("\n").split("\t")[:2]
            text += " " if text else ""
            if label[0] == "B":
                spans.append((len(text), len(text) + len(word), TYPES[label[2:]]))
            elif label[0] == "I":
                spans[-1] = (spans[-1][0], len(text) + len(word), spans[-1][2])
            text += word
    return found
