"""What people build and drive: skylines, houses, cars, boats, pitches."""
import math

from . import outdoor

PAINTS = [(190, 30, 35), (30, 70, 150), (235, 235, 235), (40, 42, 46), (160, 165, 170), (215, 160, 30), (30, 110, 80), (110, 40, 90), (240, 120, 40)]


def city_skyline(c):
    time = c.pick(["day", "dusk", "night"])
    base = c.between(0.75, 0.95)
    if time == "day":
        outdoor.day_sky(c, 1)
        shades, lit = [(120, 130, 145), (150, 150, 155), (95, 110, 130), (170, 160, 150)], (200, 215, 230)
    elif time == "dusk":
        c.gradient([(0, c.tint((50, 55, 110))), (1, c.tint((235, 140, 100)))])
        shades, lit = [(60, 55, 80), (75, 65, 85), (50, 50, 75)], (255, 215, 140)
    else:
        c.gradient([(0, (8, 10, 25)), (1, c.tint((40, 40, 75)))])
        shades, lit = [(22, 24, 38), (30, 32, 50), (16, 18, 30)], (255, 220, 150)
    for depth in range(2):
        x = -0.02
        while x < 1.02:
            w = c.between(0.05, 0.13)
            tower(c, x, w, base, c.between(0.2, 0.5) if depth else c.between(0.3, 0.68), c.tint(c.pick(shades), 14), lit, time, depth)
            x += w + c.between(-0.01, 0.012)
    water = c.chance(0.45)
    if water:
        outdoor.sea(c, base, c.tint((30, 45, 70) if time != "day" else (70, 110, 140)), c.tint((60, 70, 95)))
        for _ in range(70 if time != "day" else 0):
            x, y = c.between(0, 1), c.between(base, 1)
            c.line([(x, y), (x, y + 0.02)], (*lit, 120), 0.006)
    else:
        c.rectangle(0, base, 1, 1, c.tint((45, 48, 52)))
    if time == "night":
        c.glow(0.5, base, 0.9, (120, 90, 90), 0.18)


def tower(c, x, w, base, h, colour, lit, time, depth):
    if not depth:
        colour = tuple(int(v * 0.75 + (60 if time == "day" else 12)) for v in colour)
    c.rectangle(x, base - h, x + w, base, colour)
    roof = c.rng.random()
    if roof < 0.2:
        c.line([(x + w / 2, base - h), (x + w / 2, base - h - c.between(0.04, 0.12))], colour, 0.008)
    elif roof < 0.4:
        c.polygon([(x, base - h), (x + w / 2, base - h - c.between(0.03, 0.1)), (x + w, base - h)], colour)
    elif roof < 0.55:
        c.rectangle(x + w * 0.2, base - h - 0.04, x + w * 0.8, base - h, colour)
    columns, rows = c.count(2, 4), max(3, int(h / c.between(0.035, 0.055)))
    share = 0.8 if time == "day" else 0.45
    dull = tuple(int(v * 0.7) for v in colour)
    for row in range(rows):
        for column in range(columns):
            wx, wy = x + w * (column + 0.25) / columns, base - h + h * (row + 0.3) / rows
            c.rectangle(wx, wy, wx + w * 0.5 / columns, wy + h * 0.45 / rows, c.tint(lit, 25) if c.chance(share) else dull)


def house(c):
    ground = c.between(0.7, 0.82)
    outdoor.day_sky(c, ground)
    if c.chance(0.6):
        c.land(c.ridge(ground, c.between(0.08, 0.2)), c.tint((90, 120, 80)))
    c.rectangle(0, ground - 0.01, 1, 1, c.tint(c.pick([(80, 130, 60), (100, 140, 70), (130, 140, 90)])))
    c.texture(ground, 1, 0.08, 36)
    for _ in range(c.count(0, 3)):
        outdoor.broadleaf(c, c.pick([c.between(0, 0.2), c.between(0.8, 1)]), ground + 0.02, c.between(0.25, 0.5), c.pick(outdoor.GREENS))
    w, h = c.between(0.38, 0.6), c.between(0.22, 0.36)
    x, y = 0.5 - w / 2 + c.between(-0.12, 0.12), ground + c.between(0.0, 0.06)
    wall = c.tint(c.pick([(235, 225, 205), (200, 90, 70), (240, 240, 238), (225, 190, 130), (150, 170, 185), (175, 130, 95)]))
    roof = c.tint(c.pick([(150, 60, 45), (85, 80, 85), (110, 70, 50), (60, 65, 80)]))
    pitch, eave = c.between(0.14, 0.28), c.between(0.02, 0.05)
    if c.chance(0.6):
        cx = x + w * c.pick([0.2, 0.75])
        c.rectangle(cx, y - h - pitch * 0.95, cx + 0.045, y - h, c.tint((140, 75, 60)))
    c.rectangle(x, y - h, x + w, y, wall)
    ridge = [(x - eave, y - h), (x + w * 0.5, y - h - pitch), (x + w + eave, y - h)]
    if c.chance(0.45):
        ridge = [(x - eave, y - h), (x + w * 0.15, y - h - pitch), (x + w * 0.85, y - h - pitch), (x + w + eave, y - h)]
    c.polygon(ridge, roof)
    door = x + w * c.pick([0.15, 0.45, 0.72])
    c.rectangle(door, y - h * 0.62, door + w * 0.14, y, c.tint(c.pick([(110, 60, 35), (40, 70, 60), (150, 40, 40), (60, 60, 70)])))
    c.ellipse(door + w * 0.115, y - h * 0.3, 0.006, 0.006, (230, 200, 90))
    storeys = 2 if h > 0.29 else 1
    for storey in range(storeys):
        for column in range(c.count(2, 4)):
            wx = x + w * (0.06 + 0.25 * column)
            wy = y - h * (0.9 if storey or storeys == 1 else 0.42)
            if storeys == 2 and not storey and abs(wx - door) < w * 0.2 or storeys == 1 and abs(wx - door) < w * 0.2 or wx + w * 0.15 > x + w:
                continue
            window(c, wx, wy, w * 0.14, h * (0.32 if storeys == 2 else 0.42))
    if c.chance(0.4):
        for i in range(26):
            c.rectangle(i / 25 - 0.008, ground + 0.1, i / 25 + 0.008, ground + 0.2, (240, 240, 235))
        c.rectangle(0, ground + 0.13, 1, ground + 0.145, (240, 240, 235))


def window(c, x, y, w, h):
    c.rectangle(x - 0.008, y - 0.008, x + w + 0.008, y + h + 0.008, (245, 245, 242))
    c.rectangle(x, y, x + w, y + h, c.tint((120, 160, 190), 30))
    c.line([(x + w / 2, y), (x + w / 2, y + h)], (245, 245, 242), 0.006)
    c.line([(x, y + h / 2), (x + w, y + h / 2)], (245, 245, 242), 0.006)


def car(c):
    road = c.between(0.6, 0.72)
    if c.chance(0.25):
        c.gradient([(0, c.tint((235, 236, 238), 15)), (1, c.tint((190, 192, 196), 15))])
    else:
        outdoor.day_sky(c, road)
        if c.chance(0.5):
            c.land(c.ridge(road, c.between(0.1, 0.25)), c.tint(c.pick(outdoor.GREENS)))
        else:
            for i in range(9):
                tower(c, i / 8 - 0.06, 0.12, road, c.between(0.12, 0.42), c.tint((140, 140, 145)), (200, 215, 230), "day", 1)
        c.rectangle(0, road - 0.01, 1, 1, c.tint((88, 90, 94)))
        c.texture(road, 1, 0.05, 50)
        for i in range(-1, 6):
            left = (i * 0.25 - c.t * 0.35) % 1.5 - 0.25
            c.rectangle(left, 0.93, left + 0.12, 0.945, (235, 235, 225))
    length = c.between(0.55, 0.8)
    x, y = 0.5 - length / 2 + c.between(-0.08, 0.08), c.between(0.8, 0.88)
    body(c, x, y + 0.003 * math.sin(c.t * 9), length, length * c.width / c.height * c.between(0.3, 0.36), c.tint(c.pick(PAINTS)), c.chance(0.5))


def body(c, x, y, l, h, paint, flip):
    def at(px, py):
        return (x + l * (1 - px if flip else px), y - h * py)

    shape = c.pick(["saloon", "hatch", "van", "sport"])
    roof = {"saloon": [(0.2, 0.58), (0.34, 0.98), (0.64, 0.98), (0.8, 0.58)], "hatch": [(0.06, 0.6), (0.16, 1.0), (0.6, 1.0), (0.78, 0.58)],
            "van": [(0.02, 0.6), (0.05, 1.25), (0.66, 1.25), (0.82, 0.62)], "sport": [(0.2, 0.52), (0.38, 0.8), (0.58, 0.8), (0.76, 0.5)]}[shape]
    c.shadow(x + l / 2, y, l * c.width / c.unit * 0.52, 0.025, 0.55)
    c.polygon([at(px, py) for px, py in roof], paint)
    c.polygon([at(*p) for p in [(0, 0.15), (0.0, 0.5), (0.05, 0.6), (0.78, 0.6), (0.95, 0.48), (1, 0.36), (1, 0.15)]], paint)
    c.polygon([at(*p) for p in [(0, 0.15), (0, 0.24), (1, 0.24), (1, 0.15)]], tuple(int(v * 0.6) for v in paint))
    glass = c.tint((60, 75, 90), 15)
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = roof
    middle = (ax + dx) / 2
    for left, right in [((ax + 0.04, bx + 0.02), (middle - 0.01, middle - 0.01)), ((middle + 0.01, middle + 0.01), (dx - 0.05, cx - 0.01))]:
        c.polygon([at(left[0], 0.62), at(left[1], by - 0.06), at(right[1], by - 0.06), at(right[0], 0.62)], glass)
    c.line([at(middle, 0.6), at(middle, 0.22)], tuple(int(v * 0.75) for v in paint), 0.005)
    c.polygon([at(*p) for p in [(0.93, 0.46), (0.99, 0.38), (0.99, 0.32), (0.93, 0.36)]], (255, 245, 200))
    c.polygon([at(*p) for p in [(0, 0.48), (0.03, 0.48), (0.03, 0.36), (0, 0.36)]], (200, 30, 30))
    r = h * c.height / c.unit * 0.25
    for px in (0.2, 0.8):
        wx, wy = at(px, 0.14)
        c.ellipse(wx, wy, r, r, (22, 22, 24))
        c.ellipse(wx, wy, r * 0.6, r * 0.6, c.tint((170, 172, 176), 12))
        for spoke in range(5):
            a = spoke * math.tau / 5 + c.t * 6
            c.line([(wx, wy), (wx + r * 0.55 * math.cos(a) * c.unit / c.width, wy + r * 0.55 * math.sin(a) * c.unit / c.height)], (60, 62, 66), 0.008)


def boat(c):
    horizon = c.between(0.35, 0.55)
    outdoor.day_sky(c, horizon)
    if c.chance(0.4):
        c.land(c.ridge(horizon, c.between(0.04, 0.14)), c.tint((90, 110, 110)))
    outdoor.sea(c, horizon, c.tint(c.pick([(30, 80, 120), (40, 110, 130), (70, 95, 110)])), c.tint((90, 140, 170)))
    kinds = [sailing_boat, ship, rowing_boat]
    for i in range(c.count(1, 3)):
        size = c.between(0.5, 0.8) if i == 0 else c.between(0.12, 0.25)
        x = (c.between(0.4, 0.6) if i == 0 else c.between(0, 1)) + 0.012 * c.t * (1 if i % 2 else -1)
        y = c.between(0.68, 0.82) if i == 0 else horizon + c.between(0.03, 0.1)
        c.pick(kinds)(c, x, y + 0.006 * math.sin(c.t * 2 + i), size)
    for _ in range(30):
        x, y, w = c.between(0, 1), c.between(horizon + 0.05, 1), c.between(0.01, 0.05)
        c.line([(x - w, y), (x, y - 0.006), (x + w, y)], (235, 245, 250, 120), 0.005)


def hull(c, x, y, size, depth, colour):
    l = size * c.unit / c.width
    c.shadow(x, y + depth * 0.2, size * 0.5, depth * 0.35, 0.35)
    c.polygon([(x - l / 2, y - depth), (x + l / 2, y - depth), (x + l * 0.38, y), (x - l * 0.36, y)], colour)
    c.polygon([(x - l * 0.41, y - depth * 0.35), (x + l * 0.43, y - depth * 0.35), (x + l * 0.38, y), (x - l * 0.36, y)], tuple(int(v * 0.6) for v in colour))
    return l


def sailing_boat(c, x, y, size):
    depth = size * 0.14
    l = hull(c, x, y, size * 0.7, depth, c.tint(c.pick(PAINTS)))
    mast = size * c.between(0.8, 1.0) * c.unit / c.height
    c.line([(x, y - depth), (x, y - mast)], (90, 65, 40), 0.012 * size * 2)
    cloth = c.tint(c.pick([(245, 243, 235), (230, 120, 90), (245, 230, 180), (210, 225, 240)]), 10)
    c.polygon([(x + l * 0.02, y - mast), (x + l * 0.02, y - depth * 1.4), (x + l * 0.46, y - depth * 1.5)], cloth)
    c.polygon([(x - l * 0.03, y - mast * 0.92), (x - l * 0.03, y - depth * 1.5), (x - l * 0.42, y - depth * 1.4)], tuple(int(v * 0.88) for v in cloth))


def ship(c, x, y, size):
    depth = size * 0.18
    l = hull(c, x, y, size * 1.05, depth, c.tint(c.pick(PAINTS)))
    top = y - depth
    c.rectangle(x - l * 0.3, top - size * 0.1, x + l * 0.25, top, (240, 240, 238))
    c.rectangle(x - l * 0.2, top - size * 0.18, x + l * 0.1, top - size * 0.1, (228, 228, 226))
    for i in range(7):
        c.ellipse(x - l * 0.26 + i * l * 0.08, top - size * 0.05, size * 0.012, size * 0.012, (50, 70, 90))
    c.rectangle(x - l * 0.08, top - size * 0.3, x, top - size * 0.18, c.tint(c.pick(PAINTS)))
    c.line([(x + l * 0.2, top - size * 0.1), (x + l * 0.2, top - size * 0.34)], (90, 90, 95), 0.008)


def rowing_boat(c, x, y, size):
    depth = size * 0.13
    l = hull(c, x, y, size * 0.8, depth, c.tint((140, 90, 50)))
    for side in (-0.1, 0.15):
        c.ellipse(x + l * side, y - depth - size * 0.16, size * 0.04, size * 0.045, c.tint((215, 165, 130)))
        c.polygon([(x + l * side - size * 0.05, y - depth), (x + l * side - size * 0.03, y - depth - size * 0.13), (x + l * side + size * 0.03, y - depth - size * 0.13), (x + l * side + size * 0.05, y - depth)], c.tint(c.pick(PAINTS)))
    swing = 0.04 * math.sin(c.t * 3)
    c.line([(x, y - depth * 1.2), (x - l * 0.45, y + depth * 0.9 + swing * size)], (200, 170, 120), 0.008)


def football_pitch(c):
    stand = c.between(0.16, 0.34) if c.chance(0.65) else 0.0
    c.gradient([(0, (60, 66, 80)), (1, (95, 98, 110))], 0, max(stand, 0.02))
    for _ in range(int(900 * stand)):
        c.ellipse(c.between(0, 1), c.between(0.0, stand), 0.008, 0.008, c.tint((150, 120, 120), 90))
    if stand:
        c.rectangle(0, stand - 0.03, 1, stand, c.tint((40, 60, 130), 60))
    green = c.tint(c.pick([(60, 140, 55), (75, 150, 65), (50, 125, 60)]))
    stripes, lean = c.count(7, 12), 0.0 if not stand else 0.25
    for i in range(-2, stripes + 2):
        shade = tuple(int(v * (1 if i % 2 else 0.88)) for v in green)
        a, b = i / stripes, (i + 1) / stripes
        c.polygon([(0.5 + (a - 0.5) * (1 - lean), stand), (0.5 + (b - 0.5) * (1 - lean), stand), (0.5 + (b - 0.5) * (1 + lean * 2), 1), (0.5 + (a - 0.5) * (1 + lean * 2), 1)], shade)
    c.texture(stand, 1, 0.05, 40)
    markings(c, stand, lean)
    teams = [c.pick(PAINTS), c.pick(PAINTS)]
    for i in range(c.count(5, 16)):
        player(c, c.between(0.05, 0.95) + 0.02 * math.sin(c.t + i * 2), c.between(stand + 0.12, 0.95), 0.035 + 0.03 * c.rng.random(), teams[i % 2])
    c.ellipse(c.between(0.2, 0.8) + 0.05 * c.t % 0.2, c.between(stand + 0.2, 0.9), 0.012, 0.012, (250, 250, 250))


def markings(c, stand, lean):
    white, depth = (240, 245, 240, 220), 1 - stand

    def at(u, v):
        """Pitch coordinates to the picture, wider towards the viewer."""
        return (0.5 + (u - 0.5) * (1 + lean * (3 * v - 1)), stand + depth * (0.06 + 0.88 * v))

    c.line([at(0.02, 0), at(0.98, 0), at(0.98, 1), at(0.02, 1), at(0.02, 0)], white, 0.009)
    side = c.pick(["middle", "left", "right"])
    if side == "middle":
        c.line([at(0.5, 0), at(0.5, 1)], white, 0.009)
        c.line([at(0.5 + 0.13 * math.cos(a / 16 * math.tau), 0.5 + 0.24 * math.sin(a / 16 * math.tau)) for a in range(17)], white, 0.009)
        return
    u = (lambda v: v) if side == "left" else (lambda v: 1 - v)
    for reach, low, high in ((0.3, 0.18, 0.82), (0.12, 0.34, 0.66)):
        c.line([at(u(0.02), low), at(u(reach), low), at(u(reach), high), at(u(0.02), high)], white, 0.009)
    x, y = at(u(0.02), 0.4)
    c.line([(x, y + 0.12), (x, y), (x + (0.05 if side == "left" else -0.05), y)], (250, 250, 250), 0.014)


def player(c, x, y, size, shirt):
    w = size * 0.3 * c.unit / c.width
    c.shadow(x + w, y, size * 0.4, size * 0.12, 0.3)
    c.rectangle(x - w * 0.6, y - size * 0.5, x + w * 0.6, y, (40, 40, 60))
    c.rectangle(x - w, y - size * 1.1, x + w, y - size * 0.45, shirt)
    c.ellipse(x, y - size * 1.3, size * 0.2, size * 0.2, (220, 175, 140))
