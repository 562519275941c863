"""Trains things, a small detector with a YOLOX head, on drawn pictures and writes its package, anew after each of the last epochs. Usage: train_detector.py [epochs]"""
import os
import sys
import time
from multiprocessing import Pool

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import image_cards
import package
from image_net import Residual
from things import SIDE, THINGS, picture

EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 14
BATCH, STRIDES = 32, (8, 16, 32)
TRAIN, TEST = (500_000, 4000), (600_000, 500)  # first seed, count


class Detector(nn.Module):
    """Rows of centre, size, objectness and labels, grid by grid, as YOLOX's head has them (Ge et al. 2021): boxes in cells, sigmoid where it is due."""

    def __init__(self, width=32):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.stages = nn.ModuleList([Residual(16, 24, 2), Residual(24, 32, 2), Residual(32, 48, 2), Residual(48, 64, 2)])
        self.sides = nn.ModuleList(nn.Conv2d(channels, width, 1) for channels in (32, 48, 64))
        self.heads = nn.ModuleList(nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, 5 + len(THINGS), 1)) for _ in STRIDES)
        for head in self.heads:
            nn.init.constant_(head[-1].bias[4:], -4.0)

    def maps(self, pixels):
        x, found = self.stages[0](self.stem(pixels / 128 - 1)), []
        for stage, side in zip(list(self.stages)[1:], self.sides):
            x = stage(x)
            found.append(side(x))
        found[1] = found[1] + F.interpolate(found[2], scale_factor=2.0, mode="nearest")
        found[0] = found[0] + F.interpolate(found[1], scale_factor=2.0, mode="nearest")
        return [head(part) for head, part in zip(self.heads, found)]

    def forward(self, images):
        rows = torch.cat([part.flatten(2) for part in self.maps(images)], 2).transpose(1, 2)
        return torch.cat([rows[..., :4], rows[..., 4:].sigmoid()], 2)


def cells():
    """Centre of each cell, in cells from its corner's grid, and its stride; in the order of the rows."""
    grids = [torch.stack(torch.meshgrid(torch.arange(SIDE // s), torch.arange(SIDE // s), indexing="xy"), -1).view(-1, 2) for s in STRIDES]
    return torch.cat(grids).float(), torch.cat([torch.full((len(g), 1), float(s)) for g, s in zip(grids, STRIDES)])


def decode(rows, grid, stride):
    centre, size = (rows[..., :2] + grid) * stride, rows[..., 2:4].clamp(max=6).exp() * stride
    return torch.cat([centre - size / 2, centre + size / 2], -1)


def assign(boxes, grid, stride):
    """For each cell the thing it is to find, or -1: cells of the grid that suits the thing's size and whose middle is near its own."""
    owner = torch.full((len(grid),), -1, dtype=torch.long)
    for i, (_, x0, y0, x1, y1) in enumerate(boxes.tolist()):
        suited = STRIDES[0] if max(x1 - x0, y1 - y0) < 32 else STRIDES[1] if max(x1 - x0, y1 - y0) < 64 else STRIDES[2]
        middle = (grid + 0.5) * stride
        near = (middle - torch.tensor([(x0 + x1) / 2, (y0 + y1) / 2])).abs().max(1).values < stride[:, 0] * 1.01
        inside = (middle > torch.tensor([x0, y0])).all(1) & (middle < torch.tensor([x1, y1])).all(1)
        owner[near & inside & (stride[:, 0] == suited)] = i
    return owner


def overlap(a, b):
    size = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0)
    both, areas = size.prod(-1), (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1)
    return both / (areas - both + 1e-6)


def loss_of(maps, boxes, owners, grid, stride):
    rows = torch.cat([part.flatten(2) for part in maps], 2).transpose(1, 2).contiguous()
    batch, cell = (owners >= 0).nonzero(as_tuple=True)
    truth = torch.stack([boxes[b][owners[b, c]] for b, c in zip(batch.tolist(), cell.tolist())]) if len(batch) else torch.zeros(0, 5)
    mine = rows.view(-1, rows.shape[2]).index_select(0, batch * rows.shape[1] + cell)
    found = decode(mine, grid[cell], stride[cell])
    near = overlap(found, truth[:, 1:])
    wanted = torch.zeros(rows.shape[:2])
    wanted[batch, cell] = 1.0
    objectness = F.binary_cross_entropy_with_logits(rows[..., 4], wanted, reduction="sum")
    labels = F.binary_cross_entropy_with_logits(mine[:, 5:], F.one_hot(truth[:, 0].long(), len(THINGS)).float(), reduction="sum")
    corners = F.smooth_l1_loss(found / stride[cell], truth[:, 1:] / stride[cell], reduction="sum", beta=0.1)
    return (objectness + labels + 5 * (1 - near).sum() + 0.3 * corners) / max(len(batch), 1)


def pictures(first, count, folder="artifacts/samples"):
    path = f"{folder}/things-{first}-{count}.npz"
    if not os.path.exists(path):
        os.makedirs(folder, exist_ok=True)
        with Pool(2) as pool:
            drawn = pool.map(picture, range(first, first + count), chunksize=64)
        np.savez(path, pixels=np.stack([p for p, _ in drawn]), boxes=np.concatenate([b for _, b in drawn]), counts=np.array([len(b) for _, b in drawn]))
    kept = np.load(path)
    return kept["pixels"], [torch.from_numpy(b) for b in np.split(kept["boxes"], np.cumsum(kept["counts"])[:-1])]


def tensor(pixels):
    """Bytes as they are, blue first, as YOLOX takes them."""
    return torch.from_numpy(np.ascontiguousarray(pixels[..., ::-1])).permute(0, 3, 1, 2).float()


def train(model, pixels, boxes):
    grid, stride = cells()
    owners = torch.stack([assign(b, grid, stride) for b in boxes])
    optimiser = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=EPOCHS * (len(pixels) // BATCH), pct_start=0.15)
    generator = torch.Generator().manual_seed(23)
    for epoch in range(1, EPOCHS + 1):
        model.train()
        start, total, order = time.time(), 0.0, torch.randperm(len(pixels), generator=generator).numpy()
        for at in range(0, len(order) - BATCH + 1, BATCH):
            rows = order[at:at + BATCH]
            loss = loss_of(model.maps(tensor(pixels[rows])), [boxes[i] for i in rows], owners[rows], grid, stride)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 10.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch}/{EPOCHS} loss {total / (len(order) // BATCH):.3f} in {time.time() - start:.0f} s", flush=True)
        yield epoch


def suppress(boxes, scores, threshold=0.45):
    kept = []
    for i in scores.argsort(descending=True).tolist():
        if not kept or overlap(boxes[i][None], boxes[torch.tensor(kept)]).max() <= threshold:
            kept.append(i)
    return kept


@torch.no_grad()
def detect(model, pixels, least=0.05):
    """For each picture rows of (label, score, box)."""
    grid, stride = cells()
    model.eval()
    for at in range(0, len(pixels), 50):
        rows = model(tensor(pixels[at:at + 50]))
        for row, box in zip(rows, decode(rows, grid, stride)):
            scores, found = row[:, 4:5] * row[:, 5:], []
            for label in range(len(THINGS)):
                some = (scores[:, label] >= least).nonzero()[:, 0]
                found += [(label, scores[some[k], label].item(), box[some[k]]) for k in suppress(box[some], scores[some, label])]
            yield found


def average_precision(found, truth, label, least):
    """Area under the precision-recall curve, precision made monotone (all-point interpolation)."""
    rows = sorted(((score, n, box) for n, items in enumerate(found) for l, score, box in items if l == label), key=lambda r: -r[0])
    things = {n: boxes[boxes[:, 0] == label][:, 1:] for n, boxes in enumerate(truth)}
    total, taken, hits = sum(len(b) for b in things.values()), set(), []
    for _, n, box in rows:
        near = overlap(box[None], things[n]) if len(things[n]) else torch.zeros(1)
        best = int(near.argmax())
        hits.append(bool(near[best] >= least) and (n, best) not in taken)
        taken.add((n, best)) if hits[-1] else None
    hits = np.array(hits, float)
    precision, recall = np.cumsum(hits) / (np.arange(len(hits)) + 1), np.cumsum(hits) / max(total, 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(np.concatenate([[0], recall])) * precision)), total


def measure(model, pixels, boxes):
    found = list(detect(model, pixels))
    rows = {name: (*average_precision(found, boxes, i, 0.5), average_precision(found, boxes, i, 0.75)[0]) for i, name in enumerate(THINGS)}
    return {"count": len(pixels), "rows": rows, "map50": float(np.mean([r[0] for r in rows.values()])), "map75": float(np.mean([r[2] for r in rows.values()]))}


def write(model, pixels, boxes):
    model = package.as_stored(model)
    measured, folder = measure(model, pixels, boxes), "samples/models/things/1"
    package.export(model, {"images": torch.zeros(2, 3, SIDE, SIDE)}, "output", {"images": {0: "batch"}, "output": {0: "batch"}}, f"{folder}/onnx/model.onnx")
    package.write(folder, image_cards.things(measured, SIDE, THINGS, STRIDES))
    print(measured, f"{package.megabytes(folder):.2f} MB", flush=True)


def main():
    torch.manual_seed(29)
    torch.set_num_threads(1)
    model, test = Detector(), pictures(*TEST)
    for epoch in train(model, *pictures(*TRAIN)):
        if epoch % 4 == 0 or epoch == EPOCHS:
            write(model, *test)


if __name__ == "__main__":
    main()
