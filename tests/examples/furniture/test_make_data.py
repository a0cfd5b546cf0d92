import json
from collections import Counter
from pathlib import Path

import pytest

from examples.furniture import make_data
from gateway.schemas.commands import CreateUserSchema
from services.clients.domain.contact_points import read_email, read_phone
from services.clients.domain.identity import decisive, identity_keys
from services.clients.domain.import_columns import map_columns
from services.clients.domain.import_rows import read_row
from services.deals.domain.pipeline import pipeline_of
from services.deals.schemas import OpenDealSchema
from services.documents.schemas.commands import CreateOrganisationSchema
from services.kernel.codes import account_ok, corr_account_ok, inn_ok, kpp_ok, ogrn_ok
from tests.clients.adapters.tables import read_table

FOLDER = make_data.FOLDER
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
STORY = json.loads((FOLDER / "story.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def table():
    return read_table((FOLDER / "clients.xlsx").read_bytes())


@pytest.fixture(scope="module")
def rows(table):
    columns = map_columns(table.headings, {})
    return [read_row(row, columns) for row in table.rows]


def keys_of(draft):
    numbers = [phone.number for phone in map(read_phone, draft.fields.phones) if phone.number]
    addresses = [email.address for email in map(read_email, draft.fields.emails) if email.valid]
    fields = draft.fields
    return decisive(identity_keys(inn=fields.inn, kpp=fields.kpp, name=fields.name, phones=numbers, emails=addresses))


def imported(rows):
    """What an import answers when every created client claims its keys."""
    answer: dict[str, list] = {"created": [], "refused": [], "duplicate": []}
    owners: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.draft is None:
            answer["refused"].append(row)
            continue
        keys = keys_of(row.draft)
        taken = sorted(key for key in keys if key in owners)
        if taken:
            answer["duplicate"].append({"row": row.number, "by": taken[0].scope, "of": owners[taken[0]]})
            continue
        answer["created"].append(row)
        owners |= dict.fromkeys(keys, row.number)
    return answer


def problems(rows):
    return [{"row": row.number, "column": p.column, "code": p.code} for row in rows for p in row.problems]


@pytest.mark.capability("CL-57")
def test_an_import_of_the_list_answers_what_was_laid_into_it(rows):
    answer = imported(rows)
    assert problems(answer["created"]) == EXPECTED["warned"]
    assert problems(answer["refused"]) == EXPECTED["refused"]
    assert answer["duplicate"] == EXPECTED["duplicates"]
    assert {outcome: len(found) for outcome, found in answer.items()} == EXPECTED["counts"]
    assert len(rows) == EXPECTED["total"] == sum(EXPECTED["counts"].values())
    assert Counter(problem["code"] for problem in EXPECTED["warned"]) == EXPECTED["warnings"]


def test_the_list_is_long_and_dirty_in_every_usual_way(rows):
    assert len(rows) >= 320
    assert {row.draft.kind for row in rows if row.draft} == {"legal_entity", "sole_trader", "individual"}
    assert {duplicate["by"] for duplicate in EXPECTED["duplicates"]} == {"inn", "phone", "email", "name"}
    assert set(EXPECTED["warnings"]) == {
        "guessed-kind", "wrong-inn", "wrong-kpp", "wrong-ogrn", "wrong-phone", "wrong-email",
    }  # fmt: skip


def test_no_code_of_the_list_can_belong_to_anybody(rows):
    warned = {problem["row"] for problem in EXPECTED["warned"]}
    fields = [row.draft.fields for row in rows if row.draft and row.number not in warned]
    assert sum(bool(found.inn) for found in fields) > 250
    for found in fields:
        assert not found.inn or (inn_ok(found.inn) and found.inn[2:4] == "99")
        assert not found.kpp or (kpp_ok(found.kpp) and found.kpp[2:4] == "99")
        assert not found.ogrn or ogrn_ok(found.ogrn)


def test_phones_are_spelled_in_many_ways(table):
    spellings: Counter[str] = Counter()
    for row in table.rows:
        phone = row.cells.get("Телефон", "")
        if read_phone(phone).number:
            spellings[
                "".join("0" if character.isdecimal() else character for character in phone.partition("доб")[0])
            ] += 1
    assert len([spelling for spelling, times in spellings.items() if times > 2]) >= 8


def test_the_committed_files_are_what_the_program_makes(tmp_path: Path):
    make_data.make_data(tmp_path)
    for name in ("clients.xlsx", "expected.json"):
        made, committed = (tmp_path / name).read_bytes(), (FOLDER / name).read_bytes()
        assert (read_table(made) == read_table(committed)) if name.endswith("xlsx") else (made == committed)


def test_the_shop_of_the_story_has_valid_requisites():
    shop = STORY["organisation"]
    assert inn_ok(shop["inn"])
    assert kpp_ok(shop["kpp"])
    assert ogrn_ok(shop["ogrn"])
    assert account_ok(shop["bank"]["account"], shop["bank"]["bic"])
    assert corr_account_ok(shop["bank"]["corr_account"], shop["bank"]["bic"])


def test_the_services_take_the_story_as_it_is_written():
    assert CreateOrganisationSchema().load(STORY["organisation"]).requisites.name == STORY["organisation"]["name"]
    assert CreateUserSchema().load(STORY["manager"]).name == STORY["manager"]["name"]
    for sale in (STORY["sale"], STORY["lost_sale"]):
        request = {key: sale[key] for key in ("title", "lines", "source")}
        assert len(OpenDealSchema().load({**request, "client_id": "any"}).lines) == len(sale["lines"])
        assert all(pipeline_of("default").has(move["stage"]) for move in sale["stages"])


@pytest.mark.parametrize("sale", ["sale", "lost_sale"])
def test_the_story_sells_to_clients_of_the_list_at_list_prices(rows, sale):
    [client] = [row.draft.fields for row in rows if row.draft and row.draft.fields.inn == STORY[sale]["client_inn"]]
    assert [read_email(address).valid for address in client.emails] == [True]
    prices = {product["name"]: (product["price"], product["unit"]) for product in STORY["products"]}
    assert all(prices[line["name"]] == (line["price"], line["unit"]) for line in STORY[sale]["lines"])
