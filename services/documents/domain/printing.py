"""How printed documents are worded: forms in, contexts for templates out."""

from datetime import date
from decimal import Decimal

from services.documents.domain.forms import (
    FormLine,
    InvoiceForm,
    Party,
    Printable,
    ReconciliationEntry,
    ReconciliationForm,
    Signatories,
)
from services.documents.domain.payment_qr import Payment, payment_qr
from services.documents.domain.rates import PrintedForm, VatRate, form_on
from services.documents.domain.vat import Sums
from services.documents.domain.words import amount_in_words, currency_short, date_in_figures, date_in_words
from services.kernel.money import (
    DEFAULT_CURRENCY,
    NO_MONEY,
    Amount,
    format_amount,
    format_quantity,
    portion,
    times,
)

_NBSP = "\N{NO-BREAK SPACE}"
_DASH = "\N{EN DASH}"
# of a line's cell in millimetres; columns have fixed widths, as to measure long names takes minutes
_DIGIT, _PADDING, _SHORTEST = 1.87, 2.6, 7


def print_invoice(form: InvoiceForm) -> Printable:
    printed = form_on(form.date, "invoice")
    by_rate = _by_rate(form.lines)
    total = sum(by_rate.values(), Sums())
    lines = [_line(place, line, form.price_includes_vat) for place, line in enumerate(form.lines, 1)]
    context = {
        "title": f"Счет на оплату №{_NBSP}{form.number} от {date_in_words(form.date)}",
        "created": form.date.isoformat(),
        "bank": _bank(form),
        "payee": {"name": form.seller.name, "inn": form.seller.inn, "kpp": form.seller.kpp},
        "seller": _party(form.seller),
        "buyer": _party(form.buyer),
        "basis": form.basis,
        "rates_differ": len(by_rate) > 1,
        "lines": lines,
        "widths": {name: _width(name, lines) for name in ("quantity", "price", "amount")},
        "totals": _total_rows(printed, by_rate, total, included=form.price_includes_vat),
        "count": f"Всего наименований {len(form.lines)}, на сумму {_money(total.gross, form.currency)}",
        "words": amount_in_words(total.gross, form.currency),
        "pay_until": f"Оплатить не позднее {date_in_figures(form.due_date)}",
        "signatures": _signatures(form.signatories),
        "qr": _qr(form, by_rate, total.gross),
    }
    return Printable(printed.template, context)


def _bank(form: InvoiceForm) -> dict[str, str]:
    bank = form.bank
    name = ", ".join(filter(None, (bank.name, bank.city)))
    return {"name": name, "bic": bank.bic, "account": bank.account, "corr_account": bank.corr_account}


def _party(party: Party) -> str:
    codes = [f"{label}{_NBSP}{code}" for label, code in (("ИНН", party.inn), ("КПП", party.kpp)) if code]
    phone = [f"тел.:{_NBSP}{party.phone.replace(' ', _NBSP)}"] if party.phone else []
    return ", ".join(filter(None, [party.name, *codes, party.address, *phone]))


def _by_rate(lines: tuple[FormLine, ...]) -> dict[VatRate, Sums]:
    rates = sorted({line.vat_rate for line in lines}, key=lambda rate: -1 if rate == "none" else int(rate))
    return {rate: _sums_at(rate, lines) for rate in reversed(rates)}


def _sums_at(rate: VatRate, lines: tuple[FormLine, ...]) -> Sums:
    return sum((Sums(line.net, line.vat, line.gross) for line in lines if line.vat_rate == rate), Sums())


def _line(place: int, line: FormLine, included: bool) -> dict[str, str]:  # noqa: FBT001 (the document's own flag)
    amount = line.gross if included else line.net
    return {
        "place": str(place),
        "name": line.name,
        "quantity": format_quantity(line.quantity),
        "unit": line.unit,
        "price": format_amount(_price(line, amount)),
        "rate": "Без НДС" if line.vat_rate == "none" else f"{line.vat_rate}%",
        "amount": format_amount(amount),
    }


def _width(column: str, lines: list[dict[str, str]]) -> float:
    """Millimetres that the longest number of a column takes."""
    return round(_PADDING + _DIGIT * max(_SHORTEST, *(len(line[column]) for line in lines)), 1)


def _price(line: FormLine, amount: Amount) -> Amount:
    """The price agreed; where the column is with VAT and the price was not, or the reverse, the one that fits."""
    if times(line.price, line.quantity) == amount or not line.quantity:
        return line.price
    return portion(amount, Decimal(1), line.quantity)


def _total_rows(
    printed: PrintedForm, by_rate: dict[VatRate, Sums], total: Sums, *, included: bool
) -> list[dict[str, str]]:
    label = printed.vat_included if included else printed.vat_on_top
    vat = [(label.format(rate=rate), format_amount(sums.vat)) for rate, sums in by_rate.items() if rate != "none"]
    rows = [
        ("Итого:", format_amount(total.gross if included else total.net)),
        *(vat or [(printed.vat_none, _DASH)]),
        ("Всего к оплате:", format_amount(total.gross)),
    ]
    return [{"label": label, "amount": amount} for label, amount in rows]


def _money(amount: Amount, currency: str) -> str:
    return f"{format_amount(amount)}{_NBSP}{currency_short(currency)}"


def _signatures(who: Signatories) -> list[dict[str, str]]:
    head = _with_initials(who.head)
    if who.kind == "sole_trader":
        return [{"title": "Предприниматель", "position": "", "name": head}]
    return [
        {"title": "Руководитель", "position": who.head_position, "name": head},
        {"title": "Бухгалтер", "position": "", "name": _with_initials(who.accountant)},
    ]


def _with_initials(full_name: str) -> str:
    """`Кравцов И. Н.`; what follows the patronymic (`оглы`) has no initial."""
    surname, *given = full_name.split() or [""]
    return _NBSP.join([surname, *(f"{name[0]}." for name in given[:2])])


def _qr(form: InvoiceForm, by_rate: dict[VatRate, Sums], total: Amount) -> str:
    """Only payments in roubles have a code."""
    if form.currency != DEFAULT_CURRENCY:
        return ""
    vat = ", ".join(f"НДС {rate}% {sums.vat}" for rate, sums in by_rate.items() if rate != "none")
    purpose = f"Оплата по счету № {form.number} от {date_in_figures(form.date)}"
    payment = Payment(
        payee=form.seller.name,
        payee_inn=form.seller.inn,
        payee_kpp=form.seller.kpp,
        account=form.bank.account,
        bank=form.bank.name,
        bic=form.bank.bic,
        corr_account=form.bank.corr_account,
        amount=total,
        purpose=f"{purpose}, в т.ч. {vat}" if vat else f"{purpose}. НДС не облагается",
    )
    return payment_qr(payment)


def print_reconciliation(form: ReconciliationForm) -> Printable:
    debit = sum((entry.debit for entry in form.entries), NO_MONEY)
    credit = sum((entry.credit for entry in form.entries), NO_MONEY)
    closing = form.opening + debit - credit
    number = f" №{_NBSP}{form.number}" if form.number else ""
    context = {
        "title": f"Акт сверки взаимных расчетов{number}",
        "created": form.date_to.isoformat(),
        "period": f"за период с {date_in_figures(form.date_from)} по {date_in_figures(form.date_to)}",
        "ours": form.ours.name,
        "theirs": form.theirs.name,
        "between": f"Между {_party(form.ours)} и {_party(form.theirs)}",
        "contract": form.contract,
        "currency": currency_short(form.currency),
        "opening": _balance(form.opening),
        "entries": [_entry(entry) for entry in form.entries],
        "turnover": {"debit": format_amount(debit), "credit": format_amount(credit)},
        "closing": _balance(closing),
        "date_from": date_in_figures(form.date_from),
        "date_to": date_in_figures(form.date_to),
        "conclusion": _conclusion(form, closing, form.date_to),
        "position": form.signatories.head_position,
        "signer": _with_initials(form.signatories.head),
    }
    return Printable(form_on(form.date_to, "reconciliation").template, context)


def _balance(amount: Amount) -> dict[str, str]:
    """What they owe stands in debit, what we owe in credit; a zero in debit."""
    text = format_amount(abs(amount))
    return {"debit": "", "credit": text} if amount < 0 else {"debit": text, "credit": ""}


def _entry(entry: ReconciliationEntry) -> dict[str, str]:
    return {
        "date": date_in_figures(entry.date),
        "document": entry.document,
        "debit": format_amount(entry.debit) if entry.debit else "",
        "credit": format_amount(entry.credit) if entry.credit else "",
    }


def _conclusion(form: ReconciliationForm, closing: Amount, on: date) -> str:
    day = f"По состоянию на {date_in_figures(on)}"
    if not closing:
        return f"{day} задолженность отсутствует."
    debtor, creditor = (form.theirs, form.ours) if closing > 0 else (form.ours, form.theirs)
    sum_of = f"{_money(abs(closing), form.currency)} ({amount_in_words(abs(closing), form.currency)})"
    return f"{day} задолженность {debtor.name} в пользу {creditor.name} составляет {sum_of}."
