import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clients.domain.identity import IdentityKey, decisive, email_key, identity_keys, name_keys

LATIN_OOO = "OOO"


@pytest.mark.parametrize(
    "written",
    [
        "ООО «Берёзка»",
        'ООО "БЕРЕЗКА"',
        "Берёзка, ООО",
        "общество с ограниченной ответственностью  'Березка'",
        f"{LATIN_OOO} Березка",
        "Березка.",
        "Beryozka LLC",
        "OOO Berezka",
    ],
)
def test_one_company_has_one_name_key(written):
    assert "березка" in name_keys(written)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("ИП Соколов Артём Викторович", "соколов артем викторович"),
        ("Соколов Артем Викторович (ИП)", "соколов артем викторович"),
        ("ООО", "о"),
        ("Ипподром", "иподром"),
        ("Кафе «АО»", "кафе"),
        ("ООО «Мебель-Центр»", "мебел центр"),
    ],
)
def test_only_whole_words_that_are_legal_forms_are_left_out(written, key):
    assert name_keys(written) == {key}


def test_a_name_of_signs_alone_has_no_key():
    assert name_keys("«»") == frozenset()


@pytest.mark.parametrize(
    "spellings",
    [
        ("Щукин и сыновья", "Shchukin i synovya", "Schukin i synovia"),
        ("Хорошёв", "Khoroshev", "Horoshyov"),
        ("Юлия Цветаева", "Yulia Tsvetaeva", "Julija Tzvetaeva"),
        ("Алексей", "Alexey", "Aleksei", "Aleksej"),
        ("Яндекс", "Yandex", "Jandex"),
        ("Евгений Жуков", "Evgeniy Zhukov", "Yevgeny Zhukov"),
    ],
)
def test_a_name_is_the_same_in_either_alphabet_however_it_is_transliterated(spellings):
    assert frozenset.intersection(*map(name_keys, spellings))


@pytest.mark.parametrize(("one", "other"), [("Ромашка", "Рубашка"), ("Лот", "Лоток"), ("Sever", "Vostok")])
def test_names_that_differ_have_different_keys(one, other):
    assert not name_keys(one) & name_keys(other)


def test_letters_that_look_alike_are_the_same_in_a_key():
    assert name_keys("MAKC") & name_keys("МАКС")
    assert name_keys("Pомашка") == name_keys("Ромашка")


def test_an_inn_counts_together_with_its_kpp():
    keys = identity_keys(inn="7799101370", kpp="779901001", name="ООО «Ромашка-Сервис»", phones=[], emails=[])
    assert keys == {IdentityKey("inn", "7799101370/779901001"), IdentityKey("name", "ромашка сервис")}


@pytest.mark.parametrize("inn", ["", "0000000000", "1234567890", "0461111101"])
def test_a_wrong_inn_identifies_nobody(inn):
    assert identity_keys(inn=inn, kpp="", name="", phones=[], emails=[]) == frozenset()


def test_addresses_differ_by_more_than_case():
    keys = identity_keys(inn="", kpp="", name="", phones=["+74951234567"], emails=["AD@erw.ru", "ad@ERW.ru"])
    assert keys == {IdentityKey("phone", "+74951234567"), IdentityKey("email", "ad@erw.ru")}


def test_a_name_decides_only_where_nothing_else_does():
    name, phone = IdentityKey("name", "мечта"), IdentityKey("phone", "+74951234567")
    assert decisive([name, phone]) == {phone}
    assert decisive([name]) == {name}


@given(st.text())
def test_a_key_is_its_own_key(text):
    for key in name_keys(text):
        assert key in name_keys(key)
    assert email_key(email_key(text)) == email_key(text)


@given(st.lists(st.text(alphabet="абвгдеёжзИПАОЮЯ", min_size=1), min_size=1, max_size=4))
def test_case_quotes_and_yo_never_matter(words):
    name = " ".join(words)
    assert name_keys(f"«{name.upper()}»") == name_keys(name.lower().replace("ё", "е"))
