"""Words of scanned sheets: lines in their order, spaces where the sheet is empty, nothing where nothing is told."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz.distance import Levenshtein

from spiders import scanned

_FONTS = [*Path("/usr/share/fonts").rglob("NotoS*CJK*.ttc")] if Path("/usr/share/fonts").is_dir() else []
_NOTICES = [
    "关于2025年国庆节放假安排的通知\n各学院、机关各部门、各直属单位：\n根据上级通知精神，结合学校教学工作实际，现将国庆节放假安排通知如下：\n"
    "一、10月1日至8日放假调休，共8天。9月28日（星期日）上班。\n二、各单位要妥善安排好值班、安全、保卫等工作，遇有重大突发事件，\n"
    "要按规定及时报告并妥善处置，确保师生员工祥和平安度过节日假期。\n学校办公室\n2025年9月20日",
    "研究生学位论文答辩公告\n答辩人：陈晓雯　指导教师：赵国栋教授\n论文题目：高寒草地土壤微生物群落对氮沉降的响应\n"
    "时间：2024年6月3日（星期一）上午9:00　地点：生命科学楼317会议室\n欢迎全校师生旁听。",
    "停水通知\n因校区主供水管道检修，定于11月15日22:00至次日6:00对学生宿舍\n"
    "七号楼至十二号楼暂停供水。请同学们提前做好储水准备，由此带来的不便敬请谅解。\n后勤保障处",
]


def line(text: str, left: int, top: int, right: int, sure: float = 0.9) -> scanned.Line:
    return [[left, top], [right, top], [right, top + 20], [left, top + 20]], text, sure


def test_a_full_line_goes_on_and_lines_side_by_side_are_one() -> None:
    lines = [
        line("各学院、各部门", 60, 60, 300),
        line("现将有关事项通知", 60, 100, 660),
        line("如下。", 60, 130, 120),
        line("时间", 60, 163, 120),
        line("九点", 200, 160, 300),
        line("It is closed to all", 60, 200, 655),
        line("vehicles.", 60, 230, 200),
    ]
    assert scanned.arranged(lines[::-1]) == [
        "各学院、各部门", "现将有关事项通知如下。", "时间 九点", "It is closed to all vehicles.",
    ]  # fmt: skip
    assert scanned.arranged([]) == []


def told(*lines: tuple[str, float]) -> Any:
    """A program that reads these lines from every picture."""
    found = []
    for n, (text, sure) in enumerate(lines):
        corners = line(text, 0, 40 * n, 10 * len(text))[0]
        found.append([corners, text, sure, [corners], [text], []])
    return lambda: lambda picture, **_: (found or None, None)


def sheet(size: tuple[int, int] = (600, 400)) -> bytes:
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    out = BytesIO()
    image.new("RGB", size, "white").save(out, "PNG")
    return out.getvalue()


def test_too_little_too_unsure_or_run_together_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = "因校区主供水管道检修，定于本周六晚暂停供水"
    for lines, read in (
        ([(notice, 0.95)], True),
        ([(notice, 0.4)], False),
        ([("热烈欢迎新同学", 0.99)], False),
        ([(notice, 0.99), ("Thegatebesidethe willbeclosedtoall vehiclesuntilfurther", 0.99)], False),
        ([], False),
    ):
        monkeypatch.setattr(scanned, "_reader", told(*lines))
        assert (scanned.read([sheet()]) is not None) == read, lines
    monkeypatch.setattr(scanned, "_reader", told((notice, 0.95)))
    assert scanned.read([sheet((64, 64)), b"no picture", b"%PDF-1.4 broken"]) is None


def test_without_the_extra_it_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    scanned._reader.cache_clear()
    with pytest.raises(scanned.NoReader, match=r"pip install 'campuswarc\[ocr\]'"):
        scanned.engine()


@pytest.mark.skipif(not _FONTS, reason="no Noto CJK font is installed")
def test_rendered_chinese_notices_are_read_to_ninety_eight_of_a_hundred_characters() -> None:
    pytest.importorskip("rapidocr_onnxruntime", reason="not installed: pip install 'campuswarc[ocr]'")
    from PIL import Image, ImageDraw, ImageFont

    scanned._reader.cache_clear()
    wrong = count = 0
    for font in sorted(_FONTS)[:1] + sorted(_FONTS)[-1:]:
        face = ImageFont.truetype(str(font), 28)
        for notice in _NOTICES:
            lines = notice.split("\n")
            image = Image.new("RGB", (1120, 80 + 50 * len(lines)), "#f6f3ea")
            for n, text in enumerate(lines):
                ImageDraw.Draw(image).text((50, 40 + 50 * n), text, "#202020", face)
            out = BytesIO()
            image.rotate(0.5, Image.Resampling.BICUBIC, fillcolor="#f6f3ea").save(out, "JPEG", quality=80)
            found = scanned.read([out.getvalue()])
            assert found is not None and found.confidence > 0.9
            want, got = ("".join(text.split()) for text in (notice, found.text))
            wrong += Levenshtein.distance(want.translate(_WIDTHS), got.translate(_WIDTHS))
            count += len(want)
    assert 1 - wrong / count >= 0.98, (wrong, count)
    print(f"{1 - wrong / count:.4f} of {count} characters")


_WIDTHS = str.maketrans("：，（）！；", ":,()!;")  # either width is what a person types
