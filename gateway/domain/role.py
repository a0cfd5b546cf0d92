"""A role that an owner made; those of the trade are in `gateway.roles` and do not change."""

from dataclasses import dataclass

from gateway.commands import ChangeRole, CreateRole, RoleFields
from gateway.events import RoleChanged, RoleFacts
from gateway.roles import ROLES, Grants
from services.kernel.errors import Refusal


class RoleExists(Refusal):
    ru = "Роль {role_id} уже есть"
    en = "There is a role {role_id} already"


class BuiltInRole(Refusal):
    ru = "Роль {role_id} встроенная и не меняется"
    en = "The role {role_id} is built in and does not change"


class StreamsNeedTheWholeBase(Refusal):
    status = 422
    ru = "Потоки событий не делятся по строкам: они доступны только роли, которой видны все строки"
    en = "Event streams know no rows: only a role that sees all rows may have them"


@dataclass(frozen=True, slots=True)
class CustomRole:
    id: str
    facts: RoleFacts


def grants_of(facts: RoleFacts | RoleFields) -> Grants:
    return Grants(frozenset(facts.permissions), facts.rows, frozenset(facts.masked))


def create_role(command: CreateRole) -> list[RoleChanged]:
    if command.role_id in ROLES:
        raise RoleExists.on("id", role_id=command.role_id)
    return [RoleChanged(command.role_id, _facts(command.fields))]


def change_role(role: CustomRole, command: ChangeRole) -> list[RoleChanged]:
    after = _facts(command.fields)
    return [RoleChanged(role.id, after, role.facts)] if after != role.facts else []


def _facts(fields: RoleFields) -> RoleFacts:
    grants = grants_of(fields)
    if grants.streams and not grants.whole_base:
        raise StreamsNeedTheWholeBase.on("permissions")
    return RoleFacts(fields.name, tuple(sorted(grants.permissions)), fields.rows, tuple(sorted(grants.masked)))


def evolve(_role: CustomRole | None, event: RoleChanged) -> CustomRole:
    return CustomRole(event.role_id, event.after)
