from dataclasses import replace

import pytest

from services.documents.commands import ChangeOrganisation, CreateOrganisation
from services.documents.domain.organisation import Organisation, change_organisation, create_organisation, evolve
from services.documents.events import OrganisationChanged, OrganisationCreated
from services.kernel.errors import Invalid
from tests.documents.domain.samples import SELLER, TRADER


def bank(**fields):
    return {"bank": replace(SELLER.bank, **fields)}


def test_an_organisation_is_created_with_its_requisites():
    [created] = create_organisation(CreateOrganisation(SELLER, "o-1"))
    assert created == OrganisationCreated("o-1", SELLER)
    assert evolve(None, created) == Organisation("o-1", SELLER)


def test_a_sole_trader_has_a_personal_inn_and_no_kpp():
    assert create_organisation(CreateOrganisation(TRADER, "o-1"))


@pytest.mark.parametrize(
    ("requisites", "fields"),
    [
        (replace(SELLER, inn="7699990014"), ["inn"]),
        (replace(SELLER, inn="500100732259"), ["inn"]),
        (replace(SELLER, kpp=""), ["kpp"]),
        (replace(SELLER, ogrn="1087699990015"), ["ogrn"]),
        (replace(SELLER, ogrn="304500116000157"), ["ogrn"]),
        (replace(TRADER, kpp="769901001"), ["kpp"]),
        (replace(TRADER, ogrn="1087699990014"), ["ogrn"]),
        (replace(SELLER, **bank(account="40702810700010007698")), ["bank.account"]),
        (replace(SELLER, **bank(corr_account="30101810000000000972")), ["bank.corr_account"]),
        (replace(SELLER, **bank(bic="144525971")), ["bank.bic", "bank.account", "bank.corr_account"]),
    ],
)
def test_codes_that_go_onto_every_document_must_be_right(requisites, fields):
    with pytest.raises(Invalid) as refused:
        create_organisation(CreateOrganisation(requisites, "o-1"))
    assert [error.field for error in refused.value.errors] == fields
    with pytest.raises(Invalid):
        change_organisation(Organisation("o-1", SELLER), ChangeOrganisation("o-1", requisites))


def test_a_change_tells_the_whole_of_it_before_and_after():
    organisation = Organisation("o-1", SELLER)
    assert change_organisation(organisation, ChangeOrganisation("o-1", SELLER)) == []
    moved = replace(SELLER, address="Кострома")
    [changed] = change_organisation(organisation, ChangeOrganisation("o-1", moved))
    assert changed == OrganisationChanged("o-1", SELLER, moved)
    assert evolve(organisation, changed) == Organisation("o-1", moved)
