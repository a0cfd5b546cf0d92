"""Numbers, money and dates as Russian documents spell them."""

from dataclasses import dataclass
from datetime import date

from num2words import num2words

from services.kernel.money import DEFAULT_CURRENCY, Amount

_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class _Currency:
    unit: tuple[str, str, str]
    cent: tuple[str, str, str]
    short: str
    gender: str = "m"


_KOPECK = ("копейка", "копейки", "копеек")
_CENT = ("цент", "цента", "центов")
_CURRENCIES = {
    "RUB": _Currency(("рубль", "рубля", "рублей"), _KOPECK, "руб."),
    "USD": _Currency(("доллар США", "доллара США", "долларов США"), _CENT, "долл. США"),
    "EUR": _Currency(("евро", "евро", "евро"), ("евроцент", "евроцента", "евроцентов"), "евро"),
    "CNY": _Currency(("юань", "юаня", "юаней"), ("фынь", "фыня", "фыней"), "юаней"),
    "KZT": _Currency(("тенге", "тенге", "тенге"), ("тиын", "тиына", "тиынов"), "тенге"),
    "BYN": _Currency(("белорусский рубль", "белорусских рубля", "белорусских рублей"), _KOPECK, "бел. руб."),
    "TRY": _Currency(
        ("турецкая лира", "турецкие лиры", "турецких лир"), ("куруш", "куруша", "курушей"), "тур. лир", "f"
    ),
    "AED": _Currency(("дирхам ОАЭ", "дирхама ОАЭ", "дирхамов ОАЭ"), ("филс", "филса", "филсов"), "дирх. ОАЭ"),
    "UZS": _Currency(("узбекский сум", "узбекских сума", "узбекских сумов"), ("тийин", "тийина", "тийинов"), "сумов"),
}


def plural(number: int, forms: tuple[str, str, str]) -> str:
    """The form of a noun that agrees with a number: день, дня, дней."""
    tens, ones = number // 10 % 10, number % 10
    if tens == 1 or ones == 0 or ones > 4:  # noqa: PLR2004 (the grammar's own four)
        return forms[2]
    return forms[0] if ones == 1 else forms[1]


def amount_in_words(amount: Amount, currency: str = DEFAULT_CURRENCY) -> str:
    """`Одна тысяча один рубль 01 копейка`; the amount is not negative."""
    spelt = _CURRENCIES[currency]
    units, cents = divmod(int(amount.scaleb(2)), 100)
    number = num2words(units, lang="ru", gender=spelt.gender)
    text = f"{number} {plural(units, spelt.unit)} {cents:02}{_NBSP}{plural(cents, spelt.cent)}"
    return text[0].upper() + text[1:]


def currency_short(currency: str) -> str:
    """What stands behind a sum in figures: `руб.`"""
    return _CURRENCIES[currency].short


def date_in_words(day: date) -> str:
    """`2 ноября 2026 г.`, with spaces that do not break."""
    return _NBSP.join((str(day.day), _MONTHS[day.month - 1], str(day.year), "г."))


def date_in_figures(day: date) -> str:
    """`02.11.2026`"""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"
