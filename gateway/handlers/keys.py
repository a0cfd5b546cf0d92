"""API keys."""

from dataclasses import replace

from gateway.commands import CreateApiKey, RevokeApiKey, RotateApiKey
from gateway.domain import api_key as api_keys
from gateway.domain.secrets import new_secret, written
from gateway.handlers.aggregates import API_KEY, load_user
from gateway.handlers.granting import demand, role_grants
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal


class ScopeBeyondRole(Refusal):
    status = 422
    ru = "У роли пользователя нет права {permission}"
    en = "The user's role has no permission {permission}"


def create_api_key(tools: Tools, command: CreateApiKey, context: Context) -> Written:
    user = load_user(tools, command.user_id, "user_id").state
    grants = role_grants(tools, user.role)
    for scope in command.scopes or ():
        if not grants.may(scope):
            raise ScopeBeyondRole.on("scopes", permission=scope)
    demand(tools, context, grants.narrowed(command.scopes))
    secret = new_secret()
    events = api_keys.create_api_key(user, command, secret, context.now)
    made = tools.append(context, tools.begin(API_KEY, command.key_id), events)
    return replace(made, reveal={"key": written(api_keys.PREFIX, command.key_id, secret)})


def rotate_api_key(tools: Tools, command: RotateApiKey, context: Context) -> Written:
    """Who learns the new secret has what the key opens, so it is given like a new key."""
    loaded = tools.load(API_KEY, command.key_id, context)
    user = load_user(tools, loaded.state.user_id, "key_id").state
    demand(tools, context, role_grants(tools, user.role).narrowed(loaded.state.scopes))
    secret = new_secret()
    rotated = tools.append(context, loaded, api_keys.rotate_api_key(loaded.state, command, secret, context.now))
    return replace(rotated, reveal={"key": written(api_keys.PREFIX, command.key_id, secret)})


def revoke_api_key(tools: Tools, command: RevokeApiKey, context: Context) -> Written:
    loaded = tools.load(API_KEY, command.key_id, context)
    return tools.append(context, loaded, api_keys.revoke_api_key(loaded.state, command))
