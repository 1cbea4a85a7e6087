"""TOML tables to records: every key known, every value of its type, every mistake named."""

from __future__ import annotations

import codecs
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ConfigError(ValueError):
    """A mistake in a configuration file; the text names file, table and key."""


def text_of(path: Path) -> str:
    """What stands in a file that people edit. Raises ConfigError where it is not UTF-8, and OSError."""
    return decoded(path.read_bytes(), path)


def decoded(content: bytes, path: Path) -> str:
    """The text that these bytes of a file are, with the line ends of Unix. Raises ConfigError where it is none."""
    if content.startswith(codecs.BOM_UTF8):
        raise ConfigError(f"{path}: it begins with a byte order mark: save it as UTF-8 without one")
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise ConfigError(f"{path}: line {line} is not UTF-8: save the file as UTF-8") from None


def build(record: type[T], table: Mapping[str, Any], where: str, **given: Any) -> T:
    """`record` made from a TOML table; `given` fields come from elsewhere and may not stand in the table.

    Raises ConfigError for an unknown key (naming the nearest right one), a wrong type or a missing value.
    """
    shape, values = _shape(record), dict(given)  # type: ignore[arg-type]  # a class can be hashed
    for key, value in table.items():
        if key not in shape or key in given:
            raise ConfigError(f"{where}: unknown key {key!r}{nearest(key, [n for n in shape if n not in given])}")
        known = shape[key]
        values[key] = value if type(value) is known.plain else _value(known.hint, value, f"{where}: {key}")
    if len(values) < len(shape):
        for name in _required(record):  # type: ignore[arg-type]
            if name not in values:
                raise ConfigError(f"{where}: {name} is missing ({_text(shape[name].hint)})")
    return record(**values)


class _Key(NamedTuple):
    hint: Any
    plain: Annotated[type | None, "A value of exactly this type is right as it is"]


@cache
def _shape(record: type) -> dict[str, _Key]:
    """Worked out once a record: Python compiles each annotation anew, which was all but a thirtieth of reading 10,000
    sites, and asking each site for every field it does not give was half of what was left."""
    hints = get_type_hints(record, include_extras=True)
    shape = {}
    for field in fields(record):
        hint = hints[field.name]
        bare = get_args(hint)[0] if get_origin(hint) is Annotated else hint
        shape[field.name] = _Key(hint, bare if bare in _PLAIN else None)
    return shape


@cache
def _required(record: type) -> list[str]:
    return [field.name for field in fields(record) if field.default is MISSING and field.default_factory is MISSING]


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """`; did you mean 'x'?` for the likeliest of `known`, else the list of them."""
    close = get_close_matches(word, known, 1, 0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(known))}"


def _value(hint: Any, value: Any, where: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _value(args[0], value, where)
    if origin in (Union, types.UnionType):
        return _value(next(arg for arg in args if arg is not type(None)), value, where)
    if origin is Literal:
        if value not in args:
            raise ConfigError(f"{where} is {value!r}{nearest(str(value), [str(arg) for arg in args])}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise ConfigError(f"{where} must be a list, not {value!r}")
        return tuple(_value(args[0], member, f"{where}[{n}]") for n, member in enumerate(value))
    if origin is dict:
        if not isinstance(value, dict):
            raise ConfigError(f"{where} must be a table, not {value!r}")
        return {key: _value(args[1], member, f"{where}.{key}") for key, member in value.items()}
    if is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, dict):
            raise ConfigError(f"{where} must be a table, not {value!r}")
        return build(hint, value, where)
    return _plain(hint, value, where)


def _plain(hint: type, value: Any, where: str) -> Any:
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:  # bool is an int in Python, not in TOML
        raise ConfigError(f"{where} must be {_NAMES.get(hint, hint.__name__)}, not {value!r}")
    return value


def _text(hint: Any) -> str:
    return str(get_args(hint)[1]) if get_origin(hint) is Annotated else "required"


_PLAIN = (str, int, float, bool)
_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
