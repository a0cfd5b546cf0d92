"""An own organisation: whose documents these are."""

from dataclasses import dataclass

from services.documents.commands import ChangeOrganisation, CreateOrganisation, Requisites
from services.documents.events import OrganisationChanged, OrganisationCreated
from services.kernel.codes import account_ok, bic_ok, corr_account_ok, inn_ok, kpp_ok, ogrn_ok
from services.kernel.errors import FieldError, Invalid


@dataclass(frozen=True, slots=True)
class Organisation:
    id: str
    requisites: Requisites


def create_organisation(command: CreateOrganisation) -> list[OrganisationCreated]:
    _check(command.requisites)
    return [OrganisationCreated(command.organisation_id, command.requisites)]


def change_organisation(organisation: Organisation, command: ChangeOrganisation) -> list[OrganisationChanged]:
    if command.requisites == organisation.requisites:
        return []
    _check(command.requisites)
    return [OrganisationChanged(organisation.id, organisation.requisites, command.requisites)]


def evolve(_organisation: Organisation | None, event: OrganisationCreated | OrganisationChanged) -> Organisation:
    if isinstance(event, OrganisationCreated):
        return Organisation(event.organisation_id, event.requisites)
    return Organisation(event.organisation_id, event.after)


def _check(r: Requisites) -> None:
    """An own organisation's codes must be right: they go onto every document and into the QR."""
    company = r.kind == "legal_entity"
    checks = (
        ("inn", inn_ok(r.inn) and len(r.inn) == (10 if company else 12), "ИНН", "INN"),
        ("kpp", kpp_ok(r.kpp) if company else not r.kpp, "КПП", "KPP"),
        ("ogrn", not r.ogrn or (ogrn_ok(r.ogrn) and len(r.ogrn) == (13 if company else 15)), "ОГРН", "OGRN"),
        ("bank.bic", bic_ok(r.bank.bic), "БИК", "BIC"),
        ("bank.account", account_ok(r.bank.account, r.bank.bic), "Расчётный счёт", "The account"),
        ("bank.corr_account", corr_account_ok(r.bank.corr_account, r.bank.bic), "Корр. счёт", "The corr. account"),
    )
    wrong = [
        FieldError(name, "wrong-code", f"{ru}: не проходит проверку", f"{en} fails its check")
        for name, right, ru, en in checks
        if not right
    ]
    if wrong:
        raise Invalid(wrong)
