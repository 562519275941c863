"""Landscapes and places."""
import math

import numpy as np
from PIL import Image

DAY_SKIES = [((70, 130, 200), (190, 220, 240)), ((100, 160, 220), (220, 235, 245)), ((120, 140, 165), (200, 205, 210)), ((60, 110, 190), (240, 230, 215))]
GREENS = [(34, 85, 40), (50, 105, 45), (70, 120, 50), (28, 70, 48), (85, 110, 40), (60, 95, 60)]


def day_sky(c, horizon, cloudy=0.7):
    top, bottom = c.pick(DAY_SKIES)
    c.gradient([(0, c.tint(top)), (1, c.tint(bottom))], 0, horizon)
    if c.chance(cloudy):
        c.clouds(c.tint((245, 246, 248), 10), c.between(0.2, 0.8), 0, horizon)


def sea(c, horizon, near, far):
    c.gradient([(0, far), (1, near)], horizon, 1)
    c.texture(horizon, 1, c.between(0.05, 0.12), cells=14, stretch=6)


def conifer(c, x, base, height, colour):
    width = height * c.between(0.16, 0.26) * c.height / c.width
    for layer in range(5):
        top, half = base - height * (1 - layer * 0.16), width * (0.35 + 0.17 * layer)
        c.polygon([(x, top), (x - half, top + height * 0.34), (x + half, top + height * 0.34)], colour)
    c.rectangle(x - width * 0.08, base - height * 0.06, x + width * 0.08, base + height * 0.02, (60, 42, 30))


def broadleaf(c, x, base, height, colour):
    trunk = height * 0.05 * c.height / c.width
    c.rectangle(x - trunk, base - height * 0.5, x + trunk, base, c.tint((80, 58, 40)))
    for _ in range(9):
        c.ellipse(x + c.rng.normal(0, 0.12) * height * c.height / c.width, base - height * c.between(0.5, 0.92), height * c.height / c.unit * c.between(0.12, 0.2),
                  height * c.height / c.unit * c.between(0.1, 0.18), c.tint(colour, 16))


def sunset(c):
    horizon = c.between(0.5, 0.8)
    top = c.pick([(60, 40, 110), (35, 50, 105), (90, 45, 95), (45, 35, 70)])
    middle = c.pick([(225, 100, 60), (235, 125, 50), (215, 85, 90), (230, 140, 90)])
    low = c.pick([(255, 205, 95), (255, 180, 80), (250, 215, 140)])
    c.gradient([(0, c.tint(top)), (0.55, c.tint(middle)), (1, c.tint(low))], 0, horizon)
    x, y = c.between(0.2, 0.8), horizon - c.between(0.01, 0.16) + 0.006 * c.t
    c.clouds(c.pick([(255, 160, 110), (190, 80, 90), (110, 60, 95)]), c.between(0.3, 0.8), 0, horizon, stretch=5)
    c.glow(x, y, c.between(0.35, 0.7), (255, 200, 110), 0.75)
    r = c.between(0.05, 0.1)
    c.ellipse(x, y, r, r, (255, 240, c.count(150, 210)))
    if c.chance(0.6):
        c.gradient([(0, c.tint(middle)), (1, c.tint(top))], horizon, 1)
        for _ in range(60):
            yy = c.between(horizon, 1)
            spread = 0.02 + (yy - horizon) * 0.35
            xx, w = x + c.rng.normal(0, spread / 2), c.between(0.01, 0.07)
            c.line([(xx - w, yy), (xx + w, yy)], (255, 215, 130, c.count(60, 170)), 0.006)
        c.texture(horizon, 1, 0.06, 16, 6)
    else:
        c.rectangle(0, horizon, 1, 1, (25, 18, 25))
    for depth in range(c.count(0, 2)):
        c.land(c.ridge(horizon + 0.03 + 0.1 * depth, c.between(0.05, 0.16)), (int(55 - 22 * depth), int(30 - 10 * depth), int(48 - 14 * depth)), 1 if c.chance(0.5) else horizon + 0.05 + 0.1 * depth)
    if c.chance(0.35):
        broadleaf(c, c.between(0.1, 0.9), min(0.97, horizon + 0.15), c.between(0.3, 0.55), (18, 12, 16))


def beach(c):
    horizon, shore = c.between(0.25, 0.5), c.between(0.55, 0.75)
    day_sky(c, horizon)
    sea(c, horizon, c.tint((95, 195, 195)), c.tint((25, 95, 150)))
    sand = c.tint(c.pick([(235, 212, 165), (225, 195, 150), (240, 225, 190), (205, 180, 140)]))
    slope, bend = c.between(-0.18, 0.18), c.between(0.01, 0.05)
    wave = 0.008 * math.sin(c.t * 1.6)
    edge = [(x / 24, shore + wave + slope * (x / 24 - 0.5) + bend * math.sin(x / 24 * 5 + bend * 90)) for x in range(25)]
    c.line([(x, y - 0.035) for x, y in edge], (240, 250, 250, 150), 0.012)
    c.land([(x, y - 0.012) for x, y in edge], (250, 252, 250))
    c.land([(x, y + 0.012) for x, y in edge], tuple(int(v * 0.82) for v in sand))
    c.land([(x, y + 0.05) for x, y in edge], sand)
    c.texture(shore + 0.08, 1, 0.05, 40)
    for _ in range(c.count(0, 4)):
        umbrella(c, c.between(0.08, 0.92), c.between(shore + 0.14, 0.97), c.between(0.1, 0.2))
    if c.chance(0.5):
        palm(c, c.pick([c.between(0.02, 0.2), c.between(0.8, 0.98)]), 1.0, c.between(0.6, 0.95))


def umbrella(c, x, base, size):
    r = size * c.unit / c.width
    c.shadow(x + r * 0.4, base, size * 0.9, size * 0.16, 0.3)
    c.line([(x, base), (x, base - size)], (230, 230, 230), 0.01)
    colours = [c.pick([(220, 50, 50), (240, 190, 40), (40, 110, 190), (40, 150, 100)]), (245, 245, 240)]
    top = base - size * 1.25
    for i in range(6):
        a, b = math.pi * i / 6, math.pi * (i + 1) / 6
        c.polygon([(x, top), (x - r * math.cos(a), top + size * (0.5 - 0.12 * math.sin(a))), (x - r * math.cos(b), top + size * (0.5 - 0.12 * math.sin(b)))], colours[i % 2])


def palm(c, x, base, height):
    lean = c.between(-0.15, 0.15)
    stem = [(x + lean * (s / 10) ** 2, base - height * s / 10) for s in range(11)]
    c.line(stem, c.tint((110, 85, 55)), 0.03)
    cx, cy = stem[-1]
    sway = 0.05 * math.sin(c.t * 1.1)
    for i in range(9):
        angle, length = math.pi * (i / 8) + sway, c.between(0.18, 0.28)
        leaf = [(cx + length * s / 8 * math.cos(angle) * c.unit / c.width, cy - (length * s / 8 * math.sin(angle) - 0.35 * length * (s / 8) ** 2 * 2) * c.unit / c.height) for s in range(9)]
        c.line(leaf, c.tint((45, 115, 50), 25), 0.022)


def forest(c):
    mist = c.tint(c.pick([(190, 205, 200), (150, 175, 150), (215, 220, 190)]))
    dark = c.pick(GREENS)
    if c.chance(0.5):
        c.gradient([(0, mist), (1, tuple(int(v * 0.7) for v in mist))])
        for depth in range(5):
            f = depth / 4
            colour = tuple(int(m * (1 - f) * 0.8 + d * (0.2 + 0.8 * f)) for m, d in zip(mist, dark))
            base = 0.45 + 0.16 * depth
            for _ in range(int(22 - 3 * depth)):
                conifer(c, c.between(-0.05, 1.05), base + c.between(0, 0.12), c.between(0.3, 0.5) + 0.1 * f, c.tint(colour, 12))
        c.rectangle(0, 1.0, 1, 1, dark)
        return
    c.gradient([(0, c.tint((120, 160, 80))), (0.6, c.tint(mist)), (1, c.tint((60, 80, 35)))])
    ground = c.between(0.7, 0.82)
    c.land(c.ridge(ground, 0.05), c.tint((72, 84, 38)))
    c.texture(ground - 0.03, 1, 0.14, 30)
    for depth in range(3):
        for _ in range(c.count(5, 9) - depth * 2):
            x, w = c.between(0, 1), c.between(0.006, 0.014) * (1 + depth * 1.6)
            shade = c.tint((130 - 38 * depth, 110 - 34 * depth, 90 - 30 * depth), 14)
            c.polygon([(x - w, ground + 0.08 * depth), (x - w * 0.7, 0), (x + w * 0.7, 0), (x + w, ground + 0.08 * depth)], shade)
    for _ in range(140):
        c.ellipse(c.between(0, 1), abs(c.rng.normal(0, 0.16)), c.between(0.02, 0.06), c.between(0.015, 0.045), (*c.tint(c.pick(GREENS), 30), 210))
    for _ in range(50):
        c.ellipse(c.between(0, 1), c.between(ground + 0.02, 1), c.between(0.01, 0.05), c.between(0.006, 0.02), (*c.tint(c.pick(GREENS), 30), 200))


def mountain(c):
    horizon = c.between(0.7, 0.9)
    day_sky(c, 0.8)
    rock = c.tint(c.pick([(95, 100, 115), (110, 100, 95), (80, 90, 110), (120, 110, 105)]))
    for depth in range(c.count(2, 3)):
        f = depth / 2
        peak = c.ridge(horizon - 0.02 + 0.06 * depth, c.between(0.4, 0.62) * (1 - 0.35 * f), 0.5, 128)
        colour = tuple(int(r * (0.6 + 0.4 * f) + 90 * (1 - f) * 0.6) for r in rock)
        c.land(peak, colour)
        if c.chance(0.85):
            snow(c, peak, horizon)
    foot = c.ridge(horizon + 0.08, 0.1)
    if c.chance(0.35):
        water = int(horizon * c.height)
        box = (0, max(0, 2 * water - c.height), c.width, water)
        mirror = c.image.crop(box).transpose(Image.FLIP_TOP_BOTTOM).point(lambda v: int(v * 0.75))
        c.image.paste(mirror, (0, water))
        c.texture(horizon, 1, 0.05, 12, 8)
        return
    c.land(foot, c.tint(c.pick(GREENS)))
    c.texture(horizon, 1, 0.08, 30)
    for _ in range(c.count(0, 16)):
        conifer(c, c.between(0, 1), c.between(horizon + 0.06, 1.02), c.between(0.08, 0.2), c.tint((30, 65, 45)))


def snow(c, peak, horizon):
    top = min(y for _, y in peak)
    line = top + (horizon - top) * c.between(0.3, 0.65)
    cap = [(x, y) for x, y in peak]
    lower = [(x, max(y, line + 0.05 * math.sin(i * 1.3) + c.rng.normal(0, 0.025))) for i, (x, y) in enumerate(peak)]
    white = c.tint((240, 244, 250), 8)
    for (x0, a0), (x1, a1), (_, b0), (_, b1) in zip(cap, cap[1:], lower, lower[1:]):
        if a0 < b0 or a1 < b1:
            shade = 1.0 if a1 < a0 else 0.8
            c.polygon([(x0, a0), (x1, a1), (x1, max(a1, b1)), (x0, max(a0, b0))], tuple(int(v * shade) for v in white))


def night_sky(c):
    top, low = c.tint((8, 10, 28), 10), c.tint(c.pick([(22, 30, 62), (38, 28, 62), (14, 40, 58)]), 12)
    c.gradient([(0, top), (1, low)])
    if c.chance(0.6):
        milky_way(c)
    for _ in range(c.count(120, 420)):
        x, y, size = c.between(0, 1), c.between(0, 1) ** 0.9, abs(c.rng.normal(0, 0.0022)) + 0.0008
        twinkle = 0.75 + 0.25 * math.sin(c.t * 3 + x * 50)
        v = int(c.between(110, 255) * twinkle)
        c.ellipse((x + 0.003 * c.t) % 1, y, size, size, (v, v, min(255, v + 15)))
    if c.chance(0.45):
        x, y, r = c.between(0.15, 0.85), c.between(0.12, 0.5), c.between(0.04, 0.11)
        c.glow(x, y, r * 3, (200, 205, 220), 0.35)
        c.ellipse(x, y, r, r, c.tint((235, 232, 215), 10))
        if c.chance(0.5):
            c.ellipse(x + r * 0.5 * c.unit / c.width, y - r * 0.2, r * 0.95, r * 0.95, tuple(top))
    if c.chance(0.75):
        c.land(c.ridge(c.between(0.85, 0.98), c.between(0.05, 0.2)), (5, 6, 10))
        for _ in range(c.count(0, 6)):
            conifer(c, c.between(0, 1), 1.0, c.between(0.1, 0.25), (4, 5, 8))


def milky_way(c):
    yy, xx = np.mgrid[0:c.height, 0:c.width]
    angle, offset = c.between(-1, 1), c.between(-0.15, 0.15)
    distance = np.abs((xx / c.width - 0.5) * math.sin(angle) + (yy / c.height - 0.5) * math.cos(angle) - offset)
    alpha = np.exp(-(distance / 0.13) ** 2) * (c.noise(5, 5) ** 2) * c.between(0.5, 1.1)
    c.paste(Image.new("RGB", c.image.size, c.tint((170, 165, 205))), Image.fromarray((np.clip(alpha, 0, 1) * 255).astype(np.uint8)))
