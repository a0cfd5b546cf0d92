"""A user of the system."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.commands import ChangeUserRole, CreateUser, DeactivateUser, InviteUser
from gateway.domain.secrets import hash_of
from gateway.events import PasswordSet, UserCreated, UserDeactivated, UserInvited, UserRoleChanged
from services.kernel.errors import Refusal

INVITATION_LASTS = timedelta(days=3)

Event = UserCreated | UserRoleChanged | UserDeactivated | UserInvited | PasswordSet


class NoLogin(Refusal):
    ru = "Чтобы войти с паролем, пользователь должен быть включён и иметь адрес электронной почты"
    en = "To log in with a password a user must be active and have an e-mail address"


@dataclass(frozen=True, slots=True)
class User:
    """`invitation` is the hash of a token, and until when it may be used."""

    id: str
    role: str
    active: bool
    email: str | None = None
    password_hash: str | None = None
    invitation: tuple[str, datetime] | None = None


def login_of(email: str) -> str:
    """Addresses that differ in their case only are one login."""
    return email.casefold()


def create_user(command: CreateUser) -> list[UserCreated]:
    return [UserCreated(command.user_id, command.role, name=command.name, email=command.email or None)]


def change_user_role(user: User, command: ChangeUserRole) -> list[UserRoleChanged]:
    if user.role == command.role:
        return []
    return [UserRoleChanged(command.user_id, user.role, command.role)]


def deactivate_user(user: User, command: DeactivateUser) -> list[UserDeactivated]:
    return [UserDeactivated(command.user_id)] if user.active else []


def invite_user(user: User, command: InviteUser, token: str, now: datetime) -> list[UserInvited]:
    if not user.active or user.email is None:
        raise NoLogin
    return [UserInvited(command.user_id, hash_of(token), now + INVITATION_LASTS)]


def is_invited(user: User, token_hash: str, now: datetime) -> bool:
    if not user.active or user.invitation is None:
        return False
    known, expires_at = user.invitation
    return known == token_hash and now < expires_at


def evolve(user: User | None, event: Event) -> User:
    if isinstance(event, UserCreated):
        return User(event.user_id, event.role, active=True, email=event.email)
    assert user is not None
    if isinstance(event, UserRoleChanged):
        return replace(user, role=event.role_after)
    if isinstance(event, UserInvited):
        return replace(user, invitation=(event.token_hash, event.expires_at))
    if isinstance(event, PasswordSet):
        return replace(user, password_hash=event.password_hash, invitation=None)
    return replace(user, active=False, invitation=None)
