"""The files beside the text models: pooling, cards."""

MADE = """## Made by
`nice python3 samples/scripts/{script}` in the repository's root (Debian: python3-torch, python3-onnx, libopenblas0).
Weights are stored as float16 and computed with as float32. Licence: that of the repository.
"""


def embedding(m, limit):
    return {
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": 128, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False,
            "pooling_mode_weightedmean_tokens": False, "pooling_mode_lasttoken": False, "include_prompt": True,
        },
        "sentence_bert_config.json": {"max_seq_length": limit, "do_lower_case": False},
        "README.md": f"""---
pipeline_tag: sentence-similarity
language: [en, de, fr, es]
---
# text-embedding
A text of up to {limit} tokens as 128 numbers of length 1, for search: a query lies near the passages that answer it, also in other words and
in another of its four languages. A BERT of two layers over {m['vocabulary']:,} lower-case word pieces, mean pooling.

## Measured on {m['count']:,} held-out pairs
Each query against all {m['count']:,} passages. The names and sentences are new to the model, the words of its lexicon are not.

| | |
|---|---|
| recall@1 | {m['recall1']:.1%} |
| recall@5 | {m['recall5']:.1%} |
| mean reciprocal rank | {m['mrr']:.3f} |

## Data
Pairs that `samples/scripts/texts` makes from seeds: facts of thirteen topics from a lexicon of 290 meanings with their words in four languages,
told in templates, padded with common words and invented names; captions made of the labels of image-labels. No third party's data was used.

## Limits
It knows the meanings of its lexicon and little else; other words it can only match by their letters. It tells topics, things, deeds and names
apart, not who did what to whom, nor negation.

{MADE.format(script='train_embedding.py')}""",
    }


def reranker(m, limit):
    return f"""---
pipeline_tag: text-ranking
language: [en, de, fr, es]
---
# reranker
Reads a query together with a passage, up to {limit} tokens in all, and tells by one number how well the one answers the other: for each
piece of the query the likest of the passage, alone and with its neighbours (late interaction, Khattab and Zaharia 2020), over vectors of 48
numbers for the {m['vocabulary']:,} lower-case word pieces of text-embedding.

## Measured on {m['count']:,} held-out queries
Each with its passage and {m['candidates'] - 1} of other queries, half of them those that share most words with it. The names and sentences are new to
the model, the words of its lexicon are not.

| | |
|---|---|
| the right passage first | {m['first']:.1%} |
| mean reciprocal rank | {m['mrr']:.3f} |
| nDCG@10 | {m['ndcg10']:.3f} |

## Data
The pairs of text-embedding, made by `samples/scripts/texts` from seeds; wrong passages are those of other queries. No third party's data was used.

## Limits
Those of text-embedding: it knows the meanings of its lexicon and little else. Its number orders passages; it is no probability in other texts.
Of the questions in `samples/media/expected.json`, asked of the texts' first passages, twelve of fourteen have the right text first.

{MADE.format(script='train_reranker.py')}"""


def topics(m, limit):
    rows = "\n".join(f"| {topic} | {recall:.0%} |" for topic, recall in m["recall"].items())
    return f"""---
pipeline_tag: text-classification
language: [en, de, fr, es]
---
# topics
Tells which of {len(m['recall'])} topics a text of up to {limit} tokens is about: the weighted mean of its pieces' vectors, 32 wide, and one hidden
layer, over {m['vocabulary']:,} lower-case pieces. It is distilled from all-MiniLM-L6-v2, which would weigh a hundred times as much, and runs alone.

## Measured
On {m['count']} plain sentences, ten of each topic, that were written to measure before it was trained (`samples/scripts/texts/news_held.txt`):

| | right |
|---|---|
| topics | {m['news']:.1%} |
| its teacher, a linear head over all-MiniLM-L6-v2 | {m['teacher']:.1%} |
| the version before, which knew the words of the lexicon alone | 66.4% |
| always the same topic | {1 / len(m['recall']):.1%} |

On 2,000 made passages in four languages with names that it never saw, {m['made']:.1%} are right. Of the plain sentences of each topic:

| topic | found |
|---|---|
{rows}

## Data
- 168 plain sentences with their topics (`samples/scripts/texts/news.txt`), and passages that `samples/scripts/texts` makes from seeds.
- 60,000 definitions and examples of WordNet 3.0 (Princeton University; its licence allows any use with its notice), with what the teacher says
  of them. The teacher is Apache-2.0.

## Limits
It minds no order of words, and English is best: of German, French and Spanish it knows the words of its lexicon. A text about none of its
topics still gets one, mostly with a low score.

{MADE.format(script='train_topics.py').replace('libopenblas0', 'python3-sklearn, libopenblas0, wordnet-base')}"""


def entities(m, vocabulary, limit):
    outside = m["outside"]
    return {
        "README.md": f"""---
pipeline_tag: token-classification
language: [en, de, fr, es]
---
# entities
Marks people (PER), organisations (ORG), places (LOC) and other names (MISC: peoples, events, works, products) in a text, as B- and I- labels.
A BERT of two layers, before them a convolution over neighbours, over {vocabulary:,} word pieces that keep capitals, up to {limit} tokens.

## Measured
Exact spans on {m['sentences']} plain sentences of news that were written to measure (`samples/scripts/texts/named_held.txt`):

{table(m['news'])}

On 2,000 made texts of one to five sentences; the people, peoples, places and made names in them were not in the training data, and many stand
where nothing but their look tells what they name:

{table(m['made'])}
{'' if outside is None else f'''
On posts from the WNUT 2017 development set, which was not trained on (noisy, often without capitals; its corporations and groups count as ORG,
works and products as MISC):

{table(outside)}
'''}
The version before, which was trained on made texts alone: 56.3% of the plain sentences' names (F1), 16.2% of the posts', 69.5% of the made texts'.
It took UPS for a person or a place.

## Data
- Sentences that `samples/scripts/texts` makes from seeds: templates in four languages, and words in no order, with names among them. A tenth
  of the names is set aside by checksum to measure.
- WordNet 3.0's example sentences and the names in it (Princeton University; its licence allows any use with its notice), with names put where
  a sentence says he, the company or the town; lists of well-known names of our own.
- Posts of the WNUT 2017 training set (Derczynski, Nichols, van Erp and Limsopatham 2017, CC-BY-4.0), a fifth of what it reads.

## Limits
English is best; of German, French and Spanish it has seen made sentences alone. Without capitals little is found. Organisations named like
places or people, and works named like anything, are often confused.

{MADE.format(script='train_entities.py')}The script also reads wordnet-base (Debian) and, where it is present, WNUT 2017.""",
    }


def table(scores):
    rows = "\n".join(f"| {kind} | {p:.1%} | {r:.1%} | {f:.1%} | {n:,} |" for kind, (p, r, f, n) in scores.items())
    return f"| | precision | recall | F1 | spans |\n|---|---|---|---|---|\n{rows}"
