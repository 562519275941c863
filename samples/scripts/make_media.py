"""Writes the made files of samples/media, and expected.json: what a right analysis says of each file, and searches that must find it."""
import json

import media_images
import media_texts
import media_videos

FOLDER = "samples/media"

# name, media type, language, names that must be among the entities, a search that must find it
TEXTS = [
    ("letter-from-1911.txt", "text/plain", "en", "Niels Iversen|PER;Lindqvist Shipping|ORG;Rotterdam|LOC;Laura Nordahl|PER", "crew rescued from sinking ship"),
    ("catalogue.jsonl", "application/jsonl", "en", "Astrid Lund|PER;Florence|LOC;Portugal|LOC", "brown leather handbag"),
    ("chip-maker-lays-off.txt", "text/plain", "en", "Margaret Liu|PER;Amsterdam|LOC;Priya Raman|PER;Velden Motors|ORG", "company lays off workers"),
    ("chronicle-of-port-alder.txt", "text/plain", "en", "Lindqvist Shipping|ORG;Copenhagen|LOC", "lighthouse struck by lightning"),
    ("council-passes-budget.md", "text/markdown", "en", "Daniel Reyes|PER;Petra Holm|PER;Copenhagen|LOC", "city council approves budget"),
    ("cup-final.txt", "text/plain", "en", "Lucia Ferrante|PER;Lisbon|LOC;Anna Kovacs|PER", "football cup final"),
    ("gallery-of-names.md", "text/markdown", "en", "Sigrid Olsen|PER;Kenya|LOC;Scotland|LOC", "photo captions fishermen Iceland"),
    ("planet-found.html", "text/html", "en", "Amina Haddad|PER;Stockholm|LOC;University of Santiago|ORG", "telescope observes distant planet"),
    ("robot-in-the-archive.txt", "text/plain", "en", "Tereza Novak|PER;Prague|LOC;Charles University|ORG", "robot scans old manuscripts"),
    ("storm-at-port-alder.txt", "text/plain", "en", "Miriam Castell|PER;Helen Okafor|PER;Merrowby|LOC;National Weather Service|ORG", "storm damages harbour"),
    ("tren-de-la-costa.md", "text/markdown", "es", "Javier Ortega|PER;Málaga|LOC", "train opened by the minister"),
    ("vaccine-trial.html", "text/html", "en", "Grace Mwangi|PER;Ghana|LOC;Stefan Keller|PER", "malaria vaccine children"),
    ("vol-au-musee.txt", "text/plain", "fr", "Isabelle Fournier|PER;Genève|LOC", "stolen painting museum"),
    ("weinlese-an-der-mosel.txt", "text/plain", "de", "Johanna Weber|PER;Karl Hoffmann|PER", "wine growers drought"),
]
SEARCHES = [
    {"query": "stolen painting museum", "finds": "vol-au-musee.txt"},
    {"query": "football cup final", "finds": "cup-final.txt"},
]


def texts():
    return [{"file": name, "kind": "text", "mediaType": media_type, "language": language,
             "entities": [dict(zip(("text", "type"), entity.split("|"))) for entity in entities.split(";")], "search": search}
            for name, media_type, language, entities, search in TEXTS]


def main():
    media_texts.write(FOLDER)
    assets = sorted(texts() + media_images.write(FOLDER) + media_videos.write(FOLDER), key=lambda asset: asset["file"])
    with open(f"{FOLDER}/expected.json", "w", encoding="utf-8", newline="\n") as file:
        json.dump({"searches": SEARCHES, "assets": assets}, file, indent=1, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    main()
