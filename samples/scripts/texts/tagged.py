"""Sentences with marked names, for the entity model."""
import re

from .lexicon import BY_TOPIC, TOPICS
from .names import Names
from .phrases import DAYS, MONTHS, PLAIN, TAGGED

GAP = re.compile(r"\{(\w+)\}")


class Tagged:
    """(text, [(start, end, type)]); names from one side of the split only."""

    def __init__(self, rng, held_out=False):
        self.rng, self.names = rng, Names(rng, held_out)

    def draw(self):
        text, spans = "", []
        for _ in range(1 if self.rng.random() < 0.6 else 2):
            text += " " if text else ""
            text, spans = self.sentence(text, spans)
        return self.disturb(text, spans)

    def sentence(self, text, spans):
        language = self.names.pick(["en"] * 7 + ["de", "fr", "es"])
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
            elif not text or text.endswith((". ", ": ")):
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
        if kind < 0.05 and len(text.lower()) == len(text):
            text = text.lower()
        elif kind < 0.08 and len(text.upper()) == len(text):
            text = text.upper()
        elif kind < 0.14:
            text = text.replace("'", "’").replace(' "', " “").replace('"', "”")
        elif kind < 0.19:
            text = text.rstrip(".")
        return text, spans
