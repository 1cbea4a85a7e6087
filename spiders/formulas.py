"""Formulas as text, in the tree of a page: as LaTeX where the page gives it, else their letters."""

from __future__ import annotations

from lxml.html import HtmlElement

_MATH = ("math", "m:math", "mml:math")
_ANNOTATIONS = ("annotation", "m:annotation", "mml:annotation")
_NOT_SHOWN = frozenset(("annotation", "annotation-xml", "script", "style"))
_BETWEEN = {"msup": ("^",), "msub": ("_",), "mfrac": ("/",), "msubsup": ("_", "^"), "munderover": ("_", "^")}
_DEEP = 50  # elements in one another
_LONG = 5000  # characters of a formula


def write_out(root: HtmlElement) -> None:
    """Put text in the place of each MathML element and of each script that holds LaTeX for MathJax."""
    for element in [*root.iter(*_MATH)]:
        _show(element, latex(element) or " ".join(_letters(element, 0).split()))
    for script in [*root.iter("script")]:
        if (script.get("type") or "").lower().startswith("math/tex"):
            _show(script, " ".join((script.text or "").split()))


def latex(math: HtmlElement) -> str:
    """The LaTeX that a MathML element carries; empty where it carries none."""
    for annotation in math.iter(*_ANNOTATIONS):
        if "tex" in (annotation.get("encoding") or "").lower() and (words := " ".join((annotation.text or "").split())):
            return words
    return " ".join((math.get("alttext") or "").split())


def _show(element: HtmlElement, words: str) -> None:
    tail = element.tail
    holder = element.getparent()
    element.clear()
    element.tag, element.text, element.tail = "span", words[:_LONG], tail
    if holder is None:
        return
    if holder.tag == "span" and not "".join(holder.itertext()).replace(element.text, "", 1).strip():
        for name in ("style", "class", "aria-hidden"):  # it waits there, unseen, for programs that read aloud
            holder.attrib.pop(name, None)
    drawn = holder.getnext()
    if drawn is not None and "katex-html" in (drawn.get("class") or ""):  # the same once more, glyph by glyph
        drawn.text = None
        for glyph in [*drawn]:
            drawn.remove(glyph)


def _letters(element: HtmlElement, depth: int) -> str:
    tag = element.tag.rpartition(":")[2] if isinstance(element.tag, str) else ""
    if not tag or tag in _NOT_SHOWN or depth > _DEEP:
        return ""
    parts = [words for child in element if (words := _letters(child, depth + 1))]
    if (marks := _BETWEEN.get(tag)) and len(parts) == len(marks) + 1:
        wrapped = [part if len(part) < 2 or part.isalnum() else f"({part})" for part in parts]
        return wrapped[0] + "".join(mark + part for mark, part in zip(marks, wrapped[1:], strict=True))
    own = "".join((element.text or "").split())
    if tag == "msqrt":
        return f"√({''.join(parts)})"
    if tag == "mroot" and len(parts) == 2:
        return f"{parts[1]}√({parts[0]})"
    if tag in ("mtr", "mlabeledtr"):
        return " ".join(parts) + "; "
    return own + "".join(parts)
