"""WordPiece as BERT has it: learning a vocabulary, encoding with it, and writing it as tokenizer.json."""
import collections
import heapq
import unicodedata

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~–—‘’“”„«»…€£°·•"


def is_punctuation(char):
    return 33 <= ord(char) <= 47 or 58 <= ord(char) <= 64 or 91 <= ord(char) <= 96 or 123 <= ord(char) <= 126 or unicodedata.category(char).startswith("P")


def words(text, lowercase):
    """(word, start) in the order of the text; an accent goes with lower-casing, as in BertNormalizer. Starts are of the text as given."""
    found, current, start = [], "", 0
    for at, char in enumerate(text + " "):
        if char.isspace() or is_punctuation(char):
            if current:
                found.append((current, start))
            current = ""
            if not char.isspace():
                found.append((char, at))
            continue
        if not current:
            start = at
        current += "".join(c for c in unicodedata.normalize("NFD", char.lower()) if unicodedata.category(c) != "Mn") if lowercase else char
    return found


class Frequent:
    """A pair with its count; the most frequent comes first, of equals the last by text."""

    def __init__(self, count, pair):
        self.entry = (count, pair)

    def __lt__(self, other):
        return self.entry > other.entry


def learn(counts, size, characters):
    """Byte-pair merges over word counts, the most frequent pair first; ties by text, so that the result is the same every time."""
    pieces = {word: [word[0]] + ["##" + c for c in word[1:]] for word in counts}
    vocabulary = dict.fromkeys(SPECIAL + list(PUNCTUATION) + [p for c in sorted(characters) for p in (c, "##" + c)])
    pairs, where = collections.Counter(), collections.defaultdict(set)
    for word, split in pieces.items():
        for pair in zip(split, split[1:]):
            pairs[pair] += counts[word]
            where[pair].add(word)
    heap = [Frequent(count, pair) for pair, count in pairs.items()]
    heapq.heapify(heap)
    while len(vocabulary) < size and heap:
        count, best = heapq.heappop(heap).entry
        if pairs[best] != count:  # it was merged into others meanwhile, or stands there with its newer count too
            continue
        if count < 2:
            break
        merged = best[0] + best[1].removeprefix("##")
        vocabulary[merged] = None
        changed = set()
        for word in sorted(where.pop(best)):
            split = pieces[word]
            for pair in zip(split, split[1:]):
                pairs[pair] -= counts[word]
                changed.add(pair)
            joined, i = [], 0
            while i < len(split):
                if i + 1 < len(split) and (split[i], split[i + 1]) == best:
                    joined.append(merged)
                    i += 2
                else:
                    joined.append(split[i])
                    i += 1
            pieces[word] = joined
            for pair in zip(joined, joined[1:]):
                pairs[pair] += counts[word]
                where[pair].add(word)
                changed.add(pair)
        pairs.pop(best, None)
        for pair in changed - {best}:
            heapq.heappush(heap, Frequent(pairs[pair], pair))
    return {piece: number for number, piece in enumerate(vocabulary)}


class Tokenizer:
    def __init__(self, vocabulary, lowercase):
        self.vocabulary, self.lowercase, self.known = vocabulary, lowercase, {}

    def pieces(self, word):
        if word not in self.known:
            self.known[word] = self.split(word)
        return self.known[word]

    def split(self, word, longest=100):
        """The longest pieces first; with a smaller `longest`, as a word would be split that the vocabulary does not know."""
        found, start = [], 0
        if len(word) > 100:
            return [self.vocabulary["[UNK]"]]
        while start < len(word):
            for end in range(min(len(word), start + longest), start, -1):
                piece = ("##" if start else "") + word[start:end]
                if piece in self.vocabulary:
                    found.append(self.vocabulary[piece])
                    start = end
                    break
            else:
                return [self.vocabulary["[UNK]"]]
        return found

    def encode(self, text, limit):
        ids = [piece for word, _ in words(text, self.lowercase) for piece in self.pieces(word)]
        return [self.vocabulary["[CLS]"], *ids[:limit - 2], self.vocabulary["[SEP]"]]

    def files(self, limit):
        special = [{"id": i, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} for i, token in enumerate(SPECIAL)]
        names = {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]"}
        template = {t: {"id": t, "ids": [self.vocabulary[t]], "tokens": [t]} for t in ("[CLS]", "[SEP]")}

        def one(kind, name, segment):
            return {kind: {"id": name, "type_id": segment}}

        return {
            "tokenizer.json": {
                "version": "1.0", "truncation": None, "padding": None, "added_tokens": special,
                "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": self.lowercase},
                "pre_tokenizer": {"type": "BertPreTokenizer"},
                "post_processor": {
                    "type": "TemplateProcessing", "single": [one("SpecialToken", "[CLS]", 0), one("Sequence", "A", 0), one("SpecialToken", "[SEP]", 0)],
                    "pair": [one("SpecialToken", "[CLS]", 0), one("Sequence", "A", 0), one("SpecialToken", "[SEP]", 0), one("Sequence", "B", 1), one("SpecialToken", "[SEP]", 1)],
                    "special_tokens": template,
                },
                "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
                "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": self.vocabulary},
            },
            "tokenizer_config.json": {"tokenizer_class": "BertTokenizer", "do_lower_case": self.lowercase, "model_max_length": limit, "tokenize_chinese_chars": True, "strip_accents": None, **names},
            "special_tokens_map.json": names,
            "vocab.txt": "\n".join(self.vocabulary) + "\n",
        }
