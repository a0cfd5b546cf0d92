"""Fields that every service's schemas are made of."""

import re
from decimal import Decimal
from typing import Any

import marshmallow as ma

from services.kernel.validation import Wrong

CURRENCIES = ("RUB", "USD", "EUR", "CNY", "KZT", "BYN")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Text(ma.fields.String):
    """Text of bounded length without control characters, which no database or form can hold."""

    def __init__(self, max_length: int, *, min_length: int = 0, **kwargs: Any) -> None:
        length = ma.validate.Length(min=min_length or None, max=max_length)
        super().__init__(validate=length, **kwargs)
        self.min_length = min_length

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if _UNSTORABLE.search(text):
            raise Wrong("control-characters", "Недопустимые управляющие символы", "Control characters are not allowed")
        return text.strip() if self.min_length else text


class Id(Text):
    """An opaque identifier."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(64, min_length=1, **kwargs)


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
    """An amount of money with up to two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(12, 2, **kwargs)


class Currency(ma.fields.String):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=ma.validate.OneOf(CURRENCIES), **kwargs)


class EventSchema(ma.Schema):
    """The contract of a public event's data: readers pass over fields they do not know."""

    class Meta:
        unknown = ma.EXCLUDE
