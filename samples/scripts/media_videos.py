"""The films of samples/media: moving drawn scenes, cut hard, faded or held, in the containers and codecs that the pipeline promises to read."""
import os
import subprocess
import tempfile
from multiprocessing import Pool

import numpy as np
from PIL import Image

from scenes import render

RATE = 25
MP4 = ["-c:v", "libx264", "-preset", "slow", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
AAC = ["-c:a", "aac", "-b:a", "48k"]

# name, width, height, media type, shots as (label, seed, seconds), encoder's options, sound, how the shots are joined
FILMS = [
    ("coast-report.mp4", 640, 360, "video/mp4", [("beach", 910_001, 3.2), ("boat", 910_015, 3.0), ("city skyline", 910_023, 2.6), ("portrait", 910_031, 3.4), ("sunset", 910_043, 3.8)], [*MP4, "-crf", "28", *AAC], True, "cut"),
    ("autumn-collection.webm", 480, 480, "video/webm", [("shoe", 910_105, 2.4), ("bag", 910_118, 2.6), ("flower", 910_127, 2.4), ("shoe", 910_139, 2.6)], ["-c:v", "libvpx-vp9", "-crf", "40", "-b:v", "0", "-cpu-used", "4", "-row-mt", "1"], False, "cut"),
    ("match-day.mkv", 640, 360, "video/x-matroska", [("football pitch", 910_206, 3.0), ("portrait", 910_219, 2.0), ("football pitch", 910_223, 2.4), ("chart", 910_237, 2.6), ("car", 910_242, 2.8), ("house", 910_255, 2.2), ("document", 910_262, 2.0), ("night sky", 910_274, 3.0)],
     ["-c:v", "libx264", "-preset", "slow", "-crf", "30", "-pix_fmt", "yuv420p", "-c:a", "libvorbis", "-q:a", "1"], True, "cut"),
    ("mountain-walk.mov", 360, 640, "video/quicktime", [("mountain", 910_301, 3.0), ("forest", 910_314, 3.0), ("flower", 910_329, 3.0)], [*MP4, "-crf", "30"], False, "cut, stored turned by 90 degrees"),
    ("evening-fades.mp4", 512, 288, "video/mp4", [("city skyline", 910_402, 4.0), ("night sky", 910_413, 4.0)], [*MP4, "-crf", "28", *AAC], True, "fade through black"),
    ("harbour-long-take.mp4", 640, 360, "video/mp4", [("boat", 910_501, 7.0)], [*MP4, "-crf", "29", *AAC], True, "one take"),
]


def write(folder):
    """Returns what a right analysis says of each."""
    with Pool(2) as pool:
        return [film(pool, folder, *film_) for film_ in FILMS]


def film(pool, folder, name, width, height, media_type, shots, encoder, sound, joined):
    turned = "turned" in joined
    frames, cuts, spans, first = [], [], [], 0
    for label, seed, seconds in shots:
        count = round(seconds * RATE)
        frames += [(label, seed, i, count, width, height, "fade" in joined, turned) for i in range(count)]
        spans.append({"start": first / RATE, "end": (first + count) / RATE, "label": label})
        first += count
        cuts.append(first / RATE)
    encode(pool.imap(draw, frames, chunksize=8), f"{folder}/{name}", (height, width) if turned else (width, height), encoder, first / RATE if sound else None, turned)
    return {"file": name, "kind": "video", "mediaType": media_type, "width": width, "height": height, "seconds": first / RATE, "audio": sound, "joined": joined, "cuts": cuts[:-1], "shots": spans}


def draw(frame):
    """A slow pan over the scene, which moves by itself as well."""
    label, seed, number, count, width, height, faded, turned = frame
    w, h = int(width * 1.08), int(height * 1.08)
    image = render(label, seed, w, h, t=number / RATE, smooth=1 if w * h > 400_000 else 2)
    done = number / max(1, count - 1)
    if seed % 2:
        done = 1 - done
    left, top = int((w - width) * done), (h - height) // 2
    image = image.crop((left, top, left + width, top + height))
    if faded:
        image = image.point(lambda v: int(v * min(1.0, number / 15, (count - 1 - number) / 15)))
    return np.asarray(image.transpose(Image.ROTATE_90) if turned else image).tobytes()


def encode(frames, path, size, encoder, seconds, turned):
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(RATE), "-i", "-"]
    tone = [] if seconds is None else ["-f", "lavfi", "-t", str(seconds), "-i", "aevalsrc=0.1*sin(330*2*PI*t)*(1+sin(2*PI*t))/2+0.05*sin(495*2*PI*t):s=44100"]
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, os.path.basename(path))
        command = ["ffmpeg", "-v", "error", "-y", *source, *tone, *encoder, "-g", "50", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-threads", "2", target]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
            for frame in frames:
                process.stdin.write(frame)
        if process.returncode:
            raise RuntimeError(f"ffmpeg ended with {process.returncode} on {path}")
        rotate = ["-metadata:s:v:0", "rotate=270"] if turned else []
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", target, "-c", "copy", *rotate, "-fflags", "+bitexact", path], check=True)
