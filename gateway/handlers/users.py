"""Users: their roles, and how they get a password."""

from collections.abc import Sequence
from dataclasses import replace

from gateway.commands import ChangeUserRole, CreateUser, DeactivateUser, InviteUser
from gateway.domain import owners
from gateway.domain import user as users
from gateway.domain.secrets import new_secret, written
from gateway.handlers.aggregates import USER, load_owners, login_key
from gateway.handlers.granting import demand, role_grants
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.store.claims import Key, KeyTaken, StreamEvents

INVITATION = "ri"


class EmailTaken(Refusal):
    ru = "С этим адресом электронной почты уже входит другой пользователь"
    en = "Another user logs in with this e-mail address"


def create_user(tools: Tools, command: CreateUser, context: Context) -> Written:
    demand(tools, context, role_grants(tools, command.role))
    on, events = tools.begin(USER, command.user_id), users.create_user(command)
    also = _owners(tools, command.user_id, was=None, becomes=command.role)
    claim = [login_key(tools, command.email)] if command.email else []
    try:
        return tools.append(context, on, events, also=also, claim=claim)
    except KeyTaken as taken:
        raise EmailTaken.on("email") from taken


def change_user_role(tools: Tools, command: ChangeUserRole, context: Context) -> Written:
    """Who may not give a role may not take it away either."""
    loaded = tools.load(USER, command.user_id, context)
    demand(tools, context, role_grants(tools, command.role))
    demand(tools, context, role_grants(tools, loaded.state.role))
    events = users.change_user_role(loaded.state, command)
    becomes = command.role if loaded.state.active else None
    also = _owners(tools, command.user_id, was=_active_role(loaded.state), becomes=becomes)
    return tools.append(context, loaded, events, also=also)


def deactivate_user(tools: Tools, command: DeactivateUser, context: Context) -> Written:
    loaded = tools.load(USER, command.user_id, context)
    demand(tools, context, role_grants(tools, loaded.state.role))
    events = users.deactivate_user(loaded.state, command)
    also = _owners(tools, command.user_id, was=_active_role(loaded.state), becomes=None)
    return tools.append(context, loaded, events, also=also, release=_login(tools, loaded.state))


def invite_user(tools: Tools, command: InviteUser, context: Context) -> Written:
    """Whoever has the token becomes that user, so it is given like his role."""
    loaded = tools.load(USER, command.user_id, context)
    demand(tools, context, role_grants(tools, loaded.state.role))
    secret = new_secret()
    invited = tools.append(context, loaded, users.invite_user(loaded.state, command, secret, context.now))
    return replace(invited, reveal={"invitation": written(INVITATION, command.user_id, secret)})


def _active_role(user: users.User) -> str | None:
    return user.role if user.active else None


def _login(tools: Tools, user: users.User) -> Sequence[Key]:
    return [login_key(tools, user.email)] if user.active and user.email else []


def _owners(tools: Tools, user_id: str, *, was: str | None, becomes: str | None) -> list[StreamEvents]:
    """What a change of role means for the owners; None is for a user who is not active."""
    if (was == owners.OWNER) == (becomes == owners.OWNER):
        return []
    loaded = load_owners(tools)
    change = owners.add_owner if becomes == owners.OWNER else owners.remove_owner
    return [StreamEvents(loaded.stream, loaded.version, change(loaded.state, user_id))]
