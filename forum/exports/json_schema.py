"""The JSON Schema of the JSON export, as shipped beside this module (``make schema`` writes it)."""

import msgspec

from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.schema import Field
from forum.exports.fields import EXPORTED
from forum.exports.told import SCHEMA, Archive

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID = "urn:uuid:0b7d2c5e-5c1f-4f0b-9f0e-6d3f2a8c41e7"  # of this version of the format, for ever


def schema() -> bytes:
    """The JSON Schema of the JSON export, as shipped beside this module."""
    found = msgspec.json.schema(Archive)
    found["$defs"]["Archive"]["properties"]["schema"] = {"const": SCHEMA}
    known = [_fields(schema.name, schema.fields) for schema in SCHEMAS.values()]
    found["$defs"]["SheetOut"] |= {"allOf": known} if known else {}
    named = {"$schema": DIALECT, "$id": SCHEMA_ID, "title": f"Forum's JSON export ({SCHEMA})"}
    return msgspec.json.format(msgspec.json.encode(named | found), indent=2) + b"\n"


def _fields(schema: str, fields: tuple[Field, ...]) -> dict[str, object]:
    """What a sheet of one schema holds, for a JSON Schema."""
    held = {"properties": {field.name: EXPORTED[field.kind.name].json(field.holds) for field in fields}}
    is_one = {"properties": {"schema": {"const": schema}}, "required": ["schema"]}
    return {"if": is_one, "then": {"properties": {"fields": held}}}
