"""Things close up: faces, flowers, products, charts and pages."""
import math

from . import outdoor
from .built import PAINTS

SKINS = [(244, 212, 186), (226, 180, 145), (198, 145, 105), (150, 102, 70), (104, 68, 48), (250, 222, 200)]
WORDS = "report quarter market region press archive signal harbour council figures annual review sales growth index summary notes draft minutes order letter forecast budget north south".split()


def portrait(c):
    a, b = c.tint(c.pick([(90, 110, 130), (170, 160, 150), (60, 80, 70), (140, 100, 90), (215, 215, 210), (50, 50, 60)]), 30), c.tint((120, 120, 120), 60)
    c.gradient([(0, a), (1, tuple((x + y) // 2 for x, y in zip(a, b)))])
    skin, hair = c.tint(c.pick(SKINS), 10), c.tint(c.pick([(40, 28, 22), (95, 60, 35), (180, 140, 80), (120, 50, 30), (150, 150, 150), (20, 18, 20)]), 12)
    x, y, r = 0.5 + c.between(-0.08, 0.08) + 0.01 * math.sin(c.t), c.between(0.4, 0.47), c.between(0.19, 0.26)
    k, v = c.unit / c.width, c.unit / c.height
    long_hair = c.chance(0.5)
    if long_hair:
        c.ellipse(x, y + r * 0.35 * v, r * 1.25, r * c.between(1.5, 2.1), hair)
    shirt = c.tint(c.pick(PAINTS))
    c.rectangle(x - r * 0.38 * k, y + r * 0.8 * v, x + r * 0.38 * k, y + r * 1.7 * v, tuple(int(s * 0.88) for s in skin))
    c.ellipse(x, y + r * 2.75 * v, r * 2.0, r * 1.35, shirt)
    c.polygon([(x - r * 0.38 * k, y + r * 1.42 * v), (x + r * 0.38 * k, y + r * 1.42 * v), (x, y + r * 2.0 * v)], tuple(int(s * 0.92) for s in skin))
    for side in (-1, 1):
        c.ellipse(x + side * r * 0.86 * k, y + r * 0.1 * v, r * 0.16, r * 0.24, tuple(int(s * 0.9) for s in skin))
    if c.chance(0.9):
        c.ellipse(x, y - r * 0.32 * v, r * 0.97, r * 1.05, hair)
    c.ellipse(x, y + r * 0.12 * v, r * 0.84, r * 1.08, skin)
    if long_hair or c.chance(0.5):
        c.polygon([(x - r * 0.86 * k, y - r * 0.1 * v), (x - r * 0.5 * k, y - r * 1.1 * v), (x + r * 0.62 * k, y - r * 1.1 * v), (x + r * 0.9 * k, y - r * 0.1 * v), (x + r * c.between(-0.4, 0.4) * k, y - r * 0.62 * v)], hair)
    blink = 0.25 if (c.t % 3) > 2.85 else 1.0
    for side in (-1, 1):
        ex, ey = x + side * r * 0.36 * k, y - r * 0.02 * v
        c.ellipse(ex, ey, r * 0.17, r * 0.1 * blink, (248, 248, 246))
        c.ellipse(ex, ey, r * 0.08, r * 0.09 * blink, c.tint((70, 60, 50), 40))
        c.line([(ex - r * 0.2 * k, ey - r * 0.24 * v), (ex, ey - r * 0.3 * v), (ex + r * 0.2 * k, ey - r * 0.24 * v)], hair, r * 0.07)
    c.line([(x, y + r * 0.05 * v), (x + r * 0.1 * k, y + r * 0.4 * v), (x - r * 0.04 * k, y + r * 0.43 * v)], tuple(int(s * 0.75) for s in skin), r * 0.05)
    smile = c.between(-0.02, 0.14)
    c.line([(x - r * 0.3 * k, y + r * 0.68 * v), (x, y + r * (0.68 + smile) * v), (x + r * 0.3 * k, y + r * 0.68 * v)], c.tint((165, 70, 70)), r * 0.08)
    if c.chance(0.25):
        for side in (-1, 1):
            cx = x + side * r * 0.36 * k
            c.line([(cx + r * 0.24 * k * math.cos(a / 12 * math.tau), y + r * 0.2 * v * math.sin(a / 12 * math.tau)) for a in range(13)], (30, 30, 34), r * 0.05)
    if not long_hair and c.chance(0.3):
        c.polygon([(x - r * 0.7 * k, y + r * 0.5 * v), (x - r * 0.3 * k, y + r * 0.58 * v), (x + r * 0.3 * k, y + r * 0.58 * v), (x + r * 0.7 * k, y + r * 0.5 * v), (x + r * 0.45 * k, y + r * 1.12 * v), (x - r * 0.45 * k, y + r * 1.12 * v)], (*hair, 215))


def flower(c):
    green = c.pick(outdoor.GREENS)
    c.gradient([(0, c.tint((110, 150, 90), 40)), (1, c.tint(green))])
    for _ in range(40):
        c.ellipse(c.between(0, 1), c.between(0, 1), c.between(0.05, 0.16), c.between(0.05, 0.16), (*c.tint(green, 50), 90))
    c.blur(0.02)
    blooms = 1 if c.chance(0.5) else c.count(2, 6)
    kind, petal = c.pick([daisy, daisy, tulip, rose]), c.pick([(235, 60, 80), (250, 245, 240), (245, 200, 40), (170, 80, 190), (250, 140, 170), (240, 120, 40), (90, 110, 220)])
    for i in range(blooms):
        size = c.between(0.24, 0.36) if blooms == 1 else c.between(0.1, 0.19)
        x = c.between(0.4, 0.6) if blooms == 1 else c.between(0.12, 0.88)
        y = c.between(0.35, 0.5) if blooms == 1 else c.between(0.2, 0.65)
        x += 0.01 * math.sin(c.t * 1.3 + i)
        c.line([(x, y), (x + c.between(-0.05, 0.05), 1.02)], c.tint((60, 120, 50)), 0.02)
        leaf(c, x, c.between(0.78, 0.9), size)
        kind(c, x, y, size, c.tint(petal, 25))


def leaf(c, x, y, size):
    for side in (-1, 1):
        l = size * 0.8 * side * c.unit / c.width
        c.polygon([(x, y), (x + l * 0.5, y - size * 0.35), (x + l, y - size * 0.3), (x + l * 0.55, y - size * 0.02)], c.tint((55, 125, 55), 25))


def daisy(c, x, y, size, colour):
    petals, k, v = c.count(6, 18), c.unit / c.width, c.unit / c.height
    width = min(0.5, 2.6 / petals) * size
    start = c.between(0, 1)
    for i in range(petals):
        a = start + math.tau * i / petals
        dx, dy = math.cos(a), math.sin(a)
        shade = tuple(int(s * c.between(0.86, 1)) for s in colour)
        c.polygon([(x + (dx * size * s + -dy * width * w) * k, y + (dy * size * s + dx * width * w) * v) for s, w in ((0.1, 0.15), (0.55, 0.5), (0.85, 0.42), (1, 0), (0.85, -0.42), (0.55, -0.5), (0.1, -0.15))], shade)
    c.ellipse(x, y, size * 0.28, size * 0.28, c.tint(c.pick([(240, 190, 40), (90, 60, 30), (220, 200, 80)])))
    for _ in range(20):
        a, r = c.between(0, math.tau), c.between(0, size * 0.24)
        c.ellipse(x + math.cos(a) * r * k, y + math.sin(a) * r * v, size * 0.025, size * 0.025, (120, 80, 20))


def tulip(c, x, y, size, colour):
    k, v = c.unit / c.width * size, c.unit / c.height * size
    for shade, points in ((0.8, [(-0.55, -0.3), (-0.2, -0.95), (0.1, -0.2), (0.2, 0.7), (-0.4, 0.55)]), (0.85, [(0.55, -0.3), (0.2, -0.95), (-0.1, -0.2), (-0.2, 0.7), (0.4, 0.55)]), (1.0, [(-0.34, -0.1), (0, -0.85), (0.34, -0.1), (0.3, 0.6), (0, 0.75), (-0.3, 0.6)])):
        c.polygon([(x + px * k, y + py * v) for px, py in points], tuple(int(s * shade) for s in colour))


def rose(c, x, y, size, colour):
    k, v = c.unit / c.width, c.unit / c.height
    for ring in range(5):
        r = size * (1 - ring * 0.19)
        for i in range(7 - ring):
            a = math.tau * i / (7 - ring) + ring * 0.7
            shade = c.between(0.72, 1.0) * (1 - 0.06 * ring)
            c.ellipse(x + math.cos(a) * r * 0.45 * k, y + math.sin(a) * r * 0.45 * v, r * 0.52, r * 0.5, tuple(int(s * shade) for s in colour))


def studio(c):
    light = c.tint(c.pick([(248, 248, 248), (238, 236, 232), (225, 230, 236), (245, 235, 225), (210, 210, 214)]), 8)
    c.gradient([(0, light), (0.7, tuple(int(v * 0.97) for v in light)), (1, tuple(int(v * 0.86) for v in light))])


def shoe(c):
    studio(c)
    l = c.between(0.6, 0.82)
    x, y, h, flip = 0.5 - l / 2 + c.between(-0.05, 0.05), c.between(0.64, 0.76), l * c.between(0.4, 0.5) * c.width / c.height, c.chance(0.5)

    def at(points):
        return [(x + l * (1 - px if flip else px), y - h * py) for px, py in points]

    main, trim, sole = c.tint(c.pick(PAINTS + [(120, 80, 50), (90, 60, 40)])), c.tint(c.pick(PAINTS)), c.tint(c.pick([(245, 245, 245), (60, 50, 45), (225, 210, 180)]))
    c.shadow(x + l / 2, y + 0.01, l * c.width / c.unit * 0.52, 0.03, 0.4)
    kind = c.pick(["sneaker", "sneaker", "boot", "heel"])
    if kind == "heel":
        c.polygon(at([(0.02, 0.75), (0.1, 0.95), (0.22, 0.8), (0.45, 0.45), (0.75, 0.32), (0.98, 0.14), (1, 0.04), (0.7, 0.03), (0.45, 0.2), (0.2, 0.45)]), main)
        c.polygon(at([(0.03, 0.75), (0.13, 0.5), (0.1, -0.02), (0.06, -0.02)]), tuple(int(v * 0.7) for v in main))
        c.polygon(at([(0.45, 0.2), (0.7, 0.03), (1, 0.04), (1, -0.02), (0.68, -0.02), (0.4, 0.2)]), sole)
        return
    top = [(0.02, 1.25), (0.36, 1.25)] if kind == "boot" else [(0.02, 0.78), (0.06, 0.85), (0.34, 0.82)]
    c.polygon(at([(0.02, 0.1), *top, (0.42, 0.7), (0.62, 0.46), (0.85, 0.38), (0.97, 0.25), (0.98, 0.1)]), main)
    c.polygon(at([(0.74, 0.42), (0.85, 0.38), (0.97, 0.25), (0.98, 0.1), (0.78, 0.1)]), tuple(int(v * 0.85) for v in main))
    c.polygon(at([(0.02, 0.1), (0.02, 0.5), (0.16, 0.45), (0.18, 0.1)]), trim)
    if kind == "sneaker":
        c.polygon(at([(0.28, 0.2), (0.36, 0.2), (0.62, 0.4), (0.56, 0.46)]), trim)
    c.polygon(at([(0, 0.12), (0.99, 0.12), (1, 0.02), (0.96, -0.04), (0.03, -0.04), (0, 0.02)]), sole)
    for i in range(5):
        px, py = 0.38 + 0.055 * i, (0.76 if kind == "sneaker" else 0.95) - (0.08 if kind == "sneaker" else 0.13) * i
        c.line(at([(px - 0.05, py - 0.07), (px + 0.03, py)]), (250, 250, 250) if sum(main) < 550 else (60, 60, 60), 0.014)


def bag(c):
    studio(c)
    w, h = c.between(0.42, 0.6), c.between(0.36, 0.48)
    x, y = 0.5 + c.between(-0.05, 0.05), c.between(0.78, 0.88)
    main = c.tint(c.pick(PAINTS + [(120, 75, 45), (160, 110, 70), (70, 45, 35)]))
    dark, brass = tuple(int(v * 0.72) for v in main), (212, 176, 90)
    c.shadow(x, y, w * c.width / c.unit * 0.55, 0.03, 0.4)
    kind = c.pick(["handbag", "handbag", "backpack", "tote"])
    rise = c.between(0.16, 0.28)
    arc = [(x + w * 0.3 * math.cos(math.pi * i / 12), y - h - rise * math.sin(math.pi * i / 12)) for i in range(13)]
    c.line(arc, dark, 0.03)
    if kind == "tote":
        c.line([(px + 0.03, py + 0.02) for px, py in arc], main, 0.022)
    if kind == "backpack":
        c.polygon([(x - w * 0.4, y), (x - w * 0.42, y - h * 0.9), (x - w * 0.25, y - h * 1.18), (x + w * 0.25, y - h * 1.18), (x + w * 0.42, y - h * 0.9), (x + w * 0.4, y)], main)
        c.rectangle(x - w * 0.28, y - h * 0.48, x + w * 0.28, y - h * 0.06, dark)
        c.line([(x - w * 0.28, y - h * 0.42), (x + w * 0.28, y - h * 0.42)], brass, 0.01)
        c.line([(x - w * 0.38, y - h * 0.78), (x + w * 0.38, y - h * 0.78)], dark, 0.012)
        return
    slope = c.between(-0.08, 0.1)
    c.polygon([(x - w / 2, y), (x - w * (0.5 - slope), y - h), (x + w * (0.5 - slope), y - h), (x + w / 2, y)], main)
    if kind == "handbag":
        c.polygon([(x - w * (0.5 - slope), y - h), (x + w * (0.5 - slope), y - h), (x + w * 0.42, y - h * 0.55), (x, y - h * 0.42), (x - w * 0.42, y - h * 0.55)], dark)
        c.ellipse(x, y - h * 0.46, 0.022, 0.022, brass)
    else:
        c.rectangle(x - w * 0.2, y - h * 0.7, x + w * 0.2, y - h * 0.3, c.tint(c.pick(PAINTS)))
    c.line([(x - w / 2 + 0.01, y - 0.02), (x + w / 2 - 0.01, y - 0.02)], dark, 0.012)


def document(c):
    desk = c.tint(c.pick([(120, 85, 55), (90, 95, 100), (200, 195, 185), (60, 60, 66), (160, 130, 95)]))
    c.gradient([(0, desk), (1, tuple(int(v * 0.85) for v in desk))])
    full = c.chance(0.35)
    m = 0.0 if full else c.between(0.06, 0.16)
    paper, ink = c.tint((250, 249, 244), 6), c.tint((45, 45, 50), 12)
    if not full:
        c.shadow(0.51, 0.52, 0.5 - m, 0.5 - m, 0.3)
    c.rectangle(m, m * 0.5, 1 - m, 1 - m * 0.5, paper)
    left, right, y = m + 0.08, 1 - m - 0.08, m * 0.5 + 0.07
    size = c.between(0.022, 0.032)
    c.text(left, y, " ".join(c.pick(WORDS).title() for _ in range(c.count(2, 3))), size * 2, ink, bold=True, serif=c.chance(0.5))
    y += size * 3.6
    columns = c.pick([1, 1, 2])
    width = (right - left) / columns - (0.03 if columns == 2 else 0)
    for column in range(columns):
        x0, yy = left + column * (width + 0.06), y
        while yy < 1 - m * 0.5 - 0.08:
            for line in range(c.count(3, 7)):
                if yy > 1 - m * 0.5 - 0.08:
                    break
                words_line(c, x0, yy, width * (1 if line else 0.95), size, ink)
                yy += size * 1.7
            yy += size * 1.2
    if c.chance(0.25):
        c.ellipse(right - 0.08, 0.9 - m, 0.06, 0.06, (190, 40, 50, 120))


def words_line(c, x, y, width, size, ink):
    line, used = [], 0.0
    while used < width:
        word = c.pick(WORDS)
        used += (len(word) + 1) * size * 0.56 * c.unit / c.width
        if used < width or not line:
            line.append(word)
    c.text(x, y, " ".join(line), size, ink, serif=False)


def chart(c):
    dark = c.chance(0.25)
    paper, ink = ((28, 30, 38), (220, 222, 228)) if dark else (c.tint((252, 252, 250), 6), (60, 62, 68))
    c.gradient([(0, paper), (1, paper)])
    c.text(0.1, 0.04, " ".join(c.pick(WORDS).title() for _ in range(2)), 0.055, ink, bold=True)
    palette = [(60, 120, 200), (230, 110, 50), (70, 160, 90), (200, 60, 80), (140, 90, 180), (230, 180, 40)]
    first = c.count(0, 5)
    colours = [c.tint(palette[(first + i) % 6], 14) for i in range(6)]
    c.pick([bars, bars, lines, lines, pie, scatter])(c, ink, colours)


def axes(c, ink, grid):
    for i in range(grid + 1):
        y = 0.88 - 0.7 * i / grid
        c.line([(0.12, y), (0.95, y)], (*ink, 60), 0.003)
        c.text(0.03, y - 0.02, str(i * 10), 0.03, ink)
    c.line([(0.12, 0.16), (0.12, 0.88), (0.95, 0.88)], ink, 0.006)


def bars(c, ink, colours):
    axes(c, ink, c.count(4, 6))
    n, series = c.count(4, 9), c.count(1, 2)
    step, grow = 0.82 / n, min(1.0, 0.35 + c.t * 0.25) if c.t else 1.0
    for i in range(n):
        for s in range(series):
            x = 0.13 + step * (i + 0.12 + 0.4 * s)
            c.rectangle(x, 0.88 - 0.7 * c.between(0.15, 0.98) * grow, x + step * (0.72 if series == 1 else 0.36), 0.88, colours[s if series > 1 or c.chance(0.8) else i % 6])


def lines(c, ink, colours):
    axes(c, ink, c.count(4, 6))
    for s in range(c.count(1, 3)):
        line = [(0.12 + 0.83 * x, y) for x, y in c.ridge(c.between(0.6, 0.85), c.between(0.25, 0.55), 0.6, c.pick([16, 32]))]
        c.line(line, colours[s], 0.012)
        if len(line) < 20:
            for x, y in line:
                c.ellipse(x, y, 0.014, 0.014, colours[s])
        elif s == 0 and c.chance(0.4):
            c.polygon([(0.12, 0.88), *line, (0.95, 0.88)], (*colours[s], 60))


def pie(c, ink, colours):
    shares = c.rng.dirichlet([2] * c.count(3, 6))
    angle, r, x, y = c.between(0, 360), c.between(0.27, 0.36), 0.42, 0.55
    box = [x * c.width - r * c.unit, y * c.height - r * c.unit, x * c.width + r * c.unit, y * c.height + r * c.unit]
    for i, share in enumerate(shares):
        c.draw.pieslice(box, angle, angle + 360 * share, fill=colours[i], outline=(255, 255, 255))
        angle += 360 * share
        c.rectangle(0.82, 0.3 + 0.08 * i, 0.86, 0.34 + 0.08 * i, colours[i])
        c.text(0.88, 0.3 + 0.08 * i, f"{share * 100:.0f}%", 0.035, ink)
    if c.chance(0.4):
        c.ellipse(x, y, r * 0.5, r * 0.5, c.image.getpixel((2, 2)))


def scatter(c, ink, colours):
    axes(c, ink, 5)
    for s in range(c.count(1, 3)):
        slope, base = c.between(-0.4, 0.4), c.between(0.4, 0.65)
        for _ in range(c.count(20, 45)):
            x = c.between(0.15, 0.93)
            c.ellipse(x, min(0.86, max(0.18, base + slope * (x - 0.5) + c.rng.normal(0, 0.07))), 0.012, 0.012, (*colours[s], 200))
