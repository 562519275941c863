"""What a camera and a picture desk do to a scene: framing, light, blur, noise, compression."""
import io

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter


def develop(image, rng, strength=1.0):
    """Strength 1 is what the models are trained on; 0 leaves the picture as it is."""
    width, height = image.size
    if rng.random() < 0.5 * strength:
        image = image.rotate(rng.normal(0, 4 * strength), Image.BICUBIC, fillcolor=image.getpixel((1, 1)))
    zoom = 1 - rng.random() * 0.28 * strength
    w, h = int(width * zoom), int(height * zoom * (1 - 0.1 * rng.random() * strength))
    left, top = int(rng.integers(0, width - w + 1)), int(rng.integers(0, height - h + 1))
    image = image.crop((left, top, left + w, top + h)).resize((width, height), Image.BILINEAR)
    image = ImageEnhance.Brightness(image).enhance(1 + rng.normal(0, 0.14 * strength))
    image = ImageEnhance.Contrast(image).enhance(1 + rng.normal(0, 0.15 * strength))
    image = ImageEnhance.Color(image).enhance(0.0 if rng.random() < 0.08 * strength else 1 + rng.normal(0, 0.2 * strength))
    if rng.random() < 0.3 * strength:
        image = image.filter(ImageFilter.GaussianBlur(rng.random() * 0.012 * width))
    return compress(grain(image, rng, strength), rng, strength)


def grain(image, rng, strength):
    width, height = image.size
    pixels = np.asarray(image).astype(np.float32)
    pixels *= 1 + rng.normal(0, 0.05 * strength, 3)
    if rng.random() < 0.6:
        pixels += rng.normal(0, rng.random() * 10 * strength, pixels.shape)
    if rng.random() < 0.4:
        yy, xx = np.mgrid[-1:1:height * 1j, -1:1:width * 1j]
        pixels *= (1 - 0.35 * strength * rng.random() * (xx ** 2 + yy ** 2) / 2)[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def compress(image, rng, strength):
    if rng.random() > 0.6 * strength:
        return image
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=int(rng.integers(25, 90)))
    return Image.open(buffer).convert("RGB")
