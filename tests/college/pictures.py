"""Pictures that are pictures, small and the same for the same words: a campus, a scanned notice, an icon."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from random import Random
from textwrap import wrap

from PIL import Image, ImageDraw, ImageFilter, ImageFont

_SIZE = (480, 320)
_SKIES = (("#8ec5ff", "#eaf4ff"), ("#f6b26b", "#fff2d8"), ("#a7b4c8", "#e9edf2"), ("#5f86c4", "#f3d9c0"))
_WALLS = ("#b5523b", "#c9a06b", "#d9d2c3", "#8c6a5d", "#a8b1b8")
_LAWNS = ("#5d8a4a", "#7a9b52", "#4f7f5b")
_FORMATS = {"jpg": "JPEG", "png": "PNG"}


@lru_cache(maxsize=512)
def scene(words: str, extension: str) -> bytes:
    """A campus of its own for these words: sky, hills, buildings with their windows, a lawn, trees, people."""
    random = Random(words)
    width, height = _SIZE
    image = Image.new("RGB", _SIZE)
    draw = ImageDraw.Draw(image)
    above, below = (Image.new("RGB", (1, 1), colour).getpixel((0, 0)) for colour in random.choice(_SKIES))
    for y in range(height):
        part = y / height
        draw.line((0, y, width, y), tuple(round(a + (b - a) * part) for a, b in zip(above, below, strict=True)))
    sun = random.randint(40, width - 40), random.randint(30, 90)
    draw.ellipse((sun[0] - 22, sun[1] - 22, sun[0] + 22, sun[1] + 22), "#fff6cf")
    ground = random.randint(215, 245)
    for _ in range(3):
        x, wide, tall = random.randint(-60, width), random.randint(120, 260), random.randint(50, 110)
        draw.ellipse(
            (x - wide, ground - tall, x + wide, ground + tall), random.choice(("#6f8f9c", "#86a08d", "#7b8ca8"))
        )
    x = random.randint(5, 40)
    while x < width - 60:
        x += _building(draw, random, x, ground) + random.randint(6, 40)
    draw.rectangle((0, ground, width, height), random.choice(_LAWNS))
    path = random.randint(120, 360)
    draw.polygon(((path, ground), (path + 18, ground), (path + 90, height), (path - 70, height)), "#d8cbb0")
    for _ in range(random.randint(3, 6)):
        x, y, size = random.randint(0, width), random.randint(ground - 4, ground + 40), random.randint(14, 30)
        draw.rectangle((x - 3, y, x + 3, y + size), "#6b4a2f")
        draw.ellipse((x - size, y - size * 2, x + size, y + 4), random.choice(("#2f6b3a", "#3f7d43", "#c47a2c")))
    for _ in range(random.randint(2, 7)):
        x, y = random.randint(20, width - 20), random.randint(ground + 30, height - 20)
        draw.ellipse((x - 4, y - 26, x + 4, y - 18), "#e3b98f")
        draw.rectangle((x - 5, y - 18, x + 5, y), random.choice(("#1d3557", "#9b1c1f", "#444444", "#2a7f7f")))
    return _coded(image, extension)


def _building(draw: ImageDraw.ImageDraw, random: Random, x: int, ground: int) -> int:
    """Draws one; gives how wide it is."""
    wide, tall = random.randint(60, 140), random.randint(60, 140)
    draw.rectangle((x, ground - tall, x + wide, ground), random.choice(_WALLS))
    if random.random() < 0.5:
        draw.polygon(
            ((x - 6, ground - tall), (x + wide + 6, ground - tall), (x + wide / 2, ground - tall - 30)), "#6d3b32"
        )
    for top in range(ground - tall + 10, ground - 20, 22):
        for left in range(x + 8, x + wide - 12, 18):
            draw.rectangle((left, top, left + 9, top + 12), random.choice(("#f8e7a1", "#34495e", "#5d7a94")))
    return wide


@lru_cache(maxsize=32)
def scan(words: str, extension: str) -> bytes:
    """A sheet of paper with these words on it, as a scanner sees it: not quite straight, not quite sharp."""
    heading, _, rest = words.partition("\n")
    lines = [line for part in rest.split("\n") for line in wrap(part, 50) or [""]]
    image = Image.new("RGB", (720, 170 + 34 * len(lines)), "#f4f1e8")
    draw = ImageDraw.Draw(image)
    draw.text((360, 60), heading, "#1a1a1a", ImageFont.load_default(32), anchor="mm")
    draw.line((60, 92, 660, 92), "#9b1c1f", 3)
    body = ImageFont.load_default(24)
    for n, line in enumerate(lines):
        draw.text((60, 112 + 34 * n), line, "#202020", body)
    draw.ellipse((560, image.height - 120, 660, image.height - 20), outline="#c0392b", width=4)
    tilted = image.rotate(0.7, Image.Resampling.BICUBIC, fillcolor="#e6e2d6")
    return _coded(tilted.filter(ImageFilter.GaussianBlur(0.4)), extension)


@lru_cache(maxsize=32)
def icon(words: str, extension: str) -> bytes:
    """Eight pixels square; its colour is made of the words."""
    return _coded(Image.new("RGB", (8, 8), tuple(Random(words).randbytes(3))), extension)


def _coded(image: Image.Image, extension: str) -> bytes:
    out = BytesIO()
    if extension == "png":
        image = image.quantize(64, Image.Quantize.FASTOCTREE)
    image.save(out, _FORMATS[extension], quality=70)
    return out.getvalue()
