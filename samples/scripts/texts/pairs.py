"""Queries and the passages that answer them, for the embedding model."""
from .lexicon import BY_TOPIC, CONCEPTS, LANGUAGES, TOPICS
from .names import Names
from .phrases import ASKING, COMMON, ENDINGS, ROOTS, TELLING

CAPTIONS = ["sunset", "beach", "forest", "mountain", "city skyline", "night sky", "football pitch", "chart", "portrait", "car", "house", "flower", "boat", "document", "shoe", "bag"]
LABELLED = [next(c for c in CONCEPTS if any(label in words for words in [c.words["en"]])) for label in CAPTIONS]


class Pairs:
    def __init__(self, rng, held_out=False):
        self.rng, self.names = rng, Names(rng, held_out)

    def pick(self, items):
        return self.names.pick(items)

    def draw(self):
        """One (query, passage)."""
        kind = self.rng.random()
        if kind < 0.12:
            return self.caption()
        fact = self.fact()
        passage = self.passage(fact)
        if kind < 0.24:
            words = passage.split()
            start = int(self.rng.integers(0, max(1, len(words) - 4)))
            return " ".join(words[start:start + int(self.rng.integers(2, 6))]), passage
        if kind < 0.4:
            return self.passage(fact, short=True), passage
        return self.fill(self.pick(ASKING), fact, self.language(0.75)), passage

    def fact(self):
        topic = BY_TOPIC[self.pick(TOPICS)]
        a, b = self.pick(topic["thing"]), self.pick(topic["thing"])
        places = topic["place"] or BY_TOPIC["home"]["place"]
        if self.rng.random() < 0.35:
            places = BY_TOPIC[self.pick(TOPICS)]["place"] or places
        if self.rng.random() < 0.2:
            b = self.pick(CONCEPTS)
        name = self.names.of(self.pick(["PER", "LOC", "LOC", "ORG"]))
        return {"a": a, "b": b, "v": self.pick(topic["action"] or BY_TOPIC["culture"]["action"]), "p": self.pick(places), "n": name}

    def language(self, english):
        return "en" if self.rng.random() < english else self.pick(LANGUAGES[1:])

    def fill(self, template, fact, language):
        return template.format(**{key: value if key == "n" else self.inflected(self.pick(value.words[language]), language) for key, value in fact.items()})

    def inflected(self, word, language):
        """Now and then a plural or singular that the lexicon does not list."""
        if language != "en" or " " in word or self.rng.random() > 0.15:
            return word
        return word[:-1] if word.endswith("s") and not word.endswith("ss") else word + "s"

    def passage(self, fact, short=False):
        language = self.language(0.7)
        sentences = [self.fill(self.pick(TELLING[language]), fact, language)]
        for _ in range(0 if short else self.pick([0, 0, 1, 1, 2, 4])):
            sentences.append(self.padding(fact, language))
        if not short and self.rng.random() < 0.5:
            sentences.append(self.fill(self.pick(TELLING[language]), fact, language))
        order = self.rng.permutation(len(sentences))
        return " ".join(sentences[i] for i in order)

    def padding(self, fact, language):
        """Common words, now and then one of the same topic or a name: what surrounds a fact in a real text."""
        words = [self.pick(COMMON[language]) for _ in range(int(self.rng.integers(4, 12)))]
        for at in range(len(words)):
            chance = self.rng.random()
            if chance < 0.06:
                words[at] = self.pick(self.pick(BY_TOPIC[fact["a"].topic]["thing"]).words[language])
            elif chance < 0.1:
                words[at] = self.names.of(self.pick(["PER", "LOC", "ORG", "MISC"]))
            elif chance < 0.18:
                words[at] = self.pick(ROOTS) + self.pick(ENDINGS[language])
        return " ".join(words).capitalize() + "."

    def caption(self):
        """What the pipeline says of a picture, labels side by side, and how people ask for it."""
        shown = [int(i) for i in self.rng.choice(len(CAPTIONS), int(self.rng.integers(1, 4)), replace=False)]
        caption = ", ".join(CAPTIONS[i] for i in shown)
        asked = [self.pick(LABELLED[i].words[self.language(0.75)]) for i in shown[:2]]
        return self.pick(["{}", "picture of {}", "photo {}", "{}", "a {}"]).format(self.pick([" and ", " ", ", ", " by the "]).join(asked)), caption
