"""JSON Schemas of what is answered in JSON: those of our records follow their declarations, so a field has one text."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
TEXT_OR_NONE: Schema = {"type": ["string", "null"]}
NUMBER_OR_NONE: Schema = {"type": ["integer", "null"]}
ADDRESS: Schema = {"type": "string", "format": "uri"}
ERROR: Schema = {"type": "object", "properties": {"error": TEXT}, "required": ["error"]}


def told(schema: Schema, text: str) -> Schema:
    """The schema with a sentence of what the value means."""
    return schema | {"description": text}


def many(of: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": of}


def record(optional: tuple[str, ...] = (), /, **members: Schema) -> Schema:
    """An object that has all these members but the optional ones; more may be added."""
    return {"type": "object", "properties": members, "required": [name for name in members if name not in optional]}


def schema_of(declared: Any) -> Schema:
    """The schema of what `json.dumps` makes of a value of that type; of a record class with the texts of its fields."""
    origin, arguments = get_origin(declared), get_args(declared)
    if origin is Annotated:
        text = next((more for more in arguments[1:] if isinstance(more, str)), "")
        return told(schema_of(arguments[0]), text) if text else schema_of(arguments[0])
    if declared in _PLAIN:
        return {"type": _PLAIN[declared]}
    if is_dataclass(declared):
        hints = get_type_hints(declared, include_extras=True)
        return record(**{field.name: schema_of(hints[field.name]) for field in fields(declared)})
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of(one) for one in arguments]}
    if origin is tuple and arguments[-1] is not Ellipsis:
        return {
            "type": "array",
            "prefixItems": [schema_of(one) for one in arguments],
            "minItems": len(arguments),
            "maxItems": len(arguments),
        }
    if origin in (list, tuple):
        return many(schema_of(arguments[0]))
    raise TypeError(f"{declared}: no value of this type is answered in JSON yet")
