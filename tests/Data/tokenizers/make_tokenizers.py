#!/usr/bin/env python3
"""Trains the small tokenizers beside this script on corpus.json: one for each way that tokenizers in use are put together.

Plain Python, no packages, the same output every time. Run it again only to change the tokenizers; then record the oracle anew
(../oracle/record.mjs).
"""
import base64
import collections
import json
import math
import pathlib
import re
import struct
import unicodedata

HERE = pathlib.Path(__file__).parent
TEXTS = [t for t in json.loads((HERE / "corpus.json").read_text("utf-8")) if not re.search(r"[\ud800-\udfff]|(.)\1{20}|<\w|\[[A-Z]", t)]
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CLIP = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"




def words(text, strip=False, lower=False):
    """Runs of letters, numbers and marks, and single other marks, without white space."""
    if strip:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    if lower:
        text = text.lower()
    return re.findall(r"\w+|[^\w\s]", text)


def learn_merges(counts, size, join=lambda a, b: a + b):
    """Byte-pair encoding: {tuple of symbols: count} to a list of merged pairs, most frequent first, then by order."""
    vocabulary = {symbol for word in counts for symbol in word}
    merges = []
    while len(vocabulary) < size:
        pairs = collections.Counter()
        for word, count in counts.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        if pairs[best] < 2:
            break
        merged = join(*best)
        merges.append(best)
        vocabulary.add(merged)
        counts = collections.Counter({merge_word(word, best, merged): count for word, count in counts.items()})
    return merges, vocabulary


def merge_word(word, pair, merged):
    out, i = [], 0
    while i < len(word):
        if word[i:i + 2] == pair:
            out.append(merged)
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


def byte_alphabet():
    printable = [*range(33, 127), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [b for b in range(256) if b not in printable]
    return {**{b: chr(b) for b in printable}, **{b: chr(256 + i) for i, b in enumerate(rest)}}


def added(entries, **flags):
    return [{"id": i, "content": t, "single_word": False, "lstrip": t == "<mask>", "rstrip": False, "normalized": False, "special": True, **flags} for t, i in entries]


def template(cls, sep, ids, pair_type=1, double=False):
    def special(token, kind=0):
        return {"SpecialToken": {"id": token, "type_id": kind}}
    single = ([special(cls)] if cls else []) + [{"Sequence": {"id": "A", "type_id": 0}}, special(sep)]
    pair = single + ([special(sep)] if double else []) + [{"Sequence": {"id": "B", "type_id": pair_type}}, special(sep, pair_type)]
    return {"type": "TemplateProcessing", "single": single, "pair": pair,
            "special_tokens": {t: {"id": t, "ids": [ids[t]], "tokens": [t]} for t in (cls, sep) if t}}


def write(name, **parts):
    model = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None,
             "post_processor": None, "decoder": None, **parts}
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}" for key, value in model.items())
    (folder / "tokenizer.json").write_text("{\n" + lines + "\n}\n", "utf-8")


def wordpiece(name, cased, size, processor):
    counts = collections.Counter()
    for text in TEXTS:
        for word in words(text, strip=not cased, lower=not cased):
            counts[(word[0], *("##" + c for c in word[1:]))] += 1
    _, vocabulary = learn_merges(counts, size, lambda a, b: a + b[2:])
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokens = specials + sorted(vocabulary)
    ids = {token: i for i, token in enumerate(tokens)}
    write(name,
          truncation=None if cased else {"direction": "Right", "max_length": 64, "strategy": "LongestFirst", "stride": 4},
          padding=None if cased else {"strategy": {"Fixed": 64}, "direction": "Left", "pad_to_multiple_of": 8, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
          added_tokens=added([(t, ids[t]) for t in specials]),
          normalizer={"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": not cased},
          pre_tokenizer={"type": "BertPreTokenizer"},
          post_processor=processor(ids),
          decoder={"type": "WordPiece", "prefix": "##", "cleanup": True},
          model={"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": ids})
    return tokens


def byte_level(size):
    alphabet = byte_alphabet()
    counts = collections.Counter()
    for text in TEXTS:
        for word in re.findall(r" ?\w+| ?[^\w\s]+|\s+", text):
            counts[tuple(alphabet[b] for b in word.encode())] += 1
    merges, vocabulary = learn_merges(counts, size)
    return merges, sorted(set(alphabet.values())) + sorted(vocabulary - set(alphabet.values()))


def roberta():
    merges, tokens = byte_level(1800)
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    ids = {token: i for i, token in enumerate(specials + tokens + ["<mask>"])}
    write("roberta",
          added_tokens=added([(t, ids[t]) for t in specials], normalized=True) + added([("<mask>", ids["<mask>"])]),
          pre_tokenizer={"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
          post_processor={"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": False},
          decoder={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
          model={"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": False,
                 "byte_fallback": False, "vocab": ids, "merges": [f"{a} {b}" for a, b in merges]})
    write("gpt2-prefix",
          added_tokens=added([("<|endoftext|>", len(tokens))]) + added([("in", tokens.index("in")), ("score", len(tokens) + 1)], special=False, single_word=True, rstrip=True),
          pre_tokenizer={"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}]},
          post_processor={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
          decoder={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
          model={"type": "BPE", "vocab": {t: i for i, t in enumerate(tokens)}, "merges": [[a, b] for a, b in merges]})
    begin = len(tokens)
    names = ["<|begin_of_text|>", "<|end_of_text|>", "<|start|>", "<|end|>"]
    llama_ids = {"<|begin_of_text|>": begin, "<|end_of_text|>": begin + 1}
    write("llama3",
          added_tokens=added([(t, begin + i) for i, t in enumerate(names)]),
          normalizer={"type": "NFC"},
          pre_tokenizer={"type": "Sequence", "pretokenizers": [
              {"type": "Split", "pattern": {"Regex": LLAMA3}, "behavior": "Isolated", "invert": False},
              {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}]},
          post_processor={"type": "Sequence", "processors": [{"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True},
                                                             template("<|begin_of_text|>", "<|end_of_text|>", llama_ids)]},
          decoder={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
          model={"type": "BPE", "dropout": None, "ignore_merges": True, "vocab": {t: i for i, t in enumerate(tokens)}, "merges": [f"{a} {b}" for a, b in merges[::2] + merges[1::2]]})


def clip():
    alphabet = byte_alphabet()
    counts = collections.Counter()
    for text in TEXTS:
        for word in re.findall(r"[^\W\d]+|\d|[^\w\s]+", unicodedata.normalize("NFC", text).lower()):
            symbols = [alphabet[b] for b in word.encode()]
            counts[(*symbols[:-1], symbols[-1] + "</w>")] += 1
    merges, vocabulary = learn_merges(counts, 1900)
    singles = [c + suffix for suffix in ("", "</w>") for c in sorted(alphabet.values())]
    tokens = singles + sorted(vocabulary - set(singles)) + ["<|startoftext|>", "<|endoftext|>"]
    ids = {token: i for i, token in enumerate(tokens)}
    write("clip",
          added_tokens=added([("<|startoftext|>", ids["<|startoftext|>"])], normalized=True) + added([("<|endoftext|>", ids["<|endoftext|>"])]),
          normalizer={"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Lowercase"}]},
          pre_tokenizer={"type": "Sequence", "pretokenizers": [
              {"type": "Split", "pattern": {"Regex": CLIP}, "behavior": "Removed", "invert": True},
              {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}]},
          post_processor={"type": "RobertaProcessing", "sep": ["<|endoftext|>", ids["<|endoftext|>"]], "cls": ["<|startoftext|>", ids["<|startoftext|>"]], "trim_offsets": False, "add_prefix_space": False},
          decoder={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
          model={"type": "BPE", "dropout": None, "unk_token": "<|endoftext|>", "continuing_subword_prefix": "", "end_of_word_suffix": "</w>", "fuse_unk": False,
                 "vocab": ids, "merges": [f"{a} {b}" for a, b in merges]})


def llama2():
    counts = collections.Counter()
    for text in TEXTS:
        for word in re.findall(r"▁[^▁]*", "▁" + text.replace(" ", "▁")):
            counts[tuple(c for c in word if ord(c) < 0x3000)] += 1
    merges, vocabulary = learn_merges(counts, 1500)
    specials = ["<unk>", "<s>", "</s>"]
    tokens = specials + [f"<0x{b:02X}>" for b in range(256)] + sorted(vocabulary)
    ids = {token: i for i, token in enumerate(tokens)}
    write("llama2",
          added_tokens=added([(t, ids[t]) for t in specials]),
          normalizer={"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
          post_processor=template("<s>", "</s>", ids),
          decoder={"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
                                                    {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
          model={"type": "BPE", "dropout": None, "unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True, "vocab": ids, "merges": [f"{a} {b}" for a, b in merges]})


def plain_bpe():
    counts = collections.Counter()
    for text in TEXTS:
        for word in words(unicodedata.normalize("NFKD", text)):
            kept = [c for c in word if ord(c) < 0x500]
            if kept:
                counts[(kept[0], *("@@" + c for c in kept[1:]))] += 1
    merges, vocabulary = learn_merges(counts, 900, lambda a, b: a + b[2:])
    ids = {token: i for i, token in enumerate(["[UNK]", *sorted(vocabulary)])}
    write("plain-bpe",
          added_tokens=added([("New\u0301", len(ids)), ("ﬁn", len(ids) + 1)], special=False, normalized=True) + added([("  ", len(ids) + 2)], special=False),
          normalizer={"type": "Sequence", "normalizers": [{"type": "NFKD"}, {"type": "Strip", "strip_left": True, "strip_right": True}]},
          pre_tokenizer={"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "Contiguous"}, {"type": "Digits", "individual_digits": False}, {"type": "Whitespace"}]},
          decoder={"type": "BPEDecoder", "suffix": "</w>"},
          model={"type": "BPE", "unk_token": "[UNK]", "continuing_subword_prefix": "@@", "fuse_unk": False, "vocab": ids, "merges": [f"{a} {b}" for a, b in merges]})


def learn_unigram(pieces, size, rounds=3):
    """{word: count} to [(piece, log probability)]: frequent substrings, weighed by how often the best cuts use them, the useless dropped."""
    found = collections.Counter()
    for word, count in pieces.items():
        for start in range(len(word)):
            for end in range(start + 1, min(len(word), start + 12) + 1):
                found[word[start:end]] += count
    singles = {piece for piece in found if len(piece) == 1}
    kept = {p: c * len(p) for p, c in found.items() if c > 1 or len(p) == 1}
    for i in range(rounds):
        limit = size * (rounds - i)
        best = sorted(kept, key=lambda p: (len(p) > 1, -kept[p], p))[:max(limit, len(singles))]
        total = sum(kept[p] for p in best)
        scores = {p: math.log(max(kept[p], 0.1) / total) for p in best}
        used = collections.Counter({p: 0 for p in singles})
        for word, count in pieces.items():
            for piece in best_cut(word, scores):
                used[piece] += count
        kept = {p: used[p] + 0.01 for p in best}
    best = sorted(kept, key=lambda p: (len(p) > 1, -kept[p], p))[:size]
    total = sum(kept[p] for p in best)
    return sorted(((p, round(math.log(kept[p] / total), 4)) for p in best), key=lambda pair: (-pair[1], pair[0]))


def best_cut(word, scores):
    best = [(0.0, 0)] + [(-1e9, 0)] * len(word)
    for start in range(len(word)):
        for end in range(start + 1, min(len(word), start + 12) + 1):
            score = best[start][0] + scores.get(word[start:end], -1e6)
            if score > best[end][0]:
                best[end] = (score, start)
    out, end = [], len(word)
    while end > 0:
        out.append(word[best[end][1]:end])
        end = best[end][1]
    return out


def charsmap(rules):
    """SentencePiece's compiled rules: a double array over UTF-8 in the layout of darts-clone, then the replacements, each ended by 0."""
    blob, places = bytearray(), {}
    for value in sorted(set(rules.values())):
        places[value] = len(blob)
        blob += value.encode() + b"\0"
    root = {}
    for key, value in rules.items():
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[0] = places[value]
    units, taken, bases = {0: 0}, {0}, set()
    queue = [(0, root)]
    while queue:
        position, node = queue.pop(0)
        labels = sorted(node)
        base = 1
        while base in bases or any((base ^ label) in taken for label in labels) or not fits(position ^ base):
            base += 1
        bases.add(base)
        units[position] |= encode_offset(position ^ base) | (0x100 if 0 in node else 0)
        for label in labels:
            taken.add(base ^ label)
            if label == 0:
                units[base] = 0x80000000 | node[0]
            else:
                units[base ^ label] = label
                queue.append((base ^ label, node[label]))
    size = (max(units) // 256 + 1) * 256
    trie = b"".join(struct.pack("<I", units.get(i, 0)) for i in range(size))
    return base64.b64encode(struct.pack("<I", len(trie)) + trie + bytes(blob)).decode()


def fits(offset):
    return offset < 1 << 21 or offset % 256 == 0


def encode_offset(offset):
    return offset << 10 if offset < 1 << 21 else (offset >> 8) << 10 | 0x200


def nfkc_rules():
    """White space made spaces, controls dropped, and NFKC for some blocks: what nmt_nfkc does, in small."""
    rules = {chr(c): " " for c in (9, 10, 13, 0xA0, 0x2003, 0x2009, 0x200B, 0x200E, 0x200F, 0x2028, 0x3000, 0xFEFF)}
    rules.update({chr(c): "" for c in (1, 7, 0x1B, 0x7F, 0xAD)})
    blocks = [range(0xA8, 0x180), range(0x2000, 0x2100), range(0x2100, 0x2190), range(0x2460, 0x24A0), range(0x3300, 0x3358), range(0xFB00, 0xFB07), range(0xFDF0, 0xFDFC), range(0xFF01, 0xFFA0)]
    for block in blocks:
        for c in map(chr, block):
            folded = unicodedata.normalize("NFKC", c)
            if folded != c:
                rules[c] = folded
    for base in "aeiouncAEO":
        for mark in "\u0300\u0301\u0302\u0303\u0308":
            composed = unicodedata.normalize("NFC", base + mark)
            if len(composed) == 1:
                rules[base + mark] = composed
    return rules


def xlm_roberta():
    pieces = collections.Counter()
    for text in TEXTS:
        for word in unicodedata.normalize("NFKC", text).split():
            pieces["▁" + "".join(c for c in word if ord(c) < 0x20000)] += 1
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *learn_unigram(pieces, 2600), ("<mask>", 0.0)]
    ids = {token: i for i, (token, _) in enumerate(vocabulary)}
    write("xlm-roberta",
          added_tokens=added([(t, ids[t]) for t in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")]),
          normalizer={"type": "Sequence", "normalizers": [{"type": "Precompiled", "precompiled_charsmap": charsmap(nfkc_rules())}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
          pre_tokenizer={"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True, "prepend_scheme": "always"}]},
          post_processor=template("<s>", "</s>", ids, pair_type=0, double=True),
          decoder={"type": "Metaspace", "replacement": "▁", "add_prefix_space": True, "prepend_scheme": "always"},
          model={"type": "Unigram", "unk_id": 3, "vocab": vocabulary})


def t5():
    pieces = collections.Counter()
    for text in TEXTS:
        plain = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c)[0] != "M")
        for word in plain.lower().split():
            pieces["▁" + "".join(c for c in word if ord(c) < 0x3000)] += 1
    specials = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    extra = [("<extra_id_0>", 0.0)]
    vocabulary = specials + [(f"<0x{b:02X}>", -20.0) for b in range(256)] + learn_unigram(pieces, 1600) + extra
    ids = {token: i for i, (token, _) in enumerate(vocabulary)}
    write("t5",
          added_tokens=added([(t, ids[t]) for t in ("<pad>", "</s>", "<unk>", "<extra_id_0>")]),
          normalizer={"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"}, {"type": "Strip", "strip_left": False, "strip_right": True}]},
          pre_tokenizer={"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False},
          post_processor=template(None, "</s>", ids, pair_type=0),
          decoder={"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}]},
          model={"type": "Unigram", "unk_id": 2, "byte_fallback": True, "vocab": vocabulary})


def main():
    wordpiece("wordpiece-uncased", False, 1800, lambda ids: template("[CLS]", "[SEP]", ids))
    tokens = wordpiece("wordpiece-cased", True, 2000, lambda ids: {"type": "BertProcessing", "sep": ["[SEP]", ids["[SEP]"]], "cls": ["[CLS]", ids["[CLS]"]]})
    folder = HERE / "wordpiece-cased-vocab"
    folder.mkdir(exist_ok=True)
    (folder / "vocab.txt").write_text("".join(token + "\n" for token in tokens), "utf-8")
    config = {"do_lower_case": False, "model_max_length": 128, "pad_token": "[PAD]", "tokenizer_class": "BertTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    roberta()
    clip()
    llama2()
    plain_bpe()
    xlm_roberta()
    t5()


main()
