"""Pictures scaled down for lists, by Pillow where it is installed."""

from __future__ import annotations

import warnings
from io import BytesIO

WIDTH, HEIGHT = 320, 240
MOST_PIXELS = 60_000_000  # a picture of a few bytes may claim billions
AS_IT_IS = 40_000  # bytes: one so small is sent as it was kept


def opened(data: bytes, least: tuple[int, int]):  # type: ignore[no-untyped-def]  # an Image of Pillow, which may be missing
    """The picture, decoded no larger than it has to be to be scaled to `least`; None where it is none, or claims to be
    larger than can be had. Raises ImportError without Pillow."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its size, which is looked at here
            image = Image.open(BytesIO(data))
        if image.width * image.height > MOST_PIXELS:
            return None
        image.draft("RGB", least)
        return image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, MemoryError):
        return None  # what decoders of many formats raise of damage


def scaled(data: bytes) -> tuple[bytes, str] | None:
    """The picture within WIDTH and HEIGHT, and its media type; None where it is to be sent as it is: it is small, no
    picture that can be decoded, or Pillow is not installed."""
    if len(data) <= AS_IT_IS:
        return None
    try:
        image = opened(data, (WIDTH, HEIGHT))
    except ImportError:
        return None
    if image is None:
        return None
    image.thumbnail((WIDTH, HEIGHT))
    out = BytesIO()
    if image.mode == "RGBA":
        image.save(out, "PNG", optimize=True)
        return out.getvalue(), "image/png"
    image.save(out, "JPEG", quality=78)
    return out.getvalue(), "image/jpeg"
