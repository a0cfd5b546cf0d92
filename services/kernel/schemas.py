"""Fields that every service's schemas are made of."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import marshmallow as ma

from services.kernel.codes import email_ok
from services.kernel.money import kopecks, plain_quantity
from services.kernel.text import tidy
from services.kernel.validation import Wrong

CURRENCIES = ("RUB", "USD", "EUR", "CNY", "KZT", "BYN")
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_ENDS = re.compile(r"[\t\n\r\x85\u2028\u2029]")


class Text(ma.fields.String):
    """Text of bounded length without control characters, which no database or form can hold,
    without invisible ones, and in one line unless `lines`: names go into the headers of letters."""

    def __init__(self, max_length: int, *, min_length: int = 0, lines: bool = False, **kwargs: Any) -> None:
        length = ma.validate.Length(min=min_length or None, max=max_length)
        super().__init__(validate=length, **kwargs)
        self._lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = tidy(super()._deserialize(value, attr, data, **kwargs)).strip()
        if _UNSTORABLE.search(text) or (not self._lines and _LINE_ENDS.search(text)):
            raise Wrong("control-characters", "Недопустимые управляющие символы", "Control characters are not allowed")
        return text


class Id(Text):
    """An opaque identifier."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(64, min_length=1, **kwargs)


class EmailText(Text):
    """An e-mail address that letters can be sent to or from; empty where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(254, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not email_ok(text):
            raise Wrong("wrong-email", "Не похоже на адрес электронной почты", "Not a valid e-mail address")
        return text


class Flag(ma.fields.Boolean):
    """True or false and nothing that resembles them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Day(ma.fields.Date):
    """A date within the years that documents can bear, unless they begin with another."""

    def __init__(self, first: date = FIRST_DAY, **kwargs: Any) -> None:
        super().__init__(validate=ma.validate.Range(first, LAST_DAY), **kwargs)
        self.first = first

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **kwargs)


class Moment(ma.fields.AwareDateTime):
    """A time with its offset, such as 2026-01-31T10:00:00+03:00."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **kwargs)


class DecimalText(ma.fields.String):
    """An exact decimal number, written as a string: never a float."""

    def __init__(self, whole: int, places: int, *, positive: bool = False, **kwargs: Any) -> None:
        metadata = {"format": "decimal", "pattern": rf"^\d{{1,{whole}}}(\.\d{{1,{places}}})?$"}
        super().__init__(metadata={**metadata, **kwargs.pop("metadata", {})}, **kwargs)
        self._written = re.compile(rf"[0-9]{{1,{whole}}}(\.[0-9]{{1,{places}}})?")
        self._positive = positive

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not self._written.fullmatch(text):
            raise Wrong("not-a-decimal", "Нужно десятичное число строкой", "Must be a decimal number in a string")
        if self._positive and Decimal(text) == 0:
            raise Wrong("not-positive", "Должно быть больше нуля", "Must be above zero")
        return Decimal(text)


class MoneyText(DecimalText):
    """An amount of money with up to two decimals, read as one with two."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(12, 2, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return kopecks(super()._deserialize(value, attr, data, **kwargs))


class QuantityText(DecimalText):
    """How much of something: above zero, with up to six decimals, read without needless zeros."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(9, 6, positive=True, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return plain_quantity(super()._deserialize(value, attr, data, **kwargs))


class WholeNumber(ma.fields.Integer):
    """A whole number in plain digits, from a query or from JSON."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool | float) or not re.fullmatch(r"-?[0-9]{1,18}", str(value)):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Currency(ma.fields.String):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=ma.validate.OneOf(CURRENCIES), **kwargs)


class EventSchema(ma.Schema):
    """The contract of a public event's data: readers pass over fields they do not know."""

    class Meta:
        unknown = ma.EXCLUDE
