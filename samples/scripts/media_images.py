"""The pictures of samples/media: every format and colour mode that the pipeline promises to read."""
import struct
import zlib

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

import things
from scenes import render

# name, label, seed, size, how it is saved
PICTURES = [
    ("sunset-over-the-bay.jpg", "sunset", 920_096, (1600, 1067), "jpeg"),
    ("beach-umbrellas-rotated.jpg", "beach", 920_080, (960, 1280), "exif"),
    ("mountain-16bit.png", "mountain", 920_048, (640, 427), "png16"),
    ("city-at-dusk.webp", "city skyline", 900_034, (1280, 720), "webp"),
    ("forest-path.tiff", "forest", 900_041, (480, 640), "tiff"),
    ("portrait-print-cmyk.jpg", "portrait", 900_052, (800, 1000), "cmyk"),
    ("football-grey.jpg", "football pitch", 900_063, (1024, 683), "grey"),
    ("quarterly-chart.gif", "chart", 900_077, (800, 600), "gif"),
    ("running-shoe-cutout.png", "shoe", 920_112, (900, 700), "alpha"),
    ("leather-bag.webp", "bag", 920_080, (1000, 1000), "webp"),
    ("council-minutes-scan.tiff", "document", 900_108, (1240, 1754), "fax"),
    ("milky-way-12mp.jpg", "night sky", 900_111, (4000, 3000), "jpeg"),
    ("meadow-flower.jpg", "flower", 900_120, (1200, 1200), "progressive"),
    ("sailing-boat-thumb.jpg", "boat", 900_137, (320, 240), "jpeg"),
    ("house-for-sale.png", "house", 900_145, (1100, 825), "palette"),
    ("green-car-upside-down.jpg", "car", 920_064, (1400, 933), "exif180"),
    ("washed-ashore.jpg", "beach", 920_080, (960, 720), "jpeg"),
]

# what lies in a picture, for detectors: label, left, top, right, bottom
THINGS = {"washed-ashore.jpg": [("ball", 90, 470, 250, 630), ("parcel", 330, 540, 520, 680), ("sign", 600, 400, 790, 590), ("star", 780, 540, 930, 690)]}


def write(folder):
    """Returns what a right analysis says of each."""
    found = []
    for name, label, seed, (width, height), how in PICTURES:
        image = render(label, seed, width, height, smooth=1 if width > 2000 else 2)
        things.lay(image, THINGS.get(name, []), seed=6)
        save(image, f"{folder}/{name}", how)
        form = name.rsplit(".")[-1].replace("jpg", "jpeg")
        found.append({"file": name, "kind": "image", "mediaType": f"image/{form}", "width": width, "height": height, "label": label})
        if name in THINGS:
            found[-1]["things"] = [{"label": thing, "box": box} for thing, *box in THINGS[name]]
    return found


def save(image, path, how):
    if how == "jpeg":
        image.save(path, quality=76 if image.width < 2000 else 50)
    elif how == "progressive":
        image.save(path, quality=80, progressive=True)
    elif how in ("exif", "exif180"):
        stored, tag = (image.transpose(Image.ROTATE_90), 6) if how == "exif" else (image.transpose(Image.ROTATE_180), 3)
        exif = Image.Exif()
        exif[0x0112] = tag  # how a viewer has to turn it
        stored.save(path, quality=78, exif=exif)
    elif how == "cmyk":
        image.convert("CMYK").save(path, quality=80)
    elif how == "grey":
        image.convert("L").save(path, quality=76)
    elif how == "webp":
        image.save(path, quality=78, method=6)
    elif how == "tiff":
        image.quantize(128).convert("RGB").save(path, compression="tiff_lzw")
    elif how == "fax":
        image.convert("L").point(lambda v: 255 if v > 150 else 0).convert("1").save(path, compression="group4")
    elif how == "gif":
        image.quantize(64).save(path)
    elif how == "palette":
        image.quantize(96).save(path, optimize=True)
    elif how == "alpha":
        cut_out(image).save(path, optimize=True)
    elif how == "png16":
        save_png16(image, path)


def cut_out(image):
    """The studio's light background becomes transparent, with a soft edge."""
    background = image.copy()
    for corner in ((0, 0), (image.width - 1, 0), (0, image.height - 1), (image.width - 1, image.height - 1)):
        ImageDraw.floodfill(background, corner, (255, 0, 255), thresh=70)
    mask = Image.fromarray(np.where((np.asarray(background) == (255, 0, 255)).all(-1), 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
    image = image.quantize(160).convert("RGB")
    image.putalpha(mask)
    return Image.composite(image, Image.new("RGBA", image.size, (0, 0, 0, 0)), mask)


def save_png16(image, path):
    """PNG with 16 bits a channel, which Pillow cannot write: the eight bits, and below them what a rising ramp adds."""
    pixels = np.asarray(image.quantize(200).convert("RGB")).astype(np.uint16)
    deep = (pixels * 257).astype(">u2")
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + deep[y].tobytes() for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
