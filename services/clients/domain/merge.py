"""Two clients that prove to be one, and how they become two again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.clients.commands.card import BY_NAME, CARD
from services.clients.commands.clients import ChangeClient
from services.clients.commands.merges import Choice, MergeClients, UnmergeClients
from services.clients.domain.client import Client, change_client
from services.clients.domain.undo import undo
from services.clients.events.clients import ClientChanged
from services.clients.events.merges import ClientMergedInto, ClientSeparated, ClientsMerged, ClientsUnmerged
from services.kernel.errors import FieldError, Invalid, Refusal
from services.kernel.events import Recorded

MOST = 100
COMPANY = "legal_entity"
# texts that people write on and on: of two, both are kept
NOTES = ("note", "portrait", "preferences")
SEVERAL = ("texts", "choices", "objects", "object", "values")

OnKept = ClientsMerged | ClientsUnmerged | ClientChanged


class OneClient(Refusal):
    status = 422
    ru = "Это один и тот же клиент"
    en = "That is the same client"


class KindsDiffer(Refusal):
    status = 422
    ru = "Компания и человек — разные клиенты: свяжите их контактным лицом"
    en = "A company and a person are no one client: link the person as its contact"


class VipMerged(Refusal):
    status = 422
    ru = "VIP-клиент не становится дублем обычного: сделайте VIP того, кто остаётся"
    en = "A VIP client is not merged into another: make the one that stays a VIP first"


class TooManyMerged(Refusal):
    status = 422
    ru = "Одним клиентом становятся не больше {most}"
    en = "No more than {most} become one client"


class NotMerged(Refusal):
    ru = "Клиент {merged_id} не объединён с этим"
    en = "Client {merged_id} is not merged into this one"


@dataclass(frozen=True, slots=True)
class Decided:
    """What is written of the client that stays, and of the other one."""

    kept: Sequence[OnKept]
    merged: ClientMergedInto | ClientSeparated


def merge_clients(kept: Client, merged: Client, command: MergeClients) -> Decided:
    if kept.id == merged.id:
        raise OneClient.on("merged_id")
    if (kept.kind == COMPANY) is not (merged.kind == COMPANY):
        raise KindsDiffer.on("merged_id")
    if merged.vip and not kept.vip:
        raise VipMerged.on("merged_id")
    moved = (merged.id, *merged.others)
    if len(kept.others) + len(moved) >= MOST:
        raise TooManyMerged.on("merged_id", most=MOST)
    changes = {name: _chosen(name, kept.card[name], merged.card[name], command.choices) for name in CARD}
    changed = change_client(kept, ChangeClient(kept.id, changes, accept_unverified=True))
    happened = ClientsMerged(kept.id, merged.id, moved, _fields(changed))
    changed = [replace(event, after_of=merged.id) for event in changed]
    return Decided([happened, *changed], ClientMergedInto(merged.id, kept.id))


def unmerge_clients(kept: Client, command: UnmergeClients, since: Sequence[Recorded]) -> Decided:
    """`since` is the stream of the client that stayed, from their merging on."""
    merging = since[0].event
    taken = 1 + bool(merging.fields)
    found = undo(kept, since[1:taken], since[taken:])
    back = {name: value for name, value in found.back.items() if name not in found.conflicts}
    changed = change_client(kept, ChangeClient(kept.id, back, accept_unverified=True)) if back else []
    happened = ClientsUnmerged(
        kept.id,
        command.merged_id,
        kept.absorbed[command.merged_id],
        fields=_fields(changed),
        left=tuple(sorted(found.conflicts)),
    )
    changed = [replace(event, before_of=command.merged_id) for event in changed]
    return Decided([happened, *changed], ClientSeparated(command.merged_id, kept.id))


def _fields(changed: Sequence[ClientChanged]) -> tuple[str, ...]:
    return tuple(name for event in changed for name in event.fields if name in BY_NAME)


def _chosen(name: str, kept: Any, merged: Any, choices: Mapping[str, Choice]) -> Any:
    choice = choices.get(name)
    twice = BY_NAME[name].kind in SEVERAL or name in NOTES
    if choice == "both" and not twice:
        ru, en = "Оставить можно только одно значение", "Only one of the values can stay"
        raise Invalid([FieldError(f"choices.{name}", "one-value", ru, en)])
    if choice in ("kept", "merged"):
        return kept if choice == "kept" else merged
    if not kept or not merged:
        return kept or merged
    return _both(name, kept, merged) if twice else kept


def _both(name: str, kept: Any, merged: Any) -> Any:
    """Of what both have, it stays as the client that is kept has it."""
    if isinstance(kept, str):
        return kept if merged in kept else f"{kept}\n\n{merged}"
    if isinstance(kept, Mapping):
        return {**merged, **{field: value for field, value in kept.items() if value}}
    held = {_mark(name, one) for one in kept}
    return [*kept, *_without_main(name, kept, [one for one in merged if _mark(name, one) not in held])]


def _without_main(name: str, kept: Sequence[Any], more: Sequence[Any]) -> Iterator[Any]:
    """Of all accounts only one is the main one."""
    taken = name == "bank_accounts" and any(one.get("main") for one in kept)
    for one in more:
        yield {**one, "main": False} if taken else one


_MARKS: Mapping[str, Callable[[Any], Any]] = {
    "phones": lambda phone: phone.number or phone.written,
    "emails": lambda email: email.address.casefold(),
    "links": lambda link: (link["kind"], link["value"]),
    "bank_accounts": lambda bank: (bank["bic"], bank["account"]),
}


def _mark(name: str, one: Any) -> Any:
    """What makes two entries of a list the same one."""
    return _MARKS[name](one) if name in _MARKS else one
