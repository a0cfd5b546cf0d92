"""The furniture shop's client list, with the dirt that such lists have laid into it on purpose."""

from dataclasses import dataclass

from examples.furniture.fictional import Cells, Inventor

COMPANIES, TRADERS, INDIVIDUALS = 210, 50, 40
NUMERIC_CODES = 0.25

# who the story sells to; the codes are those of the samples that every part of the system is tested with
STORY_CLIENTS: tuple[Cells, ...] = (
    {
        "Наименование": "ООО «Ромашка-Сервис»",
        "ИНН": "7799101370",
        "КПП": "779901001",
        "ОГРН": "1187799000014",
        "Контактное лицо": "Кравцов Илья Никитич",
        "Должность": "Генеральный директор",
        "Телефон": "8 (495) 000-00-12",
        "Мобильный": "+7 935 000-00-12",
        "E-mail": "zakupki@romashka-servis.example",
        "Регион": "Москва",
        "Город": "Москва",
        "Адрес": "115280, г. Москва, ул. Примерная, д. 1, помещ. 12",
        "Отрасль": "Услуги",
        "Источник": "Рекомендация",
        "Менеджер": "Петров Алексей Ильич",
    },
    {
        "Наименование": "ООО «ТехПоставка»",
        "ИНН": "7899101744",
        "КПП": "789901001",
        "ОГРН": "1157899000027",
        "Контактное лицо": "Лебедева Наталья Львовна",
        "Должность": "Директор",
        "Телефон": "+7 (812) 000-00-13",
        "E-mail": "office@tehpostavka.example",
        "Регион": "Санкт-Петербург",
        "Город": "Санкт-Петербург",
        "Адрес": "191000, г. Санкт-Петербург, наб. Учебная, д. 7, лит. А",
        "Отрасль": "Транспортные услуги",
        "Источник": "Сайт",
        "Менеджер": "Белова Анна Сергеевна",
    },
)


@dataclass(eq=False, slots=True)
class Line:
    """A row of the list and what an import must say of it."""

    cells: Cells
    outcome: str = "created"
    problem: str = ""
    column: str = ""
    repeats: "Line | None" = None


BAD_ADDRESSES = (
    "wqdqdas@sfgsr wert wert", "info@", "zakaz.dub.example", "ivan@@mail.example", "почта у нас одна", "a b@c.example",
)  # fmt: skip
# code of the warning, the column, the values that cause it
WRONG = (
    ("wrong-inn", "ИНН", ("0461111101", "0461111001", "1234567890", "7700000000", "уточнить у бухгалтера")),
    ("wrong-kpp", "КПП", ("7699010", "00000", "76990100112")),
    ("wrong-ogrn", "ОГРН", ("1187799000015", "11877990000")),
    ("wrong-phone", "Телефон", ("123-45-67", "спросить Ивана", "8 (4852) 01-23", "+7 000", "7.91612E+10")),
    ("wrong-email", "E-mail", BAD_ADDRESSES),
)


class ClientList:
    """Clean clients first; every kind of dirt then takes clients that have none yet."""

    def __init__(self, seed: int) -> None:
        self.inventor = Inventor(seed)
        self.random = self.inventor.random
        companies = [Line(self.inventor.company()) for _ in range(COMPANIES)]
        traders = [Line(self.inventor.trader()) for _ in range(TRADERS)]
        people = [Line(self.inventor.individual()) for _ in range(INDIVIDUALS)]
        self.lines = [Line(cells) for cells in STORY_CLIENTS]
        self.lines += self.random.sample([*companies, *traders, *people], COMPANIES + TRADERS + INDIVIDUALS)
        self._clean = iter(self.random.sample(companies, COMPANIES))
        self._spoil()
        self._repeat()
        self._branch()
        self._smudge()

    def _spoil(self) -> None:
        for code, column, values in WRONG:
            for value in values:
                line = next(self._clean)
                line.cells[column], line.problem, line.column = value, code, column
        for name in ("Студия «Светлый угол»", "Кофейня на Примерной", "Салон красоты Лада", "Садовый центр"):
            self._add(Line({"Наименование": name, **self._only_phone()}, problem="guessed-kind", column="Наименование"))
        for name in ("", " ", "-", "нет", "", "?"):
            cells = {**self.inventor.individual(), "Наименование": name}
            self._add(Line(cells, "refused", "no-name", "Наименование"))

    def _repeat(self) -> None:
        for spell in (without_yo, str.upper, plain_quotes, form_last, in_full, loosely, latin_form, without_yo):
            original = next(self._clean)
            codes = {code: original.cells[code] for code in ("ИНН", "КПП")}
            name = spell(str(original.cells["Наименование"]))
            self._duplicate(original, "inn", {"Наименование": name, **codes, **self._only_phone()})
        for _ in range(6):
            original, newcomer = next(self._clean), self.inventor.trader()
            phone = respelled(str(original.cells["Телефон"]))
            self._duplicate(original, "phone", {"Наименование": newcomer["Наименование"], "Телефон": phone})
        for _ in range(5):
            original, newcomer = next(self._clean), self.inventor.individual()
            address = f" {str(original.cells['E-mail']).upper()} "
            self._duplicate(original, "email", {"Наименование": newcomer["Наименование"], "E-mail": address})
        for spell in (without_yo, plain_quotes, form_last):
            original = Line({key: self.inventor.company()[key] for key in ("Наименование", "Город", "Источник")})
            self._add(original)
            self._duplicate(original, "name", {"Наименование": spell(str(original.cells["Наименование"]))})

    def _branch(self) -> None:
        """Branches and namesakes look like duplicates and are none."""
        for _ in range(2):
            head = next(self._clean).cells
            kpp = f"{str(head['КПП'])[:4]}43001"
            self._add(
                Line({"Наименование": head["Наименование"], "ИНН": head["ИНН"], "КПП": kpp, **self._only_phone()})
            )
        for _ in range(2):
            name = next(self._clean).cells["Наименование"]
            self._add(Line({**self.inventor.company(), "Наименование": name}))

    def _smudge(self) -> None:
        """What an import must not even notice: spaces, place-holders, codes that became numbers."""
        for line in self.lines[len(STORY_CLIENTS) :]:
            for heading, cell in line.cells.items():
                line.cells[heading] = self._smudged(heading, cell)

    def _smudged(self, heading: str, cell: str | int) -> str | int:
        if heading in ("ИНН", "КПП", "ОГРН") and str(cell).isdecimal():
            return int(cell) if self.random.random() < NUMERIC_CODES else cell
        if heading == "Наименование" and cell and self.random.random() < NUMERIC_CODES / 2:
            return f" {str(cell).replace(' ', '  ')}  "
        return self.random.choice(("", "-", "нет")) if cell == "" and heading != "Наименование" else cell

    def _only_phone(self) -> Cells:
        return {"Мобильный": self.inventor.spelled(self.inventor.mobile(), area=3), "Город": "Ярославль"}

    def _duplicate(self, original: Line, by: str, cells: Cells) -> None:
        self._add(Line(cells, "duplicate", by, repeats=original), after=original)

    def _add(self, line: Line, after: Line | None = None) -> None:
        first = self.lines.index(after) + 1 if after else len(STORY_CLIENTS)
        self.lines.insert(self.random.randint(first, len(self.lines)), line)


def without_yo(name: str) -> str:
    return name.replace("ё", "е").replace("Ё", "Е").lower()


def plain_quotes(name: str) -> str:
    return name.replace("«", '"').replace("»", '"')


def form_last(name: str) -> str:
    form, _, rest = name.partition(" ")
    return f"{rest.strip('«»')}, {form}"


def in_full(name: str) -> str:
    return name.replace("ООО", "Общество с ограниченной ответственностью")


def loosely(name: str) -> str:
    return f"  {name.replace(' ', '   ')} "


def latin_form(name: str) -> str:
    return name.replace("ООО", "OOO").replace("АО", "AO")


def respelled(phone: str) -> str:
    digits = "".join(filter(str.isdecimal, phone.partition("доб")[0]))[-10:]
    return f"8-{digits[:3]}-{digits[3:6]}-{digits[6:8]}-{digits[8:]}"
