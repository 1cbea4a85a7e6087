"""Pictures from the archive: small ones, walls, the same photo in several stories; what is withheld shows in none."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.photos import likeness
from archive.photos.held import wall
from archive.photos.likeness import NAME
from archive.photos.thumbnails import AS_IT_IS, HEIGHT, WIDTH, scaled
from archive.store.db import open_reader, open_writer
from archive.store.withheld import names_of
from crawler.cli import main
from tests.archive.web.conftest import client_of
from tests.archive.web.sample import NEWS, TODAY, Sample
from tests.college.pictures import icon, scene

pytest.importorskip("pdqhash", reason="the pictures extra is not installed: pip install 'campuswarc[pictures]'")
Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")


def again(data: bytes, *, scale: float = 1.0, quality: int = 60, form: str = "JPEG") -> bytes:
    """The same photo as another site has it."""
    image = Image.open(BytesIO(data)).convert("RGB")
    out = BytesIO()
    image.resize((round(image.width * scale), round(image.height * scale))).save(out, form, quality=quality)
    return out.getvalue()


LAWN, GATE = scene("lawn", "jpg"), scene("gate", "jpg")
PHOTOS = {  # of each story: its pictures
    f"{NEWS}/p/1.htm": [LAWN, icon("logo", "png")],
    f"{NEWS}/p/2.htm": [again(LAWN, scale=0.6, quality=40)],
    f"{TODAY}/p/3/": [again(LAWN, scale=1.7, form="PNG"), GATE],
    f"{TODAY}/p/4/": [scene("library", "jpg"), icon("logo", "png"), b"no picture"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def more(sample: Sample) -> None:
        for n, (url, pictures) in enumerate(PHOTOS.items()):
            site = "example_news" if url.startswith(NEWS) else "example_today"
            capture = sample.fetch(url, b"<p>a story</p>", at=f"2024-05-0{n + 1}T00:00:00Z", site=site)
            row = sample.article(
                url, f"Pictured {n}", [("words", "<p>words</p>", capture)], site=site, published=f"2024-05-0{n + 1}"
            )
            for place, data in enumerate(pictures):
                address = f"{url}{place}.jpg"
                mime = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
                sample.fetch(address, data, at="2024-05-09T00:00:00Z", site=site, mime=mime, kind="requisite")
                sample.db["images"].insert(  # type: ignore[union-attr]
                    {"article": row, "n": place, "url": address, "caption": f"caption {n}.{place}"}
                )
            sample.db["images"].insert(  # type: ignore[union-attr]
                {"article": row, "n": 9, "url": f"{url}lost.jpg", "caption": "not kept"}
            )

    return Sample(tmp_path_factory.mktemp("photos") / "archive").build_with(more).folder


def ask(folder: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["-C", str(folder), *words])
    return done.exit_code, done.output


def test_the_same_photo_is_found_after_scaling_and_compression(folder: Path) -> None:
    assert "campuswarc pictures" in client_of(folder).get("/pictures/same").text  # says how they are compared
    code, said = ask(folder, "pictures", "--json")
    [photo] = json.loads(said.splitlines()[-1])
    assert code == 0 and "1 pictures could not be decoded" in said
    assert [story["url"] for story in photo["stories"]] == list(PHOTOS)[:3] and photo["files"] == 3
    assert ask(folder, "pictures", "--json", "site:example_today")[1].splitlines()[-1] == said.splitlines()[-1]
    assert ask(folder, "pictures", "title:nothing")[0] == 1
    page = client_of(folder).get("/pictures/same").text
    assert page.count("<img") == 3 and f"{NEWS}/p/2.htm0.jpg" in page
    assert client_of(folder).get("/search?q=Pictured").text.count("<img") == 4


def test_hashed_again_from_nothing_or_by_and_by_it_is_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = open_reader(folder / "news.db")
    monkeypatch.setattr(likeness, "_BATCH", 2)
    (folder / NAME).unlink(missing_ok=True)
    done = likeness.update(db, folder / "warc", folder / NAME)
    assert done.hashed == 5 and done.unreadable == 1 and done.plain >= 1
    before = likeness.photos(db, folder / NAME)
    assert likeness.update(db, folder / "warc", folder / NAME).hashed == 0
    assert likeness.photos(db, folder / NAME) == before and len(before) == 1


def test_a_wall_has_what_is_kept_the_newest_first(folder: Path) -> None:
    shown = wall(open_reader(folder / "news.db"), "Pictured", limit=20)
    assert [one.caption for one in shown][:3] == ["caption 3.0", "caption 3.1", "caption 3.2"] and len(shown) == 8
    page = client_of(folder).get("/pictures?q=site:example_news on:2024-05").text
    assert page.count("<img") == 3 and "caption 1.0" in page and "caption 2.0" not in page
    assert client_of(folder).once("GET", "/pictures?q=has:nonsense").status_code == 400


def test_a_small_picture_comes_from_the_archive_and_is_small(folder: Path) -> None:
    client = client_of(folder)
    big = again(LAWN, scale=6, quality=95)
    assert len(big) > AS_IT_IS
    small, mime = scaled(big) or (b"", "")
    image = Image.open(BytesIO(small))
    assert image.width <= WIDTH and image.height <= HEIGHT and mime == "image/jpeg" and len(small) < AS_IT_IS
    answer = client.once("GET", f"/thumbnail/20240509000000/{NEWS}/p/1.htm0.jpg")
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/jpeg"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for address, status in ((f"{NEWS}/p/1.htm", 404), (f"{NEWS}/p/1.htmlost.jpg", 404)):  # a page; nothing
        assert client.once("GET", f"/thumbnail/20240509000000/{address}").status_code == status


def test_what_claims_to_be_huge_or_is_damaged_is_sent_as_it_is() -> None:
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert scaled(out.getvalue() + bytes(AS_IT_IS)) is None
    assert scaled(b"GIF89a" + bytes(AS_IT_IS)) is None


def test_without_the_extra_it_says_how_to_have_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pdqhash", None)
    code, said = ask(folder, "pictures")
    assert (code, said) == (1, "Error: pdqhash is not installed: pip install 'campuswarc[pictures]'\n")
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert scaled(bytes(AS_IT_IS + 1)) is None


def test_a_withheld_story_shows_its_pictures_nowhere(folder: Path) -> None:
    url = list(PHOTOS)[1]
    ask(folder, "pictures")
    for depth in ("unlisted", "blocked"):
        with closing(open_writer(folder / "news.db")) as db, db.conn:
            for name in names_of(db, url):
                said = ["url", name, url, depth, "R", "", "2024-06-01T00:00:00Z", None]
                db.execute(f"insert or replace into withheld values ({', '.join('?' * len(said))})", said)
        client = client_of(folder)
        for page in ("/pictures", "/pictures/same", "/search?q=Pictured"):
            shown = client.get(page).text
            assert f"{NEWS}/p/1.htm0.jpg" in shown and f"{url}0.jpg" not in shown, page
        printed = ask(folder, "pictures")[1]
        assert url not in printed and "2 stories" in printed
        status = client.once("GET", f"/thumbnail/20240509000000/{url}0.jpg").status_code
        assert status == (451 if depth == "blocked" else 200)
