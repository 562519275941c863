"""The image models' pictures: drawn once from seeds, kept as arrays under artifacts/, changed a little each time they are shown."""
import os
from multiprocessing import Pool

import numpy as np
import torch
import torch.nn.functional as F

from scenes import LABELS, develop, render

SIDE = 146  # shorter side and crop of a kept picture; the model sees 128
SHAPES = [(1, 1), (4, 3), (3, 2), (16, 9), (3, 4)]


def draw(seed):
    """Seed n is of class n mod 16. Pictures are drawn in any shape and cropped square, as the models' preprocessing does."""
    rng = np.random.default_rng(seed)
    w, h = SHAPES[int(rng.integers(len(SHAPES)))]
    short = min(w, h)
    image = render(LABELS[seed % len(LABELS)], seed, SIDE * w // short, SIDE * h // short, t=float(rng.random() * 5), smooth=2 if rng.random() < 0.4 else 1)
    image = develop(image, rng)
    left, top = (image.width - SIDE) // 2, (image.height - SIDE) // 2
    return np.asarray(image.crop((left, top, left + SIDE, top + SIDE)))


def pictures(name, first_seed, count, folder="artifacts/samples"):
    """Pixels uint8 [count, SIDE, SIDE, 3] and labels; a multiple of the classes from the first seed on."""
    path = f"{folder}/{name}-{first_seed}-{count}.npy"
    if not os.path.exists(path):
        os.makedirs(folder, exist_ok=True)
        with Pool(2) as pool:
            np.save(path, np.stack(pool.map(draw, range(first_seed, first_seed + count), chunksize=64)))
    return np.load(path), np.arange(first_seed, first_seed + count) % len(LABELS)


def normalise(pixels):
    """[-1, 1], as preprocessor_config.json says: mean and deviation of a half."""
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1


def views(pixels, side, generator):
    """A random view of each picture: place and scale of the crop, side, light, colour, a covered patch."""
    x = normalise(pixels)
    n = len(x)
    scale = torch.empty(n).uniform_(0.72, 1.02, generator=generator)
    shift = torch.empty(n, 2).uniform_(-1, 1, generator=generator) * (1 - scale).clamp(min=0)[:, None]
    mirror = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 1, 1], theta[:, :, 2] = scale * mirror, scale, shift
    x = F.grid_sample(x, F.affine_grid(theta, [n, 3, side, side], align_corners=False), padding_mode="border", align_corners=False)
    light = torch.empty(n, 1, 1, 1).uniform_(0.75, 1.25, generator=generator)
    cast = torch.empty(n, 3, 1, 1).uniform_(-0.15, 0.15, generator=generator)
    x = (x * light + cast).clamp(-1, 1)
    for i in range(n):
        if torch.rand(1, generator=generator) < 0.3:
            top, left = torch.randint(0, side * 3 // 4, (2,), generator=generator).tolist()
            x[i, :, top:top + side // 4, left:left + side // 4] = 0
    return x


def centre(pixels, side=128):
    edge = (SIDE - side) // 2
    return normalise(np.ascontiguousarray(pixels[:, edge:edge + side, edge:edge + side]))
