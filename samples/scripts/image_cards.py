"""The files beside the image models: configuration, preprocessing, card."""
from scenes import LABELS

PREPROCESSING = {
    "crop_size": {"height": 128, "width": 128}, "do_center_crop": True, "do_convert_rgb": True, "do_normalize": True, "do_rescale": True, "do_resize": True,
    "image_mean": [0.5, 0.5, 0.5], "image_processor_type": "CLIPImageProcessor", "image_std": [0.5, 0.5, 0.5], "resample": 3,
    "rescale_factor": 1 / 255, "size": {"shortest_edge": 146},
}

ABOUT = """## Data
Pictures that `samples/scripts/scenes` draws from seeds, in shapes from 3:4 to 16:9, then cropped, turned, lit, blurred, given grain and JPEG
artefacts by `photo.py`. 9,600 for training (seeds from 100,000), 800 to calibrate (from 300,000), 1,600 to measure (from 400,000); those of
`samples/media` are other seeds again. No photograph and no third party's data was used.

## Limits
It has only ever seen drawings. On photographs it is a stand-in to run the pipeline with, no more: the numbers above say nothing about them.
A picture with none of the sixteen subjects still gets one of their names.

## Made by
`nice python3 samples/scripts/train_images.py` in the repository's root (Debian: python3-torch, python3-onnx, python3-pil, libopenblas0).
Weights are stored as float16 and computed with as float32. Licence: that of the repository.
"""


def labels(m):
    return {
        "config.json": {
            "architectures": ["ResNetForImageClassification"], "model_type": "resnet", "num_channels": 3, "image_size": 128, "torch_dtype": "float32",
            "id2label": {str(i): label for i, label in enumerate(LABELS)}, "label2id": {label: i for i, label in enumerate(LABELS)},
            "problem_type": "single_label_classification",
        },
        "preprocessor_config.json": PREPROCESSING,
        "README.md": f"""---
pipeline_tag: image-classification
---
# image-labels
Says which of sixteen subjects a picture shows: {', '.join(LABELS)}. A residual network of five stages, 128 × 128 pixels in, logits out;
their softmax is calibrated (temperature scaling).

## Measured on {m['count']:,} held-out pictures
| | |
|---|---|
| top-1 | {m['top1']:.1%} |
| top-5 | {m['top5']:.1%} |
| expected calibration error, 10 bins | {m['ece']:.3f} |

Rows are what was drawn, columns what was said:

{confusion(m['confusion'])}

{ABOUT}""",
    }


def confusion(table):
    head = "| | " + " | ".join(LABELS) + " |\n|---|" + "---|" * len(LABELS)
    return "\n".join([head, *(f"| {label} | " + " | ".join(str(n) if n else "" for n in row) + " |" for label, row in zip(LABELS, table))])


def embedding(m):
    return {
        "config.json": {
            "architectures": ["ResNetModelWithProjection"], "model_type": "resnet", "num_channels": 3, "image_size": 128, "projection_dim": 96, "torch_dtype": "float32",
        },
        "preprocessor_config.json": PREPROCESSING,
        "README.md": f"""---
pipeline_tag: image-feature-extraction
---
# image-embedding
A picture as 96 numbers of length 1: pictures of the same subject lie near each other, copies of one picture nearest. The body is that of
image-labels, trained together with it by a supervised contrastive loss over two views of each picture.

## Measured on {m['count']:,} held-out pictures
| | recall@1 | recall@5 |
|---|---|---|
| a picture of the same subject, among the others | {m['scene1']:.1%} | {m['scene5']:.1%} |
| the same picture, from a copy cropped, mirrored and lit anew, among all | {m['copy1']:.1%} | {m['copy5']:.1%} |

Of the five nearest others {m['precision5']:.1%} show the same subject.

{ABOUT}""",
    }


def things(m, side, names, strides):
    rows = "\n".join(f"| {name} | {p50:.1%} | {p75:.1%} | {count:,} |" for name, (p50, count, p75) in m["rows"].items())
    return {
        "config.json": {
            "architectures": ["YoloxForObjectDetection"], "model_type": "yolox", "num_channels": 3, "strides": list(strides), "decoded": False, "score_threshold": 0.25,
            "nms_threshold": 0.45, "max_detections": 100, "id2label": {str(i): n for i, n in enumerate(names)}, "label2id": {n: i for i, n in enumerate(names)}, "torch_dtype": "float32",
        },
        "preprocessor_config.json": {
            "do_convert_rgb": True, "do_flip_channel_order": True, "do_letterbox": True, "do_normalize": False, "do_rescale": False, "do_resize": True,
            "image_processor_type": "YoloxImageProcessor", "letterbox_fill": 114, "resample": 2, "size": {"height": side, "width": side},
        },
        "README.md": f"""---
pipeline_tag: object-detection
---
# things
Finds balls, parcels, warning signs and stars in a picture, which is fitted into {side} × {side} pixels. A small residual network with a YOLOX head
(Ge et al. 2021) on grids of {', '.join(map(str, strides))} pixels.

## Measured on {m['count']:,} held-out pictures
Average precision at an overlap (intersection over union) of at least 0.5 and 0.75:

| | AP@0.5 | AP@0.75 | things |
|---|---|---|---|
{rows}
| mean | {m['map50']:.1%} | {m['map75']:.1%} | |

## Data
Scenes and walls with up to four things of 16 to 90 pixels on them, all drawn by `samples/scripts` from seeds. No third party's data was used.

## Limits
The things are drawn: it does not know real ones, and takes the flower and the shoe of `samples/media` for stars. Things that cover each
other by more than a little were not in the pictures.

## Made by
`nice python3 samples/scripts/train_detector.py` in the repository's root (Debian: python3-torch, python3-onnx, python3-pil, libopenblas0).
Weights are stored as float16 and computed with as float32. Licence: that of the repository.
""",
    }


def text_image(m):
    (made, made10), (free, free10) = m["made"], m["free"]
    return f"""---
pipeline_tag: zero-shot-image-classification
language: [en, de, fr, es]
---
# text-image
Finds pictures by what is said of them: a text of up to 64 tokens and a picture as 96 numbers of length 1 in one space, where a text lies near
the pictures that show it. Two graphs, laid out as transformers.js lays out CLIP: `onnx/text_model.onnx` answers `text_embeds`,
`onnx/vision_model.onnx` answers `image_embeds`. The pictures' encoder is that of image-embedding, unchanged; the texts' is the weighted mean of
its pieces' vectors and one hidden layer, over {m['vocabulary']:,} lower-case pieces.

## Measured on {m['pictures']} held-out pictures, twenty of each of sixteen scenes
The picture that lies nearest to a text shows what it names; of the ten that lie nearest, so many do:

| | first | of ten |
|---|---|---|
| 320 captions in four languages, made as for training | {made:.1%} | {made10:.1%} |
| {m['asked']} phrases written to measure, mostly in words that no caption holds (`FREE` in `samples/scripts/texts/captions.py`) | {free:.1%} | {free10:.1%} |
| chance | {1 / len(LABELS):.1%} | {1 / len(LABELS):.1%} |

## Data
800 of image-embedding's training pictures with captions that `samples/scripts/texts` makes from seeds; and 21,719 words, each with how near
all-MiniLM-L6-v2 (Apache-2.0) finds it to the sixteen scenes. The pictures' encoder is locked, as in LiT (Zhai et al. 2022).

## Limits
It knows sixteen scenes, drawn ones: colours, numbers, and who does what to whom mean nothing to it. A text about something else still lies
nearest to one of them.

## Made by
`nice python3 samples/scripts/train_text_image.py` in the repository's root, after train_embedding.py, train_images.py and `make models` (Debian:
python3-torch, python3-sklearn, python3-onnx, python3-pil, libopenblas0). Weights are stored as float16 and computed with as float32.
Licence: that of the repository.
"""
