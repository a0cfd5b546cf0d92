"""Russian state and bank codes, phones and e-mail addresses: is what was written a possible one?

Check digits are ours on purpose: the libraries at hand refuse a quarter of valid ОГРНИП or
accept wrong ИНН. A code that passes is possible, not necessarily issued.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11TH_DIGIT = (7, *_INN_10)
_INN_12TH_DIGIT = (3, 7, *_INN_10)
_TEN = 10
_ACCOUNT_WEIGHTS = (7, 1, 3)
_CENTRAL_BANK_UNITS = 50
_EXTENSION = re.compile(r"\b(?:вн|внутр\w*|добавочн\w*)\b\.?", re.IGNORECASE)


def inn_ok(inn: str) -> bool:
    """ИНН of a company (10 digits) or of a person, sole traders included (12 digits)."""
    if not re.fullmatch(r"[0-9]{10}|[0-9]{12}", inn) or inn.startswith("00"):
        return False
    if len(inn) == len(_INN_10) + 1:
        return _inn_digit(inn, _INN_10) == inn[9]
    return _inn_digit(inn, _INN_11TH_DIGIT) == inn[10] and _inn_digit(inn, _INN_12TH_DIGIT) == inn[11]


def _inn_digit(inn: str, weights: Sequence[int]) -> str:
    return str(sum(int(digit) * weight for digit, weight in zip(inn, weights, strict=False)) % 11 % 10)


def kpp_ok(kpp: str) -> bool:
    """КПП of a company or a branch of it. It has no check digit."""
    return bool(re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", kpp)) and not kpp.startswith("0000")


def ogrn_ok(ogrn: str) -> bool:
    """ОГРН of a company (13 digits) or ОГРНИП of a sole trader (15 digits)."""
    if re.fullmatch(r"[1-9][0-9]{12}", ogrn):
        return _ogrn_digit(ogrn, 11)
    return bool(re.fullmatch(r"[34][0-9]{14}", ogrn)) and _ogrn_digit(ogrn, 13)


def _ogrn_digit(ogrn: str, divisor: int) -> bool:
    return int(ogrn[:-1]) % divisor % 10 == int(ogrn[-1])


def okpo_ok(okpo: str) -> bool:
    """ОКПО of a company (8 digits) or of a sole trader (10 digits)."""
    if not re.fullmatch(r"[0-9]{8}|[0-9]{10}", okpo):
        return False
    remainder = _okpo_remainder(okpo, 1)
    if remainder == _TEN:
        remainder = _okpo_remainder(okpo, 3) % _TEN
    return remainder == int(okpo[-1])


def _okpo_remainder(okpo: str, first_weight: int) -> int:
    return sum(int(digit) * (place + first_weight) for place, digit in enumerate(okpo[:-1])) % 11


def bic_ok(bic: str) -> bool:
    """БИК of a bank in Russia. It has no check digit."""
    return bool(re.fullmatch(r"04[0-9]{7}", bic))


def account_ok(account: str, bic: str) -> bool:
    """An account (расчётный счёт) kept by the bank with this БИК."""
    if not re.fullmatch(r"[0-9]{20}", account) or not bic_ok(bic):
        return False
    kept_by_central_bank = int(bic[6:]) < _CENTRAL_BANK_UNITS
    return _account_key_ok(_unit_prefix(bic) if kept_by_central_bank else bic[6:], account)


def corr_account_ok(account: str, bic: str) -> bool:
    """The correspondent account (корреспондентский счёт) of the bank with this БИК."""
    if not re.fullmatch(r"301[0-9]{17}", account) or not bic_ok(bic):
        return False
    return account[-3:] == bic[-3:] and _account_key_ok(_unit_prefix(bic), account)


def _unit_prefix(bic: str) -> str:
    return "0" + bic[4:6]


def _account_key_ok(prefix: str, account: str) -> bool:
    digits = enumerate(prefix + account)
    return sum(int(digit) * _ACCOUNT_WEIGHTS[place % 3] for place, digit in digits) % 10 == 0


@dataclass(frozen=True, slots=True)
class Phone:
    """A valid phone number in E.164 and the extension behind it, if any."""

    number: str
    extension: str = ""


def phone_e164(text: str) -> Phone | None:
    """Reads a phone as people in Russia write it; None when it is no complete valid number."""
    text = _EXTENSION.sub("доб.", text.strip())
    if re.match(r"\+\s*8[\s(-]", text):
        return _valid_phone(text[1:])
    return _valid_phone(text) or (_valid_phone(text[1:]) if text.startswith("+8") else None)


def _valid_phone(text: str) -> Phone | None:
    try:
        parsed = phonenumbers.parse(text, "RU")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Phone(number, parsed.extension or "")


def email_ok(address: str) -> bool:
    """The syntax of an e-mail address. Whether letters arrive is learnt by sending."""
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True
