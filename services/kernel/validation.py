"""Marshmallow's complaints as field errors, in both languages."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import marshmallow as ma

from services.kernel.errors import FieldError

# Marshmallow says what is wrong in English sentences; each gets a stable code and its Russian.
_KNOWN: tuple[tuple[str, str, str], ...] = (
    (r"Missing data for required field\.", "required", "Обязательное поле"),
    (r"Field may not be null\.", "null", "Значение не может быть пустым"),
    (r"Unknown field\.", "unknown-field", "Неизвестное поле"),
    (r"Not a valid string\.", "not-a-string", "Должна быть строка"),
    (r"Not a valid integer\.", "not-an-integer", "Должно быть целое число"),
    (r"Not a valid number\.", "not-a-number", "Должно быть число"),
    (r"Not a valid boolean\.", "not-a-boolean", "Должно быть true или false"),
    (r"Not a valid date\.", "not-a-date", "Должна быть дата вида ГГГГ-ММ-ДД"),
    (r"Not a valid datetime\.", "not-a-time", "Должно быть время по ISO 8601"),
    (r"Not a valid aware datetime\.", "no-offset", "У времени должно быть смещение пояса"),
    (r"Not a valid list\.", "not-a-list", "Должен быть список"),
    (r"Not a valid mapping type\.", "not-an-object", "Должен быть объект"),
    (r"Invalid input type\.", "not-an-object", "Должен быть объект"),
    (r"Not a valid UUID\.", "not-an-id", "Должен быть идентификатор UUID"),
    (r"Not a valid URL\.", "not-a-url", "Должен быть адрес URL"),
    (r"Must be one of: (?P<a>.*)\.", "not-allowed", "Допустимо: {a}"),
    (r"Shorter than minimum length (?P<a>\d+)\.", "too-short", "Короче {a}"),
    (r"Longer than maximum length (?P<a>\d+)\.", "too-long", "Длиннее {a}"),
    (r"Length must be between (?P<a>\d+) and (?P<b>\d+)\.", "length", "Длина должна быть от {a} до {b}"),
    (r"Must be greater than or equal to (?P<a>.*?) and less than or equal to (?P<b>.*?)\.?", "range", "От {a} до {b}"),
    (r"Must be greater than or equal to (?P<a>.*?)\.?", "too-small", "Не меньше {a}"),
    (r"Must be less than or equal to (?P<a>.*?)\.?", "too-big", "Не больше {a}"),
    (r"Must be greater than (?P<a>.*?)\.?", "too-small", "Больше {a}"),
    (r"Must be less than (?P<a>.*?)\.?", "too-big", "Меньше {a}"),
    (r"Special numeric values \(nan or infinity\) are not permitted\.", "not-a-number", "Должно быть число"),
)


LONGEST_NAME = 200


class Wrong(ma.ValidationError):
    """A field refused by a rule of ours, with its code and both texts."""

    def __init__(self, code: str, ru: str, en: str) -> None:
        super().__init__(f"{code}\0{ru}\0{en}")


class NothingToChange(Wrong):
    def __init__(self) -> None:
        ru, en = "Нечего менять: не названо ни одного поля", "Nothing to change: no field is named"
        super().__init__("nothing-to-change", ru, en)


def field_errors(messages: Any) -> list[FieldError]:
    """Flattens marshmallow's nested messages into paths like `lines.0.price`."""
    return [_field_error(path, text) for path, text in _flatten("", messages)]


def _flatten(path: str, messages: Any) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            step = "" if key == "_schema" else _printable(str(key))
            yield from _flatten(".".join(filter(None, (path, step))), inner)
    elif isinstance(messages, str):
        yield path, messages
    else:
        for inner in messages:
            yield from _flatten(path, inner)


def _printable(name: str) -> str:
    """The name of a field, which a caller may have made up."""
    return name.encode("utf-8", "backslashreplace").decode()[:LONGEST_NAME]


def _field_error(path: str, text: str) -> FieldError:
    if "\0" in text:
        code, ru, en = text.split("\0")
        return FieldError(path, code, ru, en)
    for pattern, code, ru in _KNOWN:
        found = re.fullmatch(pattern, text)
        if found:
            return FieldError(path, code, ru.format(**found.groupdict()), text)
    return FieldError(path, "invalid", "Недопустимое значение", text)
