"""Sentences with marked names, for the entity model."""
import re

from .lexicon import BY_TOPIC, TOPICS
from .names import Names
from .phrases import COMMON, CUES, DAYS, ENDINGS, MONTHS, PLAIN, ROOTS, TAGGED

GAP = re.compile(r"\{(\w+)\}")


class Tagged:
    """(text, [(start, end, type)]); names from one side of the split only."""

    def __init__(self, rng, held_out=False):
        self.rng, self.names = rng, Names(rng, held_out)

    def draw(self, language=None):
        """A few sentences; a person's surname may come again in later ones."""
        text, spans, language = "", [], language or self.names.pick(["en"] * 6 + ["de", "fr", "es"])
        for _ in range(self.names.pick([1, 1, 2, 2, 3, 5])):
            text += (self.names.pick([" ", " ", " ", "\n", "\n\n"])) if text else ""
            text, spans = (self.free if self.rng.random() < 0.55 else self.sentence)(text, spans, language)
        return self.disturb(text, spans)

    def free(self, text, spans, language):
        """Words in no order, names among them with what usually stands beside a name: only the nearest words can be relied on."""
        start, lead = len(text), ""
        if self.rng.random() < 0.06:
            text += self.names.pick(["@", "#", "http://t.co/", "RT @", "www."]) + self.plain_word(language).lower() + " "
        headline = language == "en" and self.rng.random() < 0.05
        for number in range(int(self.rng.integers(3, 22))):
            text += lead
            if self.rng.random() < 0.13:
                text, spans = self.named(text, spans, language, first=len(text) == start)
            else:
                word = self.plain_word(language)
                text += word[:1].upper() + word[1:] if len(text) == start or headline else word
            lead = self.names.pick([" "] * 60 + [", "] * 6 + [", ", ", ", "; ", ": ", " – ", " (", ") ", ' "', '" ', " “", "” ", " « ", " » ", "-", "’s ", "'s "])
        return text + self.names.pick([".", ".", ".", ".", "?", "!", "", ":", ".”", '."']), spans

    def named(self, text, spans, language, first):
        kind = self.names.pick(["PER", "PER", "ORG", "LOC", "LOC", "MISC"])
        before, after = self.names.pick(CUES[language][kind].split(" / ")).split("|")
        before = before[:1].upper() + before[1:] if first else before
        text += before + ("" if not before or before.endswith(("'", "(")) else " ")
        people = [text[a:b].split()[-1] for a, b, k in spans if k == "PER"]
        name = self.names.pick(people) if kind == "PER" and people and self.rng.random() < 0.4 else self.names.last() if kind == "PER" and self.rng.random() < 0.1 else self.names.of(kind)
        spans = [*spans, (len(text), len(text) + len(name), kind)]
        return text + name + ("" if not after or after[0] in "',)" else " ") + after, spans

    def plain_word(self, language):
        kind = self.rng.random()
        if kind < 0.55:
            return self.names.pick(COMMON[language])
        if kind < 0.6:
            return self.names.pick([str(self.rng.integers(2, 2030)), f"{self.rng.integers(1, 99)},{self.rng.integers(100, 999)}", f"{self.rng.integers(1, 99)}.{self.rng.integers(0, 9)}", f"{self.rng.integers(1, 28)} {self.names.pick(MONTHS[language].split())}", "I", self.names.pick(DAYS[language].split())] if language == "en" else [str(self.rng.integers(2, 2030))])
        if kind < 0.75:
            root = self.names.pick(ROOTS) + (self.names.pick(ROOTS) if self.rng.random() < 0.3 else "") + self.names.pick(ENDINGS[language])
            return root.capitalize() if language == "de" and root.endswith(("ung", "ungen", "keit", "heit", "schaft", "er")) else root
        concepts = BY_TOPIC[self.names.pick(TOPICS)]
        role = self.names.pick(["thing", "thing", "action", "place"])
        word = self.names.pick(self.names.pick(concepts[role] or concepts["thing"]).words[language])
        if language != "de" or role == "action":
            return word
        return word.title() if self.rng.random() < 0.6 else word.title() + self.names.pick(self.names.pick(concepts["thing"]).words["de"]).split()[-1]

    def sentence(self, text, spans, language):
        topic = BY_TOPIC[self.names.pick(TOPICS)]
        at = 0
        template = self.names.pick((PLAIN if self.rng.random() < 0.2 else TAGGED)[language])
        for gap in GAP.finditer(template):
            text += template[at:gap.start()]
            at = gap.end()
            kind = gap[1]
            word = self.word(kind, topic, language)
            if kind in ("PER", "ORG", "LOC", "MISC", "last", "first"):
                tag = kind if kind.isupper() else "PER"
                if kind == "last" and spans and spans[-1][2] == "PER" and text.endswith(" ") and spans[-1][1] == len(text) - 1 and template[gap.start() - 8:gap.start()] == "{first} ":
                    spans = [*spans[:-1], (spans[-1][0], len(text) + len(word), "PER")]
                else:
                    spans = [*spans, (len(text), len(text) + len(word), tag)]
            elif not text or text.endswith((". ", ": ", "\n")):
                word = word[:1].upper() + word[1:]
            text += word
        return text + template[at:], spans

    def word(self, kind, topic, language):
        if kind in ("PER", "ORG", "LOC", "MISC"):
            return self.names.of(kind)
        if kind in ("last", "first"):
            return getattr(self.names, kind)()
        if kind.lower() == "day":
            return self.names.pick(DAYS[language].split())
        if kind == "month":
            return self.names.pick(MONTHS[language].split())
        if kind in ("number", "age", "year"):
            return str(self.rng.integers(*{"number": (2, 2000), "age": (2, 89), "year": (1850, 2031)}[kind]))
        words = self.names.pick(topic[kind.lower()] or topic["thing"]).words[language]
        word = self.names.pick(words)
        if kind[0].isupper():
            return word.title()
        return word.title() if language == "de" and kind != "action" else word

    def disturb(self, text, spans):
        """What desks and sensors do to a text: headlines in capitals, notes without any, other quotes, a missing stop."""
        kind = self.rng.random()
        if kind < 0.03 and len(text.lower()) == len(text):
            text = text.lower()
        elif kind < 0.05 and len(text.upper()) == len(text):
            text = text.upper()
        elif kind < 0.14:
            text = text.replace("'", "’").replace(' "', " “").replace('"', "”")
        elif kind < 0.19:
            text = text.rstrip(".")
        return text, spans
