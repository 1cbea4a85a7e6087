"""The words of a sheet that was scanned: a picture of it, or a PDF without text, read by OCR (the extra `ocr`).

Nothing is guessed: too few words, or words the program is not sure of, are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from io import BytesIO
from typing import Annotated, Any

from archive.article import words
from archive.patterns import deferred

PAGES = 20  # of a PDF
MOST_PIXELS = 60_000_000  # a picture of a few bytes may claim billions
SIDE = 2400  # pixels; a larger sheet is read no better
LEAST_SIDE = 200  # an icon, a button
LEAST_WORDS, LEAST_SURE = 15, 0.6  # of a sheet: a banner in a photo, or a pattern, is no notice
_FULL = 0.9  # of the widest line: one as long goes on in the next
_CJK = deferred(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_LATIN = deferred(r"[A-Za-z]+")
_PRINTED = deferred(r"[!-~]")
_GAP, _LONG = 0.16, 11  # of the height of a line, between words; letters of a word, on the average
Line = tuple[list[list[float]], str, float]  # its four corners, its words, how sure


class NoReader(Exception):
    """What is missing, and how it is had."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a program read."""

    text: Annotated[str, "Paragraphs parted by a blank line"]
    confidence: Annotated[float, "Mean over the characters, 0 to 1"]


def engine() -> str:
    """Which program reads, for the record. Raises NoReader."""
    _reader()
    return f"rapidocr-onnxruntime {version('rapidocr-onnxruntime')}"


def read(sheets: Iterable[bytes]) -> Scanned | None:
    """The words of these pictures and PDF files, one after another; None where they are no notice that can be read.
    Raises NoReader."""
    paragraphs: list[str] = []
    sure = count = 0.0
    for content in sheets:
        for picture in _pictures(content):
            found = _reader()(picture, return_word_box=True)[0] or []
            lines: list[Line] = [
                (corners, _spaced(picture, corners, places, letters), sure_)
                for corners, _, sure_, places, letters, *_ in found
                if "".join(letters).strip()
            ]
            paragraphs += arranged(lines)
            sure += sum(float(confidence) * len(text) for _, text, confidence in lines)
            count += sum(len(text) for _, text, _ in lines)
    text = "\n\n".join(paragraphs)
    if words(text) < LEAST_WORDS or sure / count < LEAST_SURE or _run_together(text):
        return None
    return Scanned(text, round(sure / count, 3))


def _run_together(text: str) -> bool:
    """Whether words in Latin letters lack the spaces between them: such a text is not what the sheet says."""
    runs = _LATIN.findall(text)
    return len(runs) > 2 and sum(map(len, runs)) / len(runs) > _LONG


def _spaced(picture: Any, corners: list[list[float]], places: list[list[list[float]]], letters: list[str]) -> str:
    """The letters with the spaces between Latin words, which the program drops, where the sheet is empty."""
    text = "".join(letters)
    if not _LATIN.search(text):
        return text
    xs, ys = [int(x) for x, _ in corners], [int(y) for _, y in corners]
    left, top = max(min(xs), 0), max(min(ys), 0)
    grey = picture[top : max(ys) + 1, left : max(xs) + 1].mean(axis=2)
    if not grey.size:
        return text
    dark = (grey < (float(grey.max()) + float(grey.min())) / 2).any(axis=0)
    out = ""
    middles = [sum(point[0] for point in place) / 4 for place in places]
    for n, letter in enumerate(letters):
        if n and _PRINTED.match(letter) and _PRINTED.match(letters[n - 1]):
            between = dark[max(int(middles[n - 1]) - left, 0) : max(int(middles[n]) - left, 0) + 1]
            empty = max((len(run) for run in "".join("#" if one else " " for one in between).split("#")), default=0)
            out += " " * (empty >= _GAP * grey.shape[0])
        out += letter
    return out


def arranged(lines: list[Line]) -> list[str]:
    """Paragraphs of the lines: from top to bottom, those side by side from left to right; a full one goes on in the
    next."""
    if not lines:
        return []
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: _middle(line)):
        if rows and abs(_middle(line) - _middle(rows[-1][0])) < _height(line) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    right = max(point[0] for line in lines for point in line[0])
    left = min(point[0] for line in lines for point in line[0])
    paragraphs: list[str] = []
    open_ = False
    for row in rows:
        row.sort(key=lambda line: line[0][0][0])
        text = re.sub(r"\s+", " ", " ".join(line[1] for line in row)).strip()
        if open_ and _goes_on(paragraphs[-1], text):
            paragraphs[-1] = _joined(paragraphs[-1], text)
        else:
            paragraphs.append(text)
        open_ = max(point[0] for line in row for point in line[0]) - left >= _FULL * (right - left)
    return paragraphs


def _goes_on(before: str, text: str) -> bool:
    return not before.endswith(("。", "！", "？", "：", ":", ".", "!", "?")) or bool(text[:1].islower())


def _joined(before: str, text: str) -> str:
    between = "" if _CJK.match(before[-1:]) or _CJK.match(text[:1]) else " "
    return before + between + text


def _middle(line: Line) -> float:
    return sum(point[1] for point in line[0]) / 4


def _height(line: Line) -> float:
    return max(point[1] for point in line[0]) - min(point[1] for point in line[0])


@cache
def _reader() -> Callable[..., tuple[list[Any] | None, Any]]:
    try:
        from rapidocr_onnxruntime import RapidOCR
    except ModuleNotFoundError as missing:
        raise NoReader(f"{missing.name} is not installed: pip install 'campuswarc[ocr]'") from None
    except ImportError as problem:  # a library of the system that OpenCV wants
        raise NoReader(f"OCR cannot be loaded: {problem} (Debian: apt install libgl1 libglib2.0-0)") from None
    made: Callable[..., tuple[list[Any] | None, Any]] = RapidOCR()
    return made


def _pictures(content: bytes) -> Iterator[Any]:
    """As arrays of pixels; nothing of what is damaged, or larger or smaller than any sheet."""
    import numpy
    from PIL import Image

    if content[:1024].lstrip().startswith(b"%PDF-"):
        images: Iterator[Any] = _pages(content)
    else:
        try:
            image = Image.open(BytesIO(content))
            whole = image.width * image.height <= MOST_PIXELS
            images = iter([image.convert("RGB")] if whole else [])
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return
    for image in images:
        if min(image.size) >= LEAST_SIDE:
            image.thumbnail((SIDE, SIDE))
            yield numpy.asarray(image.convert("RGB"))


def _pages(content: bytes) -> Iterator[Any]:
    try:
        import pypdfium2
    except ModuleNotFoundError as missing:
        raise NoReader(f"{missing.name} is not installed: pip install 'campuswarc[ocr]'") from None
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return
    for n in range(min(len(pdf), PAGES)):
        page = pdf[n]
        scale = min(2.0, SIDE / max(*page.get_size(), 1.0))  # 144 dots an inch
        yield page.render(scale=scale).to_pil()
