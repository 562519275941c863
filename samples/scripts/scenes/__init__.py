"""Pictures of sixteen kinds of scene, drawn from a seed: the training data of the image models and the pictures of samples/media."""
import numpy as np
from PIL import Image

from . import built, objects, outdoor
from .canvas import Canvas
from .photo import develop

SCENES = {
    "bag": objects.bag, "beach": outdoor.beach, "boat": built.boat, "car": built.car, "chart": objects.chart, "city skyline": built.city_skyline,
    "document": objects.document, "flower": objects.flower, "football pitch": built.football_pitch, "forest": outdoor.forest, "house": built.house,
    "mountain": outdoor.mountain, "night sky": outdoor.night_sky, "portrait": objects.portrait, "shoe": objects.shoe, "sunset": outdoor.sunset,
}
LABELS = list(SCENES)


def render(label, seed, width, height, t=0.0, smooth=2):
    """Drawn at `smooth` times the size and scaled down. The same seed at another t is the same scene a moment later."""
    canvas = Canvas(np.random.default_rng(seed), width * smooth, height * smooth, t)
    SCENES[label](canvas)
    return canvas.image.resize((width, height), Image.LANCZOS) if smooth > 1 else canvas.image
