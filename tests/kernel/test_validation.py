import re

import marshmallow as ma
import pytest
from marshmallow import fields as f
from marshmallow import validate as v

from services.kernel.validation import NothingToChange, Wrong, field_errors


class LineSchema(ma.Schema):
    price = f.String(required=True)


class EveryField(ma.Schema):
    text = f.String(required=True)
    whole = f.Integer(validate=v.Range(1, 500))
    least = f.Integer(validate=v.Range(min=1))
    most = f.Integer(validate=v.Range(max=5))
    above = f.Integer(validate=v.Range(min=1, min_inclusive=False))
    below = f.Integer(validate=v.Range(max=5, max_inclusive=False))
    number = f.Float()
    flag = f.Boolean()
    day = f.Date()
    time = f.DateTime()
    aware = f.AwareDateTime()
    short = f.String(validate=v.Length(max=3))
    long = f.String(validate=v.Length(min=3))
    between = f.String(validate=v.Length(1, 3))
    choice = f.String(validate=v.OneOf(("a", "b")))
    lines = f.List(f.Nested(LineSchema))
    names = f.Dict(keys=f.String(validate=v.Length(max=3)), values=f.Integer())
    line = f.Nested(LineSchema)
    link = f.Url()
    id = f.UUID()


def errors(**arguments):
    with pytest.raises(ma.ValidationError) as refused:
        EveryField().load({"text": "a", **arguments})
    return field_errors(refused.value.messages)


@pytest.mark.parametrize(
    ("arguments", "field", "code", "ru"),
    [
        ({"text": None}, "text", "null", "Значение не может быть пустым"),
        ({"text": 5}, "text", "not-a-string", "Должна быть строка"),
        ({"whole": "a"}, "whole", "not-an-integer", "Должно быть целое число"),
        ({"whole": 0}, "whole", "range", "От 1 до 500"),
        ({"least": 0}, "least", "too-small", "Не меньше 1"),
        ({"most": 6}, "most", "too-big", "Не больше 5"),
        ({"above": 1}, "above", "too-small", "Больше 1"),
        ({"below": 5}, "below", "too-big", "Меньше 5"),
        ({"number": "a"}, "number", "not-a-number", "Должно быть число"),
        ({"number": "nan"}, "number", "not-a-number", "Должно быть число"),
        ({"flag": "perhaps"}, "flag", "not-a-boolean", "Должно быть true или false"),
        ({"day": "завтра"}, "day", "not-a-date", "Должна быть дата вида ГГГГ-ММ-ДД"),
        ({"time": "сейчас"}, "time", "not-a-time", "Должно быть время по ISO 8601"),
        ({"aware": "2026-01-01T00:00:00"}, "aware", "no-offset", "У времени должно быть смещение пояса"),
        ({"short": "abcd"}, "short", "too-long", "Длиннее 3"),
        ({"long": "ab"}, "long", "too-short", "Короче 3"),
        ({"between": ""}, "between", "length", "Длина должна быть от 1 до 3"),
        ({"choice": "c"}, "choice", "not-allowed", "Допустимо: a, b"),
        ({"lines": "a"}, "lines", "not-a-list", "Должен быть список"),
        ({"lines": [5]}, "lines.0", "not-an-object", "Должен быть объект"),
        ({"lines": [{"price": "1"}, {}]}, "lines.1.price", "required", "Обязательное поле"),
        ({"line": {"price": "1", "extra": 1}}, "line.extra", "unknown-field", "Неизвестное поле"),
        ({"names": []}, "names", "not-an-object", "Должен быть объект"),
        ({"names": {"abcd": 1}}, "names.abcd.key", "too-long", "Длиннее 3"),
        ({"names": {"a": "b"}}, "names.a.value", "not-an-integer", "Должно быть целое число"),
        ({"surprise": 1}, "surprise", "unknown-field", "Неизвестное поле"),
        ({"link": "nowhere"}, "link", "not-a-url", "Должен быть адрес URL"),
        ({"id": "5"}, "id", "not-an-id", "Должен быть идентификатор UUID"),
    ],
)
def test_a_complaint_has_its_path_a_code_and_both_languages(arguments, field, code, ru):
    [error] = errors(**arguments)
    assert (error.field, error.code, error.ru) == (field, code, ru)
    assert re.search("[A-Za-z]", error.en)
    assert not re.search("[а-яё]", error.en.lower())


def test_all_complaints_are_told_at_once():
    found = errors(text=5, whole=0, lines=[{}, {}])
    assert [error.field for error in found] == ["text", "whole", "lines.0.price", "lines.1.price"]


def test_a_rule_of_ours_brings_its_own_words():
    complaint = Wrong("too-late", "Поздно", "Too late")
    assert [(e.field, e.code, e.ru, e.en) for e in field_errors({"day": complaint.messages})] == [
        ("day", "too-late", "Поздно", "Too late")
    ]


def test_a_complaint_about_the_whole_names_no_field():
    [error] = field_errors({"_schema": NothingToChange().messages})
    assert (error.field, error.code) == ("", "nothing-to-change")


def test_a_complaint_nobody_knows_is_still_told():
    [error] = field_errors({"day": ["Something new."]})
    assert (error.code, error.ru, error.en) == ("invalid", "Недопустимое значение", "Something new.")


def test_names_that_callers_make_up_are_bounded_and_printable():
    [error] = field_errors({"\ud800" + "x" * 500: ["Unknown field."]})
    assert error.field.startswith("\\ud800x")
    assert len(error.field) == 200
