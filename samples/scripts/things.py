"""Pictures with things to be found: balls, parcels, warning signs and stars on the scenes of the image models, and where they are."""
import math

import numpy as np
from PIL import Image, ImageDraw

from scenes import LABELS, render

THINGS = ["ball", "parcel", "sign", "star"]
SIDE = 160


def backdrop(rng, seed):
    """A scene, or a plain or noisy wall."""
    if rng.random() < 0.7:
        return render(LABELS[seed % len(LABELS)], seed, SIDE, SIDE, smooth=1)
    colour = rng.integers(20, 235, 3)
    wall = colour + rng.normal(0, rng.uniform(2, 25), (SIDE, SIDE, 3))
    return Image.fromarray(np.clip(wall, 0, 255).astype(np.uint8))


def picture(seed):
    """Pixels uint8 [SIDE, SIDE, 3] and rows of (label, left, top, right, bottom)."""
    rng = np.random.default_rng(seed)
    image, boxes = backdrop(rng, seed), []
    for _ in range(int(rng.integers(0, 5))):
        label, size = int(rng.integers(len(THINGS))), float(np.exp(rng.uniform(math.log(16), math.log(90))))
        width, height = shape(rng, label, size)
        left, top = rng.uniform(-0.15 * width, SIDE - 0.85 * width), rng.uniform(-0.15 * height, SIDE - 0.85 * height)
        box = (left, top, left + width, top + height)
        if any(overlap(box, other[1:]) > 0.15 for other in boxes):
            continue
        DRAWN[label](ImageDraw.Draw(image, "RGBA"), rng, *box)
        boxes.append((label, max(0, box[0]), max(0, box[1]), min(SIDE, box[2]), min(SIDE, box[3])))
    light = rng.uniform(0.75, 1.25)
    pixels = np.clip(np.asarray(image).astype(np.float32) * light + rng.normal(0, rng.uniform(0, 6), (SIDE, SIDE, 3)), 0, 255)
    return pixels.astype(np.uint8), np.array(boxes, np.float32).reshape(-1, 5)


def lay(image, placed, seed):
    """Draws things of (name, left, top, right, bottom) on a picture of any size."""
    rng, draw = np.random.default_rng(seed), ImageDraw.Draw(image, "RGBA")
    for name, *box in placed:
        DRAWN[THINGS.index(name)](draw, rng, *box)


def shape(rng, label, size):
    wide = rng.uniform(0.75, 1.5) if THINGS[label] == "parcel" else 1.0
    return size * math.sqrt(wide), size / math.sqrt(wide)


def overlap(a, b):
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return 0.0 if width <= 0 or height <= 0 else width * height / min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))


def colour(rng, base, spread=45):
    return tuple(int(c) for c in np.clip(np.array(base) + rng.normal(0, spread / 2, 3), 0, 255))


def ball(draw, rng, x0, y0, x1, y1):
    base = colour(rng, [(220, 60, 50), (60, 110, 220), (240, 200, 60), (245, 245, 245), (70, 170, 90)][int(rng.integers(5))])
    r = (x1 - x0) / 2
    for i in range(6):  # lighter towards the upper left
        part = i / 6
        draw.ellipse([x0 + r * part * 0.6, y0 + r * part * 0.6, x1 - r * part * 1.4, y1 - r * part * 1.4], fill=tuple(int(c * (0.6 + 0.4 * part) + 60 * part ** 2 if c < 195 else c * (0.7 + 0.3 * part)) for c in base))
    draw.arc([x0 + r * 0.3, y0, x1 - r * 0.3, y1], 0, 360, fill=(20, 20, 20, 160), width=max(1, int(r / 9)))


def parcel(draw, rng, x0, y0, x1, y1):
    card, tape = colour(rng, (176, 128, 78), 30), colour(rng, (225, 205, 160), 25)
    draw.rectangle([x0, y0, x1, y1], fill=card, outline=tuple(c // 2 for c in card), width=max(1, int((x1 - x0) / 28)))
    middle, half = (x0 + x1) / 2, (x1 - x0) * 0.07
    draw.rectangle([middle - half, y0, middle + half, y1], fill=tape)
    if rng.random() < 0.6:
        draw.rectangle([x0 + (x1 - x0) * 0.62, y0 + (y1 - y0) * 0.6, x1 - (x1 - x0) * 0.08, y1 - (y1 - y0) * 0.12], fill=(240, 240, 235))


def sign(draw, rng, x0, y0, x1, y1):
    red, inside, w, h = colour(rng, (205, 40, 40), 30), colour(rng, (250, 245, 225), 15), x1 - x0, y1 - y0
    draw.polygon([(x0 + w / 2, y0), (x1, y1), (x0, y1)], fill=red)
    draw.polygon([(x0 + w / 2, y0 + h * 0.26), (x1 - w * 0.2, y1 - h * 0.12), (x0 + w * 0.2, y1 - h * 0.12)], fill=inside)
    draw.rectangle([x0 + w * 0.47, y0 + h * 0.42, x0 + w * 0.53, y0 + h * 0.7], fill=(20, 20, 20))
    draw.rectangle([x0 + w * 0.47, y0 + h * 0.75, x0 + w * 0.53, y0 + h * 0.81], fill=(20, 20, 20))


def star(draw, rng, x0, y0, x1, y1):
    fill, cx, cy, r = colour(rng, [(250, 205, 50), (240, 240, 250), (235, 120, 200)][int(rng.integers(3))], 30), (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2
    points = [(cx + r * (1 if i % 2 == 0 else 0.45) * math.sin(i * math.pi / 5), cy - r * (1 if i % 2 == 0 else 0.45) * math.cos(i * math.pi / 5)) for i in range(10)]
    draw.polygon(points, fill=fill, outline=tuple(c // 2 for c in fill))


DRAWN = [ball, parcel, sign, star]
