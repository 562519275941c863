"""Drawing with chance: gradients, noise, ridges and soft shapes that the scenes are made of."""
import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = "/usr/share/fonts/truetype/dejavu/DejaVu"


class Canvas:
    """A picture under construction. Coordinates are fractions of its width and height; t is the time in seconds, for moving pictures."""

    def __init__(self, rng, width, height, t=0.0):
        self.rng, self.width, self.height, self.t = rng, width, height, t
        self.image = Image.new("RGB", (width, height))
        self.draw = ImageDraw.Draw(self.image, "RGBA")
        self.unit = min(width, height)

    def chance(self, p):
        return self.rng.random() < p

    def between(self, low, high):
        return low + (high - low) * self.rng.random()

    def pick(self, items):
        return items[int(self.rng.integers(len(items)))]

    def count(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def tint(self, colour, amount=20):
        shift = self.rng.normal(0, amount / 2, 3) + self.rng.normal(0, amount / 2)
        return tuple(int(min(255, max(0, c + s))) for c, s in zip(colour, shift))

    def px(self, points):
        return [(x * self.width, y * self.height) for x, y in points]

    def polygon(self, points, fill):
        self.draw.polygon(self.px(points), fill=fill)

    def rectangle(self, x0, y0, x1, y1, fill, outline=None, line=0):
        self.draw.rectangle([x0 * self.width, y0 * self.height, x1 * self.width, y1 * self.height], fill, outline, max(1, int(line * self.unit)) if outline else 0)

    def ellipse(self, x, y, rx, ry, fill):
        """Radii are fractions of the shorter side, so that circles stay round."""
        cx, cy, rx, ry = x * self.width, y * self.height, rx * self.unit, ry * self.unit
        self.draw.ellipse([cx - rx, cy - ry, cx + rx, cy + ry], fill=fill)

    def line(self, points, fill, width):
        self.draw.line(self.px(points), fill=fill, width=max(1, int(width * self.unit)), joint="curve")

    def text(self, x, y, text, size, fill, bold=False, serif=False):
        name = FONTS + ("Serif" if serif else "Sans") + ("-Bold" if bold else "") + ".ttf"
        self.draw.text((x * self.width, y * self.height), text, fill=fill, font=ImageFont.truetype(name, max(6, int(size * self.unit))))

    def paste(self, layer, mask):
        self.image.paste(layer, (0, 0), mask)

    def gradient(self, stops, y0=0.0, y1=1.0):
        """Vertical, between (fraction, colour) stops, over the rows from y0 to y1."""
        top, bottom = int(y0 * self.height), int(math.ceil(y1 * self.height))
        rows = np.linspace(0, 1, max(1, bottom - top))
        at = [s[0] for s in stops]
        column = np.stack([np.interp(rows, at, [s[1][c] for s in stops]) for c in range(3)], -1)
        band = np.repeat(column[:, None, :], self.width, 1).astype(np.uint8)
        self.image.paste(Image.fromarray(band), (0, top))

    def noise(self, cells=4, octaves=4, stretch=1.0, width=None, height=None):
        """Fractal noise from 0 to 1; stretch above 1 draws it out sideways."""
        width, height = width or self.width, height or self.height
        total, weight, amplitude = np.zeros((height, width), np.float32), 0.0, 1.0
        for octave in range(octaves):
            rows = max(2, int(cells * 2 ** octave * height / min(width, height)))
            columns = max(2, int(cells * 2 ** octave * width / min(width, height) / stretch))
            grid = Image.fromarray(self.rng.random((rows, columns)).astype(np.float32))
            total += amplitude * np.asarray(grid.resize((width, height), Image.BICUBIC))
            weight += amplitude
            amplitude *= 0.5
        return total / weight

    def clouds(self, colour, amount=0.5, y0=0.0, y1=0.6, cells=3, stretch=2.5, drift=0.01):
        field = self.noise(cells, 5, stretch, width=int(self.width * 1.3))
        shift = int((0.1 + drift * self.t) * self.width) % max(1, field.shape[1] - self.width)
        field = field[:, shift:shift + self.width]
        rows = np.linspace(0, 1, self.height)[:, None]
        window = np.clip((rows - y0) * 8, 0, 1) * np.clip((y1 - rows) * 6, 0, 1)
        alpha = np.clip((field - (0.62 - 0.25 * amount)) * 5, 0, 1) * window * self.between(0.6, 0.95)
        self.paste(Image.new("RGB", self.image.size, colour), Image.fromarray((alpha * 255).astype(np.uint8)))

    def glow(self, x, y, radius, colour, strength=0.8):
        yy, xx = np.mgrid[0:self.height, 0:self.width]
        distance = np.hypot(xx - x * self.width, yy - y * self.height) / (radius * self.unit)
        alpha = np.exp(-distance ** 2 * 2) * strength
        self.paste(Image.new("RGB", self.image.size, colour), Image.fromarray((alpha * 255).astype(np.uint8)))

    def texture(self, y0, y1, strength, cells=24, stretch=1.0):
        """Roughens the rows from y0 to y1, as grass, sand or water are."""
        top, bottom = int(y0 * self.height), int(y1 * self.height)
        if bottom - top < 2:
            return
        field = (self.noise(cells, 3, stretch, height=bottom - top) - 0.5) * 2 * strength
        box = (0, top, self.width, bottom)
        band = np.asarray(self.image.crop(box)).astype(np.float32) + field[..., None] * 255
        self.image.paste(Image.fromarray(np.clip(band, 0, 255).astype(np.uint8)), box)

    def ridge(self, base, height, roughness=0.55, points=64):
        """A skyline of hills by midpoint displacement, as (x, y) fractions from left to right."""
        line, spread = [self.between(-1, 1), self.between(-1, 1)], 1.0
        while len(line) < points:
            spread *= roughness
            middle = [(a + b) / 2 + self.rng.normal(0, spread) for a, b in zip(line, line[1:])]
            line = [v for pair in zip(line, middle) for v in pair] + [line[-1]]
        low, high = min(line), max(line)
        return [(i / (len(line) - 1), base - height * (v - low) / (high - low + 1e-6)) for i, v in enumerate(line)]

    def land(self, ridge, colour, bottom=1.0):
        self.polygon([(0, bottom), *ridge, (1, bottom)], colour)

    def shadow(self, x, y, rx, ry, strength=0.4):
        layer = Image.new("L", self.image.size, 0)
        cx, cy = x * self.width, y * self.height
        ImageDraw.Draw(layer).ellipse([cx - rx * self.unit, cy - ry * self.unit, cx + rx * self.unit, cy + ry * self.unit], fill=int(255 * strength))
        self.paste(Image.new("RGB", self.image.size, (0, 0, 0)), layer.filter(ImageFilter.GaussianBlur(self.unit * 0.015 + 0.5)))

    def blur(self, radius):
        self.image = self.image.filter(ImageFilter.GaussianBlur(radius * self.unit))
        self.draw = ImageDraw.Draw(self.image, "RGBA")
