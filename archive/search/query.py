"""The query language: what a person types, read into a small tree.

    招生 学院            all of them            "national science"   the phrase
    a OR b   NOT c  -c   (a OR b) c             univers*             words that begin so
    title:招生           in one field           after:2023-09 before:2023-12 has:attachment state:gone

Everything that is not understood as an operator is a word to look for, so a pasted headline is a query too.
"""

from __future__ import annotations

from archive.search.query_lexer import Field, Lexeme, Mark, lexemes, term
from archive.search.query_tree import (
    EDITS,
    FILTERS,
    MOST_DEPTH,
    MOST_EDITS,
    MOST_LENGTH,
    MOST_PREFIXES,
    MOST_TERMS,
    AllOf,
    AnyOf,
    Filter,
    Node,
    Not,
    QueryError,
    Text,
)
from archive.sqlite import is_text

__all__ = ["AllOf", "AnyOf", "Filter", "Node", "Not", "QueryError", "Text", "parse"]


def parse(query: str) -> Node:
    """The tree of a query; an empty one is `AllOf(())`, which every article meets. Raises QueryError."""
    if len(query) > MOST_LENGTH:
        raise QueryError(f"the query has more than {MOST_LENGTH} characters; some words of a passage find it too")
    if not is_text(query):
        raise QueryError("the query is not UTF-8 text")
    pieces = lexemes(query.replace("\0", " "))
    if sum(not isinstance(piece, str) for piece in pieces) > MOST_TERMS:
        raise QueryError(
            f"the query has more than {MOST_TERMS} terms; put a passage in quotes to look for it as a whole"
        )
    if sum(isinstance(piece, Text) and piece.prefix for piece in pieces) > MOST_PREFIXES:
        raise QueryError(f"more than {MOST_PREFIXES} words of the query end in *")
    tree = _Parser(pieces).any_of(0)
    if len(edits(tree)) > MOST_EDITS:
        raise QueryError(f"added: and removed: stand in a query {MOST_EDITS} times at most")
    return tree


def edits(node: Node) -> list[Filter]:
    """Every added: and removed: of a query."""
    match node:
        case Filter():
            return [node] if node.name in EDITS else []
        case AllOf(parts) | AnyOf(parts):
            return [edit for part in parts for edit in edits(part)]
        case Not(part):
            return edits(part)
        case _:
            return []


class _Parser:
    """Recursive descent: any_of = all_of {OR all_of}; all_of = {[AND] one}; one = [-] (term | group)."""

    def __init__(self, pieces: list[Lexeme]) -> None:
        self._pieces, self._place = pieces, 0

    def any_of(self, depth: int, field: str | None = None) -> Node:
        """The alternatives from here to the closing bracket or the end."""
        if depth > MOST_DEPTH:
            raise QueryError(f"more than {MOST_DEPTH} brackets inside each other")
        parts = [self._all_of(depth, field)]
        while self._take("OR"):
            parts.append(self._all_of(depth, field))
        return _joined(AnyOf, [part for part in parts if part != AllOf(())] or parts[:1])

    def _all_of(self, depth: int, field: str | None) -> Node:
        parts: list[Node] = []
        while self._place < len(self._pieces) and self._pieces[self._place] not in ("OR", ")"):
            if self._take("AND"):
                continue
            part = self._one(depth, field)
            if part not in (AllOf(()), Not(AllOf(()))):
                parts.append(part)
        return _joined(AllOf, parts)

    def _one(self, depth: int, field: str | None) -> Node:
        negated = False
        while self._take("-") or self._take("NOT"):
            negated = not negated
        if self._place == len(self._pieces):
            return AllOf(())
        piece = self._pieces[self._place]
        part: Node
        if isinstance(piece, Field):
            self._place += 1
            field = piece.name
        if self._take("("):
            part = self.any_of(depth + 1, field)
            self._take(")")
        elif piece in (")", "AND", "OR"):
            return AllOf(())
        else:
            assert isinstance(piece, Text | Filter)
            self._place += 1
            part = _under(field, piece)
        return Not(part) if negated else part

    def _take(self, mark: Mark) -> bool:
        if self._place < len(self._pieces) and self._pieces[self._place] == mark:
            self._place += 1
            return True
        return False


def _under(field: str | None, part: Text | Filter) -> Text | Filter:
    """`site:(a OR b)`: a plain word in the bracket belongs to its field."""
    if field and isinstance(part, Text) and part.field is None:
        return term(field, part.text + ("*" if part.prefix and field in FILTERS else ""), part.prefix)
    return part


def _joined(kind: type[AllOf | AnyOf], parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))
