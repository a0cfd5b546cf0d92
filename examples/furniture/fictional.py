"""Clients that exist nowhere, with codes, phones and addresses that are valid all the same."""

import random
import re
from collections.abc import Callable
from itertools import count

from examples.furniture import vocabulary as words
from examples.furniture.vocabulary import Place
from services.kernel.codes import inn_ok, ogrn_ok

Cells = dict[str, str | int]

_LATIN = str.maketrans("абвгдеёзийклмнопрстуфыэ", "abvgdeeziyklmnoprstufye") | {
    ord(letter): latin
    for letter, latin in {
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sch",
        "ю": "yu",
        "я": "ya",
    }.items()
}
_MOBILE_AREA = 3


def with_check_digits(head: str, valid: Callable[[str], bool], places: int = 1) -> str:
    """The one completion of a code that its check digits allow."""
    return next(code for tail in range(10**places) if valid(code := f"{head}{tail:0{places}}"))


def latin(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower().translate(_LATIN))


def grouped(number: str) -> str:
    """012345 as 01-23-45 and 0123456 as 012-34-56."""
    return f"{number[:-4]}-{number[-4:-2]}-{number[-2:]}"


class Inventor:
    """Never the same code, phone or address twice; the same clients for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._serial = count(1)
        names = [f"{adjective} {noun}" for adjective in words.ADJECTIVES for noun in words.NOUNS]
        people = [(surname, n) for surname in words.SURNAMES for n in range(len(words.MEN) + len(words.WOMEN))]
        self._names = iter(self.random.sample(names, len(names)))
        self._people = iter(self.random.sample(people, len(people)))

    def company(self) -> Cells:
        name, place = next(self._names), self.random.choice(words.PLACES)
        serial, year = next(self._serial), self.random.randint(2, 24)
        return {
            "Наименование": f"{self.random.choice(words.COMPANY_FORMS)} «{name}»",
            "ИНН": with_check_digits(f"{place.region}99{serial:05}", inn_ok),
            "КПП": f"{place.region}9901001",
            "ОГРН": with_check_digits(f"1{year:02}{place.region}99{serial:05}", ogrn_ok),
            "Контактное лицо": self.person(),
            "Должность": self.random.choice(words.POSITIONS),
            "Телефон": self.spelled(self.landline(place), len(place.area_code)),
            "Мобильный": self.spelled(self.mobile(), _MOBILE_AREA) if self.random.random() < 0.4 else "",
            "E-mail": f"{self.random.choice(('info', 'zakaz', 'office'))}@{latin(name)}{serial}.example",
            **self._where_and_whence(place),
            "Отрасль": self.random.choice(words.INDUSTRIES),
        }

    def trader(self) -> Cells:
        name, place = self.person(), self.random.choice(words.PLACES)
        serial, year = next(self._serial), self.random.randint(10, 24)
        return {
            "Наименование": f"ИП {name}",
            "ИНН": with_check_digits(f"{place.region}99{serial:06}", inn_ok, places=2),
            "ОГРН": with_check_digits(f"3{year:02}{place.region}99{serial:07}", ogrn_ok),
            "Телефон": self.spelled(self.mobile(), _MOBILE_AREA),
            "E-mail": f"ip.{latin(name.split()[0])}{serial}@post.example",
            **self._where_and_whence(place),
            "Отрасль": self.random.choice(words.INDUSTRIES),
        }

    def individual(self) -> Cells:
        name, place = self.person(), self.random.choice(words.PLACES)
        return {
            "Наименование": name,
            "Мобильный": self.spelled(self.mobile(), _MOBILE_AREA),
            "E-mail": f"{latin(name.split()[0])}{next(self._serial)}@mail.example"
            if self.random.random() < 0.5
            else "",
            **self._where_and_whence(place),
        }

    def person(self) -> str:
        surname, number = next(self._people)
        father = self.random.choice(words.FATHERS)
        if number < len(words.MEN):
            return f"{surname} {words.MEN[number]} {father}ич"
        return f"{surname}а {words.WOMEN[number - len(words.MEN)]} {father}на"

    def landline(self, place: Place) -> str:
        """No subscriber's number begins with 0, so nobody is called by mistake."""
        length = 10 - len(place.area_code)
        return f"{place.area_code}{next(self._serial):0{length}}"

    def mobile(self) -> str:
        return f"9{self.random.choice((35, 43, 45, 48, 74))}00{next(self._serial):05}"

    def spelled(self, national: str, area: int) -> str | int:
        """A phone as somebody may have typed it, or as the number a spreadsheet made of it."""
        code, rest = national[:area], grouped(national[area:])
        spellings: list[str | int] = [
            f"+7 ({code}) {rest}",
            f"8 ({code}) {rest}",
            f"8{national}",
            f"+7-{code}-{rest}",
            f"8 {code} {rest.replace('-', ' ')}",
            f"  +7{national} ",
            int(f"7{national}"),
        ]
        if area > _MOBILE_AREA:
            spellings.append(f"{code} {rest} доб. {self.random.randint(10, 99)}")
        return self.random.choice(spellings)

    def _where_and_whence(self, place: Place) -> Cells:
        house = self.random.randint(1, 90)
        return {
            "Регион": place.region_name,
            "Город": place.city,
            "Адрес": f"г. {place.city}, ул. {self.random.choice(words.STREETS)}, д. {house}",
            "Источник": self.random.choice(words.SOURCES),
            "Менеджер": self.random.choice(words.MANAGERS),
            "Примечание": self.random.choice(words.NOTES) if self.random.random() < 0.3 else "",
        }
