"""Dictionaries and the fields of cards: commands in, views out, and the contract of public events."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.dictionaries import (
    AddClientField,
    AddDictionaryEntry,
    ChangeClientField,
    ChangeDictionaryEntry,
    InstallDefaults,
)
from services.clients.domain.client_field import CUSTOM_KINDS
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import EventSchema, Flag, Text
from services.kernel.validation import NothingToChange, Wrong

BLOCKS = ("common", "special")
KINDS = (*CUSTOM_KINDS, "texts", "object", "objects", "values")
_CODE = r"[a-z0-9][a-z0-9_-]{0,39}"


class Code(Text):
    """A short word that stays when names change."""

    def __init__(self, pattern: str = _CODE, **kwargs: Any) -> None:
        super().__init__(40, min_length=1, metadata={"pattern": f"^{pattern}$"}, **kwargs)
        self._written = validate.Regexp(f"^{pattern}\\Z")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return self._written(text)
        except ma.ValidationError as error:
            ru, en = "Строчные латинские буквы, цифры, - и _", "Small latin letters, digits, - and _"
            raise Wrong("wrong-code", ru, en) from error


class AddDictionaryEntrySchema(CommandSchema):
    command = AddDictionaryEntry

    dictionary = Text(40, required=True, min_length=1)
    code = Code(required=True)
    name = Text(200, required=True, min_length=1)
    parent = Text(40, min_length=1, allow_none=True)


class ChangeDictionaryEntrySchema(CommandSchema):
    command = ChangeDictionaryEntry

    entry_id = Text(81, required=True, min_length=1)
    name = Text(200, min_length=1)
    parent = Text(40, min_length=1, allow_none=True)
    retired = Flag()

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeDictionaryEntry:
        entry_id = data.pop("entry_id")
        if not data:
            raise NothingToChange
        return ChangeDictionaryEntry(entry_id, data)


class AddClientFieldSchema(CommandSchema):
    command = AddClientField

    code = Code(r"[a-z][a-z0-9_]{0,39}", required=True)
    label = Text(200, required=True, min_length=1)
    kind = ma.fields.String(required=True, validate=validate.OneOf(CUSTOM_KINDS))
    block = ma.fields.String(validate=validate.OneOf(BLOCKS))
    dictionary = Text(40, metadata={"description": "Of a choice: where from; a dictionary of its own without one"})


class InstallDefaultsSchema(CommandSchema):
    command = InstallDefaults


class ChangeClientFieldSchema(CommandSchema):
    command = ChangeClientField

    code = Text(40, required=True, min_length=1)
    label = Text(200, min_length=1)
    block = ma.fields.String(validate=validate.OneOf(BLOCKS))
    hidden = Flag()

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeClientField:
        code = data.pop("code")
        if not data:
            raise NothingToChange
        return ChangeClientField(code, data)


class DictionaryEntryView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    dictionary = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    parent = ma.fields.String(required=True, allow_none=True, metadata={"description": "Code of the entry above"})
    retired = ma.fields.Boolean(required=True)


class GetDictionaryEntrySchema(ma.Schema):
    entry_id = Text(81, required=True, min_length=1)


class ListDictionaryEntriesSchema(ResourceListSchema):
    dictionary = Text(40)
    retired = ma.fields.Boolean()


class ClientFieldView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    label = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    block = ma.fields.String(required=True, validate=validate.OneOf(BLOCKS))
    dictionary = ma.fields.String(required=True)
    custom = ma.fields.Boolean(required=True, metadata={"description": "Its values stand in `custom` of a card"})
    hidden = ma.fields.Boolean(required=True, metadata={"description": "Not to be shown in forms; values stay"})


class GetClientFieldSchema(ma.Schema):
    code = Text(40, required=True, min_length=1)


class ListClientFieldsSchema(ResourceListSchema):
    custom = ma.fields.Boolean()
    hidden = ma.fields.Boolean()
    block = ma.fields.String(validate=validate.OneOf(BLOCKS))


class DictionaryEntryAddedSchema(EventSchema):
    dictionary = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    parent = ma.fields.String(required=True, allow_none=True)


class DictionaryEntryChangedSchema(EventSchema):
    dictionary = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    before = ma.fields.Dict(required=True)
    after = ma.fields.Dict(required=True)


class ClientFieldAddedSchema(EventSchema):
    code = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    block = ma.fields.String(required=True)
    dictionary = ma.fields.String(required=True)
    custom = ma.fields.Boolean(required=True)


class ClientFieldChangedSchema(EventSchema):
    code = ma.fields.String(required=True)
    before = ma.fields.Dict(required=True)
    after = ma.fields.Dict(required=True)
