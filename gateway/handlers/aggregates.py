"""What the gateway keeps a history of, and how it is found."""

from gateway.domain import api_key, attempts, calendar_feed, owners, role, session, team, user
from services.kernel.commands import Tools
from services.kernel.errors import NotFound, Refusal
from services.kernel.store.aggregates import Aggregate, Loaded, load
from services.kernel.store.claims import Key

USER: Aggregate[user.User] = Aggregate("user", user.User, user.evolve)
OWNERS: Aggregate[owners.Owners] = Aggregate("owners", owners.Owners, owners.evolve)
ROLE: Aggregate[role.CustomRole] = Aggregate("role", role.CustomRole, role.evolve)
TEAM: Aggregate[team.Team] = Aggregate("team", team.Team, team.evolve)
API_KEY: Aggregate[api_key.ApiKey] = Aggregate("api_key", api_key.ApiKey, api_key.evolve)
CALENDAR_FEED: Aggregate[calendar_feed.CalendarFeed] = Aggregate(
    "calendar_feed", calendar_feed.CalendarFeed, calendar_feed.evolve
)
SESSION: Aggregate[session.Session] = Aggregate("session", session.Session, session.evolve)
ATTEMPTS: Aggregate[attempts.Attempts] = Aggregate("attempts", attempts.Attempts, attempts.evolve, snapshot_every=50)

COMPANY = "company"


class UnknownUser(Refusal):
    status = 422
    ru = "Пользователя {user_id} нет"
    en = "There is no user {user_id}"


def load_user(tools: Tools, user_id: str, field: str) -> Loaded[user.User]:
    """A user whom a command names beside what it changes."""
    try:
        return load(tools.store, USER, user_id)
    except NotFound as missing:
        raise UnknownUser.on(field, user_id=user_id) from missing


def login_key(tools: Tools, email: str) -> Key:
    return Key("login", tools.claim_key("login", user.login_of(email)))


def load_attempts(tools: Tools, id: str) -> Loaded[attempts.Attempts]:
    try:
        return load(tools.store, ATTEMPTS, id)
    except NotFound:
        return Loaded(id, ATTEMPTS.stream(id), 0, attempts.Attempts())


def load_owners(tools: Tools) -> Loaded[owners.Owners]:
    try:
        return load(tools.store, OWNERS, COMPANY)
    except NotFound:
        return Loaded(COMPANY, OWNERS.stream(COMPANY), 0, owners.Owners())
