#!/usr/bin/python3
"""Writes expected.json: the SHA-256 of what Pillow's Image.resize makes of drawn pictures, for every filter. Needs Debian's python3-pil."""
import hashlib, json, os
import numpy as np
import PIL
from PIL import Image

SIZES = [((40, 30), (12, 12)), ((13, 50), (50, 13)), ((224, 224), (224, 100)), ((61, 61), (20, 61)), ((500, 333), (224, 224)),
         ((7, 5), (31, 29)), ((3, 400), (64, 64)), ((1, 1), (9, 9)), ((64, 48), (85, 64)), ((1000, 10), (10, 1))]


def picture(width, height):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((x * 5 + y * 3 + c * 60 + (x * y) // 7) % 256).astype(np.uint8)


rows = [{"from": list(a), "to": list(b), "filter": f, "sha256": hashlib.sha256(np.asarray(Image.fromarray(picture(*a)).resize(b, f)).tobytes()).hexdigest()}
        for a, b in SIZES for f in range(6)]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected.json"), "w", newline="\n") as out:
    out.write(f'{{"pillow": "{PIL.__version__}", "resizes": [\n' + ",\n".join(json.dumps(r) for r in rows) + "\n]}\n")
