"""Trains text-image and writes its package: a text encoder into the space of image-embedding, whose weights stay as they are.

That is locked-image tuning (LiT, Zhai et al. 2022) with CLIP's loss (Radford et al. 2021). Words that no caption holds are placed by what
all-MiniLM-L6-v2 (make models) finds alike: each known word learns near which of the scenes it lies. Usage: train_text_image.py [steps]
"""
import os
import shutil
import sys
import time

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import numpy_helper

import image_cards
import package
from image_data import centre, pictures
from minilm import MiniLM
from scenes import LABELS
from text_net import pad
from texts.captions import Captions
from train_reranker import tokenizer
from train_topics import squeeze, start
from wordpiece import Tokenizer

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
LIMIT, WIDTH, HIDDEN, SPACE, BATCH = 64, 32, 128, 96, 64
TRAIN, TEST = (100_000, 800), (400_000, 320)  # first seed, count; image-embedding saw the first, never the second
SOURCE, FOLDER = "samples/models/image-embedding/1", "samples/models/text-image/1"
SHARPNESS, NEARNESS = 10.0, 20.0  # of the scores over pictures, and of the teacher's over scenes


class Texts(nn.Module):
    """The mean of the pieces' vectors, each by its own weight, and one hidden layer into the pictures' space."""

    def __init__(self, vectors):
        super().__init__()
        self.words, self.weight = nn.Embedding.from_pretrained(vectors, freeze=False), nn.Embedding(len(vectors), 1)
        nn.init.zeros_(self.weight.weight)
        self.hidden, self.head = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, SPACE)

    def forward(self, input_ids, attention_mask):
        mask = (attention_mask * (input_ids > 4)).to(self.words.weight.dtype)[..., None]  # special tokens say nothing
        weight = self.weight(input_ids).sigmoid() * mask
        pooled = (self.words(input_ids) * weight).sum(1) / (weight.sum(1) + 1e-3)
        return F.normalize(self.head(F.relu(self.hidden(pooled))), dim=-1)


@torch.no_grad()
def see(pixels, path=f"{SOURCE}/onnx/model.onnx"):
    """What image-embedding makes of pictures: its graph, operator by operator."""
    graph = onnx.load(path).graph
    weights = {i.name: torch.tensor(numpy_helper.to_array(i).copy()) for i in graph.initializer}
    return torch.cat([run(graph, weights, centre(pixels[at:at + 64])) for at in range(0, len(pixels), 64)])


def run(graph, weights, x):
    values = {**weights, graph.input[0].name: x}
    for node in graph.node:
        given = [values[name] for name in node.input if name]
        settings = {a.name: list(a.ints) or a.i for a in node.attribute}
        values[node.output[0]] = {
            "Cast": lambda: given[0].float(),
            "Conv": lambda: F.conv2d(*given, stride=settings["strides"], padding=settings["pads"][:2]),
            "Relu": lambda: given[0].relu(),
            "Add": lambda: given[0] + given[1],
            "ReduceMean": lambda: given[0].mean(settings["axes"], keepdim=bool(settings["keepdims"])),
            "Gemm": lambda: F.linear(*given),
            "ReduceL2": lambda: given[0].norm(dim=settings["axes"], keepdim=bool(settings["keepdims"])),
            "Constant": lambda: torch.tensor(numpy_helper.to_array(node.attribute[0].t)),
            "Clip": lambda: given[0].clamp(min=float(given[1])),
            "Shape": lambda: torch.tensor(given[0].shape),
            "Expand": lambda: given[0].expand(*[max(int(a), int(b)) for a, b in zip(given[0].shape, given[1])]),
            "Div": lambda: given[0] / given[1],
        }[node.op_type]()
    return values[graph.output[0].name]


def train(model, tokens, captions, seen, scenes, known):
    """Each step a batch of captions that must find their own scene's pictures among all, and words that must lie near what they mean."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=STEPS)
    centres = torch.stack([F.normalize(seen[scenes == i].mean(0), dim=0) for i in range(len(LABELS))])
    words, near = known
    rng, begun = np.random.default_rng(4), time.time()
    for step in range(1, STEPS + 1):
        rows = torch.from_numpy(rng.integers(0, len(seen), BATCH))
        texts = model(*pad([tokens.encode(captions.draw(int(scenes[i])), LIMIT) for i in rows]))
        scores = SHARPNESS * texts @ seen[rows].T
        same = (scenes[rows][:, None] == scenes[rows][None]).float()
        both = -sum((s.log_softmax(1) * same).sum(1) / same.sum(1) for s in (scores, scores.T)).mean() / 2
        chosen = torch.from_numpy(rng.integers(0, len(words), 2 * BATCH))
        said = SHARPNESS * model(*pad([words[i] for i in chosen])) @ centres.T
        loss = both - (near[chosen] * said.log_softmax(1)).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 250 == 0:
            print(f"step {step}/{STEPS} loss {loss.item():.3f}, {time.time() - begun:.0f} s", flush=True)


@torch.no_grad()
def measure(model, tokens, captions):
    """How often the best picture of the test set shows the scene that the text names, and how many of its best ten do."""
    pixels, labels = pictures("test", *TEST)
    seen, labels = see(pixels), torch.from_numpy(labels)

    def ask(asked):
        texts = model(*pad([tokens.encode(text, LIMIT) for _, text in asked]))
        best = (texts @ seen.T).topk(10, 1).indices
        right = (labels[best] == torch.tensor([scene for scene, _ in asked])[:, None]).float()
        return right[:, 0].mean().item(), right.mean().item()

    made = [(i % len(LABELS), captions.draw(i % len(LABELS))) for i in range(320)]
    return {"pictures": len(labels), "made": ask(made), "free": ask(captions.free()), "asked": len(captions.free())}


def main():
    torch.manual_seed(11)
    torch.set_num_threads(1)
    teacher, pieces = MiniLM(), tokenizer().vocabulary
    single = [word for word in teacher.vocabulary if word.isascii() and word.isalpha() and len(word) > 1]
    vectors = teacher.embed_once("words", single)
    rare = set(single[12_000:]) - set(Captions.every_word())  # the vocabulary is in order of frequency
    tokens = Tokenizer({piece: at for at, piece in enumerate([*pieces, *(w for w in single if w not in pieces and w not in rare)])}, lowercase=True)
    small = dict(zip(single, squeeze(vectors)))
    model = Texts(start(tokens.vocabulary, small))
    meant = torch.stack([F.normalize(teacher.embed(Captions.of_scene(label)).mean(0), dim=0) for label in LABELS])
    near = (NEARNESS * vectors @ meant.T).softmax(1)
    pixels, labels = pictures("train", *TRAIN)
    words = [tokens.encode(word, LIMIT) for word in single]
    train(model, tokens, Captions(np.random.default_rng(3)), see(pixels), torch.from_numpy(labels), (words, near))
    model = package.as_stored(model).eval()
    measured = {**measure(model, tokens, Captions(np.random.default_rng(5))), "vocabulary": len(tokens.vocabulary)}
    write(model, tokens, measured)
    print(measured, f"{package.megabytes(FOLDER):.2f} MB", flush=True)


def write(model, tokens, measured):
    ids, mask = pad([[2, 7, 8, 9, 3], [2, 7, 3]])
    both = {0: "batch_size", 1: "sequence_length"}
    package.export(model, {"input_ids": ids, "attention_mask": mask}, "text_embeds", {"input_ids": both, "attention_mask": both, "text_embeds": {0: "batch_size"}}, f"{FOLDER}/onnx/text_model.onnx")
    shutil.copyfile(f"{SOURCE}/onnx/model.onnx", f"{FOLDER}/onnx/vision_model.onnx")
    shutil.copyfile(f"{SOURCE}/preprocessor_config.json", f"{FOLDER}/preprocessor_config.json")
    files = tokens.files(LIMIT)
    del files["vocab.txt"]
    config = {"architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": SPACE,
              "text_config": {"model_type": "clip_text_model", "vocab_size": len(tokens.vocabulary), "hidden_size": WIDTH, "max_position_embeddings": LIMIT, "pad_token_id": 0},
              "vision_config": {"model_type": "clip_vision_model", "image_size": 128, "num_channels": 3}}
    package.write(FOLDER, {"config.json": config, **files, "README.md": image_cards.text_image(measured)})


if __name__ == "__main__":
    os.makedirs(f"{FOLDER}/onnx", exist_ok=True)
    main()
