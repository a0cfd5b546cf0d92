"""The payment QR code of ГОСТ Р 56042-2014: what a bank's app reads to fill in a payment."""

import re
from dataclasses import dataclass

from services.kernel.money import Amount

_UTF8 = "ST00012"
_SEPARATOR = "|"
_REQUIRED_BYTES = 300
_NAME, _BANK, _PURPOSE = 160, 45, 210


@dataclass(frozen=True, slots=True)
class Payment:
    """Whom to pay, where, how much and what for, in roubles."""

    payee: str
    payee_inn: str
    payee_kpp: str
    account: str
    bank: str
    bic: str
    corr_account: str
    amount: Amount
    purpose: str


def payment_qr(payment: Payment) -> str:
    """The text of the code. Long texts are cut at the limits that readers hold to."""
    fixed = {"PersonalAcc": payment.account, "BankName": _clean(payment.bank, _BANK)}
    fixed |= {"BIC": payment.bic, "CorrespAcc": payment.corr_account}
    room = _REQUIRED_BYTES - len(_block({"Name": "", **fixed}).encode())
    required = {"Name": _fit(_clean(payment.payee, _NAME), room), **fixed}
    optional = {
        "Sum": str(int(payment.amount.scaleb(2))),
        "Purpose": _clean(payment.purpose, _PURPOSE),
        "PayeeINN": payment.payee_inn,
        "KPP": payment.payee_kpp,
    }
    return _block(required | {key: value for key, value in optional.items() if value})


def _block(fields: dict[str, str]) -> str:
    return _SEPARATOR.join([_UTF8, *(f"{key}={value}" for key, value in fields.items())])


def _clean(text: str, limit: int) -> str:
    """The separator may stand in no value, and bank apps know no other one."""
    text = text.translate({ord(_SEPARATOR): "/"})
    return re.sub(r"\s+", " ", text).strip()[:limit].rstrip()


def _fit(text: str, room: int) -> str:
    return text.encode()[:room].decode(errors="ignore").rstrip()
