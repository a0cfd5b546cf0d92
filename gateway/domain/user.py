"""A user of the system."""

from dataclasses import dataclass, replace

from gateway.commands import CreateUser, DeactivateUser
from gateway.events import UserCreated, UserDeactivated


@dataclass(frozen=True, slots=True)
class User:
    id: str
    role: str
    active: bool


def create_user(command: CreateUser) -> list[UserCreated]:
    return [UserCreated(command.user_id, command.role, name=command.name, email=command.email or None)]


def deactivate_user(user: User, command: DeactivateUser) -> list[UserDeactivated]:
    return [UserDeactivated(command.user_id)] if user.active else []


def evolve(user: User | None, event: UserCreated | UserDeactivated) -> User:
    if isinstance(event, UserCreated):
        return User(event.user_id, event.role, active=True)
    assert user is not None
    return replace(user, active=False)
