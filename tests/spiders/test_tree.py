"""The tree of a page holds what a browser shows, whatever its markup; a parser of browsers' rules is the judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiders.page import Page
from spiders.read import extract

PAGES = sorted((Path(__file__).parent.parent / "pages").glob("*/*/page.html"))
P, Q = "<p>One paragraph of words.</p>", "<p>Another one that follows it.</p>"
_UNSEEN = {
    "script",
    "style",
    "template",
    "title",
    "textarea",
    "iframe",
    "noembed",
    "noframes",
    "select",
    "option",
    "button",
}


def shown(root: object) -> str:
    """All words of a tree but those of what shows none, without white space."""
    found: list[str] = []

    def walk(element: object) -> None:
        tag = element.tag  # type: ignore[attr-defined]
        if not isinstance(tag, str) or tag.rpartition("}")[2] in _UNSEEN:
            return
        found.append(element.text or "")  # type: ignore[attr-defined]
        for child in element:  # type: ignore[attr-defined]
            walk(child)
            found.append(child.tail or "")

    walk(root)
    return "".join("".join(found).split())


@pytest.mark.parametrize(
    "markup",
    [
        f"<html><body>{P}</body></html>{Q}",
        f"<html><body><div>{P}</HTML >{Q}</div></html >{P}</body>",
        (
            f"<html><head><title>a</title></head><body>{P}</body></html><html><head><title>b</title></head><body"
            f" class=x>{Q}</body></html>"
        ),
        f"<body>{P}</body foo='x'>{Q}</html\n>",
        f"<body><a href=1>x<div>{P}</div><a href=2>y</a>{Q}",
        f"<body><p>lead <a href=1>{P}</a> tail</p>{Q}",
        f"<body><table><div>{P}</div><tr><td>a</td></tr></table>{Q}",
        f"<body><table>loose<tr>words<td>a</td></tr></table>{Q}",
        f"<body><table><tr><td>{P}</table></td></tr>{Q}</table>x",
        f"<body><noscript>{P}<img src=x></noscript>{Q}",
        f"<body><![CDATA[{P}]]>{Q}",
        f"<body><!--[if IE]>{P}<![endif]--><!--[if !IE]><!-->{P}<!--<![endif]--><![if !IE]>{P}<![endif]>{Q}",
        f"<head><title>a</title><title>b</title></head><body><title>c</title>{Q}",
        f"<body>{P}<!-- a --!> {Q}",
        f"<body><!-->{P}<!--->{Q}",
        f"<body></ x><?php echo 1 ?>{P}<!x>{Q}",
        f"<body>{P}<script>var a='<!--'</script>{Q}",
        f"<body><frameset>{P}</frameset>{Q}",
        f"<body><a href='x' title='y>{P}</a>{Q}",
        f"<body><form><div><form>{P}</form></div>x</form>{Q}",
        f"<body><o:p>off</o:p><st1:place>pl</st1:place><my-el>{P}</my-el>{Q}",
        f"<body>a</br>b</p>c{Q}",
        "<body><p>a < b and c <3 d <2019 e</p>",
        "<body>" + "<font>" * 600 + P,
    ],
)
def test_what_a_browser_shows_is_in_the_tree(markup: str) -> None:
    html5lib = pytest.importorskip("html5lib")
    judged = html5lib.HTMLParser(namespaceHTMLElements=False).parse(markup, scripting=False)
    assert shown(Page("https://e.edu/", markup.encode()).tree) == shown(judged)


def test_saved_pages_hold_what_a_browser_shows() -> None:
    html5lib = pytest.importorskip("html5lib")
    for path in PAGES[::6]:
        page = Page("https://e.edu/", path.read_bytes())
        judged = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page.text, scripting=False)
        assert shown(page.tree) == shown(judged), path


STORY = "".join(
    f"<p>Paragraph {n} of the story, which is long enough to be one, as paragraphs of stories commonly are in most"
    " papers.</p>"
    for n in range(4)
)


@pytest.mark.parametrize(
    "opened",
    [
        "<button>Menu",
        "<label>Search",
        "<select><option>All<option>News",
        "<div><button type=button><span>Menu</span>",
        "<label for=x><button>Go<select><option>1</option>",
    ],
)
def test_what_is_never_closed_hides_no_story(opened: str) -> None:
    html = (
        f"<html><body><div class=top>{opened}<h1>The headline of the story</h1><div"
        f" class=text>{STORY}</div></body></html>"
    )
    found = extract(html.encode(), "https://e.edu/1.htm")
    assert found["title"] == "The headline of the story" and found["text"].count("Paragraph") == 4
    assert "All" not in found["text"] and "Menu" not in found["text"]


def test_a_button_that_is_closed_stays_one() -> None:
    page = Page(
        "https://e.edu/",
        b"<body><label><input> yes</label><button><div>Go</div></button><select><option>a</option></select><p>x</p>",
    )
    assert [element.tag for element in page.tree.iter("label", "button", "select", "option")] == [
        "label",
        "button",
        "select",
        "option",
    ]


def test_a_shadow_root_that_is_declared_is_shown_and_a_template_is_not() -> None:
    page = Page(
        "https://e.edu/",
        f"<body><div><template shadowrootmode=open>{STORY}</template></div><template>{STORY}</template>".encode(),
    )
    assert shown(page.tree).count("Paragraph") == 4


def test_attributes_by_the_thousand_cost_no_time_and_no_text() -> None:
    many = " ".join(f"a{n}=1" for n in range(30_000))
    page = Page(
        "https://e.edu/",
        f"<body><div class=k {many}>{P}</div><img src='data:image/png;base64,{'A' * 50_000}'>{Q}".encode(),
    )
    assert (
        len(page.select("div.k")[0].attrib) < 1001
        and shown(page.tree) == "Oneparagraphofwords.Anotheronethatfollowsit."
    )
    assert len(page.select("img")[0].get("src")) > 50_000


def test_a_link_that_is_never_closed_ends_where_the_next_begins() -> None:
    """Rows of a list whose links are never closed are rows: each hung in the one before it."""
    rows = "".join(f'<li><a href="/n/{n}.html">The boat {n}' for n in range(500))
    page = Page("https://a.edu/", f"<html><body><ul>{rows}</ul><p>End</p></body></html>".encode())
    links = [(link.get("href"), link.text_content()) for link in page.tree.iter("a")]
    assert links == [(f"/n/{n}.html", f"The boat {n}") for n in range(500)]
    assert {li.getparent().tag for li in page.tree.iter("li")} == {"ul"} and page.tree.text_content().endswith("End")
    card = Page("https://a.edu/", b'<div><a href="1"><h3>H</h3><p>t <a href="t">tag</a> u</p> v</a> w</div>')
    assert [link.text_content() for link in card.tree.iter("a")] == ["H", "tag"]
    assert " ".join(card.tree.text_content().split()) == "Ht tag u v w"
