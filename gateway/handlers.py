"""Load, decide, append: one function per command."""

from dataclasses import replace

from gateway.commands import CreateApiKey, CreateUser, DeactivateUser, RevokeApiKey
from gateway.domain import api_key as api_keys
from gateway.domain import user as users
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.store.aggregates import Aggregate

USER: Aggregate[users.User] = Aggregate("user", users.User, users.evolve)
API_KEY: Aggregate[api_keys.ApiKey] = Aggregate("api_key", api_keys.ApiKey, api_keys.evolve)


class UnknownUser(Refusal):
    status = 422
    ru = "Пользователя {user_id} нет"
    en = "There is no user {user_id}"


def create_user(tools: Tools, command: CreateUser, context: Context) -> Written:
    return tools.append(context, tools.begin(USER, command.user_id), users.create_user(command))


def deactivate_user(tools: Tools, command: DeactivateUser, context: Context) -> Written:
    loaded = tools.load(USER, command.user_id, context)
    return tools.append(context, loaded, users.deactivate_user(loaded.state, command))


def create_api_key(tools: Tools, command: CreateApiKey, context: Context) -> Written:
    try:
        user = tools.load(USER, command.user_id, context)
    except NotFound as missing:
        raise UnknownUser.on("user_id", user_id=command.user_id) from missing
    secret = api_keys.new_secret()
    events = api_keys.create_api_key(user.state, command, secret)
    written = tools.append(context, tools.begin(API_KEY, command.key_id), events)
    return replace(written, reveal={"key": api_keys.written(command.key_id, secret)})


def revoke_api_key(tools: Tools, command: RevokeApiKey, context: Context) -> Written:
    loaded = tools.load(API_KEY, command.key_id, context)
    return tools.append(context, loaded, api_keys.revoke_api_key(loaded.state, command))
