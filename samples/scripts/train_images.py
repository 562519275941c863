"""Trains image-labels and image-embedding on drawn pictures and writes their packages, anew after each of the last epochs."""
import copy
import time

import numpy as np
import torch
import torch.nn.functional as F

import image_cards
import package
from image_data import centre, pictures, views
from image_net import Body, Embedding, Labels
from scenes import LABELS

SIDES = [64, 64, 80, 80, 96, 112, 128, 128]  # of the pictures, epoch by epoch: small ones first, as they teach much for little
FIRST_WRITTEN = 4
BATCH = 64
TRAIN, VALIDATION, TEST = (100_000, 9600), (300_000, 800), (400_000, 1600)  # first seed, count


def contrastive(a, b, y, temperature=0.1):
    """The other view of the same picture first, then pictures of the same scene (supervised contrastive loss, Khosla et al. 2020)."""
    z, labels = torch.cat([a, b]), torch.cat([y, y])
    n = len(z)
    scores = (z @ z.T / temperature).masked_fill(torch.eye(n, dtype=torch.bool), -1e9)
    log = scores - scores.logsumexp(1, keepdim=True)
    other = torch.arange(n).roll(n // 2)
    same = ((labels[:, None] == labels[None]) & ~torch.eye(n, dtype=torch.bool)).float()
    return -(log[torch.arange(n), other]).mean() * 0.5 - ((log * same).sum(1) / same.sum(1)).mean() * 0.5


def train(labels, embedding, pixels, classes):
    """Yields after each epoch."""
    generator = torch.Generator().manual_seed(7)
    parameters = [*labels.parameters(), *embedding.head.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=3e-3, weight_decay=0.02)
    steps = len(SIDES) * (len(pixels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps, pct_start=0.15)
    for epoch, side in enumerate(SIDES, 1):
        labels.train()
        embedding.train()
        start, total = time.time(), 0.0
        order = torch.randperm(len(pixels), generator=generator).numpy()
        for at in range(0, len(order) - BATCH + 1, BATCH):
            rows = order[at:at + BATCH]
            y = torch.from_numpy(classes[rows])
            features = labels.body(torch.cat([views(pixels[rows], side, generator), views(pixels[rows], side, generator)]))
            loss = F.cross_entropy(labels.head(features), torch.cat([y, y]), label_smoothing=0.05)
            z = F.normalize(embedding.head(features), dim=-1)
            loss = loss + 0.5 * contrastive(z[:BATCH], z[BATCH:], y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch}/{len(SIDES)} side {side} loss {total / (len(order) // BATCH):.3f} in {time.time() - start:.0f} s", flush=True)
        yield epoch


@torch.no_grad()
def run(model, pixels, transform=centre):
    model.eval()
    return torch.cat([model(transform(pixels[at:at + 100])) for at in range(0, len(pixels), 100)])


def calibrated(labels, pixels, classes):
    """A copy with temperature scaling (Guo et al. 2017) folded into its last layer."""
    logits, y = run(labels, pixels), torch.from_numpy(classes)
    temperatures = torch.linspace(0.3, 2.5, 111)
    best = temperatures[torch.stack([F.cross_entropy(logits / t, y) for t in temperatures]).argmin()].item()
    labels = copy.deepcopy(labels)
    with torch.no_grad():
        labels.head.weight /= best
        labels.head.bias /= best
    return labels


def calibration_error(p, y, bins=10):
    confidence, right = p.max(1).values, (p.argmax(1) == y).float()
    index = (confidence * bins).long().clamp(max=bins - 1)
    return sum(((index == b).float().mean() * (confidence[index == b].mean() - right[index == b].mean()).abs()).item() for b in range(bins) if (index == b).any())


def measure_labels(labels, pixels, classes):
    p, y = run(labels, pixels).softmax(1), torch.from_numpy(classes)
    ranks = p.argsort(1, descending=True)
    confusion = np.zeros((len(LABELS), len(LABELS)), int)
    for truth, found in zip(classes, ranks[:, 0].tolist()):
        confusion[truth, found] += 1
    return {"top1": (ranks[:, 0] == y).float().mean().item(), "top5": (ranks[:, :5] == y[:, None]).any(1).float().mean().item(),
            "ece": calibration_error(p, y), "count": len(y), "confusion": confusion}


def measure_embedding(embedding, pixels, classes):
    """Same scene among the other pictures; the same picture, cropped, lit and mirrored anew, among all."""
    generator = torch.Generator().manual_seed(11)
    z, again, y = run(embedding, pixels), run(embedding, pixels, lambda x: views(x, 128, generator)), torch.from_numpy(classes)
    near = (z @ z.T - 2 * torch.eye(len(z))).argsort(1, descending=True)
    same = y[near[:, :5]] == y[:, None]
    found = (again @ z.T).argsort(1, descending=True)[:, :5] == torch.arange(len(z))[:, None]
    return {"scene1": same[:, 0].float().mean().item(), "scene5": same.any(1).float().mean().item(), "precision5": same.float().mean().item(),
            "copy1": found[:, 0].float().mean().item(), "copy5": found.any(1).float().mean().item(), "count": len(z)}


def write(labels, embedding, test):
    example = {"pixel_values": torch.zeros(2, 3, 128, 128)}
    for name, model, output, files, measured in (
            ("image-labels", labels, "logits", image_cards.labels, measure_labels(labels, *test)),
            ("image-embedding", embedding, "image_embeds", image_cards.embedding, measure_embedding(embedding, *test))):
        folder = f"samples/models/{name}/1"
        package.export(model, example, output, {"pixel_values": {0: "batch"}, output: {0: "batch"}}, f"{folder}/onnx/model.onnx")
        package.write(folder, files(measured))
        print(name, {k: v for k, v in measured.items() if k != "confusion"}, f"{package.megabytes(folder):.2f} MB", flush=True)


def main():
    torch.manual_seed(5)
    torch.set_num_threads(1)
    sets = {name: pictures(name, *seeds) for name, seeds in (("train", TRAIN), ("validation", VALIDATION), ("test", TEST))}
    labels = Labels(Body(), len(LABELS))
    embedding = Embedding(labels.body)
    for epoch in train(labels, embedding, *sets["train"]):
        if epoch >= FIRST_WRITTEN:
            write(calibrated(labels, *sets["validation"]), embedding, sets["test"])


if __name__ == "__main__":
    main()
