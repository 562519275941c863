"""Real English sentences, made to hold names: WordNet's examples (Debian: wordnet-base) with names where they say he, the company or the town."""
import random
import re

from .famous import MORE_PEOPLES, ORGANISATIONS, OTHERS, PLACES
from .names import Names, is_held_out

FOLDER = "/usr/share/wordnet"
PARTS = ("noun", "verb", "adj", "adv")
EXAMPLE = re.compile(r'"([^"]+)"')
INSTANCES = {"18": "PER", "15": "LOC", "17": "LOC", "14": "ORG"}  # lexicographer files: person, location, object, group (lexnames(5WN))
SLOTS = [
    (re.compile(r"\b([Hh]e|[Ss]he|him)\b"), "PER", ""),
    (re.compile(r"\b[Hh]is\b"), "PER", "'s"),
    (re.compile(r"\b([Tt]hey|[Tt]he (company|firm|team|government|university|agency|bank|party|committee|club|police|army|board|court|union))\b"), "ORG", ""),
    (re.compile(r"\b([Tt]he|this|our|that) (city|town|country|island|region|village|state|valley|river|capital|area)\b"), "LOC", ""),
    (re.compile(r"\bthe (book|film|movie|novel|play|opera|painting|song|car|new car|concert|festival|war)\b"), "MISC", ""),
]
NAMES = re.compile(r"(?<!^)(?<!\. )\b[A-Z][a-z]|[A-Z]{2}")


def lines(part):
    with open(f"{FOLDER}/data.{part}", encoding="latin-1") as file:
        return [line.rstrip("\n") for line in file if not line.startswith("  ")]


def definitions():
    """"word: what it means", and the examples, in a fixed random order; those of people and places that bear a name are left out."""
    found = []
    for part in PARTS:
        for line in lines(part):
            head, gloss = line.split(" | ", 1)
            meaning = re.sub(r'\s*;?\s*".*', "", gloss).strip()
            if meaning and "@i" not in head.split():
                found.append(f"{head.split()[4].replace('_', ' ').split('(')[0]}: {meaning}"[:300])
            found += [text[:300] for text in EXAMPLE.findall(gloss) if len(text.split()) > 3]
    random.Random(5).shuffle(found)
    return found


def sentences():
    """Examples without names of their own, as far as capitals tell; "I" is none."""
    found = {text.strip() for part in PARTS for line in lines(part) for text in EXAMPLE.findall(line)}
    small = {word for text in found for word in text.split()}  # a first word that is never written small may be a name
    return sorted(
        text for text in found
        if 4 <= len(text.split()) <= 25 and not NAMES.search(text) and (text[0].islower() or text.split()[0].lower() in small)
    )


def is_written_as_a_name(name):
    return len(name) > 2 and all(word[0].isupper() or word in ("of", "the", "and", "de", "la", "von", "van") for word in name.replace("-", " ").split())


def known(held_out):
    """Names of real people, places and bodies, by type."""
    names = {"PER": set(), "LOC": set(PLACES), "ORG": set(ORGANISATIONS), "MISC": set(OTHERS) | set(MORE_PEOPLES)}
    for line in lines("noun"):
        fields = line.split(" | ")[0].split()
        kind = INSTANCES.get(fields[1])
        if kind and " @i " in line:
            for word in fields[4:4 + 2 * int(fields[3], 16):2]:
                name = word.replace("_", " ")
                if is_written_as_a_name(name) and len(name.split()) <= 4 and not (kind == "PER" and name in names["ORG"]):
                    names[kind].add(name)
    return {kind: sorted(name for name in some if is_held_out(name) == held_out) for kind, some in names.items()}


class Prose:
    """(text, [(start, end, type)]) as Tagged gives them."""

    def __init__(self, rng, held_out=False):
        self.rng, self.names, self.known = rng, Names(rng, held_out), known(held_out)
        self.sentences = [text for text in sentences() if is_held_out(text) == held_out]
        self.open = [text for text in self.sentences if any(slot.search(text) for slot, _, _ in SLOTS)]

    def name(self, kind):
        if kind == "ORG" and self.rng.random() < 0.12:
            return "".join(self.names.pick("ABCDEFGHIJKLMNOPRSTUVW") for _ in range(int(self.rng.integers(2, 5))))
        return self.names.pick(self.known[kind]) if self.rng.random() < (0.3 if kind == "PER" else 0.6) else self.names.last() if kind == "PER" and self.rng.random() < 0.2 else self.names.of(kind)

    def draw(self):
        text = self.names.pick(self.open if self.rng.random() < 0.75 else self.sentences)
        spans, made, at = [], "", 0
        found = sorted((match.start(), match.end(), kind, after) for slot, kind, after in SLOTS for match in slot.finditer(text))
        for start, end, kind, after in found:
            if start < at or self.rng.random() < 0.15:
                continue
            made += text[at:start]
            name = self.name(kind)
            lead = "the " if kind == "MISC" and self.rng.random() < 0.5 else ""
            made += lead
            spans.append((len(made), len(made) + len(name), kind))
            made += name + after
            at = end
        made += text[at:]
        if not spans or spans[0][0] > 0:
            made = made[:1].upper() + made[1:]
        return self.tail(made, spans)

    def tail(self, text, spans):
        """Where and when, as news tell it, and a stop."""
        if self.rng.random() < 0.35 and not text.endswith((".", "?", "!")):
            before = self.names.pick([" in ", " in ", " near ", ", "])
            name = self.name("LOC")
            spans = [*spans, (len(text) + len(before), len(text) + len(before) + len(name), "LOC")]
            text += before + name
        if self.rng.random() < 0.2 and not text.endswith((".", "?", "!")):
            before = self.names.pick([", said ", ", according to ", ", "])
            kind = self.names.pick(["PER", "PER", "ORG"])
            name = self.name(kind)
            spans = [*spans, (len(text) + len(before), len(text) + len(before) + len(name), kind)]
            text += before + name
            if before == ", ":
                text += " said"
        elif self.rng.random() < 0.2 and not text.endswith((".", "?", "!")):
            text += self.names.pick([" on Monday", " on Friday night", " last week", " in March", " this spring", " in 2019"])
        return text + ("" if text.endswith((".", "?", "!")) or self.rng.random() < 0.1 else "."), spans
