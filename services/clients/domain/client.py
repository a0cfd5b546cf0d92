"""A client of the company: its card and who looks after it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.clients.commands.card import BY_NAME, DETAILS, NAMED
from services.clients.commands.clients import AssignClient, ChangeClient, ClientKind, CreateClient
from services.clients.domain.contact_points import read_email, read_phone
from services.clients.events.clients import (
    ClientAssigned,
    ClientChanged,
    ClientChecked,
    ClientCreated,
    ClientRestored,
    ClientWithdrawn,
    Email,
    Phone,
    personal_fields,
)
from services.clients.events.merges import ClientMergedInto, ClientSeparated, ClientsMerged, ClientsUnmerged
from services.clients.events.vips import ClientVipChanged
from services.kernel.codes import account_ok, bic_ok, corr_account_ok, inn_ok, kpp_ok, ogrn_ok, okpo_ok
from services.kernel.errors import FieldError, Invalid, Refusal

OfMerging = ClientsMerged | ClientsUnmerged | ClientMergedInto | ClientSeparated
Event = (
    ClientCreated
    | ClientChanged
    | ClientAssigned
    | ClientChecked
    | ClientVipChanged
    | ClientWithdrawn
    | ClientRestored
    | OfMerging
)


@dataclass(frozen=True, slots=True)
class Client:
    """`merged_into` is the client that this one proved to be; `absorbed` are those that proved to be
    this one, each with all ids that came along. One that is `withdrawn` should not have been entered."""

    id: str
    kind: ClientKind
    card: Mapping[str, Any]
    verified: bool
    manager_id: str | None
    merged_into: str | None = None
    absorbed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vip: bool = False
    withdrawn: bool = False

    @property
    def others(self) -> tuple[str, ...]:
        """All ids that stand for this client."""
        return tuple(id_ for moved in self.absorbed.values() for id_ in moved)


class MergedAway(Refusal):
    ru = "Это дубль, объединённый с клиентом {kept_id}"
    en = "This is a duplicate that was merged into client {kept_id}"


class Withdrawn(Refusal):
    ru = "Клиент изъят из базы: импорт, который его завёл, отменён"
    en = "The client is withdrawn: the import that made it was undone"


def require_standing(client: Client) -> None:
    """What was merged into another client is no longer changed."""
    if client.merged_into is not None:
        raise MergedAway(kept_id=client.merged_into)


def require_counted(client: Client) -> None:
    """Nor is what was withdrawn."""
    require_standing(client)
    if client.withdrawn:
        raise Withdrawn


_VALUES: Mapping[str, Callable[[Any], Any]] = {
    "phones": lambda phones: tuple(Phone(**phone) if isinstance(phone, dict) else phone for phone in phones),
    "emails": lambda emails: tuple(Email(**email) if isinstance(email, dict) else email for email in emails),
}


def create_client(command: CreateClient) -> list[ClientCreated]:
    named = {name: getattr(command.fields, name) for name in NAMED}
    card = _normalised({**named, **_details({}), **command.fields.details})
    _require_one_main(card)
    wrong = wrong_codes(command.kind, card)
    if wrong and not command.accept_unverified:
        raise Invalid(wrong)
    personal = personal_fields(command.kind)
    filled = {name: card[name] for name in DETAILS if card[name] not in (None, "", [], {})}
    created = ClientCreated(
        client_id=command.client_id,
        kind=command.kind,
        verified=not wrong,
        manager_id=command.manager_id,
        details={name: value for name, value in filled.items() if name not in personal},
        personal_details={name: value for name, value in filled.items() if name in personal} or None,
        **{name: card[name] for name in NAMED},
    )
    return [created]


def card_of(created: ClientCreated) -> dict[str, Any]:
    """The whole card that a client began with."""
    named = {name: getattr(created, name) for name in NAMED}
    return {**named, **_details({**created.details, **(created.personal_details or {})})}


def _details(filled: Mapping[str, Any]) -> dict[str, Any]:
    return {name: filled.get(name, BY_NAME[name].empty) for name in DETAILS}


def change_client(client: Client, command: ChangeClient) -> list[ClientChanged]:
    """One event with every field that really changes; none where nothing does."""
    require_counted(client)
    wanted = _normalised(command.changes)
    _require_one_main(wanted)
    changed = {name: value for name, value in wanted.items() if client.card[name] != value}
    if not changed:
        return []
    wrong = wrong_codes(client.kind, {**client.card, **changed})
    blamed = [error for error in wrong if error.field.partition(".")[0] in changed]
    if blamed and not command.accept_unverified:
        raise Invalid(blamed)
    personal = set(personal_fields(client.kind)) & changed.keys()
    before = {name: client.card[name] for name in changed}
    if client.verified is bool(wrong):
        before["verified"], changed["verified"] = client.verified, not wrong
    return [
        ClientChanged(
            client.id,
            tuple(sorted(changed)),
            before={name: value for name, value in before.items() if name not in personal},
            after={name: value for name, value in changed.items() if name not in personal},
            personal_before={name: before[name] for name in personal} or None,
            personal_after={name: changed[name] for name in personal} or None,
        )
    ]


def assign_client(client: Client, command: AssignClient) -> list[ClientAssigned]:
    require_counted(client)
    if client.manager_id == command.manager_id:
        return []
    return [ClientAssigned(client.id, client.manager_id, command.manager_id)]


def check_client(client: Client) -> list[ClientChecked]:
    require_counted(client)
    return [ClientChecked(client.id)]


def withdraw_client(client: Client) -> list[ClientWithdrawn]:
    require_standing(client)
    return [] if client.withdrawn else [ClientWithdrawn(client.id)]


def restore_client(client: Client) -> list[ClientRestored]:
    return [ClientRestored(client.id)] if client.withdrawn else []


def evolve(client: Client | None, event: Event) -> Client:
    if isinstance(event, ClientCreated):
        return Client(event.client_id, event.kind, card_of(event), event.verified, event.manager_id)
    assert client is not None
    if isinstance(event, ClientChanged):
        after = revived({**event.after, **(event.personal_after or {})})
        verified = after.pop("verified", client.verified)
        return replace(client, card={**client.card, **after}, verified=verified)
    if isinstance(event, ClientAssigned):
        return replace(client, manager_id=event.manager_after)
    if isinstance(event, ClientVipChanged):
        return replace(client, vip=event.vip)
    if isinstance(event, ClientWithdrawn | ClientRestored):
        return replace(client, withdrawn=isinstance(event, ClientWithdrawn))
    return client if isinstance(event, ClientChecked) else _evolve_merging(client, event)


def _evolve_merging(client: Client, event: OfMerging) -> Client:
    if isinstance(event, ClientMergedInto):
        return replace(client, merged_into=event.kept_id)
    if isinstance(event, ClientSeparated):
        return replace(client, merged_into=None)
    absorbed = {id_: moved for id_, moved in client.absorbed.items() if id_ != event.merged_id}
    if isinstance(event, ClientsMerged):
        absorbed[event.merged_id] = event.moved
    return replace(client, absorbed=absorbed)


def revived(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Changed fields as they were before they went through JSON."""
    return {name: _VALUES[name](value) if name in _VALUES else value for name, value in stored.items()}


def wrong_codes(kind: ClientKind, card: Mapping[str, Any]) -> list[FieldError]:
    """Legal codes that fail their check digits or do not fit the kind of client."""
    inn, kpp, ogrn = card["inn"], card["kpp"], card["ogrn"]
    wrong = []
    inn_length = 10 if kind == "legal_entity" else 12
    if inn and not (inn_ok(inn) and len(inn) == inn_length):
        wrong.append(FieldError("inn", "wrong-inn", "ИНН не проходит проверку", "The INN fails its check"))
    if kpp and (kind != "legal_entity" or not kpp_ok(kpp)):
        wrong.append(FieldError("kpp", "wrong-kpp", "КПП не проходит проверку", "The KPP fails its check"))
    if ogrn and not ogrn_ok(ogrn):
        wrong.append(FieldError("ogrn", "wrong-ogrn", "ОГРН не проходит проверку", "The OGRN fails its check"))
    if card["okpo"] and not okpo_ok(card["okpo"]):
        wrong.append(FieldError("okpo", "wrong-okpo", "ОКПО не проходит проверку", "The OKPO fails its check"))
    for number, bank in enumerate(card["bank_accounts"] or ()):
        wrong += _wrong_bank_codes(f"bank_accounts.{number}", bank)
    return wrong


def _require_one_main(card: Mapping[str, Any]) -> None:
    """Of several bank accounts at most one is the main one."""
    if sum(bool(bank.get("main")) for bank in card.get("bank_accounts") or ()) > 1:
        ru, en = "Основной счёт только один", "There is only one main account"
        raise Invalid([FieldError("bank_accounts", "several-main", ru, en)])


def _wrong_bank_codes(at: str, bank: Mapping[str, Any]) -> list[FieldError]:
    bic, account, corr = bank["bic"], bank["account"], bank.get("corr_account")
    wrong = []
    if not bic_ok(bic):
        wrong.append(FieldError(f"{at}.bic", "wrong-bic", "БИК не проходит проверку", "The BIC fails its check"))
    elif not account_ok(account, bic):
        ru, en = "Счёт не подходит к БИК", "The account does not fit the BIC"
        wrong.append(FieldError(f"{at}.account", "wrong-account", ru, en))
    if corr and bic_ok(bic) and not corr_account_ok(corr, bic):
        ru, en = "Корр. счёт не подходит к БИК", "The correspondent account does not fit the BIC"
        wrong.append(FieldError(f"{at}.corr_account", "wrong-corr-account", ru, en))
    return wrong


def _normalised(card: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: value.strip() if isinstance(value, str) else value for name, value in card.items()}
    if "phones" in fields:
        fields["phones"] = tuple(read_phone(written) for written in fields["phones"])
    if "emails" in fields:
        fields["emails"] = tuple(one if isinstance(one, Email) else read_email(one) for one in fields["emails"])
    return fields
