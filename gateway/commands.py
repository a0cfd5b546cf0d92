"""What the gateway itself can be asked to do: users and their keys."""

from dataclasses import dataclass, field

from services.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class CreateUser:
    name: str
    role: str
    email: str = ""
    user_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class DeactivateUser:
    user_id: str


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """`secret` is made by the handler and leaves the gateway once, in the answer."""

    user_id: str
    name: str
    key_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    key_id: str
