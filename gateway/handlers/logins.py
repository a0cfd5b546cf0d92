"""Logging in and out, and passwords."""

from dataclasses import replace

from gateway import passwords
from gateway.commands import AcceptInvitation, BeginSession, ChangePassword, EndSession
from gateway.domain import attempts
from gateway.domain import session as sessions
from gateway.domain import user as users
from gateway.domain.secrets import hash_of, new_secret, read, written
from gateway.events import PasswordSet
from gateway.handlers.aggregates import SESSION, USER, load_attempts, login_key
from gateway.handlers.users import INVITATION
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.store.aggregates import Loaded, load
from services.kernel.store.claims import Append, StreamEvents


class WrongLogin(Refusal):
    """Says nothing of which of the two it was."""

    status = 401
    ru = "Неверный адрес электронной почты или пароль"
    en = "Wrong e-mail address or password"


class WrongPassword(Refusal):
    status = 422
    ru = "Нынешний пароль другой"
    en = "The present password is another one"


class InvitationOver(Refusal):
    status = 410
    ru = "Приглашение уже использовано, отозвано или просрочено"
    en = "The invitation was used already, revoked, or has expired"


def begin_session(tools: Tools, command: BeginSession, context: Context) -> Written:
    guard = _Guard(tools, command.email, command.address)
    guard.refuse_while_locked(context)
    user = _active_user(tools, command.email)
    right = passwords.verified(user.password_hash if user else None, command.password)
    if user is None or not right:
        guard.fail(context, user.id if user else None)
        raise WrongLogin
    secret = new_secret()
    events = sessions.begin_session(user.id, command, secret, context.now)
    on = tools.begin(SESSION, command.session_id)
    begun = tools.append(replace(context, actor=user.id), on, events, also=guard.success(user.id))
    return replace(begun, reveal={"cookie": written(sessions.PREFIX, command.session_id, secret)})


def end_session(tools: Tools, command: EndSession, context: Context) -> Written:
    """Everybody ends only his own."""
    loaded = tools.load(SESSION, command.session_id, context)
    if loaded.state.user_id != context.actor:
        raise NotFound(what="session", id=command.session_id)
    return tools.append(context, loaded, sessions.end_session(loaded.state, command))


def accept_invitation(tools: Tools, command: AcceptInvitation, context: Context) -> Written:
    user_id, secret = read(INVITATION, command.token) or ("", "")
    try:
        loaded = load(tools.store, USER, user_id)
    except NotFound as missing:
        raise InvitationOver from missing
    if not users.is_invited(loaded.state, hash_of(secret), context.now):
        raise InvitationOver
    return _set_password(tools, loaded, command.password, replace(context, actor=user_id))


def change_password(tools: Tools, command: ChangePassword, context: Context) -> Written:
    loaded = load(tools.store, USER, context.actor)
    guard = _Guard(tools, loaded.state.email or loaded.id, "")
    guard.refuse_while_locked(context)
    if not passwords.verified(loaded.state.password_hash, command.current_password):
        guard.fail(context, loaded.id)
        raise WrongPassword.on("current_password")
    return _set_password(tools, loaded, command.new_password, context)


def _set_password(tools: Tools, loaded: Loaded[users.User], password: str, context: Context) -> Written:
    return tools.append(context, loaded, [PasswordSet(loaded.id, passwords.hashed(password))])


def _active_user(tools: Tools, email: str) -> users.User | None:
    """Whoever logs in with this address; only an active user has a login."""
    owner = tools.store.owner(login_key(tools, email))
    return load(tools.store, USER, owner.partition(":")[2]).state if owner else None


class _Guard:
    """The failures so far of a login and of the address it is tried from."""

    def __init__(self, tools: Tools, email: str, address: str) -> None:
        self._tools = tools
        self._address = address
        self._login_hash = login_key(tools, email).key
        self._address_hash = tools.claim_key("address", address)
        self._login = load_attempts(tools, f"login-{self._login_hash}")
        self._from = load_attempts(tools, f"address-{self._address_hash}") if address else None

    def refuse_while_locked(self, context: Context) -> None:
        for loaded in (self._login, self._from):
            if loaded is not None:
                attempts.refuse_while_locked(loaded.state, context.now)

    def fail(self, context: Context, user_id: str | None) -> None:
        """Each failure counts: one that another overtook is looked at anew."""
        failed = attempts.fail_login(self._login.state, self._login_hash, user_id, self._address, context.now)
        streams = [StreamEvents(self._login.stream, self._login.version, failed)]
        if self._from is not None:
            also = attempts.fail_address(self._from.state, self._address_hash, context.now)
            streams.append(StreamEvents(self._from.stream, self._from.version, also))
        self._tools.store.append(Append(context, streams))

    def success(self, user_id: str) -> list[StreamEvents]:
        """Demands that no attempt failed meanwhile: who guesses many at once gets no further."""
        done = attempts.succeed(self._login.state, self._login_hash, user_id)
        return [StreamEvents(self._login.stream, self._login.version, done)]
