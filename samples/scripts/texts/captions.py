"""What people write under pictures of the scenes, and what they ask for."""
from scenes import LABELS

from .pairs import CAPTIONS, LABELLED

# Other words for what a scene shows, beside those of the lexicon.
WORDS = {
    "bag": "handbag|leather bag|purse|tote bag|satchel", "beach": "sandy beach|seaside with umbrellas|sand and sea|shore with parasols", "boat": "sailing boat|sailboat|yacht on the water|small ship with a sail",
    "car": "parked car|automobile|car on the road|saloon car", "chart": "bar chart|diagram|graph of numbers|statistics in columns", "city skyline": "skyscrapers at night|tall buildings of a city|city lights|office towers",
    "document": "scanned page|sheet of paper with text|printed letter|form", "flower": "blossom|daisy in a meadow|petals of a flower|blooming plant", "football pitch": "soccer field|stadium lawn|playing field with goals|football ground",
    "forest": "path through the woods|trees in a forest|dense wood|tall pines", "house": "detached house|family home with a roof|house with a door and windows|cottage", "mountain": "snowy mountain|mountain peak|alpine summit|rocky ridge",
    "night sky": "stars in the night sky|the milky way|starry sky|the moon and stars", "portrait": "face of a person|portrait of a woman|man looking into the camera|head and shoulders of somebody", "shoe": "running shoe|sneaker|trainers for sport|footwear",
    "sunset": "sunset over the sea|the sun going down|evening sky in orange|dusk at the horizon",
}
TEMPLATES = ["{}", "{}", "a {}", "the {}", "a picture of a {}", "photo of a {}", "a photograph of the {}", "{}, seen from afar", "we saw a {} today", "this image shows a {}", "a {} in the afternoon", "beautiful {}", "old {}", "{} up close"]
# Written to measure: none of these is drawn in training.
FREE = [
    ("bag", "something to carry your things in"), ("bag", "accessory made of leather"), ("beach", "holiday by the ocean"), ("beach", "sunbathing on the sand"), ("boat", "vessel on calm water"), ("boat", "going sailing"),
    ("car", "vehicle with four wheels"), ("car", "driving to work"), ("chart", "quarterly sales figures"), ("chart", "plot of the data"), ("city skyline", "downtown skyscraper"), ("city skyline", "urban architecture"),
    ("document", "minutes of the meeting, typed"), ("document", "a contract to sign"), ("flower", "roses and tulips"), ("flower", "garden in bloom"), ("football pitch", "where the match was played"), ("football pitch", "grass of the stadium"),
    ("forest", "hiking among trees"), ("forest", "woodland trail"), ("house", "real estate for sale"), ("house", "a home in the suburbs"), ("mountain", "climbing in the Alps"), ("mountain", "a summit covered in snow"),
    ("night sky", "astronomy and galaxies"), ("night sky", "constellations"), ("portrait", "her smiling face"), ("portrait", "a man with dark hair"), ("shoe", "jogging footwear"), ("shoe", "boots and sandals"),
    ("sunset", "dusk over the bay"), ("sunset", "the last light of the evening"),
]


class Captions:
    def __init__(self, rng):
        self.rng = rng

    def pick(self, items):
        return items[int(self.rng.integers(len(items)))]

    def draw(self, scene):
        """A caption of a scene, mostly English."""
        concept = LABELLED[CAPTIONS.index(LABELS[scene])]
        language = "en" if self.rng.random() < 0.7 else self.pick(["de", "fr", "es"])
        if language != "en":
            return self.pick(concept.words[language])
        words = WORDS[LABELS[scene]].split("|") if self.rng.random() < 0.6 else concept.words["en"]
        return self.pick(TEMPLATES).format(self.pick(words))

    def free(self):
        return [(LABELS.index(label), text) for label, text in FREE]

    @staticmethod
    def of_scene(label):
        return [label, *WORDS[label].split("|")]

    @staticmethod
    def every_word():
        return [word for some in WORDS.values() for word in some.replace("|", " ").split()]
