"""Nobody gives away what he does not hold himself."""

from gateway.domain.role import grants_of
from gateway.handlers.aggregates import API_KEY, ROLE, SESSION, USER
from gateway.roles import ALL_GRANTS, ROLES, Grants
from services.kernel.commands import Tools
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.store.aggregates import load


class UnknownRole(Refusal):
    status = 422
    ru = "Роли {role} нет"
    en = "There is no role {role}"


class MoreThanHeld(Refusal):
    status = 403
    ru = "Нельзя дать больше прав, чем есть у себя"
    en = "Nobody can grant more rights than he has himself"


def role_grants(tools: Tools, role: str) -> Grants:
    if role in ROLES:
        return ROLES[role].grants
    try:
        return grants_of(load(tools.store, ROLE, role).state.facts)
    except NotFound as missing:
        raise UnknownRole.on("role", role=role) from missing


def demand(tools: Tools, context: Context, given: Grants) -> None:
    """Refuses to give the caller's rights and more; judged by the store, which never lags."""
    if not _held(tools, context).cover(given):
        raise MoreThanHeld


def _held(tools: Tools, context: Context) -> Grants:
    """What the caller holds: with a key its scopes only. The gateway names the key or session of
    everybody who comes by HTTP as principal; who has none calls from inside, as the operator does."""
    try:
        scopes = load(tools.store, API_KEY, context.principal).state.scopes
    except NotFound:
        scopes = None
        try:
            load(tools.store, SESSION, context.principal)
        except NotFound:
            return ALL_GRANTS
    user = load(tools.store, USER, context.actor).state
    return role_grants(tools, user.role).narrowed(scopes)
